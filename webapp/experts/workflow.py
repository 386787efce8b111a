"""The workflows of a profile, and of the changes that its expert makes to who they are."""

from webapp.core.reasons import ReasonKind
from webapp.core.roles import Role
from webapp.core.translation import _
from webapp.core.workflow import TELLS_NOBODY, Mail, Recipient, Step, StepName, Workflow
from webapp.experts.models import ExpertState, IdentityState

S, C, K = ExpertState, IdentityState, ReasonKind
# Who has to act next: in the other states, nobody.
WAITS_FOR = {S.NOMINATED: Role.COORDINATOR, S.SCREENING: Role.COORDINATOR}
IDENTITY_WAITS_FOR = {C.PENDING: Role.COORDINATOR}


class ExpertStep(StepName):
    """What coordinators can do with a profile."""

    START_SCREENING = "start screening"
    ACTIVATE = "activate"
    SUSPEND = "suspend"
    REACTIVATE = "reactivate"
    ERASE = "erase"


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
            reasons=(K.OWN_WISH, K.LEFT_SERVICE, K.SUPERIOR, K.TO_BE_CHECKED, K.OTHER),
            question=_("Why the profile is suspended"),
            hint=_(
                "Kept in the record. Whatever the expert is considered for ends at once, missions"
                " to come as well, and requesters are told that somebody fell out, not why."
            ),
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
        ExpertStep.ERASE: Step(
            sources=frozenset(S) - {S.ERASED},
            target=S.ERASED,
            by=Role.EXPERT,
            label=_("Erase"),
            story=_("was erased"),
            offered=False,
            tells=TELLS_NOBODY,
            silent_because="Nobody is left who could be told; whoever waited for the expert is told"
            " that they fell out.",
        ),
    },
)


class IdentityStep(StepName):
    """What happens to a change of who an expert is."""

    PROPOSE = "propose"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


IDENTITY_WORKFLOW = Workflow(
    "identity_change",
    {
        IdentityStep.PROPOSE: Step(
            sources=frozenset(),
            target=C.PENDING,
            by=Role.EXPERT,
            label=_("Change who one is"),
            story=_("changed name, rank, post, institution or jurisdiction"),
            offered=False,
            tells=(
                Mail(
                    Recipient.COORDINATORS,
                    _("Who an expert is waits to be confirmed"),
                    _(
                        "%(expert)s has changed name, rank, post, institution or jurisdiction."
                        " Please confirm it or not."
                    ),
                ),
            ),
        ),
        IdentityStep.CONFIRM: Step(
            sources=frozenset({C.PENDING}),
            target=C.CONFIRMED,
            by=Role.COORDINATOR,
            label=_("Confirm the change"),
            done=_("The change of %(name)s is confirmed."),
            story=_("confirmed a change of name, rank, post, institution or jurisdiction"),
            tells=(
                Mail(
                    Recipient.EXPERT,
                    _("Your change is confirmed"),
                    _("SEESAC has confirmed what you changed in your profile. It is shown now."),
                ),
            ),
        ),
        IdentityStep.REFUSE: Step(
            sources=frozenset({C.PENDING}),
            target=C.REFUSED,
            by=Role.COORDINATOR,
            label=_("Do not confirm the change"),
            done=_("The change of %(name)s is not confirmed, and the profile stays as it was."),
            story=_("did not confirm a change of name, rank, post, institution or jurisdiction"),
            needs_reason=frozenset({C.PENDING}),
            reasons=(K.NOT_CONFIRMED, K.MISTAKE, K.OTHER),
            question=_("Why the change is not confirmed"),
            hint=_("The expert is told this reason."),
            tells=(
                Mail(
                    Recipient.EXPERT,
                    _("Your change is not confirmed"),
                    _("SEESAC could not confirm what you changed in your profile."),
                    gives_reason=True,
                ),
            ),
            dangerous=True,
        ),
        IdentityStep.WITHDRAW: Step(
            sources=frozenset({C.PENDING}),
            target=C.WITHDRAWN,
            by=Role.EXPERT,
            label=_("Withdraw the change"),
            story=_("withdrew a change of name, rank, post, institution or jurisdiction"),
            offered=False,
            tells=TELLS_NOBODY,
            silent_because="Nothing is left to decide, and it is in the work queue no more.",
        ),
    },
)
