"""The workflow of the changes that experts make to who they are."""

from webapp.core.record.actions import Action
from webapp.core.record.reasons import ReasonKind
from webapp.core.roles import Role
from webapp.core.words.translation import _
from webapp.core.workflows.workflow import TELLS_NOBODY, Mail, Recipient, Step, StepName, Workflow
from webapp.experts.models import IdentityState

C, K = IdentityState, ReasonKind
IDENTITY_WAITS_FOR = {C.PENDING: Role.COORDINATOR}


class IdentityStep(StepName):
    """What happens to a change of who an expert is."""

    PROPOSE = "propose"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


# Whoever decides on an expert, on a page from before, decides on somebody else after this.
CALLED_OTHERWISE = frozenset({f"identity_change: {IdentityStep.CONFIRM}"})

# An authority approves a person, and reads when that is said to be another.
WHO_CHANGED: Mail[IdentityState] = Mail(
    Recipient.AUTHORITY,
    _("Who your official is was changed"),
    _(
        "Name, rank, post, institution or jurisdiction of %(before)s was changed, and SEESAC has"
        " confirmed it; the profile is now that of %(expert)s. Please look whether you still put"
        " this person forward: approvals can be withdrawn on the page."
    ),
)

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
                    path="/roster/%(expert_id)s#identity",
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
                WHO_CHANGED,
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
    in_view_of=frozenset({Action.PROFILES_JOINED}),
)
