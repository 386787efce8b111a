"""Named selects of requests for expertise; each answers only what the actor may read."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer, selectinload

from webapp.accounts.models import Account
from webapp.accounts.queries import can_act_as, is_told_as
from webapp.core.actor import Actor
from webapp.core.db import is_one
from webapp.core.errors import NotFoundError
from webapp.core.paging import Page, get_page
from webapp.core.record.disclosure import Named
from webapp.core.roles import Role
from webapp.core.words.search import finds
from webapp.core.words.translation import _
from webapp.expertise_requests import rules
from webapp.expertise_requests.content import TEXTS, Content, get_content
from webapp.expertise_requests.models import (
    ActedOn,
    ExpertiseRequest,
    RequestState,
    RequestTheme,
    reference_of,
)

PER_PAGE = 30
# Who owns a request is read with it where it is asked whether they still act.
WITH_OWNER = (selectinload(ExpertiseRequest.requester).selectinload(Account.roles),)
# Lists of many requests show of their texts no more than this, and are read without the others.
_IN_LISTS = frozenset({"title", "place"})
WITHOUT_TEXTS = tuple(
    defer(getattr(ExpertiseRequest, name))
    for name in ("search_text", *(text.name for text in TEXTS if text.name not in _IN_LISTS))
)


def get_readable(session: Session, actor: Actor, request_id: int) -> ExpertiseRequest:
    """Return the request if the actor may read it; to others it does not exist."""
    request = session.get(ExpertiseRequest, request_id)
    if request is None or not rules.can_read(actor, request):
        raise NotFoundError(_("There is no such request."))
    return request


def refuse_to_send(
    session: Session, actor: Actor, _endpoint: str, about: Mapping[str, Any]
) -> None:
    """Refuse what would be sent about a request to whoever does not read it."""
    if "request_id" in about:
        get_readable(session, actor, about["request_id"])


def get_as_coordinator(session: Session, actor: Actor, request_id: int) -> ExpertiseRequest:
    """Return the request for the work of coordinators on it: who is considered, and how they rank.

    Raises ForbiddenError for those whose own or whose organisation's it is: they read what is
    proposed to them, and nothing of how it came about.
    """
    request = get_readable(session, actor, request_id)
    rules.check_looks_for_experts(actor, request)
    return request


def get_own(session: Session, actor: Actor, request_id: int) -> ExpertiseRequest:
    """Return the request if the actor owns it; to others, coordinators too, it does not exist."""
    request = session.get(ExpertiseRequest, request_id)
    if request is None or not rules.is_requester(actor, request):
        raise NotFoundError(_("There is no such request."))
    return request


def get_of_organisation(session: Session, actor: Actor, request_id: int) -> ExpertiseRequest:
    """Return the request if the actor or a colleague owns it; to others it does not exist."""
    request = session.get(ExpertiseRequest, request_id)
    if request is None or not (
        rules.is_requester(actor, request) or rules.is_colleague(actor, request)
    ):
        raise NotFoundError(_("There is no such request."))
    return request


def is_own(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition that a request is this person's own, as `rules.is_requester` has it."""
    return sa.and_(
        sa.literal(Role.REQUESTER in actor.roles),
        ExpertiseRequest.requester_id == actor.id,
        sa.or_(
            ExpertiseRequest.organisation_id.is_(None),
            ExpertiseRequest.organisation_id == actor.organisation_id,
        ),
    )


# What tells in `ASKED_FOR` who reads.
_READER, _THEIR_OWN = (
    sa.bindparam("reader", type_=sa.Integer),
    sa.bindparam("own", type_=sa.Integer),
)


def _asked_for(account: Any, organisation: Any) -> sa.CompoundSelect[int]:
    """Return the numbers of what somebody asks for, or has asked for, as `rules.is_asking` has it.

    Each part is found by an index. Where one condition tells it of each row, all are looked at.
    """
    numbers = sa.select(ExpertiseRequest.id)
    acted = sa.select(ActedOn.request_id).where(
        ActedOn.account_id == account, ActedOn.side == Role.REQUESTER
    )
    return numbers.where(ExpertiseRequest.requester_id == account).union(
        numbers.where(ExpertiseRequest.organisation_id == organisation), acted
    )


# The same for statements that are put together once: `reader_of` gives them who reads.
ASKED_FOR = _asked_for(_READER, _THEIR_OWN)


