"""Who may stand on the roster twice, sought whenever a profile has changed."""

from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.db import db
from webapp.core.transactions import one_sweep
from webapp.core.unit_of_work import UnitOfWork
from webapp.experts.queries import get_roster_revision
from webapp.roster import duplicates, operations


def seek_due() -> None:
    """Seek pairs if the roster has changed since; call it in an application context.

    They are found before anybody has to wait for this writer; which of them are known already is
    looked up in turn, so that the job workers of two hosts do not point out the same.
    """
    revision = get_roster_revision(db.session)
    if revision != duplicates.get_sought_revision(db.session):
        found = {pair.numbers for pair in duplicates.list_pairs(db.session)}
        db.session.rollback()
        with one_sweep("pairs") as session:
            work = UnitOfWork(session, SYSTEM, clock.now())
            operations.point_out(work, found, seen_revision=revision)
    db.session.rollback()
