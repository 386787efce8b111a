"""How long requests wait from one step to the next, as quartiles that the database picks."""

import enum
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.deployments.models import Deployment
from webapp.deployments.workflow import BEGUN
from webapp.expertise_requests.models import ExpertiseRequest, TermsOfReference
from webapp.insights.kinds import Asked
from webapp.insights.queries.days import Days
from webapp.insights.queries.narrowed import of_choices
from webapp.matches.models import Match, MatchState


class Wait(enum.Enum):
    """What is waited for, each from the one before it; the first from the day it was sent."""

    ACCEPTED = "accepted"
    SHORTLISTED = "shortlisted"
    SELECTED = "selected"
    LEFT = "left"


@dataclass(frozen=True)
class Quartiles:
    """How many waited, and for how many days a quarter, half and three quarters of them at most."""

    count: int
    lower: float
    median: float
    upper: float


def find_quartiles(session: Session, asked: Asked) -> dict[Wait, Quartiles]:
    """Return for each wait that ended how long it lasted."""
    waits = _waits(asked)
    days = sa.union_all(
        *(
            sa.select(
                sa.literal(wait.value).label("wait"), waits.c[wait.value].label("days")
            ).where(waits.c[wait.value].is_not(None))
            for wait in Wait
        )
    ).subquery()
    number = sa.func.row_number().over(partition_by=days.c.wait, order_by=days.c.days)
    everything = sa.func.count().over(partition_by=days.c.wait)
    placed = sa.select(
        days.c.wait, days.c.days, number.label("number"), everything.label("count")
    ).subquery()
    rows = session.execute(
        sa.select(
            placed.c.wait,
            sa.func.max(placed.c.count),
            *(_at(placed, quarters) for quarters in (1, 2, 3)),
        ).group_by(placed.c.wait)
    )
    return {Wait(wait): Quartiles(count, *found) for wait, count, *found in rows}


def _at(placed: sa.Subquery, quarters: int) -> sa.ColumnElement[float]:
    """Return the shortest time within which so many quarters of all had waited long enough."""
    reached = placed.c.number * 4 >= placed.c.count * quarters
    return sa.func.min(sa.case((reached, placed.c.days)))


def _waits(asked: Asked) -> sa.CTE:
    """Return the days that each request of the period waited from step to step."""
    accepted = _first(TermsOfReference.accepted_at, TermsOfReference.request_id)
    shortlisted = _first(Match.created_at, Match.request_id)
    selected = _first(Match.state_since, Match.request_id, Match.state == MatchState.SELECTED)
    left = (
        sa.select(Match.request_id, sa.func.min(Deployment.start).label("at"))
        .join(Deployment, Deployment.match_id == Match.id)
        .where(Deployment.state.in_(BEGUN))
        .group_by(Match.request_id)
        .subquery()
    )
    moments = [ExpertiseRequest.submitted_at, *(one.c.at for one in (accepted, shortlisted))]
    moments += [selected.c.at, left.c.at]
    waits = [
        Days(earlier, later).label(wait.value)
        for wait, earlier, later in zip(Wait, moments, moments[1:], strict=False)
    ]
    chosen = sa.select(*waits).select_from(ExpertiseRequest)
    for one in (accepted, shortlisted, selected, left):
        chosen = chosen.outerjoin(one, one.c.request_id == ExpertiseRequest.id)
    return chosen.where(*of_choices(asked)).cte("waits")


def _first(at: Any, request_id: Any, *conditions: sa.ColumnElement[bool]) -> sa.Subquery:
    return (
        sa.select(request_id.label("request_id"), sa.func.min(at).label("at"))
        .where(*conditions)
        .group_by(request_id)
        .subquery()
    )
