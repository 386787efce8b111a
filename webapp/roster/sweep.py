"""Who may stand on the roster twice, sought whenever a profile has changed."""

from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.db import db
from webapp.core.transactions import transaction
from webapp.core.unit_of_work import UnitOfWork
from webapp.experts.queries import get_roster_revision
from webapp.roster import duplicates, operations


def seek_due() -> None:
    """Seek pairs if the roster has changed since; call it in an application context.

    They are found before anybody has to wait for this writer.
    """
    revision = get_roster_revision(db.session)
    if revision != duplicates.get_sought_revision(db.session):
        found = {pair.numbers for pair in duplicates.list_pairs(db.session)}
        db.session.rollback()
        with transaction() as session:
            work = UnitOfWork(session, SYSTEM, clock.now())
            operations.point_out(work, found, seen_revision=revision)
    db.session.rollback()
