"""Whoever closes a request is asked about its missions that are still to come."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from webapp.core.roles import Role
from webapp.deployments.models import Deployment, DeploymentState
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.matches.models import MatchState

CLOSE = "Close the request"


def ask_for(app: Flask, wanted: int, selected: int) -> int:
    """Have experts selected for a request that wants so many, and return its number."""
    with writing(app) as session:
        coordinator = factories.account(session, Role.COORDINATOR)
        asked = factories.request(
            session, RequestState.ACCEPTED, coordinator=coordinator, experts_needed=wanted
        )
        for _number in range(selected):
            factories.match(session, MatchState.SELECTED, request=asked, coordinator=coordinator)
        return asked.id


def let_be(app: Flask, state: DeploymentState, how_many: int) -> None:
    """Let so many missions stand elsewhere."""
    with writing(app) as session:
        missions = sa.select(Deployment).order_by(Deployment.id).limit(how_many)
        for mission in session.scalars(missions):
            mission.state = state


@pytest.fixture
def office(sign_in_as: Callable[[Role], Pages]) -> Pages:
    """Return what a coordinator sees."""
    return sign_in_as(Role.COORDINATOR)


def state_of(app: Flask, number: int) -> RequestState:
    """Return where a request stands."""
    with reading(app) as session:
        return session.get_one(ExpertiseRequest, number).state


def test_a_request_with_missions_to_come_is_closed_when_its_closer_knows_of_them(
    app: Flask, office: Pages
) -> None:
    number = ask_for(app, wanted=2, selected=2)
    page = office.get(f"/requests/{number}")
    assert "missions to come" not in page.text
    asked = page.follow(CLOSE)
    assert "There are 2 missions to come for this request." in asked.text
    assert state_of(app, number) is RequestState.CONFIRMED
    let_be(app, DeploymentState.DEPLOYED, 1)
    assert "There is 1 mission to come" in office.get(f"/requests/{number}/close").text
    asked.submit(CLOSE)
    assert state_of(app, number) is RequestState.CLOSED


def test_nobody_is_asked_about_missions_that_have_begun(app: Flask, office: Pages) -> None:
    number = ask_for(app, wanted=1, selected=1)
    let_be(app, DeploymentState.DEPLOYED, 1)
    office.get(f"/requests/{number}").submit(CLOSE)
    assert state_of(app, number) is RequestState.CLOSED


def test_closing_with_fewer_than_were_wanted_tells_of_their_missions_beside_the_reason(
    app: Flask, office: Pages
) -> None:
    number = ask_for(app, wanted=2, selected=1)
    page: Page = office.get(f"/requests/{number}")
    assert "There is 1 mission to come for this request." in page.text
    page.form("Close with those selected")
    let_be(app, DeploymentState.DEPLOYED, 1)
    assert "to come for this request" not in office.get(f"/requests/{number}").text
