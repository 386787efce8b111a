"""What must be true of deployments in every sound database."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core.invariants import invariant
from webapp.deployments.models import Deployment, DeploymentState
from webapp.matches.models import Match, MatchState


@invariant
def deployments_follow_selections(session: Session) -> Iterator[str]:
    """A selected expert has a deployment that stands, and nobody else has one."""
    rows = session.execute(
        sa.select(Match, Deployment).outerjoin(Deployment, Deployment.match_id == Match.id)
    )
    for match, deployment in rows:
        stands = deployment is not None and deployment.state is not DeploymentState.CANCELLED
        if stands != (match.state is MatchState.SELECTED):
            yield f"match {match.id} is “{match.state}” and its deployment does not agree"
