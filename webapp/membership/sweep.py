"""Sending the links to new passwords that strangers have asked for."""

from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.db import db
from webapp.core.transactions import transaction
from webapp.core.unit_of_work import UnitOfWork
from webapp.membership import queries, recovery


def send_links_due() -> None:
    """Answer whoever has asked for a link; call it in an application context."""
    waiting = queries.list_links_asked(db.session, clock.now())
    db.session.rollback()
    for asked in waiting:
        with transaction() as session:
            recovery.answer_asked(UnitOfWork(session, SYSTEM, clock.now()), asked)
