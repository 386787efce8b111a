"""Named selects of changes of terms of reference, and of the versions of these."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from webapp.amendments.models import Amendment, AmendmentState
from webapp.amendments.workflow import OPEN
from webapp.core.db import is_one
from webapp.core.errors import NotFoundError
from webapp.core.words.translation import _
from webapp.expertise_requests.models import ExpertiseRequest, TermsOfReference


def get(session: Session, request: ExpertiseRequest, amendment_id: int) -> Amendment:
    """Return a change of a request that its reader may see; raises NotFoundError for any other."""
    found = session.get(Amendment, amendment_id)
    if found is None or found.request_id != request.id:
        raise NotFoundError(_("There is no such change."))
    return found


def get_version(request: ExpertiseRequest, number: int) -> TermsOfReference:
    """Return a version of the terms of reference of a request; raises NotFoundError if not."""
    if terms := find_version(request, number):
        return terms
    raise NotFoundError(_("There is no such version of the terms of reference."))


def find_version(request: ExpertiseRequest, number: int) -> TermsOfReference | None:
    """Return a version of the terms of reference of a request, if it was ever agreed."""
    return next((terms for terms in request.terms if terms.version == number), None)


def find_open(session: Session, request_id: int) -> Amendment | None:
    """Return the change of a request that waits for an answer, if there is one."""
    return session.scalars(
        sa.select(Amendment).where(Amendment.request_id == request_id, Amendment.state.in_(OPEN))
    ).one_or_none()


def list_open(session: Session, request_ids: Collection[int]) -> dict[int, Amendment]:
    """Return, by request, the change that waits for an answer."""
    rows = session.scalars(
        sa.select(Amendment).where(Amendment.request_id.in_(request_ids), Amendment.state.in_(OPEN))
    )
    return {row.request_id: row for row in rows}


def list_of_request(session: Session, request_id: int) -> Sequence[Amendment]:
    """Return all changes that were proposed for a request, latest first."""
    return session.scalars(
        sa.select(Amendment).where(Amendment.request_id == request_id).order_by(Amendment.id.desc())
    ).all()


def list_agreed_since(session: Session, request_id: int, moment: datetime) -> Sequence[Amendment]:
    """Return the changes of a request that were agreed to after a moment, in their order."""
    return session.scalars(
        sa.select(Amendment)
        .where(
            Amendment.request_id == request_id,
            Amendment.state == AmendmentState.AGREED,
            Amendment.state_since > moment,
        )
        .order_by(Amendment.into_version)
    ).all()


def list_awaited(session: Session, by: date, *, only: int | None = None) -> Sequence[Amendment]:
    """Return the changes that a requester was asked to answer by this day or before, of all
    requests or of one."""
    return session.scalars(
        sa.select(Amendment)
        .where(
            is_one(Amendment.request_id, only),
            Amendment.state == AmendmentState.WITH_REQUESTER,
            Amendment.reply_by <= by,
        )
        .options(selectinload(Amendment.request).selectinload(ExpertiseRequest.requester))
        .order_by(Amendment.id)
    ).all()
