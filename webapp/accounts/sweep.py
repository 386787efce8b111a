"""Deleting what nobody needs any more: sessions that are over, and counters of tries."""

from flask import current_app

from webapp.accounts import operations, queries
from webapp.core import clock, limits
from webapp.core.db import db
from webapp.core.transactions import transaction


def delete_due() -> None:
    """Delete what is over; call it in an application context."""
    now, config = clock.now(), current_app.config
    times = now - config["SESSION_LIMIT"], now - config["SESSION_IDLE"]
    waiting = queries.is_any_session_over(db.session, *times) or limits.is_any_over(db.session, now)
    db.session.rollback()
    if waiting:  # Otherwise no writer has to wait for this.
        with transaction() as session:
            operations.delete_old_sessions(session, *times)
            limits.delete_over(session, now)
