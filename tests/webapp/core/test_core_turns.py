"""Who wants to write into SQLite gets their turn, in order, whatever the others go on with."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Engine

from tests import databases, factories
from tests.pages import Pages
from webapp.core import db as core_db
from webapp.core.db import WRITING, db, prepare_engine, writing_apart
from webapp.core.roles import Role
from webapp.core.turns import Turns

# Seconds that a transaction takes; long beside what it takes to pass the turn on.
WORK = 0.1
MANY = 8


@contextmanager
def writing(engine: Engine) -> Iterator[sa.Connection]:
    """Give a connection that holds the right to write."""
    with engine.connect() as connection:
        connection.execution_options(**{WRITING: True})
        with connection.begin():
            yield connection


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[tuple[Engine, Engine]]:
    """Return the engines of two processes on one database; each has a queue of its own."""
    url = f"sqlite:///{tmp_path / 'platform.sqlite'}"
    engines = sa.create_engine(url, pool_size=MANY + 1), sa.create_engine(url)
    for engine in engines:
        prepare_engine(engine)
    with writing(engines[0]) as connection:
        connection.exec_driver_sql("CREATE TABLE written (who INTEGER)")
    yield engines
    for engine in engines:
        engine.dispose()


def start(act: Callable[[], None]) -> threading.Thread:
    """Let something be done meanwhile."""
    thread = threading.Thread(target=act)
    thread.start()
    return thread


def test_who_wants_to_write_writes_in_the_order_in_which_they_came(
    processes: tuple[Engine, Engine],
) -> None:
    engine, _other = processes
    order: list[int] = []

    def write(number: int) -> None:
        with writing(engine):
            order.append(number)
            time.sleep(WORK)

    with writing(engine):
        waiting = []
        for number in range(MANY):
            waiting.append(start(partial(write, number)))
            time.sleep(WORK)
    for thread in waiting:
        thread.join()
    assert order == list(range(MANY))


def test_a_process_in_which_many_write_lets_another_write_as_well(
    processes: tuple[Engine, Engine],
) -> None:
    busy, other = processes
    over = threading.Event()
    written: list[float] = []

    def go_on_writing() -> None:
        while not over.is_set():
            with writing(busy):
                time.sleep(WORK)
                written.append(time.monotonic())

    crowd = [start(go_on_writing) for _ in range(MANY)]
    turns = []
    for _ in range(5):
        time.sleep(WORK)
        before = len(written)
        with writing(other):
            turns.append(len(written) - before)
    over.set()
    for thread in crowd:
        thread.join()
    # Usually it waits for the one who writes and the one who stands in front.
    assert max(turns) < MANY, turns


def test_who_waits_in_vain_is_told_in_time_and_leaves_the_queue(
    processes: tuple[Engine, Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, other = processes
    monkeypatch.setattr("webapp.core.db._patience", lambda: 0.5)
    told: list[float] = []

    def try_in_vain() -> None:
        began = time.monotonic()
        with pytest.raises(sa.exc.OperationalError, match="database is locked"), writing(engine):
            pass
        told.append(time.monotonic() - began)

    with writing(other):
        for thread in [start(try_in_vain) for _ in range(MANY)]:
            thread.join()
    assert len(told) == MANY
    assert max(told) < 5
    monkeypatch.setattr("webapp.core.db._patience", lambda: 60)
    began = time.monotonic()
    with writing(engine) as connection:
        connection.exec_driver_sql("INSERT INTO written VALUES (1)")
    assert time.monotonic() - began < 30


@pytest.mark.thorough
def test_nobody_is_sent_away_as_long_as_the_queue_goes_on(
    processes: tuple[Engine, Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, _other = processes
    patience = 2.0
    monkeypatch.setattr("webapp.core.db._patience", lambda: patience)
    written: list[float] = []
    began = time.monotonic()

    def write() -> None:
        with writing(engine):
            time.sleep(patience / 4)
            written.append(time.monotonic() - began)

    for thread in [start(write) for _ in range(MANY)]:
        thread.join()
    assert len(written) == MANY
    assert max(written) > patience


def test_what_is_no_question_of_turns_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "platform.sqlite"
    path.write_bytes(b"no database" * 1000)
    # Without what is done with a new connection, which would meet the fault before.
    engine = sa.create_engine(f"sqlite:///{path}")
    turns = Turns(str(path))
    refused = pytest.raises(sa.exc.DatabaseError, match="not a database")
    with engine.connect() as connection, refused:
        turns.begin(connection, 60)


def test_what_is_noted_by_the_way_does_not_wait_for_the_disk_and_what_follows_does(
    app: Flask,
) -> None:
    asked = "PRAGMA synchronous"
    normal, full = 1, 2
    with app.app_context():
        with writing_apart() as connection:
            assert connection.exec_driver_sql(asked).scalar() == normal
        with pytest.raises(RuntimeError), writing_apart():
            raise RuntimeError
        with db.engine.connect() as connection:
            assert connection.exec_driver_sql(asked).scalar() == full


def test_who_waits_in_vain_for_a_turn_is_refused_in_words_and_loses_nothing_typed(
    app: Flask,
    world: factories.World,
    visitor: Callable[[], Pages],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app.testing = False
    form = visitor().sign_in(world.first(Role.EXPERT)).get("/profile/about")
    monkeypatch.setattr(core_db, "_patience", lambda: 0.1)
    with closing(sqlite3.connect(databases.file_of(app))) as other:
        other.execute("BEGIN IMMEDIATE")
        page = form.submit("Save", {"Rank": "Chief inspector of the border police"}, status=409)
    assert page.heading == "Somebody else is changing this just now"
    assert "Chief inspector of the border police" in page.text
