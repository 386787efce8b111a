"""How an authority is asked to release an expert for a mission, and how its answer comes in."""

from webapp.core.roles import Role
from webapp.core.words.translation import _
from webapp.core.workflows.workflow import Mail, Recipient, Step
from webapp.matches import answers
from webapp.matches.models import MatchState

S = MatchState
ASKED = frozenset({S.RELEASE_ASKED})

_RELEASED = (
    Mail[MatchState](
        Recipient.COORDINATORS,
        _("%(reference)s: an expert is released"),
        _("%(expert)s is released for “%(title)s”. Please approve."),
    ),
    Mail[MatchState](
        Recipient.EXPERT,
        _("%(reference)s: you are released"),
        _(
            "Your authority releases you for “%(title)s”. You are told here whether the"
            " requester selects you."
        ),
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
RELEASE = Step(
    sources=ASKED,
    target=S.RELEASED,
    by=Role.NOMINATING_AUTHORITY,
    label=_("Release for this mission"),
    done=_("Thank you. %(name)s is released for this mission, and SEESAC has been told."),
    story=_("released %(expert)s for the mission"),
    tells=_RELEASED,
)
REFUSE = Step(
    sources=ASKED,
    target=S.REFUSED,
    by=Role.NOMINATING_AUTHORITY,
    label=_("Do not release"),
    done=_("%(name)s is not released for this mission, and SEESAC has been told."),
    story=_("did not release %(expert)s for the mission"),
    needs_reason=ASKED,
    reasons=answers.NOT_RELEASED,
    question=_("Why you do not release the expert"),
    hint=_("The expert and SEESAC are told this reason; the requester is not."),
    tells=_REFUSED,
    dangerous=True,
)
RECORD = Step(
    sources=ASKED,
    target=S.RELEASED,
    by=Role.COORDINATOR,
    label=_("Note the release"),
    done=_("Noted: %(name)s is released for the mission."),
    story=_("noted that %(expert)s is released"),
    needs_reason=ASKED,
    reasons=answers.HOW_SAID,
    question=_("How the authority released the expert"),
    asks_source=True,
    tells=(*_RELEASED, _NOTED),
)
RECORD_REFUSAL = Step(
    sources=ASKED,
    target=S.REFUSED,
    by=Role.COORDINATOR,
    label=_("Note that release was refused"),
    done=_("Noted: %(name)s is not released."),
    story=_("noted that %(expert)s is not released"),
    needs_reason=ASKED,
    reasons=answers.NOT_RELEASED,
    question=_("Why the authority does not release the expert"),
    hint=_("The expert is told."),
    tells=(*_REFUSED, _NOTED),
    dangerous=True,
)
