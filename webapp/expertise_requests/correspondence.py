"""What requester and SEESAC ask and answer each other about a request, without mail programs.

Only these two sides read it: neither colleagues of the requester, who are told of no expert, nor
experts. For whom the request waits does not change by it (decision 87).
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core import audit
from webapp.core.actor import Actor
from webapp.core.audit import Action
from webapp.core.db import lock
from webapp.core.errors import ForbiddenError
from webapp.core.translation import _
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.workflow import Recipient
from webapp.expertise_requests import operations, rules, telling
from webapp.expertise_requests.models import ExpertiseRequest, RequestMessage
from webapp.messages import operations as messages
from webapp.messages.letters import Letter


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


def write(work: UnitOfWork, request: ExpertiseRequest, text: str) -> None:
    """Write to the other side, which is told. The same once more, sent again, is one message."""
    lock(work.session, request)
    if work.actor.id is None or not takes_part(work.actor, request):
        raise ForbiddenError(_("Only its requester and SEESAC write about a request."))
    written = list_messages(work.session, request)
    if written and (written[-1].written_by, written[-1].text) == (work.actor.id, text):
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
    return [request.handled_by] if request.handled_by in able else able


def _letter(request: ExpertiseRequest) -> Letter:
    facts = operations.facts_of(request)
    return Letter(
        _("%(reference)s: a message about the request") % {"reference": facts["reference"]},
        _("There is a message about “%(title)s”. Please read it, and answer if it asks.") % facts,
        f"/requests/{request.id}/messages",
        operations.about(request),
    )
