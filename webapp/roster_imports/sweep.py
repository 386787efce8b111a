"""What the job worker does with imports: check, store, and throw away what was left lying."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import psycopg
from sqlalchemy.exc import OperationalError

from webapp.core import clock
from webapp.core.actor import SYSTEM, Actor
from webapp.core.db import db
from webapp.core.errors import ConflictError
from webapp.core.transactions import transaction
from webapp.core.unit_of_work import UnitOfWork
from webapp.roster_imports import checking, operations, queries, storing, undoing
from webapp.roster_imports.models import ImportState, RosterImport
from webapp.roster_imports.personal_data import forget_file_names

TRIES = 3
log = logging.getLogger(__name__)


def run_due() -> int:
    """Do all imports that wait, and return how many; call it in an application context."""
    waiting = [row.id for row in queries.list_at_work(db.session, clock.now())]
    to_undo = [row.id for row in queries.list_to_undo(db.session)]
    db.session.rollback()
    return sum(map(_run, waiting)) + sum(map(_undo, to_undo))


def _undo(number: int) -> bool:
    """Take an import back, some profiles at a time, between which others write."""
    with _stopped_by(number, undoing.give_up):
        while _write(number, undoing.go_on):
            pass
    return True


def _run(number: int) -> bool:
    """Do one import, if nobody else has taken it up."""
    # Its sender may throw the table away meanwhile, or another worker be quicker.
    with _stopped_by(number, operations.fail), _unless_moved_on(number):
        if not _write(number, _take_up):
            return False
        _check_and_store(number)
    return True


@contextmanager
def _unless_moved_on(number: int) -> Iterator[None]:
    """Leave an import alone with which something else was done meanwhile."""
    try:
        yield
    except ConflictError:
        log.info("import %s has moved on meanwhile", number)
        db.session.rollback()


@contextmanager
def _stopped_by(number: int, stop: Callable[[UnitOfWork, RosterImport], object]) -> Iterator[None]:
    """Let work with an import that cannot be done be ended by `stop`."""
    try:
        yield
    except OperationalError as error:
        db.session.rollback()
        if not isinstance(error.orig, psycopg.errors.DeadlockDetected):
            raise
        # Somebody of the import was erased, or joined, at this moment. It is taken up again.
        log.warning("import %s waited for somebody who waited for it", number)
    except Exception:
        # Otherwise it would be tried again every minute, for ever.
        log.exception("import %s of a roster was stopped", number)
        db.session.rollback()
        _write(number, stop)


def _take_up(work: UnitOfWork, row: RosterImport) -> bool:
    table = queries.get_table(work.session, row)
    return operations.take_up(work, row, len(table.content["rows"]))


def _write(number: int, act: Callable[[UnitOfWork, RosterImport], object]) -> object:
    with transaction() as session:
        row = session.get_one(RosterImport, number)
        # The platform does it for whoever has sent the table, or wants it taken back.
        by = row.undone_by if row.is_being_undone else row.sent_by
        actor = Actor(by, SYSTEM.roles)
        return act(UnitOfWork(session, actor, clock.now()), row)


def _check_and_store(number: int) -> None:
    """Check an import and, where that was confirmed and nothing is wrong, store it.

    Whoever came onto the roster while it was checked is met by checking once more.
    """
    for _try in range(TRIES):
        row = db.session.get_one(RosterImport, number)
        stores, authority = row.state is ImportState.TO_STORE, row.authority_id
        findings = checking.check(db.session, row, clock.today(), partial(_tell_step, number))
        if not stores or findings.faults:
            _write(number, partial(operations.note_findings, findings=findings))
            return
        # They are made before anybody has to wait for this writer.
        new = storing.make(findings.add, authority)
        if _write(number, partial(operations.store, findings=findings, new=new)):
            return
    raise RuntimeError(f"the roster has changed {TRIES} times while an import was checked")


def _tell_step(number: int, done: int) -> None:
    _write(number, partial(operations.go_on, done=done))


def delete_due() -> None:
    """Throw away tables that nobody confirms; call it in an application context."""
    waiting = [(row.id, row.version) for row in queries.list_old(db.session, clock.now())]
    db.session.rollback()
    for number, version in waiting:
        # Its sender may confirm one at this very moment.
        with _unless_moved_on(number):
            _write(number, partial(operations.drop, seen_version=version))


def forget_file_names_due() -> None:
    """Forget what files are called at which somebody was at work while a person was erased; call it
    in an application context."""
    is_due = queries.is_called_after_somebody_erased(db.session)
    db.session.rollback()
    if is_due:
        with transaction() as session:
            forget_file_names(UnitOfWork(session, SYSTEM, clock.now()))
