"""Work that goes on after the answer: one Huey queue per installation, run by `webapp/worker.py`.

Huey delivers at most once, so a job never is the only record of what must happen: it acts on rows
(the outbox), and a sweep every minute finds what a lost job left behind.
"""

import logging
from collections.abc import Callable
from typing import Any

from flask import Flask
from huey import SqliteHuey, crontab

from webapp.core import transactions

log = logging.getLogger(__name__)


def init_app(app: Flask, work: Callable[[], object]) -> None:
    """Run `work` in the job worker after each commit that wrote something, and every minute."""
    path = app.config.get("JOBS_FILE")
    if path is None:
        return
    huey = SqliteHuey("platform", filename=path, utc=True)

    @huey.task(name="work")  # type: ignore[untyped-decorator]
    def do_work() -> None:
        with app.app_context():
            work()

    @huey.periodic_task(crontab(), name="sweep")  # type: ignore[untyped-decorator]
    def sweep() -> None:
        with app.app_context():
            work()

    def wake(_app: Flask, **_: Any) -> None:
        do_work()

    # The signal holds its listeners weakly; the application keeps this one alive.
    app.extensions["jobs"] = huey
    app.extensions["jobs.wake"] = wake
    transactions.committed.connect(wake, sender=app)
