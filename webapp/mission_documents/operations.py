"""What happens to documents: they are asked for, made by the job worker, and deleted."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.core.db import lock
from webapp.core.portions import delete_some
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.record.disclosure import Person
from webapp.core.unit_of_work import UnitOfWork
from webapp.mission_documents import queries, rules
from webapp.mission_documents.models import (
    MADE,
    UNFINISHED,
    DocumentKind,
    DocumentState,
    MissionDocument,
)


def ask(work: UnitOfWork, kind: DocumentKind, match_id: int, language: str) -> MissionDocument:
    """Let a document be made for whoever is given it; one that they have had of it goes, and one
    that is being made is it already. Raises NotFoundError for whoever is not given it."""
    seen = queries.get_subject(work.session, work.actor, kind, match_id)
    lock(work.session, seen.request, seen.match.expert)
    for row in (seen.match, seen.deployment):
        if row is not None:
            work.session.refresh(row)
    about = queries.get_subject(work.session, work.actor, kind, match_id)
    former = queries.find_own(work.session, work.actor, kind, match_id, language)
    if former and former.state in UNFINISHED:
        return former
    if former:
        work.session.delete(former)
        work.session.flush()
    document = MissionDocument(
        kind=kind, match_id=match_id, whole=about.whole, asked_by=work.actor.id,
        asked_at=work.now, language=language, state_since=work.now,
    )  # fmt: skip
    work.session.add(document)
    work.session.flush()
    _record(work, Action.DOCUMENT_ASKED, document)
    return document


def take_up(work: UnitOfWork, document: MissionDocument) -> bool:
    """Begin to make a document, unless another worker is at it; tell whether this one does."""
    lock(work.session, document)
    work.session.refresh(document)
    still = work.now - document.state_since >= rules.STANDS_STILL
    if document.state not in UNFINISHED or (document.state is DocumentState.AT_WORK and not still):
        return False
    _move(work, document, DocumentState.AT_WORK)
    document.done = 0
    return True


def go_on(work: UnitOfWork, document: MissionDocument, *, done: int) -> None:
    """Note how many steps of the making are done."""
    document.done, document.state_since = done, work.now


def keep(
    work: UnitOfWork, document: MissionDocument, content: bytes, people: Collection[Person]
) -> None:
    """Keep a document that is made, for whoever has asked for it, and whom it tells of."""
    document.content, document.people, document.done = content, sorted(people), rules.STEPS
    _move(work, document, DocumentState.READY)
    _record(work, Action.DOCUMENT_MADE, document)


def fail(work: UnitOfWork, document: MissionDocument) -> None:
    """Note that the platform could not make a document, so that nobody waits for it."""
    _move(work, document, DocumentState.FAILED)
    _record(work, Action.DOCUMENT_FAILED, document)


def delete_old(session: Session, now: datetime) -> None:
    """Delete the documents that have been kept long enough."""
    for table in MADE:
        delete_some(session, table, table.asked_at <= now - rules.KEPT)


def _move(work: UnitOfWork, document: MissionDocument, state: DocumentState) -> None:
    document.state, document.state_since = state, work.now
    work.session.flush()


def _record(work: UnitOfWork, action: Action, document: MissionDocument) -> None:
    # That somebody saves a file is no part of the story of the request.
    audit.record(
        work,
        action,
        document.match,
        expert_id=document.match.expert_id,
        document=document.kind.value,
    )
