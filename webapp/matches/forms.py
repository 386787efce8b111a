"""Forms of matches: the filters of a ranking, and the reasons of steps."""

from webapp.core.fields import choice
from webapp.core.forms import AddressForm
from webapp.core.step_forms import ReasonForm
from webapp.core.translation import _
from webapp.matches.models import Match
from webapp.matches.workflow import WORKFLOW, MatchStep


class FilterForm(AddressForm):
    """What the ranking is narrowed to."""

    theme = choice(_("Theme claimed"), empty=_("Every theme"))
    jurisdiction = choice(_("Home jurisdiction"), empty=_("Every jurisdiction"))


def reason_form(name: MatchStep, match: Match, prefix: str = "") -> ReasonForm | None:
    """Return the form that asks for the reason of a step, if it needs one from this state."""
    step = WORKFLOW[name]
    return ReasonForm.of(step, prefix or name.slug) if match.state in step.needs_reason else None


def typed_reason(name: MatchStep, prefix: str = "") -> str:
    """Return the reason that was sent, also where the step does not need it (any more)."""
    return ReasonForm.of(WORKFLOW[name], prefix or name.slug).reason.data or ""
