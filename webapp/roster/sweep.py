"""Who may stand on the roster twice, sought whenever a profile has changed."""

from flask import current_app

from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.db import db
from webapp.core.transactions import one_sweep
from webapp.core.unit_of_work import UnitOfWork
from webapp.experts.queries import get_roster_revision
from webapp.roster import duplicates, operations
from webapp.roster.sought import Sought

# Where the application keeps what it has sought.
KEPT = "pairs sought"


def seek_due() -> None:
    """Seek pairs if the roster has changed since; call it in an application context.

    They are found before anybody has to wait for this writer; which of them are known already is
    looked up in turn, so that the job workers of two hosts do not point out the same.
    """
    revision = get_roster_revision(db.session)
    if revision != duplicates.get_sought_revision(db.session):
        # What is kept is taken out meanwhile: after an exception the next time begins from nothing.
        sought = current_app.extensions.pop(KEPT, None) or Sought()
        found = sought.follow(db.session)
        db.session.rollback()
        current_app.extensions[KEPT] = sought
        with one_sweep("pairs") as session:
            work = UnitOfWork(session, SYSTEM, clock.now())
            operations.point_out(work, found, seen_revision=revision)
    db.session.rollback()
