"""How a yes, or a selection, is taken back by whoever gave it."""

from webapp.core.record.reasons import ReasonKind
from webapp.core.roles import Role
from webapp.core.words.translation import _
from webapp.core.workflows.workflow import Mail, Recipient, Step
from webapp.matches import answers
from webapp.matches.models import MatchState

S, K = MatchState, ReasonKind
# The expert has said yes, and the requester has read nothing of them yet.
BEFORE_PROPOSAL = frozenset({S.AVAILABLE, S.RELEASE_ASKED, S.RELEASED, S.APPROVED})
AFTER_PROPOSAL = frozenset({S.PROPOSED, S.ALTERNATE, S.SELECTED})
CHOSEN = frozenset({S.SELECTED})
WHY_RECONSIDERED = (K.ANOTHER_EXPERT, K.SUBJECT, K.LANGUAGE, K.DATES, K.MISTAKE, K.OTHER)

_LABEL, _DONE = _("I can no longer go"), _("SEESAC knows that you can no longer go.")
_QUESTION, _HINT = _("Why you can no longer go"), _("SEESAC reads it; the requester does not.")
_TO_OFFICE = Mail[MatchState](
    Recipient.COORDINATORS,
    _("%(reference)s: an expert can no longer go"),
    _("%(expert)s had said yes to “%(title)s” and can no longer go. Please find somebody else."),
    gives_reason=True,
)

TAKE_BACK_YES = Step(
    sources=BEFORE_PROPOSAL,
    target=S.DECLINED,
    by=Role.EXPERT,
    label=_LABEL,
    done=_DONE,
    story=_("%(expert)s had said yes and can no longer go"),
    needs_reason=BEFORE_PROPOSAL,
    reasons=answers.CANNOT_GO,
    question=_QUESTION,
    hint=_HINT,
    tells=(_TO_OFFICE, answers.RELEASE_NOT_NEEDED),
    asks_first=BEFORE_PROPOSAL,
    dangerous=True,
    insists=True,
)
# A yes is one for the days and the jurisdiction that were read.
ASK_ANEW = Step(
    sources=frozenset({S.AVAILABLE}),
    target=S.INVITED,
    by=Role.COORDINATOR,
    label=_("Ask anew"),
    done=_("%(name)s is asked anew."),
    story=_("asked %(expert)s anew, because days or jurisdiction have changed"),
    offered=False,
    tells=(
        Mail(
            Recipient.EXPERT,
            _("%(reference)s: other days or another place, please answer anew"),
            _(
                "You had said yes to “%(title)s”. Its days or its jurisdiction have changed since."
                " Please read what is asked now, and say whether you are available for that."
            ),
            asks_reply=True,
            lets_answer=True,
        ),
    ),
)
FALL_OUT = Step(
    sources=AFTER_PROPOSAL,
    target=S.DECLINED,
    by=Role.EXPERT,
    label=_LABEL,
    done=_DONE,
    story=_("%(expert)s can no longer go"),
    open_to_requester=True,
    needs_reason=AFTER_PROPOSAL,
    reasons=answers.FALLS_OUT,
    question=_QUESTION,
    hint=_HINT,
    tells=(
        _TO_OFFICE,
        answers.RELEASE_NOT_NEEDED,
        Mail(
            Recipient.REQUESTER,
            _("%(reference)s: an expert can no longer go"),
            _(
                "One of the experts proposed for “%(title)s” can no longer go. How it stands now,"
                " and who is still proposed, you see on the page of the proposal."
            ),
            path="/requests/%(request_id)s/proposed",
        ),
    ),
    asks_first=AFTER_PROPOSAL,
    dangerous=True,
    insists=True,
)
TAKE_BACK_SELECTION = Step(
    sources=CHOSEN,
    target=S.PROPOSED,
    by=Role.REQUESTER,
    label=_("Take the selection back"),
    done=_("%(name)s is not selected any more, and you can choose anew."),
    story=_("took the selection of %(expert)s back"),
    open_to_requester=True,
    needs_reason=CHOSEN,
    reasons=WHY_RECONSIDERED,
    question=_("Why you take the selection back"),
    hint=_("The expert and SEESAC are told this reason."),
    tells=(
        Mail(
            Recipient.EXPERT,
            _("%(reference)s: you are not selected any more"),
            _(
                "The requester of “%(title)s” has taken your selection back and considers anew."
                " You are still proposed, and the days stay booked for you until it is decided."
            ),
            gives_reason=True,
        ),
        Mail(
            Recipient.COORDINATORS,
            _("%(reference)s: a selection was taken back"),
            _("The requester of “%(title)s” has taken the selection of %(expert)s back."),
            gives_reason=True,
        ),
    ),
    asks_first=CHOSEN,
    dangerous=True,
)
