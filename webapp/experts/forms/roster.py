"""The form that narrows the roster."""

from webapp.core.fields import choice, line, named
from webapp.core.forms import AddressForm
from webapp.core.translation import _
from webapp.experts.models import ExpertState


class SearchForm(AddressForm):
    """What the roster is narrowed to."""

    q = line(_("Name, institution or post"), 100)
    theme = choice(_("Theme"), empty=_("Every theme"))
    jurisdiction = choice(_("Jurisdiction"), empty=_("Every jurisdiction"))
    state = choice(
        _("State"),
        named(ExpertState),
        empty=_("Every state"),
    )
