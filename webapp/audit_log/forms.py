"""The form by which the audit log is narrowed."""

from webapp.core.forms import AddressForm, line
from webapp.core.translation import _


class SearchForm(AddressForm):
    """Words to look for in the log."""

    search = line(_("Person or action"), 100)
