"""Forms of matches: the filters of a ranking."""

from webapp.core.fields import choice
from webapp.core.forms import AddressForm
from webapp.core.translation import _


class FilterForm(AddressForm):
    """What the ranking is narrowed to."""

    theme = choice(_("Theme claimed"), empty=_("Every theme"))
    jurisdiction = choice(_("Home jurisdiction"), empty=_("Every jurisdiction"))
