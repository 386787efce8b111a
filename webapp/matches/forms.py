"""Forms of matches: the filters of a ranking."""

from webapp.core.fields import choice
from webapp.core.forms import AddressForm


class FilterForm(AddressForm):
    """What the ranking is narrowed to."""

    theme = choice("Theme claimed", empty="Every theme")
    jurisdiction = choice("Home jurisdiction", empty="Every jurisdiction")
