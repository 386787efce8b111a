"""Deleting what nobody needs any more: sessions that are over, and counters of tries."""

from flask import current_app

from webapp.accounts import operations
from webapp.core import clock, limits
from webapp.core.transactions import transaction


def delete_due() -> None:
    """Delete what is over; call it in an application context."""
    now = clock.now()
    with transaction() as session:
        operations.delete_old_sessions(
            session,
            began_before=now - current_app.config["SESSION_LIMIT"],
            used_before=now - current_app.config["SESSION_IDLE"],
        )
        limits.delete_over(session, now)
