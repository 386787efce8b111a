"""Keeping in which order somebody has seen a ranking, after the page was made."""

from collections.abc import Callable

from flask import Flask, Response, g
from sqlalchemy.orm import Session

from webapp.core import clock, transactions
from webapp.core.access import actor
from webapp.core.unit_of_work import UnitOfWork
from webapp.matches.ranking import looks


def _keep(_app: Flask, response: Response) -> Callable[[Session], None] | None:
    seen = g.pop("ranking_seen", None)
    if seen is None or response.status_code >= 400:
        return None
    reader = actor()

    def write(session: Session) -> None:
        looks.keep(UnitOfWork(session, reader, clock.now()), *seen)

    return write


def init_app(app: Flask) -> None:
    """Let each ranking that is shown be compared with when its reader comes back to it."""
    transactions.leaving.connect(_keep, app)
