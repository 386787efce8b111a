"""Every page that links lead to, in every role, keeps the rules of tests/html.py."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.crawling import crawl, forms_of
from tests.databases import content, writing
from tests.pages import Form, Pages
from webapp.core import clock
from webapp.core.roles import Role
from webapp.core.sent_fields import DRAWN_AT
from webapp.expertise_requests.models import ExpertiseRequest

LEAST = {
    Role.REQUESTER: 22,
    Role.EXPERT: 25,
    Role.NOMINATING_AUTHORITY: 2,
    Role.COORDINATOR: 50,
    Role.ADMINISTRATOR: 15,
}


@pytest.mark.first
@pytest.mark.thorough
@pytest.mark.parametrize("role", Role)
def test_every_link_leads_to_a_sound_page_and_looking_at_it_changes_nothing(
    role: Role, app: Flask, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    """But for the record of who has looked, and that SEESAC has begun to read a request."""
    with writing(app) as session:
        session.execute(sa.update(ExpertiseRequest).values(read_at=clock.now()))
    pages = visitor().come_in(world.first(role))
    before = content(app)
    found = crawl(pages, "/", "/privacy")
    after = content(app)
    assert len({page.url for page in found}) >= LEAST[role], sorted(page.url for page in found)
    assert [form.action for page in found for form in page.forms if lacks_position(form)] == []
    assert [name for name in after if after[name] != before[name]] == []


def lacks_position(form: Form) -> bool:
    """Tell whether a form takes a step without saying when its page was drawn."""
    if form.method != "POST" or DRAWN_AT in form.values:
        return False
    routes = form.page.pages.app.url_map.bind("localhost")
    _endpoint, arguments = routes.match(urlsplit(form.action).path, "POST")
    return not {"step", "act"}.isdisjoint(arguments)


@pytest.mark.thorough
@pytest.mark.parametrize("role", Role)
def test_pages_of_somebody_who_has_nothing_yet_are_sound(
    role: Role, sign_in_as: Callable[..., Pages]
) -> None:
    assert crawl(sign_in_as(role), "/", "/privacy")


def test_strangers_find_the_first_page_the_notice_and_the_sign_in(pages: Pages) -> None:
    found = crawl(pages, "/")
    assert {page.url for page in found} == {
        *("/", "/privacy", "/login", "/language", "/password", "/wan-signin")
    }
    assert sorted(form.action for form in forms_of(found)) == [
        *("/language", "/login", "/password", "/wan-signin")
    ]
