"""Named selects of requests for expertise; each answers only what the actor may read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from webapp.accounts.models import Account
from webapp.core.actor import Actor
from webapp.core.errors import NotFoundError
from webapp.core.translation import _
from webapp.core.url_converters import LARGEST_ID
from webapp.expertise_requests import rules
from webapp.expertise_requests.content import Content, get_content
from webapp.expertise_requests.models import ExpertiseRequest, RequestState

PER_PAGE = 30
_REFERENCE = re.compile(r"R-?0*([1-9][0-9]{0,9})", re.IGNORECASE)


@dataclass(frozen=True)
class Listing:
    """One page of a list of requests; `total` counts those on all pages."""

    requests: Sequence[ExpertiseRequest]
    total: int
    page: int
    pages: int


def readable(session: Session, actor: Actor, request_id: int) -> ExpertiseRequest:
    """Return the request if the actor may read it; to others it does not exist."""
    request = session.get(ExpertiseRequest, request_id)
    if request is None or not rules.can_read(actor, request):
        raise NotFoundError(_("There is no such request."))
    return request


def written_by(session: Session, actor: Actor, request_id: int) -> ExpertiseRequest:
    """Return the request if the actor wrote it; to others, coordinators too, it does not exist."""
    request = session.get(ExpertiseRequest, request_id)
    if request is None or not rules.is_requester(actor, request):
        raise NotFoundError(_("There is no such request."))
    return request


def own(session: Session, actor: Actor, page: int = 1) -> Listing:
    """Return a page of the requests this person has written, latest first."""
    chosen = sa.select(ExpertiseRequest).where(ExpertiseRequest.requester_id == actor.id)
    return _listing(session, chosen, page, ExpertiseRequest.id.desc())


def unsent(session: Session, actor: Actor, most: int = 3) -> Sequence[ExpertiseRequest]:
    """Return the drafts of this person that were begun last, latest first."""
    return session.scalars(
        sa.select(ExpertiseRequest)
        .where(
            ExpertiseRequest.requester_id == actor.id,
            ExpertiseRequest.state == RequestState.DRAFT,
        )
        .order_by(ExpertiseRequest.id.desc())
        .limit(most)
    ).all()


def same_text(session: Session, actor: Actor, content: Content) -> ExpertiseRequest | None:
    """Return a request of this person that has not ended and says the very same, if any."""
    alike = session.scalars(
        sa.select(ExpertiseRequest)
        .where(
            ExpertiseRequest.requester_id == actor.id,
            ExpertiseRequest.state.not_in(rules.ENDED),
            ExpertiseRequest.title == content.title,
            ExpertiseRequest.objectives == content.objectives,
        )
        .order_by(ExpertiseRequest.id)
    )
    return next((request for request in alike if get_content(request) == content), None)


def everything(
    session: Session,
    *,
    states: frozenset[RequestState] = frozenset(),
    search: str = "",
    page: int = 1,
) -> Listing:
    """Return a page of what has ever been sent in, latest first; for coordinators.

    `search` looks for words in the title, the place, and the requester's name and institution, or
    for a reference such as R-0012.
    """
    chosen = (
        sa.select(ExpertiseRequest)
        .join(ExpertiseRequest.requester)
        .where(ExpertiseRequest.submitted_at.is_not(None))
    )
    if states:
        chosen = chosen.where(ExpertiseRequest.state.in_(states))
    if search:
        chosen = chosen.where(_found_by(search))
    return _listing(
        session, chosen, page, ExpertiseRequest.submitted_at.desc(), ExpertiseRequest.id.desc()
    )


def _found_by(search: str) -> sa.ColumnElement[bool]:
    reference = _REFERENCE.fullmatch(search)
    if reference and int(reference[1]) <= LARGEST_ID:
        return ExpertiseRequest.id == int(reference[1])
    places = (ExpertiseRequest.title, ExpertiseRequest.place, Account.name, Account.institution)
    return sa.or_(*(column.icontains(search, autoescape=True) for column in places))


def _listing(
    session: Session, chosen: sa.Select[ExpertiseRequest], page: int, *order: Any
) -> Listing:
    total = session.scalar(sa.select(sa.func.count()).select_from(chosen.subquery())) or 0
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(page, 1), pages)
    found = session.scalars(
        chosen.options(selectinload(ExpertiseRequest.requester))
        .order_by(*order)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    return Listing(found.all(), total, page, pages)


def sent_in(session: Session, states: frozenset[RequestState]) -> Sequence[ExpertiseRequest]:
    """Return requests in `states`, those that have waited longest first."""
    return session.scalars(
        sa.select(ExpertiseRequest)
        .where(ExpertiseRequest.state.in_(states), ExpertiseRequest.submitted_at.is_not(None))
        .options(selectinload(ExpertiseRequest.requester))
        .order_by(ExpertiseRequest.state_since, ExpertiseRequest.id)
    ).all()
