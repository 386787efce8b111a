"""Recording whom a page shows, after it was made and before it leaves."""

from flask import Flask, Response, request
from flask_security import current_user

from webapp.core import clock, disclosure, transactions
from webapp.core.access import actor
from webapp.core.db import db
from webapp.core.unit_of_work import UnitOfWork
from webapp.experts import operations, queries


def _record(_app: Flask, response: Response) -> None:
    people = disclosure.take(db.session)
    if not people:
        return
    if not current_user.is_authenticated:
        # Only who opens a link from their own mail is shown anybody here: themselves, or the expert
        # who has sent it to them.
        return
    reader = actor()
    experts = queries.list_others_shown(db.session, reader, people)
    # On SQLite the transaction that has read cannot become one that writes.
    db.session.rollback()
    if experts:
        with transactions.transaction() as session:
            work = UnitOfWork(session, reader, clock.now())
            taken = response.headers.get("Content-Disposition", "").startswith("attachment")
            page = request.endpoint or ""
            operations.record_views(work, experts, page, request.path, taken=taken)


def init_app(app: Flask) -> None:
    """Let no page of `app` leave that shows experts and is not recorded."""
    transactions.leaving.connect(_record, app)
