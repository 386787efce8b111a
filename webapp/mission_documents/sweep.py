"""What the job worker does with briefing packs: make those that wait, delete those that are old."""

import logging
from collections.abc import Callable
from functools import partial

from webapp.core import clock, disclosure
from webapp.core.actor import SYSTEM, Actor
from webapp.core.db import db
from webapp.core.pdf import make_pdf
from webapp.core.transactions import transaction
from webapp.core.unit_of_work import UnitOfWork
from webapp.mission_documents import making, operations, queries
from webapp.mission_documents.content import DocumentKind
from webapp.mission_documents.models import BriefingPack

log = logging.getLogger(__name__)


def run_due() -> int:
    """Make all packs that wait, and return how many; call it in an application context."""
    waiting = queries.list_waiting(db.session, clock.now())
    db.session.rollback()
    return sum(map(_run, waiting))


def _run(number: int) -> bool:
    """Make one pack, if nobody else has taken it up."""
    if not _write(number, operations.take_up):
        return False
    try:
        _make(number)
    except Exception:
        # Otherwise it would be tried again every five minutes, until it is deleted.
        log.exception("the making of briefing pack %s was stopped", number)
        db.session.rollback()
        _write(number, operations.fail)
    return True


def _make(number: int) -> None:
    pack = db.session.get_one(BriefingPack, number)
    page = making.write(
        db.session,
        DocumentKind.BRIEFING,
        making.Subject(pack.deployment.match, pack.deployment),
        language=pack.language,
        made_on=clock.today(),
    )
    # Whoever saves the file is shown whom it tells of, and not the worker that has written it.
    disclosure.take(db.session)
    db.session.rollback()
    _write(number, partial(operations.go_on, done=1))
    content = make_pdf(page)
    _write(number, partial(operations.go_on, done=2))
    _write(number, partial(operations.keep, content=content))


def _write(number: int, act: Callable[[UnitOfWork, BriefingPack], object]) -> object:
    """Let something happen to a pack that is there still: its person may be erased meanwhile."""
    with transaction() as session:
        pack = session.get(BriefingPack, number)
        if pack is None:
            return None
        # The platform does it for whoever has asked.
        actor = Actor(pack.asked_by, SYSTEM.roles)
        return act(UnitOfWork(session, actor, clock.now()), pack)


def delete_due() -> None:
    """Delete packs that were kept long enough; call it in an application context."""
    waiting = queries.is_any_old(db.session, clock.now())
    db.session.rollback()
    if waiting:  # Otherwise no writer has to wait for this.
        with transaction() as session:
            operations.delete_old(session, clock.now())
