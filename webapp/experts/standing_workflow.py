"""The workflows of approvals, and of what SEESAC asks an expert to add to the profile."""

from webapp.core.record.actions import Action
from webapp.core.record.reasons import ReasonKind
from webapp.core.roles import Role
from webapp.core.words.translation import _, _p
from webapp.core.workflows.workflow import TELLS_NOBODY, Mail, Recipient, Step, StepName, Workflow
from webapp.experts.identity_workflow import CALLED_OTHERWISE
from webapp.experts.standing_tables import ApprovalState, QuestionState

A, Q, K = ApprovalState, QuestionState, ReasonKind
APPROVAL_WAITS_FOR: dict[ApprovalState, Role] = {}
QUESTION_WAITS_FOR = {Q.OPEN: Role.EXPERT}


class ApprovalStep(StepName):
    """What happens to an approval."""

    GRANT = "grant"
    RECORD = "record"
    WITHDRAW = "withdraw"
    RECORD_WITHDRAWAL = "record the withdrawal"


_APPROVED = Mail[ApprovalState](
    Recipient.EXPERT,
    _("Your authority has approved you"),
    _("Your nominating authority lets you be sent on missions until %(until)s."),
)

# A page from before would let one authority say what another has written, or of somebody else.
_OF_ANOTHER = frozenset({Action.AUTHORITY_CHANGED, Action.PROFILES_JOINED}) | CALLED_OTHERWISE

APPROVAL_WORKFLOW = Workflow(
    "approval",
    {
        ApprovalStep.GRANT: Step(
            sources=frozenset(),
            target=A.GRANTED,
            by=Role.NOMINATING_AUTHORITY,
            label=_p("button", "Approve the official"),
            story=_("approved the official"),
            offered=False,
            tells=(
                _APPROVED,
                Mail(
                    Recipient.COORDINATORS,
                    _("An authority has approved an official"),
                    _("%(expert)s is approved by their authority until %(until)s."),
                ),
            ),
        ),
        ApprovalStep.RECORD: Step(
            sources=frozenset(),
            target=A.GRANTED,
            by=Role.COORDINATOR,
            label=_("Record an approval that came by letter"),
            story=_("recorded an approval that came by letter"),
            offered=False,
            tells=(
                _APPROVED,
                Mail(
                    Recipient.AUTHORITY,
                    _("SEESAC has recorded an approval of yours"),
                    _(
                        "SEESAC has recorded from a letter that %(expert)s is approved until"
                        " %(until)s. If that is not so, please withdraw the approval."
                    ),
                ),
            ),
        ),
        ApprovalStep.WITHDRAW: Step(
            sources=frozenset({A.GRANTED}),
            target=A.WITHDRAWN,
            by=Role.NOMINATING_AUTHORITY,
            label=_("Withdraw the approval"),
            done=_("The approval of %(name)s is withdrawn."),
            story=_("withdrew the approval"),
            needs_reason=frozenset({A.GRANTED}),
            reasons=(K.NEEDED_AT_HOME, K.LEFT_SERVICE, K.OWN_WISH, K.MISTAKE, K.OTHER),
            question=_("Why the approval is withdrawn"),
            hint=_(
                "SEESAC and the expert are told. Unless another approval holds, all that the expert"
                " is considered for ends at once, missions to come as well."
            ),
            tells=(
                Mail(
                    Recipient.EXPERT,
                    _("Your authority has withdrawn its approval"),
                    _("Your nominating authority has withdrawn an approval of you."),
                    gives_reason=True,
                ),
                Mail(
                    Recipient.COORDINATORS,
                    _("An authority has withdrawn an approval"),
                    _("The authority of %(expert)s has withdrawn its approval."),
                    gives_reason=True,
                ),
            ),
            dangerous=True,
            insists=True,
        ),
        ApprovalStep.RECORD_WITHDRAWAL: Step(
            sources=frozenset({A.GRANTED}),
            target=A.WITHDRAWN,
            by=Role.COORDINATOR,
            label=_("Record that the approval is withdrawn"),
            done=_("Recorded: the approval of %(name)s is withdrawn."),
            story=_("recorded that the approval is withdrawn"),
            needs_reason=frozenset({A.GRANTED}),
            reasons=(K.IN_WRITING, K.BY_TELEPHONE, K.LEFT_SERVICE, K.MISTAKE, K.OTHER),
            question=_("Why the approval does not hold any more"),
            hint=_(
                "The expert and the authority are told. Unless another approval holds, all that the"
                " expert is considered for ends at once, missions to come as well."
            ),
            tells=(
                Mail(
                    Recipient.EXPERT,
                    _("SEESAC has recorded that your approval is withdrawn"),
                    _("SEESAC has recorded that your authority has withdrawn its approval of you."),
                    gives_reason=True,
                ),
                Mail(
                    Recipient.AUTHORITY,
                    _("SEESAC has recorded that an approval of yours is withdrawn"),
                    _("SEESAC has recorded that you have withdrawn the approval of %(expert)s."),
                    gives_reason=True,
                ),
            ),
            dangerous=True,
            insists=True,
        ),
    },
    in_view_of=_OF_ANOTHER,
    # An approval that another one has replaced, or stands beside, is decided on with that.
    known_by="expert_id",
)


class QuestionStep(StepName):
    """What happens to something that is asked of an expert."""

    ASK = "ask"
    ANSWER = "answer"
    ANSWER_FOR = "answer for the expert"
    DROP = "drop"


QUESTION_WORKFLOW = Workflow(
    "profile_question",
    {
        QuestionStep.ASK: Step(
            sources=frozenset(),
            target=Q.OPEN,
            by=Role.COORDINATOR,
            label=_("Ask for more"),
            story=_("asked the expert for more"),
            offered=False,
            tells=(
                Mail(
                    Recipient.EXPERT,
                    _("SEESAC asks for more in your profile"),
                    _(
                        "A coordinator has read your profile and asks for more in one section."
                        " Please add it, and say then that it is done."
                    ),
                    gives_reason=True,
                ),
            ),
        ),
        QuestionStep.ANSWER: Step(
            sources=frozenset({Q.OPEN}),
            target=Q.ANSWERED,
            by=Role.EXPERT,
            label=_("I have added it"),
            done=_("Thank you. SEESAC has been told."),
            story=_("added what was asked for"),
            tells=(
                Mail(
                    Recipient.COORDINATORS,
                    _("An expert has added what was asked for"),
                    _("%(expert)s has added to the profile what SEESAC asked for."),
                ),
            ),
        ),
        QuestionStep.ANSWER_FOR: Step(
            sources=frozenset({Q.OPEN}),
            target=Q.ANSWERED,
            by=Role.COORDINATOR,
            label=_("Added for the expert"),
            done=_("Noted: what was asked of %(name)s stands in the profile."),
            story=_("added for the expert what was asked for"),
            tells=TELLS_NOBODY,
            silent_because="Whoever asks has it before them, and the expert has no account.",
        ),
        QuestionStep.DROP: Step(
            sources=frozenset({Q.OPEN}),
            target=Q.DROPPED,
            by=Role.COORDINATOR,
            label=_("Not needed any more"),
            done=_("%(name)s is not asked for it any more."),
            story=_("asked for it no more"),
            tells=(
                Mail(
                    Recipient.EXPERT,
                    _("SEESAC asks for something in your profile no more"),
                    _("What SEESAC asked you to add to your profile is not needed any more."),
                    gives_reason=True,
                ),
            ),
        ),
    },
)
