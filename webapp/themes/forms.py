"""Forms of themes and their synonyms."""

from wtforms import HiddenField

from webapp.core.forms.fields import choice, line
from webapp.core.forms.page_forms import AddressForm, PageForm
from webapp.core.words.translation import Message, _, _p
from webapp.core.words.vocabularies import language_name
from webapp.themes.operations import AREA_NAMES

# The languages that the ranking reads; test_themes.py compares them with the matcher's.
_SOUTH_SLAVIC = _("Bosnian, Croatian, Montenegrin, Serbian")
LANGUAGES = ("en", "fr", "ru", "uk", "ro", "sq", "mk", "bcms")


def wording_language(code: str) -> str | Message:
    """Return the name of a language in which wordings are kept."""
    return _SOUTH_SLAVIC if code == "bcms" else language_name(code)


class SearchForm(AddressForm):
    """What the list of themes is narrowed to."""

    search = line(_("Words of a theme or a synonym"), 100)


class ThemeForm(PageForm):
    """What a theme is called; `seen` is the label with which the page was loaded."""

    seen = HiddenField()
    label = line(
        _p("name of a thing", "Name"),
        120,
        hint=_("Shown as you write it here in every language, unless it is the shipped name."),
        required=True,
    )


class NewThemeForm(ThemeForm):
    """A new theme, and where lists show it."""

    area = choice(_("Area"), [(name, Message(name, {})) for name in AREA_NAMES], required=True)


class SynonymForm(PageForm):
    """A wording that the ranking is to read as the theme."""

    language = choice(
        _("Language"),
        lambda: [(code, str(wording_language(code))) for code in LANGUAGES],
        required=True,
    )
    wording = line(
        _("Wording"),
        120,
        hint=_("One or a few words as people write them in requests, such as: gun amnesty."),
        required=True,
    )
