"""What several steps of a match have in common: the kinds of reasons, and who reads an answer."""

from webapp.amendments.workflow import WORKFLOW as AMENDMENTS
from webapp.amendments.workflow import AmendmentStep
from webapp.core.record.actions import Action
from webapp.core.record.reasons import ReasonKind
from webapp.core.words.translation import _
from webapp.core.workflows.workflow import Mail, Recipient
from webapp.matches.models import MatchState

K = ReasonKind
# Why an expert does not go, whoever says so.
CANNOT_GO = (
    K.DATES, K.NOT_THEN, K.LANGUAGE, K.SUBJECT, K.CONFLICT, K.SUPERIOR, K.NEEDED_AT_HOME,
    K.PERSONAL, K.OTHER,
)  # fmt: skip
# Why somebody who was to go does not go after all.
FALLS_OUT = (K.PERSONAL, K.NEEDED_AT_HOME, K.SUPERIOR, K.CONFLICT, K.OTHER)
HOW_SAID = (K.BY_TELEPHONE, K.IN_WRITING, K.IN_PERSON, K.OTHER)
NOT_RELEASED = (K.NEEDED_AT_HOME, K.DATES, K.CONFLICT, K.NO_MEANS, K.OTHER)
RELEASE_NOT_ASKED = (K.NO_RELEASE_NEEDED, K.RELEASED_BEFORE, K.OTHER)
NOT_CHOSEN = (
    K.ANOTHER_EXPERT, K.SUBJECT, K.LANGUAGE, K.DATES, K.CONFLICT, K.NOT_NEEDED, K.OTHER,
)  # fmt: skip
TAKEN_UP = (K.FREE_AGAIN, K.RELEASED_AFTER_ALL, K.DATES, K.MISTAKE, K.OTHER)
# After one of these, what was decided on a page from before is about other terms of reference or
# other days: a no to some days is none to others.
TERMS_AGREED = frozenset(map(AMENDMENTS.action, (AmendmentStep.AGREE, AmendmentStep.ACCEPT)))
OTHERWISE_ASKED = TERMS_AGREED | {Action.REQUEST_MOVED}
# Why somebody is put on the shortlist before others who fit better.
OUT_OF_TURN = (
    K.SAYS_TOO_LITTLE, K.KNOWS_PLACE, K.ASKED_FOR, K.FOR_TEAM, K.CAN_BE_SETTLED, K.OTHER,
)  # fmt: skip
# Why a coordinator ends a match, or takes somebody back from the requester.
ENDS = (
    K.DATES, K.LANGUAGE, K.SUBJECT, K.CONFLICT, K.SUPERIOR, K.PERSONAL, K.ANOTHER_EXPERT,
    K.NOT_NEEDED, K.MISTAKE, K.OTHER,
)  # fmt: skip

SAID_YES = Mail[MatchState](
    Recipient.COORDINATORS,
    _("%(reference)s: an invited expert said yes"),
    _("%(expert)s is available for “%(title)s”. Please ask for the release, or approve."),
)
SAID_NO = Mail[MatchState](
    Recipient.COORDINATORS,
    _("%(reference)s: an invited expert said no"),
    _("%(expert)s cannot go on “%(title)s”."),
    gives_reason=True,
)

# However a match ends: it goes to the authority if that was asked, and to no other.
RELEASE_NOT_NEEDED = Mail[MatchState](
    Recipient.AUTHORITY,
    _("%(reference)s: a release is not needed any more"),
    _("%(expert)s does not go on “%(title)s”, so nobody needs their release any more."),
)