def reader_of(actor: Actor) -> dict[str, int | None]:
    """Return what tells a statement with `ASKED_FOR` who reads."""
    own = actor.organisation_id if Role.REQUESTER in actor.roles else None
    return {_READER.key: actor.id, _THEIR_OWN.key: own}


def asked_for(actor: Actor) -> sa.CompoundSelect[int]:
    """Return what selects the numbers of the requests by which this person asks, or has asked."""
    reader = reader_of(actor)
    return _asked_for(*(sa.literal(reader[one.key], sa.Integer) for one in (_READER, _THEIR_OWN)))


def is_asking(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition that this person is of those who ask, as `rules.is_asking` has it."""
    return ExpertiseRequest.id.in_(asked_for(actor))


def without_owner() -> sa.ColumnElement[bool]:
    """Return the condition that nobody can act as the owner, as `rules.has_owner` has it."""
    acting = sa.exists().where(
        Account.id == ExpertiseRequest.requester_id,
        is_told_as(Role.REQUESTER),
        sa.or_(
            ExpertiseRequest.organisation_id.is_(None),
            ExpertiseRequest.organisation_id == Account.organisation_id,
        ),
    )
    return ~acting.correlate(ExpertiseRequest)


def list_own(
    session: Session, actor: Actor, number: int = 1, *, first: Collection[int] = ()
) -> Page[ExpertiseRequest]:
    """Return a page of the requests this person has written: those in `first`, then the latest.

    Drafts that were thrown away are left out.
    """
    chosen = (
        sa.select(ExpertiseRequest)
        .where(is_own(actor), sa.not_(_was_thrown_away()))
        .order_by(ExpertiseRequest.id.in_(first).desc(), ExpertiseRequest.id.desc())
    )
    return get_page(session, chosen, number, size=PER_PAGE)


def get_handler_names(session: Session, requests: Iterable[ExpertiseRequest]) -> dict[int, Named]:
    """Return, by request, the name of the coordinator who sees to it, where there is one who can:
    an account may have been disabled since, or have lost the role or its second factor."""
    rows = session.execute(
        sa.select(ExpertiseRequest.id, Account.name, Account.id)
        .join(Account, Account.id == ExpertiseRequest.handled_by)
        .where(
            ExpertiseRequest.id.in_([request.id for request in requests]),
            can_act_as(Role.COORDINATOR),
        )
    )
    return {number: Named(name, (Account.__tablename__, handler)) for number, name, handler in rows}


def list_own_open(session: Session, actor: Actor) -> Sequence[ExpertiseRequest]:
    """Return the requests of this person's own that have not ended."""
    return session.scalars(
        sa.select(ExpertiseRequest)
        .where(is_own(actor), _is_open())
        .options(*WITH_OWNER)
        .order_by(ExpertiseRequest.id)
    ).all()


def list_thrown_away(session: Session, actor: Actor, number: int = 1) -> Page[ExpertiseRequest]:
    """Return a page of the drafts that this person has thrown away, latest first."""
    chosen = (
        sa.select(ExpertiseRequest)
        .where(is_own(actor), _was_thrown_away())
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
            is_own(actor),
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
            is_own(actor),
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
            _says(search),
        )
        .options(selectinload(ExpertiseRequest.requester))
        .order_by(ExpertiseRequest.submitted_at.desc(), ExpertiseRequest.id.desc())
    )
    if states:
        chosen = chosen.where(ExpertiseRequest.state.in_(states))
    return get_page(session, chosen, number, size=PER_PAGE)


def list_awaited(
    session: Session, state: RequestState, by: date, *, only: int | None = None
) -> Sequence[ExpertiseRequest]:
    """Return requests in a state whose requester was asked to answer by this day or before: all of
    them, or one if it is such a one."""
    return session.scalars(
        sa.select(ExpertiseRequest)
        .where(
            is_one(ExpertiseRequest.id, only),
            ExpertiseRequest.state == state,
            ExpertiseRequest.reply_by <= by,
        )
        .options(selectinload(ExpertiseRequest.requester))
        .order_by(ExpertiseRequest.id)
    ).all()


def list_of_colleagues(
    session: Session, actor: Actor, search: str = "", number: int = 1
) -> Page[ExpertiseRequest]:
    """Return a page of the requests of this person's colleagues: those without an owner first."""
    chosen = (
        sa.select(ExpertiseRequest)
        .join(ExpertiseRequest.requester)
        .where(
            ExpertiseRequest.organisation_id == actor.organisation_id,
            ExpertiseRequest.requester_id != actor.id,
            sa.not_(_was_thrown_away()),
            _says(search),
        )
        .options(*WITH_OWNER)
        .order_by(
            sa.case((sa.and_(without_owner(), _is_open()), 0), else_=1), ExpertiseRequest.id.desc()
        )
    )
    return get_page(session, chosen, number, size=PER_PAGE)


