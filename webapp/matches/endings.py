"""How matches end by themselves: with their request, and when their expert leaves the roster."""

from webapp.core.db import lock
from webapp.core.record.reasons import Grounds, ReasonKind, Why
from webapp.core.unit_of_work import UnitOfWork
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts.models import Expert
from webapp.matches import queries, rules
from webapp.matches.models import Match
from webapp.matches.operations import lock_experts, take
from webapp.matches.workflow import OPEN, WORKFLOW, MatchStep


def cancel_all(request: ExpertiseRequest, *, work: UnitOfWork, why: Why) -> None:
    """Cancel what was open for a request that has ended.

    Of one that is closed, those selected still go, and those in reserve stay ready.
    """
    filled = request.state is RequestState.CLOSED
    states = OPEN - rules.STAY_WHEN_CLOSED if filled else OPEN
    matches = queries.list_in_states(work.session, request.id, states)
    lock_experts(work, matches)
    for match in matches:
        _end(work, match, why)


def _end(work: UnitOfWork, match: Match, why: Why) -> None:
    # Who waited for the request may have read of the match what was true before.
    work.session.refresh(match)
    possible = WORKFLOW[MatchStep.TAKE_BACK].sources
    step = MatchStep.TAKE_BACK if match.state in possible else MatchStep.CANCEL
    take(work.on_behalf(), match, step, why)


def let_go(match: Match, *, work: UnitOfWork) -> None:
    """Let somebody in reserve go who is not needed any more, and tell them."""
    take(work, match, MatchStep.TAKE_BACK, Grounds(ReasonKind.FILLED))


def lock_requests_of(expert: Expert, *, work: UnitOfWork) -> None:
    """Lock the requests for which somebody is considered who is about to leave the roster."""
    matches = queries.list_of_expert(work.session, expert.id, OPEN)
    lock(work.session, *sorted((match.request for match in matches), key=lambda row: row.id))


def end_all_of(expert: Expert, *, work: UnitOfWork) -> None:
    """End what is open for an expert who has left the roster; past missions stay as they were."""
    for match in queries.list_of_expert(work.session, expert.id, OPEN):
        if not rules.is_over(match, work.now.date()):
            _end(work, match, Grounds(ReasonKind.LEFT_ROSTER))
