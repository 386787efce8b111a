"""What the job worker does with briefing packs: make those that wait, delete those that are old."""

import logging
from collections.abc import Callable
from functools import partial

from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.actor import SYSTEM, Actor
from webapp.core.db import db
from webapp.core.files.pdf import make_pdf
from webapp.core.record import disclosure
from webapp.core.sweeps import sweep_out
from webapp.core.transactions import transaction
from webapp.core.unit_of_work import UnitOfWork
from webapp.deployments.models import Deployment
from webapp.mission_documents import making, operations, queries
from webapp.mission_documents.content import DocumentKind
from webapp.mission_documents.models import BriefingPack
from webapp.mission_documents.queries import Asked

log = logging.getLogger(__name__)


def run_due() -> int:
    """Make all packs that wait, and return how many; call it in an application context."""
    waiting = queries.list_waiting(db.session, clock.now())
    db.session.rollback()
    return sum(map(_run, waiting))


def _run(number: int) -> bool:
    """Make one pack, if nobody else has taken it up."""
    asked = _take_up(number)
    if asked is None:
        return False
    try:
        _make(asked)
    except Exception:
        # Otherwise it would be tried again every five minutes, until it is deleted.
        log.exception("the making of briefing pack %s was stopped", number)
        db.session.rollback()
        _write(asked, operations.fail)
    return True


def _take_up(number: int) -> Asked | None:
    """Begin to make a pack that is there still: its person may be erased meanwhile."""
    with transaction() as session:
        pack = session.get(BriefingPack, number)
        if pack is None or not operations.take_up(_work_for(session, pack), pack):
            return None
        return Asked(pack.asked_by, pack.deployment_id, pack.asked_at, pack.language)


def _make(asked: Asked) -> None:
    deployment = db.session.get_one(Deployment, asked.deployment_id)
    page = making.write(
        db.session,
        DocumentKind.BRIEFING,
        making.Subject(deployment.match, deployment),
        language=asked.language,
        made_on=clock.today(),
    )
    # Whoever saves the file is shown whom it tells of, and not the worker that has written it.
    disclosure.take(db.session)
    db.session.rollback()
    _write(asked, partial(operations.go_on, done=1))
    content = make_pdf(page)
    _write(asked, partial(operations.go_on, done=2))
    _write(asked, partial(operations.keep, content=content))


def _write(asked: Asked, act: Callable[[UnitOfWork, BriefingPack], object]) -> None:
    """Let something happen to a pack that is being made still, and to no other."""
    with transaction() as session:
        if pack := queries.lock_at_work(session, asked):
            act(_work_for(session, pack), pack)


def _work_for(session: Session, pack: BriefingPack) -> UnitOfWork:
    # The platform does it for whoever has asked.
    return UnitOfWork(session, Actor(pack.asked_by, SYSTEM.roles), clock.now())


def delete_due() -> None:
    """Delete packs that were kept long enough; call it in an application context."""
    sweep_out(queries.is_any_old, operations.delete_old)
