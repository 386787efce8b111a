"""The form of documents: the language in which one is written."""

from webapp.core.forms.fields import choice
from webapp.core.forms.page_forms import PageForm
from webapp.core.responses.template_filters import language_own_name
from webapp.core.words.language import current_language, languages
from webapp.core.words.translation import _


def _choices() -> list[tuple[str, str]]:
    return [(code, language_own_name(code)) for code in languages()]


class LanguageForm(PageForm):
    """The language of a document, which is that of the button that was pressed."""

    language = choice(_("Language"), _choices, required=True)

    def chosen_language(self) -> str:
        """Return the code of the language; no button sends another, and of what was sent all the
        same the reader's own is made."""
        return str(self.language.data) if self.validate() else current_language()
