"""The form by which the audit log is narrowed."""

from webapp.core.forms.fields import choice, day, line, number
from webapp.core.forms.page_forms import AddressForm
from webapp.core.words.translation import _

# The largest number that the database has room for.
MOST = 2**31 - 1


class SearchForm(AddressForm):
    """What to look for in the log."""

    search = line(_("Person or action"), 100)
    kind = choice(_("What"), empty=_("Everything"))
    first = day(_("From (UTC)"), 2015, 0)
    last = day(_("To (UTC)"), 2015, 1)
    person = number(_("Done by account no."), 1, MOST)
    expert = number(_("Pages that showed expert no."), 1, MOST)
