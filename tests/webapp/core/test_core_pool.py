"""Who waits for a row of PostgreSQL keeps nobody waiting who does not need it."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import environment, writing
from tests.pages import Pages
from tests.webapp.core.test_core_patience import WAITING, holding_the_roster
from webapp import gunicorn_conf
from webapp.config import Environment
from webapp.config.database import databases
from webapp.core import patience
from webapp.core.roles import Role

MANY = 12


def engine_of(instance: Path, url: str) -> dict[str, Any]:
    """Return the settings of the engine as the platform has them."""
    return databases(Environment(environment(instance, url)), instance)["default"]


@pytest.fixture
def as_it_is(
    make_app: Callable[..., Flask],
    instance: Path,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Flask:
    """Return the application with its own pool; in it nobody gives up while a test lasts."""
    monkeypatch.setattr(patience, "LOCKED", 60.0)
    monkeypatch.setattr(patience, "SILENCE", 90.0)
    engines = {"default": engine_of(instance, database_url)}
    made = make_app(SQLALCHEMY_ENGINES=engines)
    made.testing = False
    return made


@pytest.mark.postgres
def test_while_twelve_people_wait_for_one_row_a_page_that_needs_it_not_is_answered(
    as_it_is: Flask, database_url: str
) -> None:
    with writing(as_it_is) as session:
        people = [factories.account(session, Role.EXPERT) for _ in range(MANY)]
        for person in people:
            factories.expert(session, person=person)
        coordinator = factories.account(session, Role.COORDINATOR)
    reader = Pages(as_it_is).sign_in(coordinator)
    forms = [Pages(as_it_is).sign_in(person).get("/profile/about") for person in people]
    beside = sa.create_engine(database_url, poolclass=sa.NullPool)
    with ThreadPoolExecutor(MANY) as threads, holding_the_roster(beside):
        saving = [
            threads.submit(page.submit, "Save", {"Rank": "Inspector"}, status=None)
            for page in forms
        ]
        wait_until_all_wait(beside, saving)
        for address in ("/account", "/queue"):
            assert reader.get(address).status == 200
        assert not any(one.done() for one in saving)
    assert all(one.result().status < 400 for one in saving)


def wait_until_all_wait(beside: sa.Engine, people: list[Future[Any]]) -> None:
    """Return when each of them waits for a lock; fail if somebody was refused before."""
    with beside.connect() as connection:
        while connection.scalar(WAITING) < len(people):
            assert not any(one.done() for one in people)
            connection.rollback()
            time.sleep(0.05)


def test_while_all_connections_wait_for_a_silent_server_threads_are_left_to_say_so(
    instance: Path,
) -> None:
    engine = engine_of(instance, "postgresql+psycopg:///somewhere")
    assert MANY < engine["pool_size"] + engine["max_overflow"] < gunicorn_conf.threads
