"""Once a day: tell of what will not be kept any longer, and erase what is over."""

import logging
from datetime import datetime
from typing import cast

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError

from webapp.core import clock
from webapp.core.db import db
from webapp.core.errors import ConflictError
from webapp.core.transactions import one_sweep, transaction
from webapp.core.unit_of_work import UnitOfWork
from webapp.messages import operations as messages
from webapp.messages import queries as said
from webapp.my_data import retention
from webapp.my_data.retention import Due, Thing

log = logging.getLogger(__name__)


def run_due() -> int:
    """Do what is due once a day, and return how much that was; call it in an app's context.

    The day is done when all of it is: who is killed in the middle goes on a minute later.
    """
    now = clock.now()
    key = f"retention:{now:%Y-%m-%d}"
    known = bool(said.find_said(db.session, [key]))
    db.session.rollback()
    if known:
        return 0
    done = run(now)
    with transaction() as session:
        messages.say_once(retention.by_the_platform(session, now), key)
    return len(done)


def run(now: datetime) -> list[str]:
    """Tell and erase all that is due, each in a transaction of its own; return what was done.

    What cannot be erased today, such as the last administrator, is logged and tried again.
    """
    found = [(type(due.thing), due.thing.id, due.key) for due in retention.find(db.session, now)]
    db.session.rollback()
    done = []
    for kind, number, key in found:
        try:
            with one_sweep(key) as session:
                # Looked up anew: somebody may have done something with it meanwhile, or another
                # host may have been quicker.
                only = cast(Thing | None, session.get(kind, number))
                for due in retention.find(session, now, only) if only else ():
                    done.append(_act(retention.by_the_platform(session, now), due))
        except (ConflictError, StaleDataError, OperationalError) as error:
            log.warning("%s is kept longer than it should be: %s", key, error)
    return list(filter(None, done))


def _act(work: UnitOfWork, due: Due) -> str:
    if due.is_over(work.now):
        rows = retention.end(work, due)
        return f"{due.key}: erased ({', '.join(f'{n} {table}' for table, n in rows.items())})"
    if due.told_at is None:
        retention.tell(work, due)
        return f"{due.key}: told"
    return ""
