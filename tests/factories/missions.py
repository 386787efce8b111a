"""Missions that are over, reached by the steps that people take, and reports on them."""

from datetime import UTC, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.factories.checklists import settle
from tests.factories.matching import match
from tests.factories.people import account, work
from webapp.accounts.models import Account
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.deployments import operations
from webapp.deployments.models import Deployment
from webapp.deployments.workflow import DeploymentStep
from webapp.matches.models import MatchState
from webapp.mission_reports import operations as reports
from webapp.mission_reports import queries
from webapp.mission_reports.content import Answers
from webapp.mission_reports.models import Again, MissionReport, Side

ANSWERS = Answers(
    done="Trained two groups in tracing.",
    women=7,
    men=9,
    institutions="Customs: 10, border police: 6",
    outputs="A curriculum of three days.",
    lacking="A second interpreter.",
    rating=4,
    again=Again.YES,
)


def returned_mission(session: Session, clock: Any, **facts: Any) -> Deployment:
    """Make a mission from which the expert is back; it is noon of its last day then."""
    found = match(session, MatchState.SELECTED, **facts)
    made = session.scalars(sa.select(Deployment).where(Deployment.match_id == found.id)).one()
    by = work(session, account(session, Role.COORDINATOR))
    settle(session, made)
    operations.take(by, made, DeploymentStep.CLEAR)
    for day, step in ((made.start, DeploymentStep.DEPART), (made.end, DeploymentStep.RETURN)):
        clock.move_to(datetime.combine(day, time(12), UTC))
        operations.take(UnitOfWork(session, by.actor, datetime.now(UTC)), made, step)
    session.flush()
    return made


def writer_of(made: Deployment, side: Side) -> Account:
    """Return who reports for a side of a mission."""
    if side is Side.REQUESTER:
        return made.match.request.requester
    assert made.match.expert.account
    return made.match.expert.account


def report(
    session: Session,
    made: Deployment,
    side: Side,
    answers: Answers = ANSWERS,
    *,
    sent: bool = True,
    by: Account | None = None,
) -> MissionReport:
    """Let a side report on a mission."""
    acting = work(session, by or writer_of(made, side))
    written = queries.find(session, made, side)
    seen = written.version if written else 0
    written = reports.save(acting, made, side, answers, seen_version=seen)
    if sent:
        reports.send(acting, made, side, seen_version=written.version)
    return written
