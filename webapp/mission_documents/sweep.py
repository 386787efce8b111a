"""What the job worker does with documents: make those that wait, delete those that are old."""

import logging
from collections.abc import Callable, Collection
from functools import partial

from webapp.core import clock
from webapp.core.actor import SYSTEM, Actor
from webapp.core.db import db
from webapp.core.files.pdf import make_pdf
from webapp.core.record import disclosure
from webapp.core.record.disclosure import Person
from webapp.core.sweeps import sweep_out
from webapp.core.transactions import transaction
from webapp.core.unit_of_work import UnitOfWork
from webapp.mission_documents import making, operations, queries
from webapp.mission_documents.models import MissionDocument

log = logging.getLogger(__name__)

Act = Callable[[UnitOfWork, MissionDocument], object]


def run_due() -> int:
    """Make all documents that wait, and return how many; call it in an application context."""
    waiting = queries.list_waiting(db.session, clock.now())
    db.session.rollback()
    return sum(map(_run, waiting))


def _run(number: int) -> bool:
    """Make one document, if nobody else has taken it up, and it is there still: whoever asked, or
    whom it tells of, may be erased meanwhile."""
    with transaction() as session:
        document = session.get(MissionDocument, number)
        if document is None or not operations.take_up(_work_for(document), document):
            return False
    try:
        _make(number)
    except Exception:
        # Otherwise it would be tried again every five minutes, until it is deleted.
        log.exception("the making of document %s was stopped", number)
        db.session.rollback()
        _write(number, operations.fail)
    return True


def _make(number: int) -> None:
    document = db.session.get(MissionDocument, number)
    if document is None:
        return
    about = queries.find_subject(db.session, document)
    page = making.write(
        db.session, document.kind, about, language=document.language, made_on=clock.today()
    )
    # Whoever saves the file is shown whom it tells of, and not the worker that has written it.
    people = disclosure.take(db.session)
    db.session.rollback()
    _write(number, partial(operations.go_on, done=1))
    content = make_pdf(page)
    _write(number, partial(operations.go_on, done=2))
    _write(number, partial(operations.keep, content=content, people=people), about=people)


def _write(number: int, act: Act, about: Collection[Person] = ()) -> None:
    """Let something happen to a document that is being made still, and to no other.

    It is deleted where somebody whom it tells of was erased since it was begun: who erases them
    deletes the documents that are there at that moment.
    """
    with transaction() as session:
        # They are held before the document is, as whoever erases them does.
        are_there = queries.lock_people(session, about)
        document = queries.lock_at_work(session, number)
        if document and not are_there:
            session.delete(document)
        elif document:
            act(_work_for(document), document)


def _work_for(document: MissionDocument) -> UnitOfWork:
    # The platform does it for whoever has asked.
    return UnitOfWork(db.session, Actor(document.asked_by, SYSTEM.roles), clock.now())


def delete_due() -> None:
    """Delete documents that were kept long enough; call it in an application context."""
    sweep_out(queries.is_any_old, operations.delete_old)
