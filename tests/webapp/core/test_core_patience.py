"""Waiting for PostgreSQL: a lock of somebody else's is no silence, and silence is tried by one."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.core import patience, transactions
from webapp.core.access import Permission, requires
from webapp.core.db import db
from webapp.core.roles import Role
from webapp.experts.models import Expert, ExpertState
from webapp.matches.models import Match, MatchState

RANK = "Chief inspector of the border police"
SUSPENDED = {"suspend-kind": "other", "suspend-reason": "Two accounts of one event."}
WAITING = sa.text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@contextmanager
def holding_the_roster(beside: sa.Engine) -> Iterator[None]:
    """Hold what every change of a profile needs."""
    with beside.begin() as connection:
        connection.exec_driver_sql("SELECT value FROM roster_revision FOR UPDATE")
        yield


def wait_until_somebody_waits(beside: sa.Engine) -> None:
    """Return when a statement waits for a lock."""
    with beside.connect() as connection:
        while not connection.scalar(WAITING):
            connection.rollback()
            time.sleep(0.05)


@pytest.fixture
def closed(app: Flask) -> list[Any]:
    """Return the connections that are closed from now on."""
    gone: list[Any] = []
    with app.app_context():
        sa.event.listen(db.engine, "close", lambda connection, _record: gone.append(connection))
    return gone


@pytest.mark.postgres
def test_who_waits_too_long_for_a_lock_is_refused_alone_and_in_words(
    app: Flask, world: factories.World, visitor: Callable[[], Pages], beside: sa.Engine,
    closed: list[Any],
) -> None:  # fmt: skip
    app.testing = False
    expert, coordinator = world.first(Role.EXPERT), world.first(Role.COORDINATOR)
    own = visitor().sign_in(expert)
    form = own.get("/profile/about")
    other = visitor().sign_in(coordinator)
    with ThreadPoolExecutor(1) as people, holding_the_roster(beside):
        saving = people.submit(form.submit, "Save", {"Rank": RANK}, status=409)
        wait_until_somebody_waits(beside)
        for _ in range(3):
            assert other.get("/queue").status == 200
        refused = saving.result()
        assert other.get("/queue").status == 200
    assert refused.heading == "Somebody else is changing this just now"
    assert "Please try again in a moment" in refused.text
    # What was typed stands there, to be copied.
    assert RANK in refused.text
    assert RANK not in own.get("/profile").text
    assert RANK in form.submit("Save", {"Rank": RANK}).text
    assert closed == []


@pytest.mark.postgres
@pytest.mark.parametrize("step", ["approve", "suspend"])
def test_what_was_done_is_told_as_done_though_nobody_can_note_what_it_shows(
    app: Flask, visitor: Callable[[], Pages], beside: sa.Engine, step: str
) -> None:
    """Who is shown is recorded when the change is committed already."""
    app.testing = False
    with writing(app) as session:
        office, colleague = (factories.account(session, Role.COORDINATOR) for _ in range(2))
        match = factories.match(session, MatchState.RELEASED, coordinator=office)
        match_id, expert_id = match.id, match.expert_id
    pages = visitor().come_in(colleague)
    token = pages.own_token()
    path, sent = {
        "approve": (f"/matches/{match_id}/approve", {}),
        "suspend": (f"/roster/{expert_id}/suspend", SUSPENDED),
    }[step]
    with beside.begin() as connection:
        connection.exec_driver_sql("LOCK TABLE profile_view IN SHARE MODE")
        answer = pages.client.post(path, data={"csrf_token": token, **sent})
    page = pages.check(path, answer)
    assert page.status == 503
    assert page.heading == "It was done"
    assert "please do not send it again" in page.text
    assert "It is not stored" not in page.text
    with reading(app) as session:
        if step == "approve":
            assert session.get_one(Match, match_id).state is MatchState.APPROVED
        else:
            assert session.get_one(Expert, expert_id).state is ExpertState.SUSPENDED


@pytest.mark.postgres
def test_who_reads_somebody_who_is_being_deleted_keeps_nobody_else_waiting(
    app: Flask, world: factories.World, visitor: Callable[[], Pages], beside: sa.Engine
) -> None:
    """That a page was shown is written under a lock of the log, for which everybody waits."""
    expert = world.experts[0].id
    reader = visitor().sign_in(world.first(Role.COORDINATOR))
    with ThreadPoolExecutor(1) as people:
        with beside.begin() as connection:
            chosen = sa.select(Expert.id).where(Expert.id == expert)
            connection.execute(chosen.with_for_update())
            reading_page = people.submit(reader.get, f"/roster/{expert}")
            wait_until_somebody_waits(beside)
            waiting = connection.exec_driver_sql("SELECT 1 FROM audit_head FOR UPDATE NOWAIT")
            assert waiting.scalar() == 1
        assert reading_page.result().status == 200


@pytest.mark.postgres
def test_who_waits_for_one_lock_after_the_other_is_refused_alone_too(
    app: Flask, pages: Pages, beside: sa.Engine, closed: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    app.testing = False
    monkeypatch.setattr(patience, "LOCKED", 1.0)
    monkeypatch.setattr(patience, "SILENCE", 1.4)
    lock = sa.select(sa.func.pg_advisory_xact_lock(sa.bindparam("number")))

    def work() -> str:
        for number in (1, 2):
            db.session.execute(lock, {"number": number})
        return "done"

    app.add_url_rule("/work", "work", requires(Permission.PUBLIC)(work))
    with ThreadPoolExecutor(1) as people, beside.begin() as second:
        second.execute(lock, {"number": 2})
        with beside.begin() as first:
            first.execute(lock, {"number": 1})
            working = people.submit(pages.get, "/work", status=409)
            wait_until_somebody_waits(beside)
            time.sleep(0.7)
        assert working.result().heading == "Somebody else is changing this just now"
    assert closed == []


@pytest.mark.postgres
def test_commands_and_jobs_wait_for_a_lock_as_long_as_it_takes(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    """They use connections that requests have used, where one process does both."""
    visitor().get("/privacy")
    shown = sa.text("SHOW lock_timeout")
    with reading(app) as session:
        assert session.scalar(shown) == "0"
    with app.test_request_context():
        assert db.session.scalar(shown) == "3500ms"
        db.session.rollback()
    with reading(app) as session:
        assert session.scalar(shown) == "0"


@pytest.mark.postgres
def test_a_statement_that_takes_too_long_is_given_up_and_the_next_page_is_served(
    app: Flask, pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody can tell it from a frozen server, so its connection goes, and one thread tries it."""
    app.testing = False
    monkeypatch.setattr(patience, "SILENCE", 0.5)

    def work() -> str:
        db.session.execute(sa.text("SELECT pg_sleep(60)"))
        return "done"

    app.add_url_rule("/work", "work", requires(Permission.PUBLIC)(work))
    pages.get("/work", status=503)
    monkeypatch.undo()
    assert pages.get("/").status == 200


