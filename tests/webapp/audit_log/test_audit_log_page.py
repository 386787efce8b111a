"""The page of the audit log: latest first, in pages, and verified on demand."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.audit_log import queries
from webapp.core.audit import AuditEvent
from webapp.core.db import db
from webapp.core.roles import Role


@pytest.fixture
def administrator(world: factories.World, visitor: Callable[[], Pages]) -> Pages:
    """Return an administrator who has signed in."""
    return visitor().sign_in(world.first(Role.ADMINISTRATOR))


def numbers_on(page: object) -> list[int]:
    """Return the numbers of the events that a page shows, from top to bottom."""
    rows = [row for row in page.tree.iter("tr") if row.find("td") is not None]  # type: ignore[attr-defined]
    return [int("".join(row.find("td").itertext())) for row in rows]


def test_every_event_is_shown_once_latest_first(app: Flask, administrator: Pages) -> None:
    page, shown = administrator.get("/audit"), []
    shown += numbers_on(page)
    while "Next" in page.links:
        page = page.follow("Next")
        shown += numbers_on(page)
    with reading(app) as session:
        total = session.scalar(sa.select(sa.func.count()).select_from(AuditEvent)) or 0
    assert total > 100
    assert shown == list(range(total, 0, -1))


@pytest.mark.parametrize("page", ["0", "-3", "9999", "x", "", "9" * 4000])
def test_a_page_that_is_not_there_gives_the_nearest(administrator: Pages, page: str) -> None:
    assert numbers_on(administrator.get(f"/audit?page={page}"))


def test_an_event_reads_who_what_and_why(world: factories.World, administrator: Pages) -> None:
    page = administrator.get("/audit")
    person = world.first(Role.COORDINATOR)
    assert person.name in page.text
    assert "match: invite" in page.text
    assert "127.0.0.1" in page.text


def test_a_sound_log_is_called_sound(administrator: Pages) -> None:
    page = administrator.get("/audit").follow("Verify the whole log")
    assert "The log is sound" in page.text


def test_a_log_that_was_tampered_with_is_not_called_sound(app: Flask, administrator: Pages) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_event_no_update")
        connection.exec_driver_sql("UPDATE audit_event SET reason = 'another' WHERE id = 5")
    page = administrator.get("/audit?verify=1")
    assert "The log is not sound" in page.text
    assert "audit event 5 was changed" in page.text


def test_looking_at_the_log_does_not_change_it(app: Flask, administrator: Pages) -> None:
    def count() -> int:
        with reading(app) as session:
            return session.scalar(sa.select(sa.func.count()).select_from(AuditEvent)) or 0

    before = count()
    administrator.get("/audit?verify=1")
    assert count() == before


def test_an_empty_log_says_so(sign_in_as: Callable[..., Pages], app: Flask) -> None:
    page = sign_in_as(Role.ADMINISTRATOR).get("/audit")
    # The account of whoever looks was made, and that is the one event there is.
    assert numbers_on(page) == [1]
    assert "account created" in page.text


@pytest.mark.both_databases
def test_events_are_found_by_what_was_done_and_by_whom(app: Flask) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.REQUESTER, name="Ђорђе Шкундрић")
        factories.request(session, requester=person)
    with reading(app) as session:
        for words, actions in [
            ("djordje", {"request drafted"}), ("account created", {"account created"}),
            ("ACCOUNT-created", {"account created"}), ("expertise request", {"request drafted"}),
            ("djordje account", set()), ("%", set()), ("_", set()),
            ("", {"account created", "request drafted"}),
        ]:  # fmt: skip
            found = {event.action for event in queries.list_events(session, words).items}
            assert found == actions, words


def test_words_are_kept_on_the_next_page(administrator: Pages) -> None:
    page = administrator.get("/audit").submit("Search", {"search": "request"})
    assert "events found." in page.text
    assert "Next" in page.links
    page = page.follow("Next")
    assert "account created" not in page.text
    assert "No event fits." in page.submit("Search", {"search": "nothing of this"}).text
