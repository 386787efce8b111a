"""Missions that are over, reached by the steps that people take, and reports on them."""

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.factories.checklists import settle
from tests.factories.matching import match
from tests.factories.people import account, work
from tests.factories.requests import request
from webapp.accounts.models import Account
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.deployments import operations
from webapp.deployments.models import Deployment
from webapp.deployments.workflow import DeploymentStep
from webapp.expertise_requests.models import RequestState
from webapp.matches.models import MatchState
from webapp.mission_reports import operations as reports
from webapp.mission_reports import queries, rules
from webapp.mission_reports.content import Answers, Judged, Present
from webapp.mission_reports.models import Again, MissionReport, Side

# What is said of each task and output.
SAID = "It was done in three days."
ANSWERS = Answers(
    done="Trained two groups in tracing.",
    women=7,
    men=9,
    participants=(Present("Customs", 4, 6), Present("Border police", 3, 3)),
    outputs="A curriculum of three days.",
    lacking="A second interpreter.",
    rating=4,
    again=Again.YES,
)


def returned_mission(session: Session, clock: Any, **facts: Any) -> Deployment:
    """Make a mission from which the expert is back; it is noon of its last day then."""
    made = planned(session, **facts)
    go_and_return(session, clock, made)
    return made


def returned_team(session: Session, clock: Any, size: int = 3) -> list[Deployment]:
    """Make the mission of several experts who are all back; it is noon of its last day then."""
    asked = request(session, RequestState.ACCEPTED, experts_needed=size)
    team = [planned(session, request=asked) for _number in range(size)]
    go_and_return(session, clock, *team)
    return team


def planned(session: Session, **facts: Any) -> Deployment:
    """Make the mission of an expert who was selected."""
    found = match(session, MatchState.SELECTED, **facts)
    return session.scalars(sa.select(Deployment).where(Deployment.match_id == found.id)).one()


def go_and_return(session: Session, clock: Any, *team: Deployment) -> None:
    """Let experts leave and be back together."""
    by = work(session, account(session, Role.COORDINATOR))
    for made in team:
        settle(session, made)
        operations.take(by, made, DeploymentStep.CLEAR)
    first = team[0]
    for day, step in ((first.start, DeploymentStep.DEPART), (first.end, DeploymentStep.RETURN)):
        clock.move_to(datetime.combine(day, time(12), UTC))
        for made in team:
            operations.take(UnitOfWork(session, by.actor, datetime.now(UTC)), made, step)
    session.flush()


def writer_of(made: Deployment, side: Side) -> Account:
    """Return who reports for a side of a mission."""
    if side is Side.REQUESTER:
        return made.match.request.requester
    assert made.match.expert.account
    return made.match.expert.account


def _said_of_each(made: Deployment, answers: Answers) -> Answers:
    """Return what a requester says of a whole team as of one expert."""
    judged = (
        Judged(one.id, answers.rating, answers.again)
        for one in rules.team_of(made)
        if rules.is_judged(one)
    )
    return replace(answers, rating=None, again=None, judged=tuple(judged))


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
    if not answers.points:
        points = rules.points_of(made, queries.find(session, made, side))
        answers = replace(
            answers, points=tuple(replace(one, said=one.said or SAID) for one in points)
        )
    if side is Side.REQUESTER:
        answers = _said_of_each(made, answers)
    written = queries.find(session, made, side)
    seen = written.version if written else 0
    written = reports.save(acting, made, side, answers, seen_version=seen)
    if sent:
        reports.send(acting, made, side, seen_version=written.version)
    return written
