"""From a mission coordinators reach why its expert was chosen, and what can end it."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from webapp.core.roles import Role
from webapp.deployments.models import Deployment
from webapp.matches.models import MatchState


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.REQUESTER, Role.EXPERT])
def test_only_coordinators_are_led_from_a_mission_to_its_match(
    app: Flask, visitor: Callable[[], Pages], role: Role
) -> None:
    with writing(app) as session:
        match = factories.match(session, MatchState.SELECTED)
        people = {
            Role.COORDINATOR: factories.account(session, Role.COORDINATOR),
            Role.REQUESTER: match.request.requester,
            Role.EXPERT: match.expert.account,
        }
        mission = session.scalars(sa.select(Deployment.id).filter_by(match_id=match.id)).one()
        address = f"/matches/{match.id}"
        reader = people[role]
    pages = visitor().come_in(reader)
    page = pages.get(f"/deployments/{mission}")
    is_led = address in page.addresses
    assert is_led is (role is Role.COORDINATOR)
    assert ("what to do if they cannot go" in page.text) is is_led
    if is_led:
        assert "What can be done now" in pages.get(address).text
