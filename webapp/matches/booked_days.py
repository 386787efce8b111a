"""The days that missions take of experts, as far as a reader may know of them.

Nothing counts that was asked for by whoever reads it: a load that grows would tell them who is
considered.
"""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from webapp.core.actor import Actor
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.expertise_requests.queries import ASKED_FOR, asked_for
from webapp.matches.models import BookedDay, Match

# The condition for matches of requests by which the reader does not ask, in statements that are put
# together once (`reader_of` gives them the reader), and what tells those which year is meant.
NOT_ASKED = Match.request_id.not_in(ASKED_FOR)
FIRST, LAST = (
    sa.bindparam("first_of_year", type_=sa.Date),
    sa.bindparam("last_of_year", type_=sa.Date),
)


def not_asked_by(reader: Actor) -> sa.ColumnElement[bool]:
    """Return the condition for matches of requests by which this person does not ask."""
    return Match.request_id.not_in(asked_for(reader))


def days_of_year(year: int) -> dict[str, date]:
    """Return what tells a statement with `FIRST` and `LAST` which year is meant."""
    return {FIRST.key: date(year, 1, 1), LAST.key: date(year, 12, 31)}


def in_year(year: int) -> sa.ColumnElement[bool]:
    """Return the condition for the days of a year."""
    first, last = days_of_year(year).values()
    return BookedDay.day.between(first, last)


def taken(*conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Return what selects, by expert, how many `days` missions take of those that fit; nobody
    without any.

    Of days that are only kept free, because a request needs some of them, those needed count, the
    share of them that fits. A mission that was moved takes all of its days.
    """
    booked = sa.func.count()
    needed = sa.case((ExpertiseRequest.moved_start.is_(None), ExpertiseRequest.days_needed))
    other = aliased(BookedDay)
    whole = (
        sa.select(sa.func.count())
        .where(other.match_id == BookedDay.match_id, other.expert_id == BookedDay.expert_id)
        .correlate(BookedDay)
        .scalar_subquery()
    )
    # The nearest whole number: all are whole, and so is what the databases make of dividing them.
    share = (2 * needed * booked + whole) // (2 * whole)
    each = (
        sa.select(
            BookedDay.expert_id,
            sa.case((needed < whole, share), else_=booked).label("days"),
        )
        .join(BookedDay.match)
        .join(Match.request)
        .where(*conditions)
        .group_by(BookedDay.expert_id, BookedDay.match_id, needed)
        .subquery()
    )
    total = sa.func.sum(each.c.days).label("days")
    return sa.select(each.c.expert_id, total).group_by(each.c.expert_id)


def taken_in_year(reader: Actor, year: int) -> sa.Select[Any]:
    """Return what selects, by expert, how many `days` of a year missions take, as the reader may
    know."""
    return taken(not_asked_by(reader), in_year(year))


def by_expert(wanted: sa.ColumnElement[Any], *conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Return what selects, by expert, something of the booked days that the reader may know of;
    nobody without any."""
    return (
        sa.select(BookedDay.expert_id, wanted)
        .join(BookedDay.match)
        .where(NOT_ASKED, *conditions)
        .group_by(BookedDay.expert_id)
    )
