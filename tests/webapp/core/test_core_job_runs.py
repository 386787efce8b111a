"""How jobs went stands in a row for each, and whoever fails for an hour is told of."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import SECRET, reading, writing
from tests.pages import Pages
from webapp import AT_ONCE, EVERY_MINUTE
from webapp.core import clock as now_clock
from webapp.core import job_runs
from webapp.core.db import db
from webapp.core.job_runs import FOR_GOOD, JobRun
from webapp.core.roles import Role
from webapp.kept_texts import sweep as kept_texts_sweep
from webapp.messages import pulse

Run = Callable[..., None]
WORDS = "Delete texts that were kept when a session had ended"


@pytest.fixture
def app(make_app: Callable[..., Flask], instance: Any) -> Flask:
    """Return the application with a queue of jobs."""
    return make_app(JOBS_FILE=str(instance / "jobs.sqlite"))


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that lets a job run as the job worker does; it may be made to fail."""
    name = job_runs.name_of(kept_texts_sweep.delete_due)
    jobs = app.extensions["jobs"]._registry.periodic_tasks
    (task,) = (job for job in jobs if job.name.endswith(name))

    def do(error: Exception | None = None) -> None:
        def fail(*_: Any) -> None:
            # What a job has begun to write must not keep its failure from being noted.
            db.session.execute(sa.text("DELETE FROM kept_text"))
            if error:
                raise error

        with monkeypatch.context() as broken:
            broken.setattr(kept_texts_sweep, "sweep_out", fail)
            if error is None:
                task.execute()
                return
            with pytest.raises(type(error)):
                task.execute()

    return do


def row(app: Flask) -> JobRun | None:
    """Return what is kept of the job."""
    with reading(app) as session:
        kept = session.scalar(sa.select(JobRun))
        session.expunge_all()
        return kept


@pytest.mark.both_databases
def test_a_job_that_fails_is_kept_since_when_without_its_words(
    app: Flask, run: Run, clock: Any
) -> None:
    run()
    good = now_clock.now()
    clock.shift(timedelta(minutes=1))
    run(RuntimeError(SECRET))
    since = now_clock.now()
    clock.shift(timedelta(minutes=1))
    run(sa.exc.OperationalError("DELETE", {}, ZeroDivisionError(SECRET)))
    kept = row(app)
    assert kept
    assert (kept.last_good_at, kept.failing_since) == (good, since)
    assert (kept.failed_at, kept.error) == (now_clock.now(), "ZeroDivisionError")
    clock.shift(timedelta(seconds=10))
    run()
    kept = row(app)
    assert kept
    assert (kept.last_good_at, kept.failing_since) == (now_clock.now(), None)
    assert kept.error == "ZeroDivisionError"


def test_runs_that_go_well_are_written_every_five_minutes_only(
    app: Flask, run: Run, clock: Any
) -> None:
    """On SQLite each write waits for its turn, and others for it."""
    commits: list[object] = []
    with app.app_context():
        sa.event.listen(db.engine, "commit", commits.append)
    for _minute in range(11):
        run()
        clock.shift(timedelta(minutes=1))
    assert len(commits) == 3


def test_a_job_is_not_judged_by_what_cannot_be_noted(
    app: Flask, run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE host_job_run")
    run()
    assert "how a job went could not be noted" in caplog.text
    run(RuntimeError())


def test_every_job_is_known_in_words_and_once() -> None:
    assert set(AT_ONCE) < set(EVERY_MINUTE)
    assert len({str(words) for words in EVERY_MINUTE.values()}) == len(EVERY_MINUTE)
    assert max(len(job_runs.name_of(work)) for work in EVERY_MINUTE) <= 80


def test_administrators_read_of_each_job_how_it_went(
    app: Flask, run: Run, sign_in_as: Callable[..., Pages], clock: Any
) -> None:
    administrator = sign_in_as(Role.ADMINISTRATOR)
    page = administrator.get("/health")
    assert all(str(words) in page.text for words in EVERY_MINUTE.values())
    assert f"{WORDS} never never" in page.text
    assert "fails each time" not in page.text
    run(RuntimeError(SECRET))
    page = administrator.get("/health")
    assert "1 job fails each time." in page.text
    assert f"{WORDS}, since" in page.text
    assert SECRET not in page.text
    # What fails stands first.
    assert page.text.rindex(WORDS) < page.text.index("Say that the job worker runs")
    run()
    page = administrator.get("/health")
    assert "fails each time" not in page.text
    assert "RuntimeError" in page.text


def test_a_job_that_fails_for_an_hour_is_told_to_the_administrators_once(
    app: Flask, run: Run, visitor: Callable[[], Pages], clock: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    with writing(app) as session:
        person = factories.account(session, Role.ADMINISTRATOR)
    pages = visitor().sign_in(person)

    def told_of() -> int:
        with app.app_context():
            pulse.beat()
        clock.shift(pulse.EVERY)
        pages.get("/health")
        return pages.get("/notices").text.count("A job fails again and again")

    run(RuntimeError(SECRET))
    clock.shift(FOR_GOOD - 2 * pulse.EVERY)
    run(RuntimeError(SECRET))
    assert told_of() == 0
    assert [told_of() for _minute in range(3)] == [1, 1, 1]
    assert WORDS in pages.get("/notices").text
    assert [r.levelno for r in caplog.records if "has failed on" in r.message] == [logging.ERROR]
    run()
    clock.shift(timedelta(minutes=10))
    assert told_of() == 1
