"""An administrator invites three people, who join and do all their work on telephones."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.browser import bishkek, looking, phones, steps
from tests.databases import reading, writing
from tests.links import links_to
from webapp import demo
from webapp.config import DATA
from webapp.core import clock, invariants
from webapp.core.record import audit
from webapp.core.roles import Role
from webapp.deployments.models import Deployment
from webapp.experts import operations as experts

pytestmark = [pytest.mark.browser, pytest.mark.both_databases, pytest.mark.thorough]
DESK = {"width": 1280, "height": 800}
# The expert stands on the roster under the name by which the administrator invites.
NAMES = {Role.EXPERT: steps.NAME}


@pytest.fixture
def new_page(
    chromium: Any, live_url: str, request: pytest.FixtureRequest
) -> Callable[[dict[str, int]], Any]:
    """Return a function that gives somebody a browser of their own, of this size."""

    def give(viewport: dict[str, int]) -> Any:
        # A passkey belongs to a name, and "localhost" is one that browsers trust.
        url = live_url.replace("127.0.0.1", "localhost")
        context = chromium.new_context(base_url=url, viewport=viewport, locale="en-GB")
        request.addfinalizer(context.close)
        context.set_default_timeout(120_000)
        context.add_init_script(phones.NOTE_WIDTH)
        return context.new_page()

    return give


def put_roster(app: Flask) -> None:
    """Put the demo roster into the database: the rivals of whoever comes newly."""
    rivals = (DATA / "demo" / "experts.jsonl").read_text(encoding="utf-8").splitlines()
    with writing(app) as session:
        for row in map(json.loads, rivals):
            experts.add(factories.work(session), demo.expert_of(row, clock.now()))


def invite(administrator: Any, role: Role, email: str) -> None:
    """Invite somebody through the page of the administrator."""
    administrator.goto("/accounts/invite")
    administrator.fill("#name", NAMES.get(role, f"Novi {role.value.title()}"))
    administrator.fill("#email", email)
    administrator.check(f"input[value='{role.value}']")
    administrator.fill("#institution", "Fictional Ministry")
    administrator.select_option("#jurisdiction", "KGZ" if role is Role.REQUESTER else "BIH")
    administrator.click("main form button[type=submit]")
    administrator.get_by_role("status").filter(has_text="on its way").wait_for()


@pytest.mark.long
def test_three_who_were_invited_bring_an_expert_to_bishkek(
    app: Flask, outbox: list[Any], new_page: Callable[[dict[str, int]], Any]
) -> None:
    put_roster(app)
    with writing(app) as session:
        email = factories.account(session, Role.ADMINISTRATOR).email
    administrator = new_page(DESK)
    looking.sign_in(administrator, email)
    ways = {
        Role.REQUESTER: phones.join,
        Role.COORDINATOR: phones.join_with_passkey,
        Role.EXPERT: phones.join,
    }
    people = {}
    for role, way in ways.items():
        address = f"{role.value}.novi@example.org"
        invite(administrator, role, address)
        (link,) = links_to(app, outbox)(address)
        people[role] = way(new_page(phones.PHONE), link, address)
    phones.write_profile(people[Role.EXPERT])
    phones.vet(people[Role.COORDINATOR])
    steps.from_draft_to_deployment(*people.values())
    assert [phones.wide_pages(page) for page in people.values()] == [[], [], []]
    with reading(app) as session:
        assert invariants.run(session) == []
        assert audit.verify(session) == []
        assert session.scalars(sa.select(Deployment)).one().start == bishkek.START
