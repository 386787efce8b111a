"""What came by letter of a team, its reports and its follow-up, is noted once for all of it."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.core.record.audit import AuditEvent
from webapp.core.record.reasons import Reason
from webapp.core.roles import Role
from webapp.deployments.models import Deployment, DeploymentState
from webapp.deployments.rules import FOLLOW_UP_FROM
from webapp.experts.models import Expert

S = DeploymentState
LETTER = "By letter of 3 May, in the file."


class Case:
    """Three experts who are back, and a coordinator to whom a letter has come."""

    def __init__(self, app: Flask, clock: Any, visitor: Callable[[], Pages]) -> None:
        self.app = app
        with writing(app) as session:
            team = factories.returned_team(session, clock)
            self.office = factories.account(session, Role.COORDINATOR)
            self.numbers, self.end = [one.id for one in team], team[0].end
            self.names = [one.match.expert.name for one in team]
        self.pages = visitor().come_in(self.office)

    def states(self) -> list[DeploymentState]:
        with reading(self.app) as session:
            return [session.get_one(Deployment, number).state for number in self.numbers]


@pytest.fixture
def case(app: Flask, clock: Any, visitor: Callable[[], Pages]) -> Case:
    """Return a team whose reports come by letter."""
    return Case(app, clock, visitor)


@pytest.mark.both_databases
def test_reports_and_follow_up_of_a_team_are_noted_once(app: Flask, clock: Any, case: Case) -> None:
    page = case.pages.get(f"/deployments/{case.numbers[1]}")
    assert "It is noted once for all of the team who are as far: " in page.text
    told = page.submit("Note that the reports have come", {"report-reason": LETTER})
    assert case.states() == [S.REPORTED] * 3
    assert all(name in told.text for name in case.names)
    with reading(app) as session:
        assert session.query(Reason).filter_by(text=LETTER).count() == 3, "each has its own text"
        assert session.query(AuditEvent).filter_by(action="deployment: report").count() == 3
    clock.move_to(datetime.combine(case.end + FOLLOW_UP_FROM, time(12), UTC))
    page = case.pages.come_in(case.office).get(f"/deployments/{case.numbers[0]}")
    page.submit("Note the follow-up")
    assert case.states() == [S.FOLLOWED_UP] * 3


def test_whoever_is_not_as_far_or_is_the_coordinator_is_left_out(app: Flask, case: Case) -> None:
    with writing(app) as session:
        session.get_one(Deployment, case.numbers[0]).state = S.DEPLOYED
        expert_id = session.get_one(Deployment, case.numbers[2]).match.expert_id
        session.get_one(Expert, expert_id).account_id = case.office.id
    page = case.pages.get(f"/deployments/{case.numbers[1]}")
    assert "noted once" not in page.text
    page.submit("Note that the reports have come", {"report-reason": LETTER})
    assert case.states() == [S.DEPLOYED, S.REPORTED, S.RETURNED]


def test_other_steps_are_each_experts_own(app: Flask, case: Case) -> None:
    with writing(app) as session:
        for number in case.numbers:
            session.get_one(Deployment, number).state = S.DEPLOYED
    case.pages.get(f"/deployments/{case.numbers[0]}").submit("Note the return")
    assert case.states() == [S.RETURNED, S.DEPLOYED, S.DEPLOYED]
