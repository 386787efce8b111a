"""What must be true of deployments in every sound database."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from webapp.deployments.models import Deployment, DeploymentState
from webapp.deployments.workflow import OVER
from webapp.matches.models import Match, MatchState
from webapp.matches.rules import days_between


def deployments_follow_selections(session: Session) -> Iterator[str]:
    """A selected expert has a deployment that stands, and of others only past ones do."""
    rows = session.execute(
        sa.select(Match, Deployment).outerjoin(Deployment, Deployment.match_id == Match.id)
    )
    for match, deployment in rows:
        selected = match.state is MatchState.SELECTED
        stands = deployment is not None and deployment.state is not DeploymentState.CANCELLED
        past = stands and deployment.state in OVER
        if stands != selected and not past:
            yield f"match {match.id} is “{match.state}” and its deployment does not agree"


def missions_hold_their_days(session: Session) -> Iterator[str]:
    """A selected expert holds exactly the days of their mission, also if it ended early."""
    missions = session.scalars(
        sa.select(Deployment)
        .join(Deployment.match)
        .where(Match.state == MatchState.SELECTED)
        .options(selectinload(Deployment.match).selectinload(Match.booked_days))
    )
    for mission in missions:
        held = [row.day for row in mission.match.booked_days]
        if held != days_between(mission.start, mission.end):
            yield f"deployment {mission.id} is “{mission.state}” and holds {len(held)} days"
