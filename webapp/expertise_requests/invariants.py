"""What must be true of requests for expertise in every sound database."""

from collections.abc import Iterator
from dataclasses import astuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from webapp.core.files.stored_files import find_changed
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.expertise_requests import sides
from webapp.expertise_requests.content import get_content
from webapp.expertise_requests.models import ExpertiseRequest, RequestFile, RequestState


def no_text_was_stored_twice(session: Session) -> Iterator[str]:
    """A form that is sent twice makes one draft; later two may be made to say the same.

    A colleague who takes a draft over may have written the same, too.
    """
    edited = sa.select(AuditEvent.request_id).where(
        AuditEvent.action.in_([Action.REQUEST_EDITED, Action.REQUEST_TAKEN_OVER]),
        AuditEvent.request_id.is_not(None),
    )
    drafts = session.scalars(
        sa.select(ExpertiseRequest)
        .where(ExpertiseRequest.state == RequestState.DRAFT, ExpertiseRequest.id.not_in(edited))
        .options(
            selectinload(ExpertiseRequest.themes),
            selectinload(ExpertiseRequest.languages),
            selectinload(ExpertiseRequest.excluded),
        )
        .order_by(ExpertiseRequest.id)
    )
    first: dict[object, int] = {}
    for draft in drafts:
        same = first.setdefault((draft.requester_id, astuple(get_content(draft))), draft.id)
        if same != draft.id:
            yield f"draft {draft.id} says the same as draft {same}: one form made both"


def files_are_what_was_sent(session: Session) -> Iterator[str]:
    """The content of each file of a request is that which was added."""
    yield from find_changed(session, RequestFile)


def acts_of_the_log_are_noted(session: Session) -> Iterator[str]:
    """For which side people have acted on a request is noted, as far as the log knows it."""
    for number, account_id, side in sides.list_missing(session):
        yield f"account {account_id} acted on request {number} as {side}, which is not noted there"
