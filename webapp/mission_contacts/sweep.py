"""Erasing what was known for emergencies of missions that are over."""

from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.db import db
from webapp.core.transactions import one_sweep
from webapp.core.unit_of_work import UnitOfWork
from webapp.mission_contacts import operations, queries


def erase_due() -> int:
    """Erase what was kept long enough; call it in an application context."""
    waiting = queries.list_over(db.session, clock.now())
    db.session.rollback()
    if not waiting:  # Otherwise no writer has to wait for this.
        return 0
    with one_sweep("emergency contacts") as session:
        return operations.erase_over(UnitOfWork(session, SYSTEM, clock.now()))
