"""What requester and SEESAC ask and answer each other about a request, without mail programs.

Only these two sides read it: neither colleagues of the requester, who are told of no expert, nor
experts. For whom the request waits does not change by it (decision 87); what a requester writes is
a task of its own until somebody of SEESAC answers, or says that no answer is needed (decision 140).
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core.actor import Actor
from webapp.core.db import lock
from webapp.core.errors import ForbiddenError
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.core.workflows.workflow import Recipient
from webapp.expertise_requests import obstacles, queries, rules, telling
from webapp.expertise_requests.models import ExpertiseRequest, RequestMessage
from webapp.messages import operations as messages
from webapp.messages.letters import Letter

PATH = "/requests/%(request_id)s/messages"


def takes_part(actor: Actor, request: ExpertiseRequest) -> bool:
    """Tell whether this person reads and writes messages about the request: once it was sent."""
    if request.submitted_at is None:
        return False
    return rules.is_requester(actor, request) or rules.reads_as_coordinator(actor, request)


def list_messages(session: Session, request: ExpertiseRequest) -> Sequence[RequestMessage]:
    """Return what was written about a request, oldest first."""
    return session.scalars(
        sa.select(RequestMessage)
        .where(RequestMessage.request_id == request.id)
        .order_by(RequestMessage.id)
    ).all()


def count(session: Session, request: ExpertiseRequest) -> int:
    """Return how many messages were written about a request."""
    found = session.scalar(
        sa.select(sa.func.count()).where(RequestMessage.request_id == request.id)
    )
    return found or 0


def find_question(session: Session, request: ExpertiseRequest) -> RequestMessage | None:
    """Return what SEESAC has written last, if nobody has answered it."""
    newest = session.scalars(
        sa.select(RequestMessage)
        .where(RequestMessage.request_id == request.id)
        .order_by(RequestMessage.id.desc())
        .limit(1)
    ).first()
    return newest if newest and newest.from_office and newest.text else None


def _are_open() -> sa.ColumnElement[bool]:
    """Return the condition that a message waits for SEESAC; without words there is nothing to."""
    return sa.and_(
        RequestMessage.settled_at.is_(None),
        RequestMessage.from_office.is_(False),
        RequestMessage.text != "",
    )


def list_open(session: Session) -> Sequence[tuple[ExpertiseRequest, datetime]]:
    """Return the requests whose messages wait for SEESAC, each with since when."""
    since = (
        sa.select(RequestMessage.request_id, sa.func.min(RequestMessage.written_at).label("since"))
        .where(_are_open())
        .group_by(RequestMessage.request_id)
        .subquery()
    )
    rows = session.execute(
        sa.select(ExpertiseRequest, since.c.since)
        .join(since, since.c.request_id == ExpertiseRequest.id)
        .options(*queries.WITH_OWNER, *queries.WITHOUT_TEXTS)
        .order_by(ExpertiseRequest.id)
    )
    return [(request, written_at) for request, written_at in rows]


def settle(work: UnitOfWork, request: ExpertiseRequest, newest: int) -> None:
    """Note that no answer is needed to what was read, up to the message `newest`.

    A second click changes nothing.
    """
    lock(work.session, request)
    if not rules.reads_as_coordinator(work.actor, request):
        raise ForbiddenError(_("Only SEESAC says that no answer is needed."))
    if _settle(work, list_messages(work.session, request), newest):
        audit.record(work, Action.REQUEST_MESSAGE_SETTLED, request, request_id=request.id)


def _settle(work: UnitOfWork, written: Sequence[RequestMessage], newest: int | None) -> bool:
    """Settle what stands up to the `newest` message, or all; tell whether there was any."""
    read = [row for row in written if row.is_open and (newest is None or row.id <= newest)]
    for row in read:
        row.settled_at = work.now
    work.session.flush()
    return bool(read)


def write(
    work: UnitOfWork, request: ExpertiseRequest, text: str, newest: int | None = None
) -> None:
    """Write to the other side, which is told. The same once more, sent again, is one message.

    It is looked for among those after the `newest` one that stood on the writer's page, or where
    that is not known is the last one.
    """
    lock(work.session, request)
    if work.actor.id is None or not takes_part(work.actor, request):
        raise ForbiddenError(_("Only its requester and SEESAC write about a request."))
    written = list_messages(work.session, request)
    since = written[-1:] if newest is None else [row for row in written if row.id > newest]
    if any((row.written_by, row.text) == (work.actor.id, text) for row in since):
        return
    office = rules.reads_as_coordinator(work.actor, request)
    message = RequestMessage(
        request_id=request.id,
        written_at=work.now,
        written_by=work.actor.id,
        from_office=office,
        text=text,
    )
    work.session.add(message)
    work.session.flush()
    if office:
        # A question that came meanwhile was not answered.
        _settle(work, written, newest)
    audit.record(work, Action.REQUEST_MESSAGE, request, request_id=request.id, message=message.id)
    letter = _letter(request)
    told = (
        telling.readers_of(work, request, Recipient.REQUESTER)
        if office
        else _list_office(work, request)
    )
    for account_id in told:
        messages.queue(work, account_id, letter)


def _list_office(work: UnitOfWork, request: ExpertiseRequest) -> list[int]:
    """Return who sees to the request, or all coordinators where nobody does any more."""
    able = messages.coordinators(work, rules.owners_of(request))
    handler = Actor(request.handled_by, frozenset({Role.COORDINATOR}))
    if handler.id not in able or obstacles.why_colleagues(work.session, handler, request):
        return able
    return [handler.id]


def _letter(request: ExpertiseRequest) -> Letter:
    facts = telling.facts_of(request)
    return Letter(
        _("%(reference)s: a message about the request") % {"reference": facts["reference"]},
        _("There is a message about “%(title)s”. Please read it, and answer if it asks.") % facts,
        PATH % {"request_id": request.id},
        telling.about(request),
    )
