"""An authority reads the missions of its own officials: when, where and for what, and no more."""

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.core.roles import Role
from webapp.deployments import operations
from webapp.deployments.models import Deployment
from webapp.deployments.workflow import DeploymentStep
from webapp.expertise_requests.models import RequestState
from webapp.matches.models import MatchState
from webapp.messages.models import Notice

N = Role.NOMINATING_AUTHORITY


class Case:
    """Two officials of two authorities who go for one request, without a release asked."""

    def __init__(self, app: Flask, visitor: Callable[[], Pages]) -> None:
        self.app = app
        with writing(app) as session:
            self.office = factories.account(session, Role.COORDINATOR)
            asked = factories.request(session, RequestState.ACCEPTED, experts_needed=2)
            self.members, self.names, self.missions = [], [], []
            for _ in range(2):
                authority = factories.organisation(session)
                member = factories.account(session, N, organisation_id=authority.id)
                expert = factories.expert(
                    session, authority_id=authority.id, approved_until=date(2040, 1, 1)
                )
                match = factories.match(
                    session, MatchState.SELECTED, request=asked, expert=expert,
                    coordinator=self.office,
                )  # fmt: skip
                row = session.query(Deployment).filter_by(match_id=match.id).one()
                self.members.append(member)
                self.names.append(expert.name)
                self.missions.append(row.id)
        self.mine, self.theirs = (visitor().sign_in(member) for member in self.members)

    def clear(self) -> None:
        with writing(self.app) as session:
            mission = session.get_one(Deployment, self.missions[0])
            work = factories.work(session, self.office)
            factories.settle(session, mission)
            operations.take(work, mission, DeploymentStep.CLEAR)


@pytest.fixture
def case(app: Flask, visitor: Callable[[], Pages]) -> Case:
    return Case(app, visitor)


def test_each_authority_reads_of_its_own_officials_alone(case: Case) -> None:
    own, other = (f"/officials/missions/{number}" for number in case.missions)
    page = case.mine.get("/officials").follow(f"Mission of {case.names[0]}")
    assert page.url == own
    assert case.names[0] in page.heading
    assert case.names[1] not in page.text
    assert other not in case.mine.get("/officials").addresses
    unknown = case.mine.get("/officials/missions/999", status=404)
    foreign = case.mine.get(other, status=404)
    assert foreign.text == unknown.text
    case.theirs.get(own, status=404)


def test_what_an_authority_is_told_of_a_mission_leads_to_a_page_that_it_can_read(
    case: Case,
) -> None:
    case.clear()
    with reading(case.app) as session:
        paths = list(
            session.scalars(
                sa.select(Notice.path).where(
                    Notice.account_id == case.members[0].id, Notice.path.contains("missions")
                )
            )
        )
    assert paths == [f"/officials/missions/{case.missions[0]}"]
    assert "cleared" in case.mine.get(paths[0]).heading


def test_an_authority_reads_neither_reasons_nor_notes_of_a_mission(case: Case) -> None:
    case.clear()
    text = case.mine.get(f"/officials/missions/{case.missions[0]}").text
    assert "What happened" not in text
    assert "Why" not in text
