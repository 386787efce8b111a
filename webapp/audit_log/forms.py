"""The form by which the audit log is narrowed."""

from webapp.core.fields import line
from webapp.core.forms import AddressForm
from webapp.core.translation import _


class SearchForm(AddressForm):
    """Words to look for in the log."""

    search = line(_("Person or action"), 100)