def test_after_silence_one_thread_tries_the_server_and_opens_it_for_all() -> None:
    door = patience._Door()
    door.doubt()
    tried, answered = threading.Event(), threading.Event()

    def slow() -> Any:
        tried.set()
        answered.wait()
        return SimpleNamespace(door=None)

    with ThreadPoolExecutor(1) as people:
        first = people.submit(door.connect, slow)
        tried.wait()
        with pytest.raises(psycopg.OperationalError, match="did not answer a moment ago"):
            door.connect(slow)
        answered.set()
        first.result()
    assert door.connect(slow) is not None


def test_whoever_needs_a_connection_while_one_tries_a_server_that_is_well_gets_one() -> None:
    door = patience._Door()
    door.doubt()
    tried = threading.Event()

    def well() -> Any:
        tried.set()
        time.sleep(0.05)
        return SimpleNamespace(door=None)

    with ThreadPoolExecutor(8) as people:
        first = people.submit(door.connect, well)
        tried.wait()
        others = [people.submit(door.connect, well) for _ in range(7)]
        assert all(one.result() for one in (first, *others))


def test_whoever_waits_for_one_who_finds_the_server_away_does_not_try_it_too() -> None:
    door = patience._Door()
    door.doubt()
    tries = []
    tried = threading.Event()

    def away() -> Any:
        tries.append(1)
        tried.set()
        time.sleep(0.05)
        raise psycopg.OperationalError("away")

    with ThreadPoolExecutor(8) as people:
        waiting = [people.submit(door.connect, away)]
        tried.wait()
        waiting += [people.submit(door.connect, away) for _ in range(7)]
        assert all(isinstance(one.exception(), psycopg.OperationalError) for one in waiting)
    assert tries == [1]


@pytest.mark.postgres
def test_who_has_waited_for_a_lock_and_then_works_slowly_makes_nobody_doubt_the_server(
    app: Flask, pages: Pages, beside: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.testing = False
    monkeypatch.setattr(patience, "LOCKED", 1.5)
    monkeypatch.setattr(patience, "SILENCE", 2.0)
    doubts: list[int] = []
    monkeypatch.setattr(patience._Door, "doubt", lambda _door: doubts.append(1))

    def work() -> str:
        db.session.execute(sa.text("SELECT pg_advisory_xact_lock(1)"))
        db.session.execute(sa.text("SELECT pg_sleep(1.2)"))
        return "done"

    app.add_url_rule("/work", "work", requires(Permission.PUBLIC)(work))
    with ThreadPoolExecutor(1) as people:
        with beside.begin() as connection:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(1)")
            working = people.submit(pages.get, "/work", status=503)
            wait_until_somebody_waits(beside)
            time.sleep(1)
        working.result()
    assert doubts == []


@pytest.mark.postgres
def test_what_is_refused_after_a_wait_is_told_apart_from_a_failed_transaction(
    app: Flask, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    """The second click waits for the first one to commit, and then finds the same token there."""
    app.testing = False
    pages = visitor().sign_in(world.first(Role.REQUESTER))
    form = pages.get("/requests/new").form("Save as draft")
    sent = form.filled({"title": "Stores of weapons near Osh"})
    held, waiting = threading.Event(), threading.Event()
    seal = transactions._seal

    def slow(session: Any) -> bool:
        session.flush()
        if not held.is_set():
            held.set()
            waiting.wait()
        return seal(session)

    with pytest.MonkeyPatch.context() as patched, ThreadPoolExecutor(2) as people:
        patched.setattr(transactions, "_seal", slow)
        first = people.submit(_post, app, pages, form.action, sent)
        held.wait()
        second = people.submit(_post, app, pages, form.action, sent)
        time.sleep(0.6)
        waiting.set()
        assert [first.result(), second.result()] == [302, 302]


def _post(app: Flask, pages: Pages, address: str, sent: dict[str, Any]) -> int:
    """Send a form in a browser that holds the same session."""
    client = app.test_client()
    cookie = pages.client.get_cookie("session")
    assert cookie is not None
    client.set_cookie("session", cookie.value)
    return client.post(address, data=sent).status_code
