"""The order in which a coordinator has seen a ranking, kept until they come back to it.

Of each coordinator and request two looks are kept at most, with the first places of each: the last
one of the visit before, with which a page is compared, and that of the present visit. They end with
the request, and a person who is erased leaves them (decision 152).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from webapp.core.unit_of_work import UnitOfWork
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Expert, ExpertState
from webapp.matches import rules
from webapp.matches.models import RankingLook, SeenPlace

# Whoever comes back sooner is still looking, and has not forgotten what stood where.
PAUSE = timedelta(hours=1)
# Hardly anybody reads further down.
PLACES = 50


@dataclass(frozen=True)
class Seen:
    """When somebody looked at a ranking, and the first places of it then, by expert."""

    at: datetime
    places: Mapping[int, int]


def find_former(session: Session, account_id: int, request_id: int, now: datetime) -> Seen | None:
    """Return how a ranking stood at the end of somebody's visit before; None for a first one."""
    before, _present = _list_looks(session, account_id, request_id, now)
    if not before:
        return None
    return Seen(before[-1].at, {row.expert_id: row.place for row in before[-1].places})


def keep(work: UnitOfWork, request_id: int, order: Sequence[int]) -> None:
    """Keep in which order somebody has just seen the experts of a ranking, the first ones of it.

    Rows are held in the order of those who change them: the request, and then the experts.
    """
    session, account_id = work.session, work.actor.id
    wanted = sa.select(ExpertiseRequest.state).where(ExpertiseRequest.id == request_id)
    state = session.scalar(wanted.with_for_update(read=True, key_share=True))
    if account_id is None or state not in rules.MATCHABLE:
        return
    before, present = _list_looks(session, account_id, request_id, work.now)
    if present and [row.expert_id for row in present[-1].places] == list(order[:PLACES]):
        present[-1].at = work.now
        return
    for old in (*before[:-1], *present):
        session.delete(old)
    look = RankingLook(account_id=account_id, request_id=request_id, at=work.now)
    session.add(look)
    session.flush()
    there = _hold_those_there(session, order[:PLACES])
    look.places = [
        SeenPlace(expert_id=number, place=place)
        for place, number in enumerate(order[:PLACES], start=1)
        if number in there
    ]


def forget(request: ExpertiseRequest, *, work: UnitOfWork, **_facts: object) -> None:
    """Forget who was seen where on the ranking of a request that has ended."""
    work.session.execute(sa.delete(RankingLook).where(RankingLook.request_id == request.id))


def _list_looks(
    session: Session, account_id: int, request_id: int, now: datetime
) -> tuple[list[RankingLook], list[RankingLook]]:
    """Return the looks of former visits and those of the present one, each the oldest first."""
    rows = session.scalars(
        sa.select(RankingLook)
        .where(RankingLook.account_id == account_id, RankingLook.request_id == request_id)
        .options(selectinload(RankingLook.places))
        .order_by(RankingLook.at, RankingLook.id)
    ).all()
    before = [row for row in rows if row.at <= now - PAUSE]
    return before, [row for row in rows if row not in before]


def _hold_those_there(session: Session, expert_ids: Sequence[int]) -> set[int]:
    """Return which of these experts are there; none of them is erased before this is stored."""
    there = (
        sa.select(Expert.id)
        .where(Expert.id.in_(expert_ids), Expert.state != ExpertState.ERASED)
        .order_by(Expert.id)
        .with_for_update(read=True)
    )
    return set(session.scalars(there))
