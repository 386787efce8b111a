"""Named selects of requests for expertise; each answers only what the actor may read."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from webapp.accounts.models import Account
from webapp.core.actor import Actor
from webapp.core.errors import NotFoundError
from webapp.core.paging import Page, get_page
from webapp.core.search import finds
from webapp.core.translation import _
from webapp.expertise_requests import rules
from webapp.expertise_requests.content import Content, get_content
from webapp.expertise_requests.models import ExpertiseRequest, RequestState

PER_PAGE = 30


def get_readable(session: Session, actor: Actor, request_id: int) -> ExpertiseRequest:
    """Return the request if the actor may read it; to others it does not exist."""
    request = session.get(ExpertiseRequest, request_id)
    if request is None or not rules.can_read(actor, request):
        raise NotFoundError(_("There is no such request."))
    return request


def get_own(session: Session, actor: Actor, request_id: int) -> ExpertiseRequest:
    """Return the request if the actor wrote it; to others, coordinators too, it does not exist."""
    request = session.get(ExpertiseRequest, request_id)
    if request is None or not rules.is_requester(actor, request):
        raise NotFoundError(_("There is no such request."))
    return request


def list_own(
    session: Session, actor: Actor, number: int = 1, *, first: frozenset[RequestState] = frozenset()
) -> Page[ExpertiseRequest]:
    """Return a page of the requests this person has written: those in `first`, then the latest.

    Drafts that were thrown away are left out.
    """
    chosen = (
        sa.select(ExpertiseRequest)
        .where(ExpertiseRequest.requester_id == actor.id, sa.not_(_was_thrown_away()))
        .order_by(ExpertiseRequest.state.in_(first).desc(), ExpertiseRequest.id.desc())
    )
    return get_page(session, chosen, number, size=PER_PAGE)


def list_thrown_away(session: Session, actor: Actor, number: int = 1) -> Page[ExpertiseRequest]:
    """Return a page of the drafts that this person has thrown away, latest first."""
    chosen = (
        sa.select(ExpertiseRequest)
        .where(ExpertiseRequest.requester_id == actor.id, _was_thrown_away())
        .order_by(ExpertiseRequest.id.desc())
    )
    return get_page(session, chosen, number, size=PER_PAGE)


def _was_thrown_away() -> sa.ColumnElement[bool]:
    # What was sent in once and withdrawn later has its story, and stays in the list.
    return sa.and_(
        ExpertiseRequest.state == RequestState.WITHDRAWN, ExpertiseRequest.submitted_at.is_(None)
    )


def list_unsent(session: Session, actor: Actor, most: int = 3) -> Sequence[ExpertiseRequest]:
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


def find_same_text(session: Session, actor: Actor, content: Content) -> ExpertiseRequest | None:
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


def list_sent_in(
    session: Session,
    *,
    states: frozenset[RequestState] = frozenset(),
    search: str = "",
    number: int = 1,
) -> Page[ExpertiseRequest]:
    """Return a page of what has ever been sent in, latest first; for coordinators.

    `search` looks for words in the title, the place, and the requester's name and institution, and
    for references such as R-0012.
    """
    chosen = (
        sa.select(ExpertiseRequest)
        .join(ExpertiseRequest.requester)
        .where(
            ExpertiseRequest.submitted_at.is_not(None),
            finds(
                search,
                ExpertiseRequest.search_text,
                Account.search_text,
                number=ExpertiseRequest.id,
            ),
        )
        .options(selectinload(ExpertiseRequest.requester))
        .order_by(ExpertiseRequest.submitted_at.desc(), ExpertiseRequest.id.desc())
    )
    if states:
        chosen = chosen.where(ExpertiseRequest.state.in_(states))
    return get_page(session, chosen, number, size=PER_PAGE)


def list_awaited(session: Session, state: RequestState, by: date) -> Sequence[ExpertiseRequest]:
    """Return requests in a state whose requester was asked to answer by this day or before."""
    return session.scalars(
        sa.select(ExpertiseRequest)
        .where(ExpertiseRequest.state == state, ExpertiseRequest.reply_by <= by)
        .options(selectinload(ExpertiseRequest.requester))
        .order_by(ExpertiseRequest.id)
    ).all()


def list_waiting(session: Session, states: frozenset[RequestState]) -> Sequence[ExpertiseRequest]:
    """Return requests in `states`, those that have waited longest first."""
    return session.scalars(
        sa.select(ExpertiseRequest)
        .where(ExpertiseRequest.state.in_(states), ExpertiseRequest.submitted_at.is_not(None))
        .options(selectinload(ExpertiseRequest.requester))
        .order_by(ExpertiseRequest.state_since, ExpertiseRequest.id)
    ).all()
