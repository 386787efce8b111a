"""What somebody is asked to write of a mission stands on their lists until it has come."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from webapp.core import clock as now
from webapp.core.roles import Role
from webapp.deployments import operations as missions
from webapp.deployments.models import Deployment
from webapp.deployments.rules import FOLLOW_UP_FROM, REPORT_WITHIN
from webapp.deployments.workflow import WORKFLOW, DeploymentStep
from webapp.expertise_requests import operations as requests
from webapp.expertise_requests.models import RequestState
from webapp.expertise_requests.workflow import RequestStep
from webapp.mission_reports import follow_ups, operations, profile_entries, tasks
from webapp.mission_reports.content import Afterwards
from webapp.mission_reports.models import Side

EXPERT, REQUESTER = Side
ASKED = "What you are asked to write"


@pytest.mark.both_databases
def test_each_is_asked_for_their_own_until_it_has_come(app: Flask, clock: Any) -> None:
    with writing(app) as session:
        team = factories.returned_team(session, clock)
        requester = factories.missions.writer_of(team[0], REQUESTER)
        expert = factories.missions.writer_of(team[0], EXPERT)
        office = factories.account(session, Role.COORDINATOR)

        def asked(person: Any) -> list[str]:
            found = tasks.list_tasks(session, person.as_actor(), now.today())
            return [task.address for task in found]

        own = f"/deployments/{team[0].id}/reports/expert"
        shared = f"/deployments/{team[-1].id}/reports/requester"
        assert (asked(requester), asked(expert), asked(office)) == ([shared], [own], [])
        for made in team:
            factories.report(session, made, EXPERT)
        factories.report(session, team[0], REQUESTER)
        entry = f"/deployments/{team[0].id}/reports/profile-entry"
        assert (asked(requester), asked(expert)) == ([], [entry])
        operations.give_back(factories.work(session, office), team[0], REQUESTER)
        assert asked(requester) == [shared]
        factories.report(session, team[0], REQUESTER)
        clock.move_to(datetime.combine(team[0].end + FOLLOW_UP_FROM, time(12), UTC))
        after = f"/deployments/{team[-1].id}/reports/follow-up"
        assert (asked(requester), asked(expert)) == ([after], [])
        follow_ups.answer(factories.work(session, requester), team[0], Afterwards("Much."))
        assert asked(requester) == []


@pytest.mark.both_databases
def test_an_expert_is_asked_for_two_months_to_put_a_mission_into_the_profile(
    app: Flask, clock: Any
) -> None:
    with writing(app) as session:
        one, other = (factories.returned_mission(session, clock) for _ in range(2))
        addresses = {}
        for made in (one, other):
            person = factories.missions.writer_of(made, EXPERT)
            addresses[made.id] = f"/deployments/{made.id}/reports/profile-entry"
            factories.report(session, made, EXPERT)
            assert tasks.list_tasks(session, person.as_actor(), now.today()) == []
            factories.report(session, made, REQUESTER)
            (task,) = tasks.list_tasks(session, person.as_actor(), now.today())
            assert task.address == addresses[made.id]
        expert = factories.missions.writer_of(one, EXPERT)
        work, written = factories.work(session, expert), profile_entries.draft(session, one)
        profile_entries.add(work, one, written, seen_version=one.match.expert.version)
        assert tasks.list_tasks(session, expert.as_actor(), now.today()) == []
        another = factories.missions.writer_of(other, EXPERT).as_actor()
        clock.shift(tasks.ENTER_WITHIN)
        (task,) = tasks.list_tasks(session, another, now.today())
        assert not task.is_overdue
        clock.shift(timedelta(days=1))
        assert tasks.list_tasks(session, another, now.today()) == []


def test_it_stands_on_my_requests_and_on_the_deployments_and_leads_to_the_form(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        made = factories.returned_mission(session, clock)
        requester = factories.missions.writer_of(made, REQUESTER)
        title = made.match.request.title
        due = made.end + REPORT_WITHIN
    pages = visitor().come_in(requester)
    for address in ("/requests", "/deployments"):
        page = pages.get(address)
        assert ASKED in page.text
        assert "due on" in page.text
        form = page.follow(f"Write your report on the mission for “{title}”")
        assert form.url == f"/deployments/{made.id}/reports/requester"
    clock.move_to(datetime.combine(due + timedelta(days=1), time(12), UTC))
    assert "was due on" in visitor().come_in(requester).get("/requests").text
    with writing(app) as session:
        stranger = factories.account(session, Role.REQUESTER)
    for address in ("/requests", "/deployments"):
        assert ASKED not in visitor().come_in(stranger).get(address).text


def test_a_closed_request_waits_for_its_requester_as_long_as_a_report_is_awaited(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.CLOSED)
        made = session.query(Deployment).one()
        requester, addresses = request.requester, ("/requests", f"/requests/{request.id}")
    pages = visitor().come_in(requester)
    for address in addresses:
        text = pages.get(address).text
        assert "The experts you chose come as agreed" in text
        assert "Nothing more" not in text
        # “closed” would be read as that all is over.
        assert "mission ahead" in text
        assert "closed" not in text
    clock.move_to(datetime.combine(made.start, time(12), UTC))
    for address in addresses:
        # From the first day on they are there: nobody is still to come.
        text = visitor().come_in(requester).get(address).text
        assert "The experts you chose are on their mission until" in text
        assert "come as agreed" not in text
        assert "mission under way" in text
    with writing(app) as session:
        made = session.get_one(Deployment, made.id)
        factories.missions.go_and_return(session, clock, made)
    clock.move_to(datetime.combine(made.end + timedelta(days=1), time(12), UTC))
    asked = f"Write your report on the mission for “{request.title}”"
    pages = visitor().come_in(requester)
    for address in addresses:
        page = pages.get(address)
        assert f"Waits for you. {asked}" in page.text
        assert "Nothing more" not in page.text
        assert page.links[asked] == f"/deployments/{made.id}/reports/requester"
    with writing(app) as session:
        factories.report(session, session.get_one(Deployment, made.id), REQUESTER)
    for address in addresses:
        assert "Nothing more for now: the request has been answered." in pages.get(address).text


def test_a_mission_that_ended_early_is_not_said_to_be_under_way_until_its_last_day(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED, experts_needed=2)
        team = [factories.missions.planned(session, request=request) for _number in range(2)]
        requester, addresses = request.requester, ("/requests", f"/requests/{request.id}")
        office = factories.account(session, Role.COORDINATOR)
        requests.take(factories.work(session, office), request, RequestStep.CLOSE)
        for made in team:
            factories.settle(session, made)
            missions.take(factories.work(session, office), made, DeploymentStep.CLEAR)
    clock.move_to(datetime.combine(team[0].start, time(12), UTC))
    step = DeploymentStep.CURTAIL
    for made, says in zip(team, ("mission under way", "closed"), strict=True):
        with writing(app) as session:
            for one in team if made is team[0] else ():
                gone = session.get_one(Deployment, one.id)
                missions.take(factories.work(session, office), gone, DeploymentStep.DEPART)
            back, why = session.get_one(Deployment, made.id), factories.grounds(WORKFLOW[step])
            missions.take(factories.work(session, office), back, step, why)
        for address in addresses:
            text = visitor().come_in(requester).get(address).text
            assert says in text
            assert ("mission under way" in text) is (made is team[0])
