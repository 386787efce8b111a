"""That all of it is made up stands on every page of the demo, whoever reads it."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.html import text_of
from tests.pages import Pages
from webapp.core.roles import Role
from webapp.platform_settings.models import PlatformSettings

SAID = {
    "en": "Demonstration: fictional people, no real data, and no second factor at the sign-in.",
    "ru": "Демонстрация: вымышленные люди, никаких настоящих данных, вход без второго фактора.",
}
EVERYBODY = ("/", "/privacy", "/account", "/account/security", "/my-data", "/notices")
OWN = {
    Role.REQUESTER: ("/requests", "/requests/new", "/deployments"),
    Role.EXPERT: ("/invitations", "/profile", "/profile/unavailable", "/deployments"),
    Role.NOMINATING_AUTHORITY: ("/officials",),
    Role.COORDINATOR: ("/queue", "/requests/all", "/roster", "/deployments", "/insights"),
    Role.ADMINISTRATOR: ("/accounts", "/audit", "/settings", "/health", "/organisations"),
}


def times_said(pages: Pages, path: str, status: int = 200) -> int:
    """Count how often a page says it in the language in which it is read."""
    page = pages.get(path, status=status)
    said = SAID[page.tree.get("lang", "")]
    return [text_of(line) for line in page.tree.iter("p")].count(said)


@pytest.mark.parametrize("language", SAID)
@pytest.mark.parametrize("role", Role)
def test_every_page_of_the_demo_says_so_to_whoever_has_signed_in(
    app: Flask, visitor: Callable[[], Pages], role: Role, language: str
) -> None:
    with writing(app) as session:
        person = factories.account(session, role, language=language)
        if role is Role.EXPERT:
            factories.expert(session, person=person)
    pages = visitor().come_in(person)
    assert times_said(pages, "/account") == 0
    with writing(app) as session:
        session.execute(sa.update(PlatformSettings).values(demonstration=True))
    for path in (*EVERYBODY, *OWN[role]):
        assert times_said(pages, path) == 1, path
    assert times_said(pages, "/nowhere", 404) == 1
    assert pages.get("/account").tree.get("lang") == language
