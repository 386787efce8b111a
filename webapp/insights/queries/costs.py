"""What the missions of a period cost."""

from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from webapp.core.words.money import ZERO
from webapp.deployments.models import Deployment, DeploymentState
from webapp.expertise_requests.models import ExpertiseRequest, Payer
from webapp.insights.kinds import Asked
from webapp.insights.queries.narrowed import of_subject
from webapp.matches.models import Match
from webapp.mission_costs.models import CostItem, MissionCost

Amounts = tuple[Decimal, Decimal]


def sum_by_item(session: Session, asked: Asked) -> dict[CostItem, Amounts]:
    """Return what is planned and what was paid for each item."""
    return _sum_by(session, asked, MissionCost.item)


def sum_by_payer(session: Session, asked: Asked) -> dict[Payer, Amounts]:
    """Return what is planned and what was paid by each who pays."""
    return _sum_by(session, asked, MissionCost.payer)


def count_missions(session: Session, asked: Asked) -> int:
    """Return of how many missions of the period something of the costs is written."""
    number = sa.func.count(MissionCost.deployment_id.distinct())
    return int(session.scalars(_of_period(sa.select(number), asked)).one())


def _sum_by(session: Session, asked: Asked, key: InstrumentedAttribute[Any]) -> dict[Any, Amounts]:
    sums = sa.func.sum(MissionCost.planned), sa.func.sum(MissionCost.actual)
    rows = session.execute(_of_period(sa.select(key, *sums), asked).group_by(key))
    return {of: (planned or ZERO, actual or ZERO) for of, planned, actual in rows}


def _of_period(query: sa.Select[Any], asked: Asked) -> sa.Select[Any]:
    """Narrow a select of costs to missions that begin in the period and were not cancelled."""
    return (
        query.select_from(MissionCost)
        .join(MissionCost.deployment)
        .join(Match, Match.id == Deployment.match_id)
        .join(ExpertiseRequest, ExpertiseRequest.id == Match.request_id)
        .where(
            Deployment.state != DeploymentState.CANCELLED,
            Deployment.start.between(asked.first, asked.last),
            *of_subject(asked),
        )
    )
