"""An administrator invites three people, who join on telephones and do the work of the platform."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.browser import bishkek, looking, steps
from tests.databases import reading, writing
from tests.links import links_to
from webapp import demo
from webapp.accounts.models import Account
from webapp.config import DATA
from webapp.core import audit, clock, invariants
from webapp.core.roles import Role
from webapp.deployments.models import Deployment
from webapp.experts import operations as experts
from webapp.experts.models import Expert

pytestmark = [pytest.mark.browser, pytest.mark.long]
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
PASSWORD = "maslina vrbas kajak 7"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


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
        context.set_default_timeout(20_000)
        return context.new_page()

    return give


def put_roster(app: Flask) -> None:
    """Put the demo roster and the inspector, who has no account yet, into the database."""
    rivals = (DATA / "demo" / "experts.jsonl").read_text(encoding="utf-8").splitlines()
    with writing(app) as session:
        for row in [*map(json.loads, rivals), bishkek.EXPERT]:
            experts.add(factories.work(session), demo.expert_of(row, clock.now()))


def give_profile(app: Flask, email: str) -> None:
    """Make the inspector's profile that of an account: no page of the roster does that yet."""
    with writing(app) as session:
        account = session.scalars(sa.select(Account).where(Account.email == email)).one()
        expert = session.scalars(sa.select(Expert).where(Expert.name == steps.NAME)).one()
        expert.account_id = account.id


def invite(administrator: Any, role: Role, email: str) -> None:
    """Invite somebody through the page of the administrator."""
    administrator.goto("/accounts/invite")
    administrator.fill("#name", f"Novi {role.value.title()}")
    administrator.fill("#email", email)
    administrator.check(f"input[value='{role.value}']")
    administrator.fill("#institution", "Fictional Ministry")
    administrator.select_option("#jurisdiction", "KGZ" if role is Role.REQUESTER else "BIH")
    administrator.click("main form button[type=submit]")
    administrator.get_by_role("status").filter(has_text="on its way").wait_for()


def join(page: Any, link: str, email: str) -> Any:
    """Join with a password, after one that is too short, and sign in with it."""
    page.goto(link)
    page.fill("#password", "short")
    page.click("button[value=password]")
    assert page.locator(".field-error").count()
    page.check("#consent")
    page.fill("#password", PASSWORD)
    page.click("button[value=password]")
    page.wait_for_url(lambda url: "/join/" not in url)
    page.goto("/login")
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    page.locator(".signed-in-as").wait_for(state="attached")
    return page


def join_with_passkey(page: Any, link: str, _email: str) -> Any:
    """Join with a passkey of the telephone alone."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.goto(link)
    page.check("#consent")
    page.click("button[value=passkey]")
    page.fill("#name", "my telephone")
    page.click("text=Go on")
    page.wait_for_url("**/account/security")
    return page


def test_three_who_were_invited_bring_an_expert_to_bishkek(
    app: Flask, outbox: list[Any], new_page: Callable[[dict[str, int]], Any]
) -> None:
    put_roster(app)
    with writing(app) as session:
        email = factories.account(session, Role.ADMINISTRATOR).email
    administrator = new_page(DESK)
    looking.sign_in(administrator, email)
    ways = {Role.REQUESTER: join, Role.COORDINATOR: join_with_passkey, Role.EXPERT: join}
    people = {}
    for role, way in ways.items():
        address = f"{role.value}.novi@example.org"
        invite(administrator, role, address)
        (link,) = links_to(app, outbox)(address)
        people[role] = way(new_page(PHONE), link, address)
    give_profile(app, f"{Role.EXPERT.value}.novi@example.org")
    for page in people.values():
        page.set_viewport_size(DESK)
        page.goto("/requests" if page is people[Role.REQUESTER] else "/")
    steps.from_draft_to_deployment(*people.values())
    with reading(app) as session:
        assert invariants.run(session) == []
        assert audit.verify(session) == []
        assert session.scalars(sa.select(Deployment)).one().start == bishkek.START
