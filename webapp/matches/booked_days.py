"""The days that missions take of experts, as far as a reader may know of them.

Nothing counts that was asked for by whoever reads it: a load that grows would tell them who is
considered.
"""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from webapp.core.actor import Actor
from webapp.expertise_requests.asking import asked_for
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.matches.models import BookedDay, Match


def not_asked_by(reader: Actor) -> sa.ColumnElement[bool]:
    """Return the condition for matches of requests by which this person does not ask."""
    return Match.request_id.not_in(asked_for(reader))


def in_year(year: int) -> sa.ColumnElement[bool]:
    """Return the condition for the days of a year."""
    return BookedDay.day.between(date(year, 1, 1), date(year, 12, 31))


def taken_in_year(reader: Actor, year: int, *conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Return what selects, by expert, how many `days` of a year missions take; nobody without any.

    Of days that are only kept free, because a request needs some of them, those needed count, each
    year's share of them.
    """
    booked, needed = sa.func.count(), ExpertiseRequest.days_needed
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
        .where(not_asked_by(reader), in_year(year), *conditions)
        .group_by(BookedDay.expert_id, BookedDay.match_id, needed)
        .subquery()
    )
    total = sa.func.sum(each.c.days).label("days")
    return sa.select(each.c.expert_id, total).group_by(each.c.expert_id)


def by_expert(
    reader: Actor, wanted: sa.ColumnElement[Any], *conditions: sa.ColumnElement[bool]
) -> sa.Select[Any]:
    """Return what selects, by expert, something of the booked days; nobody without any."""
    return (
        sa.select(BookedDay.expert_id, wanted)
        .join(BookedDay.match)
        .where(not_asked_by(reader), *conditions)
        .group_by(BookedDay.expert_id)
    )
