"""The workflow of a request for expertise, from its draft to its end."""

from webapp.core.record.reasons import COMMENT_ONLY, ReasonKind
from webapp.core.roles import Role
from webapp.core.words.translation import _
from webapp.core.workflows.workflow import TELLS_NOBODY, Mail, Recipient, Step, StepName, Workflow
from webapp.expertise_requests.models import RequestState

S, K = RequestState, ReasonKind
OPEN = frozenset({S.SUBMITTED, S.RETURNED, S.ACCEPTED, S.MATCHING, S.PROPOSED, S.CONFIRMED})
EDITABLE = frozenset({S.DRAFT, S.RETURNED})
MATCHABLE = frozenset({S.ACCEPTED, S.MATCHING, S.PROPOSED})
# Who has to act next: in the other states, nobody.
WAITS_FOR = {
    S.DRAFT: Role.REQUESTER,
    S.SUBMITTED: Role.COORDINATOR,
    S.RETURNED: Role.REQUESTER,
    S.ACCEPTED: Role.COORDINATOR,
    S.MATCHING: Role.COORDINATOR,
    S.PROPOSED: Role.REQUESTER,
    S.CONFIRMED: Role.COORDINATOR,
}
# Where SEESAC has asked the requester for an answer, and says by when.
ASKED = frozenset({S.RETURNED, S.PROPOSED})
# Why a colleague becomes the owner, which is no step: the state stays.
TAKE_OVER_REASONS = (K.OWNER_AWAY, K.OWNER_LEFT, K.AGREED, K.OTHER)


class RequestStep(StepName):
    """What can be done with a request for expertise."""

    SUBMIT = "submit"
    TAKE_BACK = "take back"
    RETURN = "return"
    ACCEPT = "accept"
    DECLINE = "decline"
    START_MATCHING = "start matching"
    PROPOSE = "propose"
    CONFIRM = "confirm"
    REOPEN = "reopen"
    CLOSE = "close"
    CLOSE_WITH_SELECTED = "close with those selected"
    LEAVE_UNFILLED = "leave unfilled"
    WITHDRAW = "withdraw"
    DISCARD = "discard"


# A request ends in view of those who were selected, and who can be. Matches, which stand on
# requests, call it so when somebody has come nearer to it, or somebody else in their place.
_CHOSEN_OTHERWISE = frozenset(
    {
        f"request: {RequestStep.REOPEN}", "match: accept", "match: note the yes", "match: release",
        "match: record the release", "match: approve", "match: propose", "match: reconsider",
        "match: keep as alternate", "match: select", "match: take back the selection",
        "match: fall out", "match: shortlist", "match: invite", "match: ask for release",
        "match: ask anew",
    }
)  # fmt: skip

