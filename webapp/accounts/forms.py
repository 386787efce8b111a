"""The form by which the language of the pages is chosen."""

from webapp.core.fields import choice
from webapp.core.forms import PageForm
from webapp.core.language import languages
from webapp.core.translation import _


class LanguageForm(PageForm):
    """The language of the pages."""

    language = choice(_("Language"), required=True)

    def __init__(self) -> None:
        super().__init__()
        self.language.choices = [(code, code) for code in languages()]
