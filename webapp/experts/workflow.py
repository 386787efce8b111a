"""The workflow of a profile: from the nomination to the active roster, and off it for a while."""

from webapp.core.roles import Role
from webapp.core.translation import _
from webapp.core.workflow import TELLS_NOBODY, Mail, Recipient, Step, StepName, Workflow
from webapp.experts.models import ExpertState

S = ExpertState
# Who has to act next: in the other states, nobody.
WAITS_FOR = {S.NOMINATED: Role.COORDINATOR, S.SCREENING: Role.COORDINATOR}


class ExpertStep(StepName):
    """What coordinators can do with a profile."""

    START_SCREENING = "start screening"
    ACTIVATE = "activate"
    SUSPEND = "suspend"
    REACTIVATE = "reactivate"


WORKFLOW = Workflow(
    "expert",
    {
        ExpertStep.START_SCREENING: Step(
            sources=frozenset({S.NOMINATED}),
            target=S.SCREENING,
            by=Role.COORDINATOR,
            label=_("Start screening"),
            done=_("The profile of %(name)s is being screened now."),
            story=_("began to screen the profile"),
            tells=TELLS_NOBODY,
            silent_because="The coordinator goes on; the expert is told of the outcome.",
        ),
        ExpertStep.ACTIVATE: Step(
            sources=frozenset({S.SCREENING}),
            target=S.ACTIVE,
            by=Role.COORDINATOR,
            label=_("Activate"),
            done=_("%(name)s is active on the roster now."),
            story=_("activated the profile"),
            tells=(
                Mail(
                    Recipient.EXPERT,
                    _("Your profile is active"),
                    _(
                        "SEESAC has checked your profile. It is active on the roster now, and you"
                        " can be invited to missions."
                    ),
                ),
            ),
        ),
        ExpertStep.SUSPEND: Step(
            sources=frozenset({S.ACTIVE}),
            target=S.SUSPENDED,
            by=Role.COORDINATOR,
            label=_("Suspend"),
            done=_("%(name)s is suspended now, and not ranked."),
            story=_("suspended the profile"),
            needs_reason=frozenset({S.ACTIVE}),
            tells=(
                Mail(
                    Recipient.EXPERT,
                    _("Your profile is suspended"),
                    _(
                        "You are not invited to missions for the time being. SEESAC answers your"
                        " questions about it."
                    ),
                ),
            ),
            dangerous=True,
        ),
        ExpertStep.REACTIVATE: Step(
            sources=frozenset({S.SUSPENDED}),
            target=S.ACTIVE,
            by=Role.COORDINATOR,
            label=_("Reactivate"),
            done=_("%(name)s is active on the roster again."),
            story=_("reactivated the profile"),
            tells=(
                Mail(
                    Recipient.EXPERT,
                    _("Your profile is active again"),
                    _("You can be invited to missions again."),
                ),
            ),
        ),
    },
)
