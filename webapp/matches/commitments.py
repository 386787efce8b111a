"""What experts have been, are and will be taken up by, besides one request.

A page of a ranking asks for all of it, so the statements are put together once: that takes longer
than to answer them.
"""

from collections.abc import Collection
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from webapp.core.actor import Actor
from webapp.expertise_requests import rules as request_rules
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.expertise_requests.queries import reader_of
from webapp.matches import departures, rules
from webapp.matches.booked_days import FIRST, LAST, NOT_ASKED, by_expert, days_of_year, taken
from webapp.matches.models import BookedDay, Match, MatchState
from webapp.matches.workflow import OPEN

# What each of the statements is told.
_EXPERTS: sa.BindParameter[Any] = sa.bindparam("experts", expanding=True)
_BESIDES: sa.BindParameter[Any] = sa.bindparam("besides")


def get_last_days(
    session: Session, actor: Actor, expert_ids: Collection[int], before: date, *, besides: int
) -> dict[int, date]:
    """Return, by expert, the last day before another that a match has taken.

    Those of the request `besides` are left out; experts without any are, too.
    """
    facts = {"experts": list(expert_ids), "before": before, "besides": besides}
    return dict(session.execute(_last_days(), facts | reader_of(actor)).all())


@cache
def _last_days() -> sa.Select[Any]:
    return by_expert(
        sa.func.max(BookedDay.day),
        BookedDay.expert_id.in_(_EXPERTS),
        BookedDay.day < sa.bindparam("before"),
        Match.request_id != _BESIDES,
    )


def count_coming(
    session: Session, actor: Actor, expert_ids: Collection[int], today: date
) -> dict[int, int]:
    """Return, by expert, for how many requests days that are still to come are booked."""
    chosen = by_expert(
        sa.func.count(BookedDay.match_id.distinct()),
        BookedDay.expert_id.in_(expert_ids),
        BookedDay.day >= today,
    )
    return dict(session.execute(chosen, reader_of(actor)).all())


def count_days_taken(
    session: Session, actor: Actor, expert_ids: Collection[int], year: int
) -> dict[int, int]:
    """Return, by expert, how many days of a year approved matches have taken."""
    facts = {"experts": list(expert_ids), **days_of_year(year)}
    return dict(session.execute(_days_taken(), facts | reader_of(actor)).all())


@cache
def _days_taken() -> sa.Select[Any]:
    of_year = BookedDay.day.between(FIRST, LAST)
    return taken(NOT_ASKED, of_year, BookedDay.expert_id.in_(_EXPERTS))


def list_elsewhere(
    session: Session, actor: Actor, expert_ids: Collection[int], *, besides: int
) -> list[Match]:
    """Return the matches of other requests in which these experts still are, latest first.

    Requests that the actor asks for are left out, and so are missions that somebody is selected
    for: their days are booked, and count in the load.
    """
    rows = session.scalars(
        sa.select(Match)
        .where(
            Match.expert_id.in_(expert_ids),
            Match.state.in_(OPEN - {MatchState.SELECTED}),
            Match.request_id != besides,
        )
        .options(selectinload(Match.request))
        .order_by(Match.id.desc())
    )
    return [match for match in rows if not request_rules.is_asking(actor, match.request)]


def list_missions_before(
    session: Session, actor: Actor, expert_ids: Collection[int], before: date
) -> list[Match]:
    """Return the missions on which these experts were and that were over by a day, latest first."""
    last = sa.func.max(BookedDay.day)
    rows = session.scalars(
        sa.select(Match)
        .join(Match.booked_days)
        .where(Match.expert_id.in_(expert_ids), Match.state == MatchState.SELECTED)
        .group_by(Match.id)
        .having(last < before)
        .options(selectinload(Match.request))
        .order_by(last.desc(), Match.id)
    ).all()
    departed = departures.list_departed(session, [match.id for match in rows])
    return [
        match
        for match in rows
        if match.id in departed and not request_rules.is_asking(actor, match.request)
    ]


def count_missions(
    session: Session, actor: Actor, expert_ids: Collection[int], year: int, *, besides: int
) -> dict[int, int]:
    """Return how many missions that begin in a year are booked for each of these experts.

    That of the request `besides` is left out; experts without any are, too.
    """
    facts = {"experts": list(expert_ids), "besides": besides, **days_of_year(year)}
    return dict(session.execute(_missions(), facts | reader_of(actor)).all())


@cache
def _missions() -> sa.Select[int, int]:
    held = _days_held()
    return (
        sa.select(Match.expert_id, sa.func.count())
        .join(held, held.c.match_id == Match.id)
        .where(
            Match.expert_id.in_(_EXPERTS),
            Match.state.in_(rules.BOOKED),
            held.c.first.between(FIRST, LAST),
            Match.request_id != _BESIDES,
            NOT_ASKED,
        )
        .group_by(Match.expert_id)
    )


def list_said_yes(
    session: Session,
    actor: Actor,
    expert_ids: Collection[int],
    start: date,
    end: date,
    *,
    besides: int,
) -> list[Match]:
    """Return matches that these experts have said yes to, on days from `start` to `end`.

    Those of the request `besides` are left out, and those of requests that the actor asks for, who
    would read who is considered for them. Of a mission that was moved its own days count.
    """
    facts = {"experts": list(expert_ids), "besides": besides, "start": start, "end": end}
    rows = session.scalars(_said_yes(), facts)
    return [match for match in rows if not request_rules.is_asking(actor, match.request)]


@cache
def _said_yes() -> sa.Select[Match]:
    held = _days_held()
    first = sa.func.coalesce(held.c.first, ExpertiseRequest.first_day)
    last = sa.func.coalesce(held.c.last, ExpertiseRequest.last_day)
    return (
        sa.select(Match)
        .join(Match.request)
        .outerjoin(held, held.c.match_id == Match.id)
        .where(
            Match.expert_id.in_(_EXPERTS),
            Match.state.in_(rules.SAID_YES),
            Match.request_id != _BESIDES,
            first <= sa.bindparam("end"),
            last >= sa.bindparam("start"),
        )
        .options(selectinload(Match.request), selectinload(Match.booked_days))
        .order_by(first, Match.id)
    )


def _days_held() -> sa.Subquery:
    """Return the first and the last day that each match of these experts holds: they follow a
    mission that moves."""
    return (
        sa.select(
            BookedDay.match_id,
            sa.func.min(BookedDay.day).label("first"),
            sa.func.max(BookedDay.day).label("last"),
        )
        .where(BookedDay.expert_id.in_(_EXPERTS))
        .group_by(BookedDay.match_id)
        .subquery()
    )
