"""Named selects of requests for expertise; each answers only what the actor may read."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from webapp.core.audit import Actor
from webapp.core.errors import NotFoundError
from webapp.expertise_requests import rules
from webapp.expertise_requests.models import ExpertiseRequest, RequestState


def readable(session: Session, actor: Actor, request_id: int) -> ExpertiseRequest:
    """Return the request if the actor may read it; to others it does not exist."""
    request = session.get(ExpertiseRequest, request_id)
    if request is None or not rules.can_read(actor, request):
        raise NotFoundError("There is no such request.")
    return request


def own(session: Session, actor: Actor) -> Sequence[ExpertiseRequest]:
    """Return the requests this person has written, latest first."""
    return session.scalars(
        sa.select(ExpertiseRequest)
        .where(ExpertiseRequest.requester_id == actor.id)
        .order_by(ExpertiseRequest.id.desc())
    ).all()


def sent_in(session: Session, states: frozenset[RequestState]) -> Sequence[ExpertiseRequest]:
    """Return requests in `states`, those that have waited longest first."""
    return session.scalars(
        sa.select(ExpertiseRequest)
        .where(ExpertiseRequest.state.in_(states), ExpertiseRequest.submitted_at.is_not(None))
        .options(selectinload(ExpertiseRequest.requester))
        .order_by(ExpertiseRequest.state_since, ExpertiseRequest.id)
    ).all()
