"""How an authority is asked to release an expert for a mission, and how its answer comes in."""

from webapp.core.roles import Role
from webapp.core.words.translation import _
from webapp.core.workflows.workflow import Mail, Recipient, Step
from webapp.matches import answers
from webapp.matches.models import MatchState

S = MatchState
HELD = frozenset({S.APPROVED, S.PROPOSED, S.SELECTED, S.ALTERNATE})
# Who may go by a release: where the days are moved beyond it, the authority answers anew while the
# match stays as it is.
MAY_GO = HELD | {S.RELEASED}
ASKED = frozenset({S.RELEASE_ASKED})
ANSWERED_FROM = ASKED | MAY_GO

_RELEASED = (
    Mail[MatchState](
        Recipient.COORDINATORS,
        _("%(reference)s: an expert is released"),
        _("%(expert)s is released for “%(title)s”. Please approve."),
        only_from=ASKED,
    ),
    Mail[MatchState](
        Recipient.COORDINATORS,
        _("%(reference)s: an expert is released for the other days"),
        _("%(expert)s is released for the days that the mission of “%(title)s” has now."),
        only_from=MAY_GO,
    ),
    Mail[MatchState](
        Recipient.EXPERT,
        _("%(reference)s: you are released"),
        _(
            "Your authority releases you for “%(title)s”. You are told here whether the"
            " requester selects you."
        ),
        only_from=ASKED,
    ),
    Mail[MatchState](
        Recipient.EXPERT,
        _("%(reference)s: you are released for the other days"),
        _("Your authority releases you for the days that “%(title)s” has now."),
        only_from=MAY_GO,
    ),
)
_REFUSED = (
    Mail[MatchState](
        Recipient.EXPERT,
        _("%(reference)s: you are not released"),
        _("Your authority does not release you for “%(title)s”."),
        gives_reason=True,
    ),
    Mail[MatchState](
        Recipient.COORDINATORS,
        _("%(reference)s: an expert is not released"),
        _("%(expert)s is not released for “%(title)s”. Please look for somebody else."),
        gives_reason=True,
    ),
    Mail[MatchState](
        Recipient.REQUESTER,
        _("%(reference)s: an expert fell out"),
        _(
            "One of the experts proposed for “%(title)s” is no longer available. How it stands now,"
            " and who is still proposed, you see on the page of the proposal."
        ),
        path="/requests/%(request_id)s/proposed",
        only_from=HELD - {S.APPROVED},
    ),
)
_NOTED = Mail[MatchState](
    Recipient.AUTHORITY,
    _("%(reference)s: SEESAC has noted your answer"),
    _(
        "SEESAC has noted what you answered about %(expert)s and “%(title)s”. If that is not so,"
        " please write to SEESAC."
    ),
)

ASK = Step(
    sources=frozenset({S.AVAILABLE}),
    target=S.RELEASE_ASKED,
    by=Role.COORDINATOR,
    label=_("Ask for the release"),
    done=_("Noted: the nominating authority is asked to release %(name)s."),
    story=_("asked the nominating authority to release %(expert)s"),
    tells=(
        Mail(
            Recipient.AUTHORITY,
            _("%(reference)s: a release is asked for"),
            _(
                "SEESAC would like to send %(expert)s on “%(title)s”. Please say whether you"
                " release them for these days."
            ),
            asks_reply=True,
        ),
    ),
)
# Every answer is one for the days that were read, so it says which they were (`judges_text`).
ASK_ANEW = Step(
    sources=MAY_GO,
    target=S.RELEASED,
    stays=MAY_GO,
    by=Role.COORDINATOR,
    label=_("Ask for the release anew"),
    done=_("The nominating authority is asked anew to release %(name)s."),
    story=_("asked the nominating authority anew to release %(expert)s, for other days"),
    offered=False,
    tells=(
        Mail(
            Recipient.AUTHORITY,
            _("%(reference)s: other days, please say anew whether you release your official"),
            _(
                "The days of “%(title)s” have changed, and your release of %(expert)s is for"
                " others. Please say whether you release them for these days; the page says"
                " whether your approval covers them."
            ),
            asks_reply=True,
        ),
    ),
)
RELEASE = Step(
    sources=ANSWERED_FROM,
    target=S.RELEASED,
    stays=MAY_GO,
    by=Role.NOMINATING_AUTHORITY,
    label=_("Release for this mission"),
    done=_("Thank you. %(name)s is released for this mission, and SEESAC has been told."),
    story=_("released %(expert)s for the mission"),
    judges_text=True,
    tells=_RELEASED,
)
REFUSE = Step(
    sources=ANSWERED_FROM,
    target=S.REFUSED,
    by=Role.NOMINATING_AUTHORITY,
    label=_("Do not release"),
    done=_("%(name)s is not released for this mission, and SEESAC has been told."),
    story=_("did not release %(expert)s for the mission"),
    needs_reason=ANSWERED_FROM,
    reasons=answers.NOT_RELEASED,
    judges_text=True,
    question=_("Why you do not release the expert"),
    hint=_("The expert and SEESAC are told this reason; the requester is not."),
    tells=_REFUSED,
    dangerous=True,
)
RECORD = Step(
    sources=ANSWERED_FROM,
    target=S.RELEASED,
    stays=MAY_GO,
    by=Role.COORDINATOR,
    label=_("Note the release"),
    done=_("Noted: %(name)s is released for the mission."),
    story=_("noted that %(expert)s is released"),
    needs_reason=ANSWERED_FROM,
    reasons=answers.HOW_SAID,
    judges_text=True,
    question=_("How the authority released the expert"),
    asks_source=True,
    tells=(*_RELEASED, _NOTED),
)
RECORD_REFUSAL = Step(
    sources=ANSWERED_FROM,
    target=S.REFUSED,
    by=Role.COORDINATOR,
    label=_("Note that release was refused"),
    done=_("Noted: %(name)s is not released."),
    story=_("noted that %(expert)s is not released"),
    needs_reason=ANSWERED_FROM,
    reasons=answers.NOT_RELEASED,
    judges_text=True,
    question=_("Why the authority does not release the expert"),
    hint=_("The expert is told."),
    tells=(*_REFUSED, _NOTED),
    dangerous=True,
)
