"""An invited coordinator joins with a passkey on a phone, and signs in again with it alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.browser import phones
from tests.databases import writing
from tests.links import links_to
from webapp.core.roles import Role
from webapp.membership import operations

pytestmark = [pytest.mark.browser, pytest.mark.thorough]
EMAIL = "nova@example.org"


@pytest.fixture
def phone(chromium: Any, live_url: str) -> Iterator[Any]:
    """Return a page of a phone with an authenticator that needs no finger."""
    # A passkey belongs to a name, and "localhost" is one that browsers trust.
    url = live_url.replace("127.0.0.1", "localhost")
    with chromium.new_context(base_url=url, viewport=phones.PHONE) as context:
        context.set_default_timeout(120_000)
        page = context.new_page()
        tools = context.new_cdp_session(page)
        tools.send("WebAuthn.enable")
        tools.send("WebAuthn.addVirtualAuthenticator", {"options": phones.AUTHENTICATOR})
        yield page


def invite(app: Flask, outbox: list[Any]) -> str:
    """Invite a coordinator and return the link that reaches them."""
    with writing(app) as session:
        operations.invite(
            factories.work(session),
            email=EMAIL,
            name="Nova Testova",
            roles=[Role.COORDINATOR],
            institution="SEESAC",
            jurisdiction=None,
            language="en",
        )
    (link,) = links_to(app, outbox)(EMAIL)
    return link


def test_a_coordinator_joins_with_a_passkey_and_signs_in_with_it_alone(
    app: Flask, outbox: list[Any], phone: Any, instance: Path
) -> None:
    phone.goto(invite(app, outbox))
    phone.check("#consent")
    phone.click("text=Join with a passkey instead")
    phone.fill("#name", "my telephone")
    phone.click("text=Go on")
    phone.get_by_role("heading", name="Your recovery codes").wait_for()
    phone.click("text=I have kept them")
    phone.wait_for_url("**/account/security")
    assert "Signs in alone" in phone.inner_text("main")
    phone.goto("/queue")
    assert phone.inner_text("h1") == "Work queue"
    phone.click("summary:has-text('Menu')")
    phone.click("text=Sign out")
    phone.goto("/login")
    phone.click("text=Sign in with a passkey")
    phone.click("text=Use my passkey")
    phone.wait_for_url("**/queue")
    assert phone.inner_text("h1") == "Work queue"
