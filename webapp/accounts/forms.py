"""Forms of accounts: the search of their list, and the choice of a language."""

from webapp.core.fields import choice, line
from webapp.core.forms import AddressForm, PageForm
from webapp.core.language import languages
from webapp.core.translation import _


class SearchForm(AddressForm):
    """What the list of accounts is narrowed to."""

    search = line(_("Name, institution or e-mail"), 100)


class LanguageForm(PageForm):
    """The language of the pages."""

    language = choice(_("Language"), required=True)

    def __init__(self) -> None:
        super().__init__()
        self.language.choices = [(code, code) for code in languages()]