def list_without_owner(
    session: Session, search: str = "", number: int = 1, *, drafts: bool
) -> Page[ExpertiseRequest]:
    """Return a page of open requests that nobody can act on as owner, oldest first.

    `drafts` adds what has never been sent in, which coordinators may not know of.
    """
    chosen = (
        sa.select(ExpertiseRequest)
        .join(ExpertiseRequest.requester)
        .where(without_owner(), _is_open(), _says(search))
        .options(*WITH_OWNER, selectinload(ExpertiseRequest.organisation))
        .order_by(ExpertiseRequest.state_since, ExpertiseRequest.id)
    )
    if not drafts:
        chosen = chosen.where(ExpertiseRequest.submitted_at.is_not(None))
    return get_page(session, chosen, number, size=PER_PAGE)


def count_heirs(session: Session, organisation_ids: Iterable[int | None]) -> dict[int, int]:
    """Return, by organisation, how many people there can act as requesters."""
    wanted = {number for number in organisation_ids if number is not None}
    rows = session.execute(
        sa.select(Account.organisation_id, sa.func.count())
        .where(Account.organisation_id.in_(wanted), can_act_as(Role.REQUESTER))
        .group_by(Account.organisation_id)
    )
    return {number: count for number, count in rows if number is not None}


def in_hands_of(session: Session, account_id: int) -> Sequence[ExpertiseRequest]:
    """Return the requests that have not ended and of which this account is the owner."""
    return session.scalars(
        sa.select(ExpertiseRequest)
        .where(ExpertiseRequest.requester_id == account_id, _is_open())
        .options(selectinload(ExpertiseRequest.organisation))
        .order_by(ExpertiseRequest.id)
    ).all()


def list_seen_to_by(session: Session, account_id: int) -> Sequence[ExpertiseRequest]:
    """Return the requests that have not ended and to which this coordinator sees."""
    return session.scalars(
        sa.select(ExpertiseRequest)
        .where(ExpertiseRequest.handled_by == account_id, _is_open())
        .order_by(ExpertiseRequest.id)
    ).all()


def list_open_of_organisation(session: Session, organisation_id: int) -> Sequence[ExpertiseRequest]:
    """Return the requests of an organisation that have not ended."""
    return session.scalars(
        sa.select(ExpertiseRequest)
        .where(ExpertiseRequest.organisation_id == organisation_id, _is_open())
        .order_by(ExpertiseRequest.id)
    ).all()


def list_references(session: Session, account: Account) -> set[str]:
    """Return by which references people speak of the requests of somebody and of colleagues."""
    of_colleagues = sa.and_(
        ExpertiseRequest.organisation_id == account.organisation_id,
        ExpertiseRequest.organisation_id.is_not(None),
    )
    own = sa.or_(ExpertiseRequest.requester_id == account.id, of_colleagues)
    numbers = session.scalars(sa.select(ExpertiseRequest.id).where(own))
    return set(map(reference_of, numbers))


def _is_open() -> sa.ColumnElement[bool]:
    return ExpertiseRequest.state.not_in(rules.ENDED)


def _says(search: str) -> sa.ColumnElement[bool]:
    """Return the condition that a request, joined to its owner, is found by words."""
    return finds(
        search, ExpertiseRequest.search_text, Account.search_text, number=ExpertiseRequest.id
    )


def count_by_theme(session: Session) -> dict[str, int]:
    """Return, by theme, how many requests name it, drafts and ended ones too."""
    rows = session.execute(
        sa.select(RequestTheme.theme_code, sa.func.count()).group_by(RequestTheme.theme_code)
    )
    return dict(rows.all())


def list_open(session: Session, *, texts: bool = True) -> Sequence[ExpertiseRequest]:
    """Return the requests that were sent in and have not ended, oldest first, in a list that shows
    no `texts` without them."""
    return session.scalars(
        sa.select(ExpertiseRequest)
        .where(_is_open(), ExpertiseRequest.submitted_at.is_not(None))
        .options(*WITH_OWNER, *(() if texts else WITHOUT_TEXTS))
        .order_by(ExpertiseRequest.id)
    ).all()
