"""The workflow of a match: from the shortlist to the selection, or to one of its ends."""

from webapp.core.roles import Role
from webapp.core.words.translation import _, _p
from webapp.core.workflows.workflow import TELLS_NOBODY, Mail, Recipient, Step, StepName, Workflow
from webapp.experts.identity_workflow import CALLED_OTHERWISE
from webapp.matches import answers, release_steps, second_thoughts
from webapp.matches.models import MatchState

S = MatchState
ENDED = frozenset({S.DECLINED, S.REFUSED, S.NOT_SELECTED, S.CANCELLED})
# What the requester is shown: the experts proposed to them and what became of those.
DISCLOSED = frozenset({S.PROPOSED, S.ALTERNATE, S.SELECTED, S.NOT_SELECTED})
OFFERED = frozenset({S.PROPOSED, S.ALTERNATE})
OPEN = frozenset(S) - ENDED
# Whom no requester has read of yet.
BEFORE_PROPOSAL = OPEN - DISCLOSED


class MatchStep(StepName):
    """What can be done with a match."""

    SHORTLIST = "shortlist"
    INVITE = "invite"
    ACCEPT = "accept"
    DECLINE = "decline"
    NOTE_YES = "note the yes"
    NOTE_NO = "note the no"
    ASK_RELEASE = "ask for release"
    RELEASE = "release"
    REFUSE_RELEASE = "refuse the release"
    RECORD_RELEASE = "record the release"
    RECORD_REFUSAL = "record the refusal"
    APPROVE = "approve"
    PROPOSE = "propose"
    SELECT = "select"
    KEEP_AS_ALTERNATE = "keep as alternate"
    PASS_OVER = "pass over"  # noqa: S105 - it is a step and no password.
    RECONSIDER = "reconsider"
    CANCEL = "cancel"
    TAKE_BACK = "take back the proposal"
    TAKE_BACK_YES = "take back the yes"
    ASK_ANEW = "ask anew"
    ASK_RELEASE_ANEW = "ask for release anew"
    FALL_OUT = "fall out"
    TAKE_BACK_SELECTION = "take back the selection"


# Who has to act next. An authority that has nobody who can answer is asked by letter, and a
# coordinator notes its answer.
WAITS_FOR = {
    S.SHORTLISTED: Role.COORDINATOR,
    S.INVITED: Role.EXPERT,
    S.AVAILABLE: Role.COORDINATOR,
    S.RELEASE_ASKED: Role.NOMINATING_AUTHORITY,
    S.RELEASED: Role.COORDINATOR,
    S.APPROVED: Role.COORDINATOR,
    S.PROPOSED: Role.REQUESTER,
    S.ALTERNATE: Role.REQUESTER,
}

# Nobody who was only on the shortlist knows of it.
_KNOWN = OPEN - {S.SHORTLISTED}
_CANCELLED = Mail(
    Recipient.EXPERT,
    _("%(reference)s: you are no longer needed"),
    _("You are no longer considered for “%(title)s”, and your days are free again."),
    gives_reason=True,
    only_from=_KNOWN,
)
_FELL_OUT = Mail(
    Recipient.COORDINATORS,
    _("%(reference)s: an expert fell out"),
    _("%(expert)s is no longer considered for “%(title)s”. Please see whether somebody is left."),
    gives_reason=True,
    only_from=_KNOWN,
)

