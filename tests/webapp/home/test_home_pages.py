"""The first page, the privacy notice and what machines ask for."""

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.config import Config
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading
from tests.pages import Pages
from webapp.core.roles import Role
from webapp.insights.queries import missions
from webapp.insights.queries.missions import Past
from webapp.themes.models import Theme

FIRST_PAGES = {
    Role.REQUESTER: "/requests",
    Role.EXPERT: "/invitations",
    Role.COORDINATOR: "/queue",
    Role.ADMINISTRATOR: "/audit",
    Role.NOMINATING_AUTHORITY: "/officials",
}


def test_the_first_page_tells_strangers_what_can_be_asked_for(app: Flask, pages: Pages) -> None:
    page = pages.get("/")
    with reading(app) as session:
        labels = session.scalars(sa.select(Theme.label)).all()
    assert len(labels) > 20
    for label in labels:
        assert label in page.text
    assert "/login" in page.addresses


def test_strangers_are_shown_no_way_to_pages_that_are_closed_to_them(pages: Pages) -> None:
    for url in ("/", "/privacy", "/login"):
        inside = {address for address in pages.get(url).addresses if address.startswith("/")}
        assert inside <= {"/", "/language", "/login", "/password", "/privacy", "/wan-signin"}


@pytest.mark.parametrize("role", Role)
def test_each_role_begins_at_its_work(
    role: Role, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    page = visitor().sign_in(world.first(role)).get("/")
    assert page.url == FIRST_PAGES[role]


@pytest.mark.parametrize("role", Role)
def test_each_role_is_shown_its_own_ways_only(
    role: Role, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    """A link in the navigation to a page that answers “not open to you” would mock its reader."""
    pages = visitor().sign_in(world.first(role))
    page = pages.get("/privacy")
    ways = {address for address in page.addresses if address.startswith("/")}
    assert FIRST_PAGES[role] in ways
    for way in ways:
        pages.get(way)


def test_the_privacy_notice_is_open_to_everybody(pages: Pages) -> None:
    page = pages.get("/privacy")
    for word in ("What is kept", "Who sees it", "Your rights"):
        assert word in page.text


def test_kosovo_has_its_footnote_on_every_page(pages: Pages) -> None:
    for url in ("/", "/privacy", "/login"):
        assert "Security Council resolution 1244 (1999)" in pages.get(url).text


@pytest.mark.both_databases
def test_machines_learn_whether_people_can_be_served(pages: Pages) -> None:
    for url, status in (("/healthz", "ok"), ("/readyz", "ready")):
        page = pages.check(url, pages.client.get(url))
        assert (page.status, page.response.json) == (200, {"status": status})


def test_those_who_ask_first_whether_people_can_be_served_do_not_disturb_each_other(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = Config.set_main_option

    def slowly(config: Config, name: str, value: str) -> None:
        time.sleep(0.1)
        usual(config, name, value)

    monkeypatch.setattr(Config, "set_main_option", slowly)
    with ThreadPoolExecutor(4) as machines:
        asked = [machines.submit(app.test_client().get, "/readyz") for _ in range(4)]
        assert [answer.result().status_code for answer in asked] == [200] * 4


def test_no_page_sets_a_cookie_before_one_is_needed(pages: Pages) -> None:
    for url in ("/", "/privacy", "/healthz", "/static/css/theme.css"):
        response = pages.client.get(url)
        response.close()
        assert "Set-Cookie" not in response.headers, url


def test_past_missions_are_counted_again_after_five_minutes(
    app: Flask, clock: Any, pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = []

    def count(_session: Session) -> Past:
        counted.append(clock)
        return Past(len(counted) * 10, 20, 3, date(2016, 1, 1))

    monkeypatch.setattr(missions, "find_past", count)
    for minutes, told in ((0, 10), (4, 10), (1, 20)):
        clock.shift(timedelta(minutes=minutes))
        assert re.search(rf"Missions since 2016 ?{told}\b", pages.get("/").text)
    assert len(counted) == 2
