"""Work that goes on after the answer: one Huey queue per installation, run by `webapp/worker.py`.

Huey delivers at most once, so a job never is the only record of what must happen: it acts on rows
(the outbox), and a sweep every minute finds what a lost job left behind.

On a full disk the queue can be neither written nor read, each second anew: that is told in one line
a minute, and nobody's change fails for it. The worker then falls silent, and administrators are
told of that (messages/pulse.py).
"""

import logging
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from time import monotonic
from typing import Any

from flask import Flask
from huey import SqliteHuey, crontab
from sqlalchemy.exc import OperationalError

from webapp.config import ConfigurationError
from webapp.core import job_runs, transactions
from webapp.core.errors import in_one_line
from webapp.core.job_runs import Work, name_of, watched
from webapp.core.words.translation import Message

log = logging.getLogger(__name__)


# The database away, its disk full: nothing that a traceback would explain.
_FAILURES = (sqlite3.Error, OperationalError)
# Seconds until the same is told again.
_EVERY = 60


class _InOneLine(logging.Filter):
    """Tells of a queue or a database that does not serve by one line a minute."""

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Take the traceback away, or the whole record if the same was told a moment ago."""
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, _FAILURES):
            return True
        reason = in_one_line(error)
        last, now = self._told.get(reason), monotonic()
        if last is not None and now - last < _EVERY:
            return False
        self._told[reason] = now
        record.msg, record.args = "%s (told once a minute): %s", (record.getMessage(), reason)
        record.exc_info = record.exc_text = None
        return True


_one_line = _InOneLine()
# A filter sees what its own logger is given, and not what those below it are.
_LOGGERS = (
    "huey", "huey.consumer", "huey.consumer.Worker", "huey.consumer.Scheduler",
    __name__, job_runs.__name__,
)  # fmt: skip


def _open(path: str) -> SqliteHuey:
    """Return the queue in a file, whose folder is made where an installation begins.

    Raises ConfigurationError for one that cannot be used.
    """
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_one_line)
    try:
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return SqliteHuey("platform", filename=path, utc=True)
    except (OSError, sqlite3.Error) as error:
        raise ConfigurationError(f"the queue of jobs {path} cannot be used: {error}") from error


def init_app(
    app: Flask,
    after_commit: Iterable[Work],
    every_minute: Mapping[Work, Message],
) -> None:
    """Run these in the job worker: those of `after_commit` after each commit that wrote something.

    All are jobs of their own, in their order: one that fails is logged by Huey, stands on the page
    of jobs by its words, and keeps no other from its work.
    """
    job_runs.init_app(app, every_minute)
    path = app.config.get("JOBS_FILE")
    if path is None:
        return
    huey = _open(path)

    def in_app(work: Work) -> Callable[[], None]:
        def run() -> None:
            with app.app_context():
                watched(work)

        return run

    wakened = [huey.task(name=f"{name_of(work)} at once")(in_app(work)) for work in after_commit]
    for work in every_minute:
        huey.periodic_task(crontab(), name=name_of(work))(in_app(work))

    def wake(_app: Flask, **_: Any) -> None:
        try:
            for do_work in wakened:
                do_work()
        except sqlite3.Error:
            # What has to be done stands in rows, which the next sweep finds.
            log.exception("the queue of jobs cannot be written")

    # The signal holds its listeners weakly; the application keeps this one alive.
    app.extensions["jobs"] = huey
    app.extensions["jobs.wake"] = wake
    transactions.committed.connect(wake, sender=app)
