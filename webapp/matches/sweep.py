"""Letting those in reserve go once the mission has begun for which they stayed ready."""

from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.db import db
from webapp.core.transactions import transaction
from webapp.core.unit_of_work import UnitOfWork
from webapp.matches import operations, queries


def let_reserves_go() -> int:
    """Let go who is not needed any more; return how many. Call it in an application context."""
    waiting = queries.list_reserves(db.session, clock.today())
    db.session.rollback()
    if not waiting:  # Otherwise no writer has to wait for this.
        return 0
    with transaction() as session:
        work = UnitOfWork(session, SYSTEM, clock.now())
        due = queries.list_reserves(session, clock.today())
        for match in due:
            operations.let_go(match, work=work)
        return len(due)
