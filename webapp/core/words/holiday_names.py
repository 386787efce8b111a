"""The English names of public holidays that are put into the reader's language.

The library has each jurisdiction's holidays in its own languages and in English; of other languages
it has few. What readers of the region meet most often is translated here, by its English name.
"""

import re

from webapp.core.words.language import SOURCE_LANGUAGE, current_language
from webapp.core.words.translation import Message, _

# Several holidays on one day, and what the library says of a day that moved or follows the moon.
_BETWEEN = "; "
_WITH_REMARK = re.compile(r"(?P<name>.+?) \((?P<remark>observed|estimated|observed, estimated)\)")
_REMARKS = {
    "observed": _("%(holiday)s (day off instead)"),
    "estimated": _("%(holiday)s (estimated)"),
    "observed, estimated": _("%(holiday)s (day off instead, estimated)"),
}
_NAMES = (
    _("All Saints' Day"), _("Alphabet Day"), _("Anti-Fascist Struggle Day"), _("Armistice Day"),
    _("Army Day"), _("Assumption Day"), _("Capital Day"), _("Catholic Christmas Day"),
    _("Catholic Easter"), _("Catholic Easter Monday"), _("Catholic Easter Sunday"),
    _("Children's Day"), _("Christmas Day"), _("Christmas Day (by new style)"),
    _("Christmas Day (by old style)"), _("Christmas Eve"), _("Christmas and Epiphany"),
    _("Constitution Day"), _("Corpus Christi"), _("Day of Rejoicing"),
    _("Day of Remembrance for the Dead"),
    _("Day of Slavonic Alphabet, Bulgarian Enlightenment and Culture"),
    _("Day of Uprising Against Occupation"), _("Day of Victory over Fascism"),
    _("Defender of the Fatherland Day"), _("Dormition of the Mother of God"), _("Easter"),
    _("Easter Monday"), _("Easter Sunday"), _("Eid al-Adha"), _("Eid al-Fitr"),
    _("Election Day"), _("Epiphany"), _("Europe Day"), _("Flag and Independence Day"),
    _("Good Friday"), _("Holy Saturday"), _("Independence Day"),
    _("Independence and Unity Day"), _("International Children's Day"),
    _("International Labor Day"), _("International Nowruz Day"),
    _("International Women's Day"), _("International Workers' Day"),
    _("International Workers' Solidarity Day"), _("Labor Day"),
    _("Labor Day and International Workers' Solidarity Day"), _("Liberation Day"),
    _("Macedonian Revolutionary Struggle Day"), _("Mother Teresa Canonization Day"),
    _("Mother's Day"), _("National Day"), _("National Language Day"), _("National Unity Day"),
    _("National Uprising Day"), _("National Youth Day"), _("New Year Holidays"),
    _("New Year's Day"), _("New Year's Eve"), _("Njegos Day"), _("Nowruz"), _("Nowruz Day"),
    _("Nowruz Holiday"), _("Orthodox Christmas"), _("Orthodox Christmas Day"),
    _("Orthodox Easter"), _("Orthodox Easter Sunday"), _("Orthodox Good Friday"),
    _("Pentecost"), _("Prešeren's Day, the Slovenian Cultural Holiday"), _("Public Holiday"),
    _("Reformation Day"), _("Remembrance Day"), _("Republic Day"),
    _("Republic of Moldova Independence Day"), _("Saint Andrew's Day"),
    _("Saint Clement of Ohrid Day"), _("Saint George's Day"),
    _("Saint George's Day, Day of the Bulgarian Army"), _("Saint John the Baptist"),
    _("Saint Stephen's Day"), _("Saints Cyril and Methodius Day"), _("Statehood Day"),
    _("Summer Day"), _("Unification Day"),
    _("Unification of the Romanian Principalities Day"), _("Victory Day"),
    _("Victory Day and Commemoration of the heroes fallen for Independence of Fatherland"),
    _("Victory and Homeland Thanksgiving Day and Croatian Veterans Day"),
    _("Victory and Peace Day"), _("Women's Day"),
)  # fmt: skip
_KNOWN = {name.source: name for name in _NAMES}


def name_in_words(english: str) -> tuple[str, str]:
    """Return the name of a holiday in the current language, and the language that it is in: English
    where it, or one of several on a day, has no translation."""
    said = [_known(name) for name in english.split(_BETWEEN)]
    if current_language() == SOURCE_LANGUAGE or None in said:
        return english, SOURCE_LANGUAGE
    return _BETWEEN.join(map(str, said)), current_language()


def _known(english: str) -> Message | None:
    remarked = _WITH_REMARK.fullmatch(english)
    name = _KNOWN.get(remarked["name"] if remarked else english)
    if name is None or remarked is None:
        return name
    return Message(_REMARKS[remarked["remark"]].source, {"holiday": name})
