"""The forms of documents: the language in which one is written."""

from typing import Any

from webapp.core.forms.fields import choice
from webapp.core.forms.page_forms import AddressForm, PageForm
from webapp.core.responses.template_filters import language_own_name
from webapp.core.words.language import current_language, languages
from webapp.core.words.translation import _


def _choices() -> list[tuple[str, str]]:
    return [(code, language_own_name(code)) for code in languages()]


class LanguageForm(AddressForm):
    """The language of a document, read from its address; without one, that of the reader."""

    language = choice(_("Language"), _choices)

    def chosen_language(self) -> str:
        """Return the code of the language; what is refused counts as not asked for."""
        return str(self.in_address.get("language") or current_language())


class PackForm(PageForm):
    """In which language a briefing pack is made."""

    language = choice(_("Language"), _choices, required=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(data={"language": current_language()}, **kwargs)
