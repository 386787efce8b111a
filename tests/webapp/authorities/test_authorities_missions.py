"""An authority reads the missions of its own officials: when, where and for what, and no more."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.core import clock
from webapp.core.record.stored_words import unpack
from webapp.core.roles import Role
from webapp.deployments import operations
from webapp.deployments.models import Deployment
from webapp.deployments.workflow import DeploymentStep
from webapp.expertise_requests import operations as requests
from webapp.expertise_requests.models import RequestState
from webapp.expertise_requests.workflow import WORKFLOW as REQUESTS
from webapp.expertise_requests.workflow import RequestStep
from webapp.matches import operations as matches
from webapp.matches.models import MatchState
from webapp.matches.workflow import WORKFLOW as MATCHES
from webapp.matches.workflow import MatchStep
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
        self.mine, self.theirs = (visitor().come_in(member) for member in self.members)

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


def told(case: Case) -> list[str]:
    """Return what the authority is told of the mission of its official, in order."""
    with reading(case.app) as session:
        notices = session.scalars(
            sa.select(Notice)
            .where(Notice.account_id == case.members[0].id, Notice.path.contains("missions"))
            .order_by(Notice.id)
        )
        return [str(unpack(notice.words["subject"])).partition(": ")[2] for notice in notices]


ENDS = [MatchStep.FALL_OUT, MatchStep.TAKE_BACK, MatchStep.TAKE_BACK_SELECTION]


@pytest.mark.parametrize("name", ENDS)
def test_an_authority_that_was_told_of_a_mission_is_told_that_it_is_off(
    case: Case, name: MatchStep
) -> None:
    case.clear()
    with writing(case.app) as session:
        match = session.get_one(Deployment, case.missions[0]).match
        people = {
            Role.EXPERT: match.expert.account,
            Role.COORDINATOR: case.office,
            Role.REQUESTER: match.request.requester,
        }
        step = MATCHES[name]
        work = factories.work(session, people[step.by])
        matches.take(work, match, name, factories.grounds(step) if step.needs_reason else None)
    assert told(case) == [
        "an official of yours is cleared to go",
        "the mission of an official of yours is cancelled",
    ]


def test_an_authority_is_told_of_other_days_of_a_mission(case: Case) -> None:
    with writing(case.app) as session:
        mission = session.get_one(Deployment, case.missions[0])
        last = mission.end + timedelta(days=1)
        work = factories.work(session, case.office)
        operations.move(work, mission, mission.start, last, seen_version=mission.version)
    assert told(case) == ["the mission of an official of yours has other days"]


def test_an_authority_is_told_of_the_end_of_a_mission_that_was_not_cleared_any_more(
    case: Case,
) -> None:
    case.clear()
    with writing(case.app) as session:
        work = factories.work(session, case.office)
        operations.hold_back(work, session.get_one(Deployment, case.missions[0]))
    with writing(case.app) as session:
        match = session.get_one(Deployment, case.missions[0]).match
        why = factories.grounds(MATCHES[MatchStep.FALL_OUT])
        matches.take(factories.work(session, match.expert.account), match, MatchStep.FALL_OUT, why)
    assert told(case)[-1] == "the mission of an official of yours is cancelled"


def test_an_authority_is_told_that_a_mission_is_broken_off_or_not_cleared_any_more(
    case: Case,
) -> None:
    case.clear()
    with writing(case.app) as session:
        work = factories.work(session, case.office)
        operations.hold_back(work, session.get_one(Deployment, case.missions[0]))
    case.clear()
    with writing(case.app) as session:
        mission = session.get_one(Deployment, case.missions[0])
        mission.start = mission.end = clock.today()
        session.flush()
        operations.take(factories.work(session, case.office), mission, DeploymentStep.DEPART)
        request = mission.match.request
        why = factories.grounds(REQUESTS[RequestStep.WITHDRAW])
        requests.take(
            factories.work(session, request.requester), request, RequestStep.WITHDRAW, why
        )
    assert told(case) == [
        "an official of yours is cleared to go",
        "the mission of an official of yours is not cleared any more",
        "an official of yours is cleared to go",
        "an official of yours is on a mission",
        "the mission of an official of yours has ended early",
    ]


def test_an_authority_hears_nothing_of_a_mission_that_it_was_not_told_of(case: Case) -> None:
    with writing(case.app) as session:
        match = session.get_one(Deployment, case.missions[0]).match
        work = factories.work(session, match.expert.account)
        why = factories.grounds(MATCHES[MatchStep.FALL_OUT])
        matches.take(work, match, MatchStep.FALL_OUT, why)
    assert told(case) == []
