"""Work that goes on after the answer: one Huey queue per installation, run by `webapp/worker.py`.

Huey delivers at most once, so a job never is the only record of what must happen: it acts on rows
(the outbox), and a sweep every minute finds what a lost job left behind.
"""

import logging
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask
from huey import SqliteHuey, crontab

from webapp.core import transactions

log = logging.getLogger(__name__)


def init_app(
    app: Flask,
    after_commit: Iterable[Callable[[], object]],
    every_minute: Iterable[Callable[[], object]],
) -> None:
    """Run these in the job worker: those of `after_commit` after each commit that wrote something.

    All are jobs of their own, in their order: one that fails is logged by Huey and keeps no other
    from its work.
    """
    path = app.config.get("JOBS_FILE")
    if path is None:
        return
    huey = SqliteHuey("platform", filename=path, utc=True)

    def in_app(work: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            with app.app_context():
                work()

        return run

    wakened = [
        huey.task(name=f"{work.__module__}.{work.__name__} at once")(in_app(work))
        for work in after_commit
    ]
    for work in every_minute:
        huey.periodic_task(crontab(), name=f"{work.__module__}.{work.__name__}")(in_app(work))

    def wake(_app: Flask, **_: Any) -> None:
        for do_work in wakened:
            do_work()

    # The signal holds its listeners weakly; the application keeps this one alive.
    app.extensions["jobs"] = huey
    app.extensions["jobs.wake"] = wake
    transactions.committed.connect(wake, sender=app)
