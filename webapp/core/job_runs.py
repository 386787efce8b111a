"""How the jobs of each host went: one row for each, so that a person can see what fails where.

A job that fails is tried again every minute, and stood in the log alone. What is kept of a failure
is the kind of error and no word of it, as its words may tell of people.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa
from flask import Flask, current_app, g
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column

from webapp.core import clock
from webapp.core.db import Base, db, insert_into, writing_apart
from webapp.core.monitoring import room
from webapp.core.words.translation import Message

log = logging.getLogger(__name__)

Work = Callable[[], object]
# A run that went well is noted so often at most: on SQLite every write waits for its turn.
_NOTED_EVERY = timedelta(minutes=5)
# A job that has failed for so long does not come right by itself.
FOR_GOOD = timedelta(hours=1)


class _Outcome:
    """When a job last went well and last failed, and since when it has done nothing else."""

    last_good_at: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(sa.String(80), default="", server_default=sa.text("''"))

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[sa.CheckConstraint, ...]:
        return (
            sa.CheckConstraint("failing_since IS NULL OR failed_at IS NOT NULL", name="failed"),
            sa.CheckConstraint("(failed_at IS NULL) = (error = '')", name="error"),
            sa.CheckConstraint("last_good_at IS NOT NULL OR failing_since IS NOT NULL", name="ran"),
        )


class JobRun(_Outcome, Base):
    """How a job went on a host: what goes well there says nothing of another one, whose disk or
    network may be at fault."""

    __tablename__ = "host_job_run"

    host: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80), primary_key=True)


class FormerJobRun(_Outcome, Base):
    """Where the code before notes it, for all hosts together; it goes with the next version
    (decision 108)."""

    __tablename__ = "job_run"

    name: Mapped[str] = mapped_column(sa.String(80), primary_key=True)


_KEY = ("host", "name")


@dataclass(frozen=True)
class Job:
    """A job in words, and how it went on each host where it has run."""

    name: str
    words: Message
    runs: Sequence[JobRun]

    @property
    def failing(self) -> list[JobRun]:
        """Return how it went where it has failed each time of late."""
        return [run for run in self.runs if run.failing_since]


@dataclass(frozen=True)
class Failing:
    """A job that fails on a host for good, and since when it does."""

    host: str
    name: str
    words: Message
    since: datetime


def name_of(work: Work) -> str:
    """Return by what a job is known."""
    return f"{work.__module__}.{work.__name__}"


def list_jobs(session: Session) -> list[Job]:
    """Return all jobs in their order, those that fail somewhere first."""
    runs: dict[str, list[JobRun]] = defaultdict(list)
    for run in session.scalars(sa.select(JobRun).order_by(JobRun.host)):
        runs[run.name].append(run)
    known: dict[str, Message] = current_app.extensions["jobs.words"]
    jobs = [Job(name, words, runs[name]) for name, words in known.items()]
    return sorted(jobs, key=lambda job: not job.failing)


def list_failing(session: Session, now: datetime) -> list[Failing]:
    """Return the jobs that have failed on a host for so long that a person has to see to them."""
    return [
        Failing(run.host, job.name, job.words, run.failing_since)
        for job in list_jobs(session)
        for run in job.failing
        if run.failing_since and now - run.failing_since >= FOR_GOOD
    ]


def forget_host(session: Session, host: str) -> None:
    """Forget how jobs went on a host that is there no more."""
    session.execute(sa.delete(JobRun).where(JobRun.host == host))


def watched(work: Work) -> None:
    """Do the work of a job and note how it went; what it raises goes on."""
    name = g.job = name_of(work)
    try:
        work()
    except Exception as error:
        _note(partial(_note_failure, name, _kind(error)))
        raise
    _note(partial(_note_success, name))


def _kind(error: Exception) -> str:
    return type(error.orig if isinstance(error, DBAPIError) else error).__name__[:80]


def _note(write: Callable[[datetime], None]) -> None:
    # What the job has left open is not kept, and on SQLite this would wait for it.
    db.session.rollback()
    try:
        with room.left_out_if_full():
            write(clock.now())
    except SQLAlchemyError:
        # A database that is away is told of by others, and no job is to fail because of this.
        log.warning("how a job went could not be noted", exc_info=True)


def _note_failure(name: str, kind: str, now: datetime) -> None:
    with writing_apart() as connection:
        new = insert_into(JobRun, connection).values(
            host=_host(), name=name, failing_since=now, failed_at=now, error=kind
        )
        since = sa.func.coalesce(JobRun.failing_since, new.excluded.failing_since)
        changed = {"failing_since": since, "failed_at": now, "error": kind}
        connection.execute(new.on_conflict_do_update(index_elements=_KEY, set_=changed))


def _note_success(name: str, now: datetime) -> None:
    with db.engine.connect() as connection:
        chosen = sa.select(JobRun.last_good_at, JobRun.failing_since)
        this_one = chosen.where(JobRun.host == _host(), JobRun.name == name)
        known = connection.execute(this_one).first()
    if known and not known.failing_since and known.last_good_at > now - _NOTED_EVERY:
        return
    with writing_apart() as connection:
        new = insert_into(JobRun, connection).values(
            host=_host(), name=name, last_good_at=now, error=""
        )
        changed = {"last_good_at": now, "failing_since": None}
        connection.execute(new.on_conflict_do_update(index_elements=_KEY, set_=changed))


def _host() -> str:
    return str(current_app.config["HOST_NAME"])


def init_app(app: Flask, jobs: Mapping[Work, Message]) -> None:
    """Know the jobs of `app` by their words."""
    app.extensions["jobs.words"] = {name_of(work): words for work, words in jobs.items()}
