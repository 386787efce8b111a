"""What those who read of a mission learn of its days: the conditions of its release, who is told of
others, and that it has others than its request."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from webapp.core import clock
from webapp.core.roles import Role
from webapp.deployments import operations
from webapp.deployments.models import Deployment
from webapp.expertise_requests.models import RequestState
from webapp.matches.models import ReleaseLetter

CONDITIONS = "Must be back in Belgrade on 2 April in the evening."
START = timedelta(days=30)


class Case:
    """Two who are to go together; the authority of the first has released them on conditions."""

    def __init__(self, app: Flask, conditions: str, days_later: int = 0) -> None:
        with writing(app) as session:
            self.office = factories.account(session, Role.COORDINATOR)
            start = clock.today() + START
            asked = factories.request(
                session, RequestState.ACCEPTED, coordinator=self.office, experts_needed=2,
                start=start, end=start + timedelta(days=2),
            )  # fmt: skip
            first, second = (factories.missions.planned(session, request=asked) for _each in "12")
            written_for = start - timedelta(days=days_later)
            session.add(
                ReleaseLetter(
                    match_id=first.match_id, number="5/31", dated=clock.today(),
                    conditions=conditions, written_at=clock.now(), written_by=None,
                    organisation_id=first.match.authority_id,
                    released_start=written_for, released_end=written_for + timedelta(days=2),
                )
            )  # fmt: skip
            self.requester, self.request = asked.requester, f"/requests/{asked.id}"
            self.expert, self.other = first.match.expert.account, second.match.expert.account
            self.mission, self.others = f"/deployments/{first.id}", f"/deployments/{second.id}"


def test_the_office_and_the_expert_read_the_conditions_of_a_release_and_nobody_else(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, CONDITIONS)
    office, expert = visitor().come_in(case.office), visitor().come_in(case.expert)
    for page in (office.get(case.mission), expert.get(case.mission)):
        assert "Released by letter 5/31" in page.text
        assert CONDITIONS in page.text
    for way in ("days", "team-days"):
        assert CONDITIONS in office.get(f"{case.mission}/{way}").text, way
    assert CONDITIONS not in office.get(case.others).text
    assert CONDITIONS not in visitor().come_in(case.requester).get(case.mission).text
    assert CONDITIONS not in visitor().come_in(case.other).get(case.others).text
    visitor().come_in(case.other).get(case.mission, status=404)


@pytest.mark.parametrize("way", ["", "/days", "/team-days"])
def test_a_release_without_conditions_takes_no_room(
    app: Flask, visitor: Callable[[], Pages], way: str
) -> None:
    case = Case(app, "")
    page = visitor().come_in(case.office).get(f"{case.mission}{way}")
    assert "on these conditions" not in page.text


@pytest.mark.parametrize("days_later", [0, 1])
def test_conditions_that_were_made_for_other_days_say_for_which(
    app: Flask, visitor: Callable[[], Pages], days_later: int
) -> None:
    case = Case(app, CONDITIONS, days_later)
    office, expert = visitor().come_in(case.office), visitor().come_in(case.expert)
    pages = [office.get(case.mission), expert.get(case.mission)]
    pages += [office.get(f"{case.mission}/{way}") for way in ("days", "team-days")]
    for page in pages:
        assert ("for other days than the mission has now" in page.text) is bool(days_later)


@pytest.mark.parametrize("is_here", [True, False])
def test_before_days_change_it_is_said_whether_an_authority_is_told(
    app: Flask, visitor: Callable[[], Pages], *, is_here: bool
) -> None:
    with writing(app) as session:
        authority = factories.organisation(session)
        if is_here:
            factories.account(session, Role.NOMINATING_AUTHORITY, organisation_id=authority.id)
        mission = factories.missions.planned(session)
        mission.match.authority_id = mission.match.expert.authority_id = authority.id
        office = factories.account(session, Role.COORDINATOR)
    text = visitor().come_in(office).get(f"/deployments/{mission.id}/days").text
    assert ("the requester and the authority are told" in text) is is_here
    assert ("no authority of theirs has an account here" in text) is not is_here


def test_the_page_of_a_request_points_to_a_mission_that_was_moved_alone(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, "")
    requester, pointing = visitor().come_in(case.requester), "For each who goes, the days"
    assert pointing not in requester.get(case.request).text
    with writing(app) as session:
        mission = session.get_one(Deployment, int(case.mission.rsplit("/", 1)[1]))
        start = mission.start + timedelta(days=1)
        work = factories.work(session, case.office)
        operations.change_days(work, mission, start, start + timedelta(days=2))
    assert pointing in requester.get(case.request).text
