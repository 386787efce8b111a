"""Why a match cannot go on, and what can be done about it: one sentence for coordinators."""

from webapp.core.words.translation import Deferred, Message, _
from webapp.core.words.vocabularies import jurisdiction_name
from webapp.expertise_requests.models import RequestState
from webapp.experts.models import ExpertState
from webapp.matches import offering, rules
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import BEFORE_PROPOSAL, ENDED

_ASKS_OPEN = _(
    "%(name)s belongs to those who ask now, or has acted for them, so nobody can go on with this"
    " match: please end it, or have an administrator correct the organisation if it is wrong."
)
_ASKS_ENDED = _(
    "%(name)s belongs to those who ask now, or has acted for them, so this match cannot be taken up"
    " again while an administrator does not change that."
)
_NOT_ACTIVE_OPEN = _(
    "%(name)s is “%(state)s” on the roster, so this match waits until the profile is active, or can"
    " be ended."
)
_NOT_ACTIVE_ENDED = _(
    "%(name)s is “%(state)s” on the roster, so this match can be taken up again only when the"
    " profile is active."
)
_FILLED_OPEN = _(
    "As many experts are selected as the request asks for, so this match waits in case one of them"
    " falls out, or can be ended."
)
_FILLED_ENDED = _(
    "As many experts are selected as the request asks for, so this match can be taken up again only"
    " if one of them falls out."
)
_REQUEST_ENDED = _(
    "The request is “%(state)s”, so nobody is considered for it any more; another mission needs a"
    " request of its own."
)
_EXCLUDED = _(
    "The requester cannot receive experts from %(jurisdiction)s, so %(name)s can go no further:"
    " please end this match, or ask the requester."
)


def why_it_cannot_go_on(match: Match) -> Message | None:
    """Return what stands against a match, whoever looks at it, and what can be done, if so."""
    return _decided(match) or _against_expert(match) or _against_request(match)


def _decided(match: Match) -> Message | None:
    """Return what can never change."""
    request, stays = match.request, match.state in rules.STAY_WHEN_CLOSED
    if request.state in rules.GIVEN_UP or (request.state is RequestState.CLOSED and not stays):
        return _REQUEST_ENDED % {"state": request.state}
    return None


def _against_expert(match: Match) -> Message | None:
    expert, over = match.expert, match.state in ENDED
    if rules.is_among_those_who_ask(match.request, expert):
        return (_ASKS_ENDED if over else _ASKS_OPEN) % {"name": expert.name}
    if expert.state is not ExpertState.ACTIVE:
        facts = {"name": expert.name, "state": expert.state}
        return (_NOT_ACTIVE_ENDED if over else _NOT_ACTIVE_OPEN) % facts
    return None


def _against_request(match: Match) -> Message | None:
    if match.request.state not in rules.MATCHABLE and match.state is not MatchState.SELECTED:
        return _FILLED_ENDED if match.state in ENDED else _FILLED_OPEN
    if match.state in BEFORE_PROPOSAL and (code := offering.find_excluded_home(match)):
        facts = {"jurisdiction": Deferred(jurisdiction_name, code), "name": match.expert.name}
        return _EXCLUDED % facts
    return None
