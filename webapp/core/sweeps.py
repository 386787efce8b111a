"""What the platform does by itself, some at a time: between two portions others write.

On SQLite one writes at a time, and whoever waits for a page waits four seconds for it. After an
import, or when the platform has stood still for weeks, thousands of things are due in one minute;
so no job does all of them in one transaction, however many there are.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import TypeVar

from flask import current_app
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.db import db
from webapp.core.portions import PORTION, ROWS
from webapp.core.transactions import one_sweep, transaction
from webapp.core.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

T = TypeVar("T")
# Does one thing if it is still due when it is its turn, and returns how much was done.
Act = Callable[[UnitOfWork], int]
SomeAct = TypeVar("SomeAct", bound=Act)

# After so many portions of what is old, deleting leaves the rest to its next run, a minute later.
MOST_PORTIONS = 100


# Does what a portion needs before all its acts.
Begin = Callable[[Session, Sequence[SomeAct]], object]


def do_in_portions(
    work: str, acts: Iterable[SomeAct], begin: Begin[SomeAct] = lambda _session, _acts: None
) -> int:
    """Do what is due of `work`, each portion in a transaction of its own, of all hosts one after
    the other; return how much was done.

    Each act looks up within it whether its thing is still due: somebody may have seen to it
    meanwhile, or another host was quicker. Of a portion that fails each act is done by itself, and
    the next portions are; only then the first of what failed is raised.
    """
    done, left = 0, iter(acts)
    failed: list[Exception] = []
    while portion := list(islice(left, PORTION)):
        try:
            done += _do(work, portion, begin)
        except OperationalError:
            # The database itself: whatever comes next would wait for it in vain.
            raise
        except Exception:
            log.exception("a portion of %s failed, and is done one by one", work)
            done += _do_each(work, portion, begin, failed)
    _failed()[work] = len(failed)
    if failed:
        raise failed[0]
    return done


def count_failed(work: str) -> int:
    """Return how many things of `work` this process failed to do the last time.

    A job that takes so many at once takes so many more: they are tried again, and whoever is behind
    them has a turn.
    """
    return min(_failed().get(work, 0), ROWS)


def _failed() -> dict[str, int]:
    found: dict[str, int] = current_app.extensions.setdefault("sweeps.failed", {})
    return found


def _do(work: str, acts: Sequence[SomeAct], begin: Begin[SomeAct]) -> int:
    with one_sweep(work) as session:
        begin(session, acts)
        doing = UnitOfWork(session, SYSTEM, clock.now())
        return sum(act(doing) for act in acts)


def _do_each(
    work: str, acts: Iterable[SomeAct], begin: Begin[SomeAct], failed: list[Exception]
) -> int:
    """Do each by itself, and collect what fails."""
    done = 0
    for act in acts:
        try:
            done += _do(work, [act], begin)
        except OperationalError:
            raise
        except Exception as error:
            failed.append(error)
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
