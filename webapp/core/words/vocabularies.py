"""Controlled vocabularies: jurisdictions, languages and levels, with the names that people read.

Names come from the Unicode CLDR as Babel ships it. The platform says "jurisdiction", not
"country", and Kosovo carries its footnote wherever it is written.
"""

import enum
from collections.abc import Collection
from functools import cache
from typing import Self

from babel.core import get_global

from webapp.core.words import language
from webapp.core.words.language import current_language, current_locale, in_language
from webapp.core.words.search import first_spelling
from webapp.core.words.translation import LabelledEnum, Message, _, gettext

KOSOVO = "XKX"
KOSOVO_FOOTNOTE = _(
    "* References to Kosovo shall be understood to be in the context of United Nations"
    " Security Council resolution 1244 (1999)."
)
# Jurisdictions of South East Europe whose officials the roster may hold.
PARTICIPATING = (
    "ALB", "BIH", "BGR", "GRC", "HRV", "HUN", "MDA", "MKD", "MNE", "ROU", "SRB", "SVN", "TUR",
    "UKR", KOSOVO,
)  # fmt: skip
# The groups of jurisdictions in lists.
_REGION, _OTHERS = _("The platform's region"), _("All others")


class CefrLevel(enum.StrEnum):
    """Levels of the Common European Framework of Reference for Languages, lowest first."""

    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"
    C1 = "C1"
    C2 = "C2"

    def reaches(self, needed: Self) -> bool:
        """Tell whether this level is as good as the one needed."""
        # Levels are named so that their letters stand in the order of the levels.
        return self.value >= needed.value


class LanguageNeed(LabelledEnum):
    """How much a language is needed: a required one rules out whoever lacks it, those of which one
    is enough whoever has none of them, and a useful one nobody."""

    REQUIRED = "required", _("Required")
    ONE_OF = "one of these", _("One of several")
    USEFUL = "useful", _("Useful")


class HelpKind(LabelledEnum):
    """What experts are asked to be, and offer to be."""

    TRAINER = "trainer", _("trainer")
    ADVISER = "adviser", _("adviser")
    ASSESSOR = "assessor", _("assessor")
    SPEAKER = "speaker", _("speaker")
    MENTOR = "mentor", _("mentor")
    REMOTE = "remote support", _("remote support")
    STUDY_VISIT = "host of a study visit", _("host of a study visit")


# Languages of the region and of the platform's requests come first in lists.
LANGUAGES_FIRST = ("en", "fr", "ru", "uk", "sq", "bs", "hr", "cnr", "sr", "mk", "ro", "bg", "sl")
LANGUAGES_MORE = (
    "ar", "az", "cs", "de", "el", "es", "et", "fa", "hu", "hy", "it", "ka", "kk", "ky", "lt", "lv",
    "mn", "nl", "pl", "pt", "sk", "sv", "sw", "tg", "tr", "uz",
)  # fmt: skip


# Among the aliases stand codes withdrawn from the standard, second codes for one place (Kosovo* is
# XKX and nothing else), and codes of tests, of sums and of places where nobody governs.
_NO_JURISDICTIONS = frozenset({
    "ANT", "BUR", "DDR", "FXX", "SUN", "TMP", "YMD", "YUG", "ZAR", "SCG", "QUU", "ATA",
    "XK", "XA", "XB", "ZZ", "QO", "EU", "EZ", "UN", "AC", "CP", "CQ", "DG", "EA", "IC", "TA",
})  # fmt: skip


@cache
def jurisdiction_codes() -> dict[str, str]:
    """Return ISO 3166-1 alpha-3 codes with the codes under which the CLDR names their places."""
    found = {}
    for alpha3, targets in get_global("territory_aliases").items():
        if len(alpha3) != 3 or not alpha3.isalpha() or alpha3 in _NO_JURISDICTIONS:
            continue
        if len(targets) == 1 and targets[0] not in _NO_JURISDICTIONS:
            found[alpha3] = targets[0]
    return found


def jurisdictions() -> dict[str, str]:
    """Return ISO 3166-1 alpha-3 codes (and XKX) with their names, in the order of the names."""
    return _jurisdictions(current_language())


@cache
def _jurisdictions(_language: str) -> dict[str, str]:
    names = current_locale().territories
    # Where Unicode's name is another than the state's own at the United Nations, ours stands in the
    # catalogue: in Russian it writes Киргизия for Кыргызстан.
    found = {KOSOVO: gettext("Kosovo*"), "KGZ": gettext("Kyrgyzstan")}
    for alpha3, code in jurisdiction_codes().items():
        if code in names and alpha3 not in found:
            found[alpha3] = names[code].replace(" & ", " and ")
    return dict(sorted(found.items(), key=lambda entry: entry[1]))


def jurisdiction_choices(codes: Collection[str] | None = None) -> list[tuple[str, str, Message]]:
    """Return codes with names and groups for a list: those of the region first, then all others.

    `codes` leaves only these in the list.
    """
    offered = [
        (code, name, _REGION if code in PARTICIPATING else _OTHERS)
        for code, name in jurisdictions().items()
        if codes is None or code in codes
    ]
    return sorted(offered, key=lambda entry: entry[2] is _OTHERS)


def jurisdiction_name(code: str | None) -> str:
    """Return the name of a jurisdiction, or the code itself where no name is known."""
    return jurisdictions().get(code or "", code or "")


@cache
def jurisdiction_names(code: str) -> tuple[str, ...]:
    """Return the names of a jurisdiction in all languages of the platform."""
    names = []
    for spoken in language.languages():
        with in_language(spoken):
            names.append(jurisdiction_name(code))
    return tuple(names)


def is_jurisdiction(words: str) -> bool:
    """Tell whether words are the name of a jurisdiction, in any language of the platform."""
    return first_spelling(words.strip().rstrip("*")) in _all_names()


@cache
def _all_names() -> frozenset[str]:
    codes = jurisdictions()
    return frozenset(
        first_spelling(name.rstrip("*")) for code in codes for name in jurisdiction_names(code)
    )


def languages() -> dict[str, str]:
    """Return ISO 639 codes with their names; `cnr` is Montenegrin, which has no short code."""
    return _languages(current_language())


@cache
def _languages(_language: str) -> dict[str, str]:
    names = {**current_locale().languages, "cnr": gettext("Montenegrin")}
    return {code: names.get(code, code) for code in (*LANGUAGES_FIRST, *sorted(LANGUAGES_MORE))}


def language_name(code: str) -> str:
    """Return the name of a language, or the code itself where no name is known."""
    return languages().get(code, code)


def levels() -> dict[str, str]:
    """Return the levels of the Common European Framework with their names."""
    return {level.value: level.value for level in CefrLevel}


def language_choices() -> list[tuple[str, str]]:
    """Return the languages for a field of a form, in the reader's language."""
    return list(languages().items())
