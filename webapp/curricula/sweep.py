"""Deleting drafts that were left lying."""

from webapp.core import clock
from webapp.core.db import db
from webapp.core.transactions import transaction
from webapp.curricula import operations, queries


def delete_due() -> None:
    """Delete what was kept long enough; call it in an application context."""
    waiting = queries.is_any_old(db.session, clock.now())
    db.session.rollback()
    if waiting:  # Otherwise no writer has to wait for this.
        with transaction() as session:
            operations.delete_old(session, clock.now())
