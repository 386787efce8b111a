"""When SEESAC began to read a request: until then its writer can take it back.

What is noted is the first page that shows the text to a coordinator, not a line in a list.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core.actor import Actor
from webapp.core.db import writing_apart
from webapp.core.errors import ConflictError
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.formats import day_name
from webapp.core.words.translation import Deferred, _
from webapp.expertise_requests import rules
from webapp.expertise_requests.models import ExpertiseRequest


def refuse_if_read(request: ExpertiseRequest) -> None:
    """Refuse in words to take back what SEESAC has begun to read."""
    if request.read_at is not None:
        raise ConflictError(
            _(
                "SEESAC began to read this request on %(day)s, so it cannot be taken back. You can"
                " withdraw it, or ask SEESAC to return it for a correction.",
                day=Deferred(day_name, request.read_at.date()),
            )
        )


def note_decision(work: UnitOfWork, request: ExpertiseRequest) -> None:
    """Note that a coordinator knows the request who takes a step with it."""
    if request.read_at is None and rules.reads_as_coordinator(work.actor, request):
        request.read_at = work.now


def note(session: Session, actor: Actor, request: ExpertiseRequest, now: datetime) -> None:
    """Note that SEESAC begins to read a request, before its text is shown.

    It is committed by itself, so that a page whose answer is lost was read all the same. Load the
    request anew after this: whoever takes it back at the same moment either is refused, or has
    hidden it by then.
    """
    if request.read_at is not None or not rules.reads_as_coordinator(actor, request):
        return
    number = request.id
    session.rollback()
    with writing_apart() as connection:
        connection.execute(
            sa.update(ExpertiseRequest)
            .where(
                ExpertiseRequest.id == number,
                ExpertiseRequest.submitted_at.is_not(None),
                ExpertiseRequest.read_at.is_(None),
            )
            .values(read_at=now)
        )
