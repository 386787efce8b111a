"""What must be true of deployments in every sound database."""

from collections.abc import Iterator
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.deployments.models import Deployment, DeploymentState
from webapp.deployments.workflow import OVER
from webapp.matches.invariants import OF_MISSIONS
from webapp.matches.models import BookedDay, Match, MatchState
from webapp.matches.rules import days_between

# How many rows are read from the database at once.
AT_ONCE = 5000


def deployments_follow_selections(session: Session) -> Iterator[str]:
    """A selected expert has a deployment that stands, and of others only past ones do."""
    rows = session.execute(
        sa.select(Match.id, Match.state, Deployment.state)
        .outerjoin(Deployment, Deployment.match_id == Match.id)
        .where(sa.or_(Match.state == MatchState.SELECTED, Deployment.id.is_not(None)))
    )
    for number, state, mission in rows:
        selected = state is MatchState.SELECTED
        stands = mission is not None and mission is not DeploymentState.CANCELLED
        past = stands and mission in OVER
        if stands != selected and not past:
            yield f"match {number} is “{state}” and its deployment does not agree"


def missions_hold_their_days(session: Session) -> Iterator[str]:
    """A selected expert holds exactly the days of their mission, also if it ended early; and so
    does whoever has been on it, whatever became of the match: nobody was on two at once."""
    # A match for each of its days, in order.
    rows = session.execute(
        sa.select(Match.id, Deployment.state, Deployment.start, Deployment.end, BookedDay.day)
        .outerjoin(Deployment, Deployment.match_id == Match.id)
        .outerjoin(BookedDay, BookedDay.match_id == Match.id)
        .where(
            Match.state.in_(OF_MISSIONS),
            sa.or_(Deployment.id.is_not(None), BookedDay.day.is_not(None)),
        )
        .order_by(Match.id, BookedDay.day)
        .execution_options(yield_per=AT_ONCE)
    )
    for number, of_match in groupby(rows, key=lambda row: row.id):
        days = list(of_match)
        mission, held = days[0], [row.day for row in days if row.day is not None]
        stands = mission.state not in {None, DeploymentState.CANCELLED}
        wanted = days_between(mission.start, mission.end) if stands else []
        if held != wanted:
            yield (
                f"match {number} has a mission that is “{mission.state}” and holds {len(held)} of"
                f" {len(wanted)} days"
            )