WORKFLOW = Workflow(
    "request",
    {
        RequestStep.SUBMIT: Step(
            sources=EDITABLE,
            target=S.SUBMITTED,
            by=Role.REQUESTER,
            label=_("Send to SEESAC"),
            done=_("%(reference)s is sent to SEESAC."),
            story=_("sent the request to SEESAC"),
            open_to_requester=True,
            tells=(
                Mail(
                    Recipient.REQUESTER,
                    _("%(reference)s has arrived"),
                    _(
                        "SEESAC has your request “%(title)s”. You are told here when it is"
                        " accepted, or what has to be corrected."
                    ),
                ),
                Mail(
                    Recipient.COORDINATORS,
                    _("%(reference)s was sent in"),
                    _("%(requester)s has sent in “%(title)s”. Please accept or return it."),
                    only_from=frozenset({S.DRAFT}),
                ),
                Mail(
                    Recipient.COORDINATORS,
                    _("%(reference)s was corrected"),
                    _("%(requester)s has corrected “%(title)s”. Please accept or return it."),
                    only_from=frozenset({S.RETURNED}),
                ),
            ),
            asks_first=EDITABLE,
            judges_text=True,
        ),
        RequestStep.TAKE_BACK: Step(
            sources=frozenset({S.SUBMITTED}),
            target=S.DRAFT,
            by=Role.REQUESTER,
            label=_("Take it back to draft"),
            done=_("%(reference)s is your draft again, and SEESAC does not see it."),
            story=_("took the request back before SEESAC had read it"),
            open_to_requester=True,
            tells=(
                Mail(
                    Recipient.COORDINATORS,
                    _("%(reference)s was taken back"),
                    _(
                        "%(requester)s has taken the request back, before anybody at SEESAC had"
                        " read it."
                    ),
                    path="/queue",
                ),
            ),
        ),
        RequestStep.ACCEPT: Step(
            sources=frozenset({S.SUBMITTED}),
            target=S.ACCEPTED,
            by=Role.COORDINATOR,
            label=_("Accept the terms of reference"),
            done=_(
                "The terms of reference of %(reference)s are accepted; experts can be matched now."
            ),
            story=_("accepted the terms of reference"),
            open_to_requester=True,
            tells=(
                Mail(
                    Recipient.REQUESTER,
                    _("%(reference)s is accepted"),
                    _(
                        "SEESAC has accepted the terms of reference of “%(title)s” and looks for"
                        " experts now."
                    ),
                ),
            ),
            judges_text=True,
        ),
        RequestStep.RETURN: Step(
            sources=frozenset({S.SUBMITTED}),
            target=S.RETURNED,
            by=Role.COORDINATOR,
            label=_("Return for correction"),
            done=_("%(reference)s is returned, and the requester is told what to correct."),
            story=_("returned the request for correction"),
            open_to_requester=True,
            reason_open=True,
            needs_reason=frozenset({S.SUBMITTED}),
            reasons=COMMENT_ONLY,
            question=_("What has to be corrected"),
            hint=_("The requester reads this comment above the text."),
            tells=(
                Mail(
                    Recipient.REQUESTER,
                    _("Please look again at %(reference)s"),
                    _("“%(title)s” needs a correction before SEESAC can accept it."),
                    gives_reason=True,
                    asks_reply=True,
                ),
            ),
            judges_text=True,
        ),
        RequestStep.DECLINE: Step(
            sources=frozenset({S.SUBMITTED}),
            target=S.DECLINED,
            by=Role.COORDINATOR,
            label=_("Decline"),
            done=_("%(reference)s is declined, and the requester is told why."),
            story=_("declined the request"),
            open_to_requester=True,
            reason_open=True,
            needs_reason=frozenset({S.SUBMITTED}),
            reasons=(K.OUTSIDE, K.ASKED_TWICE, K.TOO_LATE, K.NO_MEANS, K.CONFLICT, K.OTHER),
            question=_("Why the request is declined"),
            hint=_("The requester is told this reason."),
            tells=(
                Mail(
                    Recipient.REQUESTER,
                    _("%(reference)s cannot be answered"),
                    _("SEESAC cannot take on “%(title)s”."),
                    gives_reason=True,
                ),
            ),
            dangerous=True,
            judges_text=True,
        ),
        RequestStep.START_MATCHING: Step(
            sources=frozenset({S.ACCEPTED}),
            target=S.MATCHING,
            by=Role.COORDINATOR,
            label=_("Begin to consider experts"),
            story=_("began to consider experts"),
            offered=False,
            open_to_requester=True,
            tells=TELLS_NOBODY,
            silent_because="The coordinator who shortlists goes on.",
        ),
        RequestStep.PROPOSE: Step(
            sources=frozenset({S.MATCHING, S.PROPOSED}),
            target=S.PROPOSED,
            by=Role.COORDINATOR,
            label=_("Propose experts"),
            story=_("proposed experts to the requester"),
            offered=False,
            open_to_requester=True,
            tells=(
                Mail(
                    Recipient.REQUESTER,
                    _("Experts are proposed for %(reference)s"),
                    _(
                        "SEESAC proposes experts for “%(title)s”. Please read about them and"
                        " choose."
                    ),
                    asks_reply=True,
                    path="/requests/%(request_id)s/proposed",
                ),
            ),
        ),
        RequestStep.CONFIRM: Step(
            sources=frozenset({S.PROPOSED}),
            target=S.CONFIRMED,
            by=Role.REQUESTER,
            label=_("Confirm the selection"),
            story=_("selected as many experts as were asked for"),
            offered=False,
            open_to_requester=True,
            tells=TELLS_NOBODY,
            silent_because="The selection, of which it is a part, tells the coordinators.",
        ),
        RequestStep.REOPEN: Step(
            sources=frozenset({S.CONFIRMED, S.CLOSED}),
            target=S.PROPOSED,
            by=Role.COORDINATOR,
            label=_("Take the request up again"),
            story=_("took the request up again, because a place is free again"),
            offered=False,
            open_to_requester=True,
            tells=TELLS_NOBODY,
            silent_because="The match that ends, of which it is a part, tells the requester.",
        ),
        RequestStep.CLOSE: Step(
            sources=frozenset({S.CONFIRMED}),
            target=S.CLOSED,
            by=Role.COORDINATOR,
            in_view_of=_CHOSEN_OTHERWISE,
            label=_("Close the request"),
            done=_("%(reference)s is closed."),
            story=_("closed the request"),
            open_to_requester=True,
            tells=(
                Mail(
                    Recipient.REQUESTER,
                    _("%(reference)s is closed"),
                    _("SEESAC has closed “%(title)s”, because it has been answered."),
                ),
            ),
        ),
        # Fewer were found than were asked for; those who are selected go, or have been there.
        RequestStep.CLOSE_WITH_SELECTED: Step(
            sources=frozenset({S.PROPOSED}),
            target=S.CLOSED,
            by=Role.COORDINATOR,
            in_view_of=_CHOSEN_OTHERWISE,
            label=_("Close with those selected"),
            done=_("%(reference)s is closed with those selected, and the requester is told why."),
            story=_("closed the request with fewer experts than were asked for"),
            open_to_requester=True,
            reason_open=True,
            needs_reason=frozenset({S.PROPOSED}),
            reasons=(K.NOBODY_FITS, K.NOBODY_FREE, K.NEED_GONE, K.TOO_LATE, K.OTHER),
            question=_("Why nobody else is sought"),
            hint=_("The requester is told this reason, and so are experts who were already asked."),
            tells=(
                Mail(
                    Recipient.REQUESTER,
                    _("%(reference)s is closed"),
                    _(
                        "SEESAC has closed “%(title)s” with the experts whom you have selected, and"
                        " looks for nobody else."
                    ),
                    gives_reason=True,
                ),
            ),
        ),
        RequestStep.LEAVE_UNFILLED: Step(
            sources=MATCHABLE,
            target=S.UNFILLED,
            by=Role.COORDINATOR,
            in_view_of=_CHOSEN_OTHERWISE,
            label=_("Close without an expert"),
            done=_("%(reference)s is closed without an expert, and the requester is told why."),
            story=_("closed the request without an expert"),
            open_to_requester=True,
            reason_open=True,
            needs_reason=MATCHABLE,
            reasons=(K.NOBODY_FITS, K.NOBODY_FREE, K.NOBODY_CHOSEN, K.TOO_LATE, K.OTHER),
            question=_("Why nobody was found"),
            hint=_("The requester is told this reason, and so are experts who were already asked."),
            tells=(
                Mail(
                    Recipient.REQUESTER,
                    _("Nobody was found for %(reference)s"),
                    _("SEESAC has found nobody for “%(title)s” and has closed the request."),
                    gives_reason=True,
                ),
            ),
            dangerous=True,
            insists=True,
        ),
        RequestStep.WITHDRAW: Step(
            sources=OPEN,
            target=S.WITHDRAWN,
            by=Role.REQUESTER,
            label=_("Withdraw the request"),
            done=_("%(reference)s is withdrawn."),
            story=_("withdrew the request"),
            open_to_requester=True,
            needs_reason=OPEN,
            reasons=(K.NEED_GONE, K.FOUND_ELSEWHERE, K.PUT_OFF, K.NO_MEANS, K.MISTAKE, K.OTHER),
            question=_("Why you withdraw it"),
            hint=_("SEESAC reads this, and experts who were already asked are told."),
            tells=(
                Mail(
                    Recipient.COORDINATORS,
                    _("%(reference)s was withdrawn"),
                    _("%(requester)s has withdrawn “%(title)s”."),
                    gives_reason=True,
                ),
            ),
            dangerous=True,
            insists=True,
        ),
        RequestStep.DISCARD: Step(
            sources=frozenset({S.DRAFT}),
            target=S.WITHDRAWN,
            by=Role.REQUESTER,
            label=_("Throw the draft away"),
            done=_("%(reference)s is thrown away."),
            story=_("threw the draft away"),
            open_to_requester=True,
            tells=TELLS_NOBODY,
            silent_because="Colleagues can read a draft, and nobody but its writer acts on it.",
            asks_first=frozenset({S.DRAFT}),
            dangerous=True,
        ),
    },
)
