"""What the platform does by itself, some at a time: between two portions others write.

On SQLite one writes at a time, and whoever waits for a page waits four seconds for it. After an
import, or when the platform has stood still for weeks, thousands of things are due in one minute;
so no job does all of them in one transaction, however many there are.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import TypeVar

from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.db import db
from webapp.core.portions import PORTION, ROWS
from webapp.core.transactions import one_sweep, transaction
from webapp.core.unit_of_work import UnitOfWork

T = TypeVar("T")
# Does one thing if it is still due when it is its turn, and returns how much was done.
Act = Callable[[UnitOfWork], int]

# After so many portions a job leaves the rest to its next run, a minute later.
MOST_PORTIONS = 100


def do_in_portions(work: str, acts: Iterable[Act]) -> int:
    """Do what is due of `work`, each portion in a transaction of its own, of all hosts one after
    the other; return how much was done.

    Each act looks up within it whether its thing is still due: somebody may have seen to it
    meanwhile, or another host was quicker.
    """
    done, left = 0, iter(acts)
    while portion := list(islice(left, PORTION)):
        with one_sweep(work) as session:
            doing = UnitOfWork(session, SYSTEM, clock.now())
            done += sum(act(doing) for act in portion)
    return done


def sweep_out(
    is_any_old: Callable[[Session, datetime], bool],
    delete_old: Callable[[Session, datetime], object],
) -> None:
    """Delete what is old by now, a portion in each transaction; where nothing is, no writer has to
    wait for this."""
    for _portion in range(MOST_PORTIONS):
        now = clock.now()
        waiting = is_any_old(db.session, now)
        db.session.rollback()
        if not waiting:
            return
        with transaction() as session:
            delete_old(session, now)


def catch_up(
    list_missing: Callable[[Session], Sequence[T]],
    write: Callable[[Session, Collection[T]], None],
) -> None:
    """Write what is missing by now, a portion in each transaction; where nothing is, no writer has
    to wait for this."""
    sweep_out(
        lambda session, _now: bool(list_missing(session)),
        lambda session, _now: write(session, list_missing(session)[:ROWS]),
    )