WORKFLOW = Workflow(
    "match",
    {
        MatchStep.SHORTLIST: Step(
            sources=frozenset(),
            target=S.SHORTLISTED,
            by=Role.COORDINATOR,
            label=_p("button", "Shortlist"),
            done=_("%(name)s is on the shortlist."),
            story=_("put %(expert)s on the shortlist"),
            offered=False,
            tells=TELLS_NOBODY,
            silent_because="The coordinator goes on; the expert knows of it once invited.",
        ),
        MatchStep.INVITE: Step(
            sources=frozenset({S.SHORTLISTED}),
            target=S.INVITED,
            by=Role.COORDINATOR,
            label=_("Invite"),
            done=_("%(name)s is invited."),
            story=_("invited %(expert)s"),
            tells=(
                Mail(
                    Recipient.EXPERT,
                    _("%(reference)s: an invitation waits for you"),
                    _(
                        "The platform would like to propose you for “%(title)s”. Please read the"
                        " terms of reference and say whether you are available. Nothing is decided"
                        " by a yes; we may still need the release of your authority."
                    ),
                    asks_reply=True,
                    lets_answer=True,
                ),
            ),
        ),
        MatchStep.ACCEPT: Step(
            sources=frozenset({S.INVITED}),
            target=S.AVAILABLE,
            by=Role.EXPERT,
            label=_("Yes, I am available"),
            done=_(
                "Thank you. SEESAC knows that you are available and will tell you what comes next."
            ),
            story=_("%(expert)s accepted the invitation"),
            tells=(answers.SAID_YES,),
            asks_first=frozenset({S.INVITED}),
        ),
        MatchStep.DECLINE: Step(
            sources=frozenset({S.INVITED}),
            target=S.DECLINED,
            by=Role.EXPERT,
            label=_("No, I cannot go"),
            done=_("Thank you for answering. SEESAC knows that you cannot go this time."),
            story=_("%(expert)s declined the invitation"),
            needs_reason=frozenset({S.INVITED}),
            reasons=answers.CANNOT_GO,
            question=_("Why you cannot go"),
            hint=_(
                "SEESAC reads it and may look for other dates; it is not shown to the requester."
            ),
            tells=(answers.SAID_NO,),
        ),
        # Not every expert signs in; an answer by telephone is noted with who gave it and when.
        MatchStep.NOTE_YES: Step(
            sources=frozenset({S.INVITED}),
            target=S.AVAILABLE,
            by=Role.COORDINATOR,
            label=_("Note a yes given elsewhere"),
            done=_("Noted: %(name)s is available."),
            story=_("noted that %(expert)s said yes"),
            needs_reason=frozenset({S.INVITED}),
            reasons=answers.HOW_SAID,
            question=_("How and to whom the expert said yes"),
            hint=_("For experts who answer by telephone or mail. Kept in the record."),
            tells=(
                answers.SAID_YES,
                Mail(
                    Recipient.EXPERT,
                    _("%(reference)s: your yes is noted"),
                    _(
                        "SEESAC has noted that you are available for “%(title)s”. If that is not"
                        " so, please say it to SEESAC."
                    ),
                ),
            ),
        ),
        MatchStep.NOTE_NO: Step(
            sources=frozenset({S.INVITED}),
            target=S.DECLINED,
            by=Role.COORDINATOR,
            label=_("Note a no given elsewhere"),
            done=_("Noted: %(name)s cannot go."),
            story=_("noted that %(expert)s said no"),
            needs_reason=frozenset({S.INVITED}),
            reasons=answers.CANNOT_GO,
            question=_("Why the expert cannot go, and how they said so"),
            hint=_("For experts who answer by telephone or mail. The expert can read it."),
            tells=(
                answers.SAID_NO,
                Mail(
                    Recipient.EXPERT,
                    _("%(reference)s: your no is noted"),
                    _(
                        "SEESAC has noted that you cannot go on “%(title)s”. If that is not so,"
                        " please say it to SEESAC."
                    ),
                    gives_reason=True,
                ),
            ),
        ),
        MatchStep.ASK_RELEASE: release_steps.ASK,
        MatchStep.ASK_RELEASE_ANEW: release_steps.ASK_ANEW,
        MatchStep.RELEASE: release_steps.RELEASE,
        MatchStep.REFUSE_RELEASE: release_steps.REFUSE,
        MatchStep.RECORD_RELEASE: release_steps.RECORD,
        MatchStep.RECORD_REFUSAL: release_steps.RECORD_REFUSAL,
        # Approving somebody whose authority was never asked needs a reason.
        MatchStep.APPROVE: Step(
            sources=frozenset({S.AVAILABLE, S.RELEASED}),
            target=S.APPROVED,
            by=Role.COORDINATOR,
            label=_("Approve"),
            done=_("%(name)s is approved, and the days are booked."),
            story=_("approved %(expert)s"),
            needs_reason=frozenset({S.AVAILABLE}),
            reasons=answers.RELEASE_NOT_ASKED,
            question=_("Why the release of the nominating authority was not asked for"),
            hint=_("Kept in the record. If release is needed, note first that it was asked for."),
            tells=(
                Mail(
                    Recipient.COORDINATORS,
                    _("%(reference)s: an approved expert can be proposed"),
                    _("%(expert)s is approved for “%(title)s”. Please propose them."),
                ),
            ),
            asks_first=frozenset({S.AVAILABLE, S.RELEASED}),
        ),
        MatchStep.PROPOSE: Step(
            sources=frozenset({S.APPROVED}),
            target=S.PROPOSED,
            by=Role.COORDINATOR,
            label=_("Propose to the requester"),
            story=_("proposed %(expert)s"),
            offered=False,
            has_page=True,
            open_to_requester=True,
            tells=TELLS_NOBODY,
            silent_because="The proposal, of which it is a part, tells the requester.",
        ),
        MatchStep.SELECT: Step(
            sources=OFFERED,
            target=S.SELECTED,
            by=Role.REQUESTER,
            label=_("Select"),
            done=_("%(name)s is selected, and the deployment is in the calendar."),
            story=_("selected %(expert)s"),
            open_to_requester=True,
            tells=(
                Mail(
                    Recipient.EXPERT,
                    _("%(reference)s: you are selected"),
                    _(
                        "The requester has selected you for “%(title)s”. It stands in your"
                        " deployments, and SEESAC will write to you about the journey."
                    ),
                    path="/deployments",
                ),
                Mail(
                    Recipient.COORDINATORS,
                    _("%(reference)s: the requester has selected an expert"),
                    _("%(expert)s is selected for “%(title)s”. Please prepare the journey."),
                ),
            ),
            asks_first=OFFERED,
        ),
        MatchStep.KEEP_AS_ALTERNATE: Step(
            sources=frozenset({S.PROPOSED}),
            target=S.ALTERNATE,
            by=Role.REQUESTER,
            label=_("Keep in reserve"),
            done=_("%(name)s is kept in reserve."),
            story=_("kept %(expert)s in reserve"),
            open_to_requester=True,
            tells=(
                Mail(
                    Recipient.EXPERT,
                    _("%(reference)s: you are kept in reserve"),
                    _(
                        "The requester of “%(title)s” keeps you in reserve, in case a place becomes"
                        " free. Your days stay booked until then, or until the mission begins."
                    ),
                ),
            ),
        ),
        MatchStep.PASS_OVER: Step(
            sources=OFFERED,
            target=S.NOT_SELECTED,
            by=Role.REQUESTER,
            label=_("Decide against"),
            done=_("You decided against %(name)s, who will be told the reason."),
            story=_("decided against %(expert)s"),
            open_to_requester=True,
            needs_reason=OFFERED,
            reasons=answers.NOT_CHOSEN,
            question=_("Why you decide against this expert"),
            hint=_("The expert is told this reason."),
            tells=(
                Mail(
                    Recipient.EXPERT,
                    _("%(reference)s: not this time"),
                    _(
                        "Thank you for having been available for “%(title)s”. The requester has"
                        " decided for somebody else, and your days are free again."
                    ),
                    gives_reason=True,
                ),
                Mail(
                    Recipient.COORDINATORS,
                    _("%(reference)s: the requester has decided against an expert"),
                    _(
                        "%(expert)s is not selected for “%(title)s”. Please see whether somebody is"
                        " left to choose from."
                    ),
                    gives_reason=True,
                ),
                answers.RELEASE_NOT_NEEDED,
            ),
            dangerous=True,
        ),
        MatchStep.TAKE_BACK_YES: second_thoughts.TAKE_BACK_YES,
        MatchStep.ASK_ANEW: second_thoughts.ASK_ANEW,
        MatchStep.FALL_OUT: second_thoughts.FALL_OUT,
        MatchStep.TAKE_BACK_SELECTION: second_thoughts.TAKE_BACK_SELECTION,
        MatchStep.RECONSIDER: Step(
            sources=ENDED,
            target=S.SHORTLISTED,
            by=Role.COORDINATOR,
            label=_("Take up again"),
            done=_("%(name)s is on the shortlist again."),
            story=_("took %(expert)s up again"),
            needs_reason=ENDED,
            reasons=answers.TAKEN_UP,
            question=_("What has changed"),
            tells=TELLS_NOBODY,
            silent_because="The coordinator goes on; the expert is told when invited anew.",
        ),
        MatchStep.CANCEL: Step(
            sources=BEFORE_PROPOSAL,
            target=S.CANCELLED,
            by=Role.COORDINATOR,
            label=_("End this match"),
            done=_("The match with %(name)s has ended."),
            story=_("ended the match with %(expert)s"),
            needs_reason=BEFORE_PROPOSAL,
            reasons=answers.ENDS,
            question=_("Why the match ends"),
            hint=_("An expert who was already asked is told this reason."),
            tells=(_CANCELLED, _FELL_OUT, answers.RELEASE_NOT_NEEDED),
            dangerous=True,
            insists=True,
        ),
        # The requester, who has read of this expert, learns that they fell out; the reason may be
        # personal and stays with the coordinators and the expert.
        MatchStep.TAKE_BACK: Step(
            sources=OPEN & DISCLOSED,
            target=S.CANCELLED,
            by=Role.COORDINATOR,
            label=_("End this match and tell the requester"),
            done=_("The match with %(name)s has ended."),
            story=_("%(expert)s is no longer available for this request"),
            open_to_requester=True,
            needs_reason=OPEN & DISCLOSED,
            reasons=answers.ENDS,
            question=_("Why the match ends"),
            hint=_("The expert is told this reason; the requester only that the expert fell out."),
            tells=(
                _CANCELLED,
                _FELL_OUT,
                answers.RELEASE_NOT_NEEDED,
                Mail(
                    Recipient.REQUESTER,
                    _("%(reference)s: an expert fell out"),
                    _(
                        "One of the experts proposed for “%(title)s” is no longer available. How it"
                        " stands now, and who is still proposed, you see on the page of the"
                        " proposal."
                    ),
                    path="/requests/%(request_id)s/proposed",
                ),
            ),
            dangerous=True,
            insists=True,
        ),
    },
    in_view_of=answers.OTHERWISE_ASKED | CALLED_OTHERWISE,
)
