"""The days that missions take of experts, as far as a reader may know of them.

Nothing counts that was asked for by whoever reads it: a load that grows would tell them who is
considered.
"""

from datetime import date
from typing import Any

import sqlalchemy as sa

from webapp.core.actor import Actor
from webapp.expertise_requests.asking import asked_for
from webapp.matches.models import BookedDay, Match


def not_asked_by(reader: Actor) -> sa.ColumnElement[bool]:
    """Return the condition for matches of requests by which this person does not ask."""
    return Match.request_id.not_in(asked_for(reader))


def in_year(year: int) -> sa.ColumnElement[bool]:
    """Return the condition for the days of a year."""
    return BookedDay.day.between(date(year, 1, 1), date(year, 12, 31))


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
