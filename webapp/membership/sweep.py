"""Sending the links to new passwords that strangers have asked for, and deleting their requests for
an account on which nobody has decided."""

from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.db import db
from webapp.core.sweeps import sweep_out
from webapp.core.transactions import transaction
from webapp.core.unit_of_work import UnitOfWork
from webapp.membership import granting, queries, recovery


def send_links_due() -> None:
    """Answer whoever has asked for a link; call it in an application context."""
    waiting = queries.list_links_asked(db.session, clock.now())
    db.session.rollback()
    for asked in waiting:
        with transaction() as session:
            recovery.answer_asked(UnitOfWork(session, SYSTEM, clock.now()), asked)


def delete_due() -> None:
    """Delete what was kept long enough; call it in an application context."""
    sweep_out(
        lambda session, now: queries.count_old_requests(session, now) > 0, granting.delete_old
    )
