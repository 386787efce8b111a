"""Missions stand in the queue of coordinators from some day on until they are followed up."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.roles import Role
from webapp.deployments import rules, tasks
from webapp.deployments.models import Deployment, DeploymentState
from webapp.deployments.workflow import WAITS_FOR
from webapp.expertise_requests.models import RequestState
from webapp.matches.models import MatchState
from webapp.matches.work_queue.worklist import worklist

START, END = date(2031, 3, 10), date(2031, 3, 14)


def mission(state: DeploymentState) -> Deployment:
    """Return a mission in a state, without a database."""
    return Deployment(state=state, start=START, end=END)


@pytest.mark.parametrize("state", DeploymentState)
def test_whatever_waits_for_somebody_has_a_duty_and_nothing_else_has(
    state: DeploymentState,
) -> None:
    assert (tasks.duty_of(mission(state)) is not None) == (state in WAITS_FOR)


@pytest.mark.parametrize(
    ("state", "begins", "due"),
    [
        (DeploymentState.PLANNED, date(2031, 2, 10), date(2031, 3, 3)),
        (DeploymentState.CLEARED, START, START),
        (DeploymentState.DEPLOYED, END, date(2031, 3, 15)),
        (DeploymentState.RETURNED, END, date(2031, 3, 28)),
        (DeploymentState.CURTAILED, END, date(2031, 3, 28)),
        (DeploymentState.REPORTED, date(2031, 6, 12), date(2031, 9, 10)),
    ],
)
def test_each_duty_begins_and_is_due_on_its_days(
    state: DeploymentState, begins: date, due: date
) -> None:
    duty = tasks.duty_of(mission(state))
    assert duty is not None
    assert (duty.begins, duty.due) == (begins, due)


def test_a_mission_enters_the_queue_on_its_day_and_leads_to_its_page(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    today = clock.today()
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        asked = factories.request(
            session, RequestState.ACCEPTED, start=today + rules.CLEAR_FROM,
            end=today + rules.CLEAR_FROM + timedelta(days=2),
        )  # fmt: skip
        match = factories.match(session, MatchState.SELECTED, request=asked, coordinator=office)
        deployment = session.query(Deployment).one()
        number, name = deployment.id, match.expert.name
        assert list(tasks.list_lines(session, today - timedelta(days=1))) == []
        (line,) = tasks.list_lines(session, today)
        assert line.address == f"/deployments/{number}"
        assert not line.is_overdue
        own = factories.actor(session.get_one(Account, match.expert.account_id))
        assert all(line.address == "" for line in worklist(session, own).ours)
    words = f"Prepare the mission of {name} and clear it for departure"
    page = visitor().come_in(office).get("/queue").follow(words)
    assert page.heading.startswith(f"Mission of {name}")
