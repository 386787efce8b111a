"""What must be true of matches and booked days in every sound database."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from webapp.core import clock
from webapp.expertise_requests import rules as request_rules
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts.models import Expert, ExpertState
from webapp.matches import rules
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import OPEN


def bookings_follow_states(session: Session) -> Iterator[str]:
    """An approved match holds exactly the days of its request; any other holds none."""
    matches = session.scalars(
        sa.select(Match).options(selectinload(Match.booked_days), selectinload(Match.request))
    )
    for match in matches:
        request = match.request
        wanted = (
            rules.days_between(request.start, request.end)
            if match.state in rules.BOOKED and request.start and request.end
            else []
        )
        held = [row.day for row in match.booked_days if row.expert_id == match.expert_id]
        if held != wanted or len(match.booked_days) != len(held):
            yield f"match {match.id} is “{match.state}” and holds {len(held)} of {len(wanted)} days"


def matches_end_with_requests(session: Session) -> Iterator[str]:
    """Nobody waits for a request that has ended; only those selected go for one that was filled."""
    still_open = session.scalars(
        sa.select(Match)
        .join(Match.request)
        .where(ExpertiseRequest.state.in_(request_rules.ENDED), Match.state.in_(OPEN))
        .options(selectinload(Match.request))
    )
    for match in still_open:
        ended = match.request.state
        if not (ended is RequestState.CLOSED and match.state is MatchState.SELECTED):
            yield f"match {match.id} is “{match.state}” for a request that is “{ended}”"


def selections_fit_requests(session: Session) -> Iterator[str]:
    """A confirmed request has as many selected as it wants; one that has not is not confirmed.

    With more it could neither be confirmed nor closed, and with as many it would be confirmed.
    """
    selected = sa.func.count(Match.id)
    rows = session.execute(
        sa.select(ExpertiseRequest, selected)
        .outerjoin(
            Match,
            (Match.request_id == ExpertiseRequest.id) & (Match.state == MatchState.SELECTED),
        )
        .group_by(ExpertiseRequest.id)
    )
    for request, count in rows:
        wanted = request.experts_needed
        confirmed = request.state is RequestState.CONFIRMED
        looking = request.state in request_rules.MATCHABLE
        if count > wanted or (confirmed and count < wanted) or (looking and count == wanted):
            yield (
                f"request {request.id} is “{request.state}” with {count} selected of the {wanted}"
                " that it wants"
            )


def only_active_experts_are_considered(session: Session) -> Iterator[str]:
    """Nobody who is not active on the roster is considered for a request, or to go yet."""
    matches = session.scalars(
        sa.select(Match)
        .join(Match.expert)
        .where(Expert.state != ExpertState.ACTIVE, Match.state.in_(OPEN))
        .options(selectinload(Match.expert), selectinload(Match.request))
    )
    for match in matches:
        if not rules.is_over(match, clock.today()):
            yield f"match {match.id} is “{match.state}” and its expert is “{match.expert.state}”"
