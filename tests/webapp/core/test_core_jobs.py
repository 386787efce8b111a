"""The queue of jobs on a full disk: one line a minute, and nobody's change fails."""

import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from webapp.accounts.models import Account
from webapp.config import ConfigurationError
from webapp.core import jobs
from webapp.core.actor import SYSTEM
from webapp.core.record.actions import Action
from webapp.core.record.audit import record
from webapp.core.roles import Role

FULL = "database or disk is full"


@pytest.fixture
def app(make_app: Callable[..., Flask], instance: Path) -> Flask:
    """Return the application with a queue of jobs."""
    return make_app(JOBS_FILE=str(instance / "jobs.sqlite"))


@pytest.fixture
def full(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the queue of jobs; its disk is full."""
    huey = app.extensions["jobs"]

    def refuse(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError(FULL)

    for name in ("enqueue", "dequeue", "read_schedule"):
        monkeypatch.setattr(huey.storage, name, refuse)
    monkeypatch.setattr(jobs, "_one_line", jobs._InOneLine())
    for name in jobs._LOGGERS:
        monkeypatch.setattr(logging.getLogger(name), "filters", [jobs._one_line])
    return huey


def test_changes_are_made_and_the_queue_is_told_of_once(
    app: Flask, full: Any, caplog: pytest.LogCaptureFixture
) -> None:
    for _number in range(5):
        with writing(app) as session:
            made = factories.account(session, Role.EXPERT)
            record(factories.work(session, SYSTEM), Action.ACCOUNT_CREATED, made)
    with reading(app) as session:
        assert session.query(Account).count() == 5
    assert [entry.getMessage() for entry in caplog.records] == [
        f"the queue of jobs cannot be written (told once a minute): {FULL}"
    ]
    assert caplog.records[0].exc_info is None


def test_a_worker_that_looks_each_second_tells_it_once(
    full: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    consumer = full.create_consumer(workers=1)
    consumer.flush_locks = lambda: None
    worker, scheduler = consumer._create_worker(), consumer._create_scheduler()
    monkeypatch.setattr(worker, "sleep", lambda: None)
    monkeypatch.setattr(scheduler, "sleep_for_interval", lambda *_: None)
    for _second in range(100):
        worker.loop()
        scheduler.loop()
    told = [entry for entry in caplog.records if entry.levelno >= logging.ERROR]
    assert len(told) == 1
    assert FULL in told[0].getMessage()
    assert told[0].exc_info is None


def test_other_faults_keep_their_traceback(full: Any, caplog: pytest.LogCaptureFixture) -> None:
    for _time in range(2):
        try:
            _ = 1 / 0
        except ZeroDivisionError:
            logging.getLogger("huey").exception("a job failed")
    assert [bool(entry.exc_info) for entry in caplog.records] == [True, True]


def test_a_queue_that_cannot_be_opened_keeps_the_platform_from_starting_in_one_sentence(
    make_app: Callable[..., Flask], instance: Path
) -> None:
    (instance / "jobs.sqlite").write_bytes(b"no database" * 100)
    with pytest.raises(ConfigurationError, match=r"the queue of jobs .* cannot be used"):
        make_app(JOBS_FILE=str(instance / "jobs.sqlite"))
