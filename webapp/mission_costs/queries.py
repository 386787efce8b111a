"""Named selects of costs."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core.actor import Actor
from webapp.core.errors import NotFoundError
from webapp.core.words.money import ZERO
from webapp.core.words.translation import _
from webapp.deployments import queries as missions
from webapp.deployments.models import Deployment, DeploymentState
from webapp.deployments.rules import is_office
from webapp.expertise_requests.models import Payer
from webapp.matches.models import Match
from webapp.mission_costs.content import Sums
from webapp.mission_costs.models import CostItem, MissionCost


def get_mission(session: Session, actor: Actor, deployment_id: int) -> Deployment:
    """Return a mission of which this person keeps the costs; NotFoundError for any other."""
    deployment = missions.get(session, actor, deployment_id)
    if not is_office(actor, deployment):
        raise NotFoundError(_("There is no such mission."))
    return deployment


def list_costs(session: Session, deployment: Deployment) -> dict[CostItem, MissionCost]:
    """Return what is written of the costs of a mission, by item, as it is at this moment."""
    rows = session.scalars(
        sa.select(MissionCost)
        .where(MissionCost.deployment_id == deployment.id)
        .execution_options(populate_existing=True)
    )
    return {row.item: row for row in rows}


def list_for_requester(session: Session, deployment: Deployment) -> Sequence[MissionCost]:
    """Return what is planned for the requester to pay of a mission, by item."""
    return session.scalars(
        sa.select(MissionCost)
        .where(
            MissionCost.deployment_id == deployment.id,
            MissionCost.payer == Payer.REQUESTER,
            MissionCost.planned > ZERO,
        )
        .order_by(MissionCost.id)
    ).all()


def sum_of_request(session: Session, request_id: int) -> Sums:
    """Return what all missions for a request cost together, those cancelled left out."""
    row = session.execute(
        sa.select(sa.func.sum(MissionCost.planned), sa.func.sum(MissionCost.actual))
        .join(MissionCost.deployment)
        .join(Match, Match.id == Deployment.match_id)
        .where(Match.request_id == request_id, Deployment.state != DeploymentState.CANCELLED)
    ).one()
    return Sums(row[0] or ZERO, row[1] or ZERO)
