"""On which conditions an authority has released somebody stands where days of a mission change."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from webapp.core import clock
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState
from webapp.matches.models import ReleaseLetter

CONDITIONS = "Must be back in Belgrade on 2 April in the evening."
START = timedelta(days=30)


class Case:
    """Two who are to go together; the authority of the first has released them on conditions."""

    def __init__(self, app: Flask, conditions: str) -> None:
        with writing(app) as session:
            self.office = factories.account(session, Role.COORDINATOR)
            start = clock.today() + START
            asked = factories.request(
                session, RequestState.ACCEPTED, coordinator=self.office, experts_needed=2,
                start=start, end=start + timedelta(days=2),
            )  # fmt: skip
            first, second = (factories.missions.planned(session, request=asked) for _each in "12")
            session.add(
                ReleaseLetter(
                    match_id=first.match_id, number="5/31", dated=clock.today(),
                    conditions=conditions, written_at=clock.now(), written_by=None,
                    organisation_id=first.match.authority_id,
                )
            )  # fmt: skip
            self.requester = asked.requester
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
