"""The workflow of a change of the terms of reference: one side proposes it, the other answers."""

from webapp.amendments.models import AmendmentState
from webapp.core.record.reasons import COMMENT_ONLY
from webapp.core.roles import Role
from webapp.core.words.translation import _
from webapp.core.workflows.workflow import TELLS_NOBODY, Mail, Recipient, Step, StepName, Workflow

S = AmendmentState
OPEN = frozenset({S.WITH_OFFICE, S.WITH_REQUESTER})
# Who has to act next; all other states are ends.
WAITS_FOR = {S.WITH_OFFICE: Role.COORDINATOR, S.WITH_REQUESTER: Role.REQUESTER}


class AmendmentStep(StepName):
    """What can be done with a change of the terms of reference."""

    ASK = "ask for it"
    OFFER = "offer it"
    AGREE = "agree to it"
    ACCEPT = "accept it"
    REFUSE = "refuse it"
    DECLINE = "decline it"
    RETRACT = "retract it"
    TAKE_BACK = "take it back"
    LAPSE = "let it lapse"


_AGREED = _("%(reference)s: the change of the terms of reference is agreed")
_REFUSED = _("%(reference)s: the change of the terms of reference is refused")
_TAKEN_BACK = _("%(reference)s: the change of the terms of reference is taken back")
_PROPOSED = _("%(reference)s: a change of the terms of reference waits for your answer")

WORKFLOW = Workflow(
    "amendment",
    {
        AmendmentStep.ASK: Step(
            sources=frozenset(),
            target=S.WITH_OFFICE,
            by=Role.REQUESTER,
            label=_("Propose the change"),
            story=_("proposed to change the terms of reference: %(fields)s"),
            offered=False,
            open_to_requester=True,
            reason_open=True,
            tells=(
                Mail(
                    Recipient.COORDINATORS,
                    _PROPOSED,
                    _("%(requester)s proposes to change “%(title)s”. Please agree or refuse."),
                    gives_reason=True,
                ),
            ),
        ),
        AmendmentStep.OFFER: Step(
            sources=frozenset(),
            target=S.WITH_REQUESTER,
            by=Role.COORDINATOR,
            label=_("Propose the change"),
            story=_("proposed to change the terms of reference: %(fields)s"),
            offered=False,
            open_to_requester=True,
            reason_open=True,
            tells=(
                Mail(
                    Recipient.REQUESTER,
                    _PROPOSED,
                    _("SEESAC proposes to change “%(title)s”. Please agree or refuse."),
                    gives_reason=True,
                    asks_reply=True,
                ),
            ),
        ),
        AmendmentStep.AGREE: Step(
            sources=frozenset({S.WITH_OFFICE}),
            target=S.AGREED,
            by=Role.COORDINATOR,
            label=_("Agree to the change"),
            done=_("The change of %(reference)s is agreed, and who was invited is told."),
            story=_("agreed to the change of the terms of reference: %(fields)s"),
            open_to_requester=True,
            tells=(
                Mail(
                    Recipient.REQUESTER,
                    _AGREED,
                    _("SEESAC has agreed to your change of “%(title)s”. It holds from now on."),
                ),
            ),
        ),
        AmendmentStep.ACCEPT: Step(
            sources=frozenset({S.WITH_REQUESTER}),
            target=S.AGREED,
            by=Role.REQUESTER,
            label=_("Agree to the change"),
            done=_("The change of %(reference)s is agreed, and who was invited is told."),
            story=_("agreed to the change of the terms of reference: %(fields)s"),
            open_to_requester=True,
            tells=(
                Mail(
                    Recipient.COORDINATORS,
                    _AGREED,
                    _("%(requester)s has agreed to the change of “%(title)s”."),
                ),
            ),
        ),
        AmendmentStep.REFUSE: Step(
            sources=frozenset({S.WITH_OFFICE}),
            target=S.REFUSED,
            by=Role.COORDINATOR,
            label=_("Refuse the change"),
            done=_("The change of %(reference)s is refused, and the requester is told why."),
            story=_("refused the change of the terms of reference"),
            open_to_requester=True,
            reason_open=True,
            needs_reason=frozenset({S.WITH_OFFICE}),
            reasons=COMMENT_ONLY,
            question=_("Why it cannot be changed so"),
            hint=_("The requester is told this."),
            tells=(
                Mail(
                    Recipient.REQUESTER,
                    _REFUSED,
                    _("SEESAC cannot agree to your change of “%(title)s”: what was agreed stays."),
                    gives_reason=True,
                ),
            ),
            dangerous=True,
        ),
        AmendmentStep.DECLINE: Step(
            sources=frozenset({S.WITH_REQUESTER}),
            target=S.REFUSED,
            by=Role.REQUESTER,
            label=_("Refuse the change"),
            done=_("The change of %(reference)s is refused, and SEESAC is told why."),
            story=_("refused the change of the terms of reference"),
            open_to_requester=True,
            needs_reason=frozenset({S.WITH_REQUESTER}),
            reasons=COMMENT_ONLY,
            question=_("Why it should not be changed so"),
            hint=_("SEESAC is told this."),
            tells=(
                Mail(
                    Recipient.COORDINATORS,
                    _REFUSED,
                    _("%(requester)s does not agree to the change of “%(title)s”."),
                    gives_reason=True,
                ),
            ),
            dangerous=True,
        ),
        AmendmentStep.RETRACT: Step(
            sources=frozenset({S.WITH_OFFICE}),
            target=S.TAKEN_BACK,
            by=Role.REQUESTER,
            label=_("Take the change back"),
            done=_("The change of %(reference)s is taken back."),
            story=_("took the change of the terms of reference back"),
            open_to_requester=True,
            tells=(
                Mail(
                    Recipient.COORDINATORS,
                    _TAKEN_BACK,
                    _("%(requester)s has taken the change of “%(title)s” back."),
                ),
            ),
        ),
        AmendmentStep.TAKE_BACK: Step(
            sources=frozenset({S.WITH_REQUESTER}),
            target=S.TAKEN_BACK,
            by=Role.COORDINATOR,
            label=_("Take the change back"),
            done=_("The change of %(reference)s is taken back."),
            story=_("took the change of the terms of reference back"),
            open_to_requester=True,
            tells=(
                Mail(
                    Recipient.REQUESTER,
                    _TAKEN_BACK,
                    _("SEESAC has taken the change of “%(title)s” back. You need not answer."),
                ),
            ),
        ),
        AmendmentStep.LAPSE: Step(
            sources=OPEN,
            target=S.TAKEN_BACK,
            by=Role.COORDINATOR,
            label=_("Let the change lapse"),
            story=_("let the change of the terms of reference lapse with the request"),
            offered=False,
            open_to_requester=True,
            tells=TELLS_NOBODY,
            silent_because="The end of the request, of which it is a part, is told.",
        ),
    },
)
