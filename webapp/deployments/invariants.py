"""What must be true of deployments in every sound database."""

from collections.abc import Iterator
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.deployments.models import Deployment, DeploymentState
from webapp.deployments.workflow import OVER
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
    """A selected expert holds exactly the days of their mission, also if it ended early."""
    # A mission for each of its days, in order.
    rows = session.execute(
        sa.select(Deployment.id, Deployment.state, Deployment.start, Deployment.end, BookedDay.day)
        .join(Deployment.match)
        .outerjoin(BookedDay, BookedDay.match_id == Match.id)
        .where(Match.state == MatchState.SELECTED)
        .order_by(Deployment.id, BookedDay.day)
        .execution_options(yield_per=AT_ONCE)
    )
    for number, of_mission in groupby(rows, key=lambda row: row.id):
        days = list(of_mission)
        mission, held = days[0], [row.day for row in days if row.day is not None]
        if held != days_between(mission.start, mission.end):
            yield f"deployment {number} is “{mission.state}” and holds {len(held)} days"
