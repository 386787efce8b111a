"""The days of an expert that a match takes and gives back."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from webapp.core.errors import ConflictError
from webapp.core.record.disclosure import Named
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.formats import period_name
from webapp.core.words.translation import Deferred, Message, _
from webapp.expertise_requests import rules as request_rules
from webapp.expertise_requests.asking import asks
from webapp.experts.revisions import rank_anew
from webapp.matches import queries, rules
from webapp.matches.models import BookedDay, Match, MatchState


def book(work: UnitOfWork, match: Match, _before: MatchState) -> None:
    """Take the expert's days; the database refuses days already taken."""
    start, end = match.request.mission_days
    if start is None or end is None:
        raise ConflictError(_("The request has no dates, so no days can be booked."))
    _take(work, match, start, end)


def move(work: UnitOfWork, match: Match, start: date, end: date) -> None:
    """Hold these days instead of those that the match holds; refuses days of another mission."""
    match.booked_days.clear()
    work.session.flush()
    _take(work, match, start, end)


def hold_days_of_team(work: UnitOfWork, match: Match) -> None:
    """Hold the days of the mission for the request, where those of a member who was moved alone are
    held."""
    start, end = match.request.mission_days
    if start and end and rules.days_of(match) != (start, end):
        move(work, match, start, end)


def _take(work: UnitOfWork, match: Match, start: date, end: date) -> None:
    taken = queries.list_bookings(work.session, [match.expert_id], start, end)
    if taken:
        raise ConflictError(_already_taken(work, match, taken[0].match))
    days = rules.days_between(start, end)
    try:
        with work.session.begin_nested():
            work.session.execute(
                sa.insert(BookedDay),
                [{"expert_id": match.expert_id, "day": day, "match_id": match.id} for day in days],
            )
    except IntegrityError as error:
        # Another process approved this expert between our look and our write.
        raise ConflictError(_already_taken(work, match, None)) from error
    work.session.expire(match, ["booked_days"])
    rank_anew(work.session, match.expert)
    work.session.flush()


def _already_taken(work: UnitOfWork, match: Match, other: Match | None) -> Message:
    """Return why days cannot be booked, without a word of another request to those who may not read
    who is considered for it."""
    if request_rules.is_asking(work.actor, match.request):
        return _(
            "%(name)s cannot be held for the days of the request any more. Nothing was changed;"
            " please write to SEESAC.",
            name=Named.of(match.expert),
        )
    if other is None or asks(work.session, work.actor):
        return _(
            "%(name)s has just been approved for another mission on some of these days. Nothing"
            " was changed; please choose somebody else or other dates.",
            name=Named.of(match.expert),
        )
    return _(
        "%(name)s has just been approved for another mission on some of these days, for"
        " %(reference)s, %(period)s. Nothing was changed; please choose somebody else or other"
        " dates.",
        name=Named.of(match.expert),
        reference=other.request.reference,
        period=Deferred(period_name, *rules.days_of(other)),
    )


def free(work: UnitOfWork, match: Match, _before: MatchState) -> None:
    """Give the expert's days back; the next ranking sees it."""
    free_after(work, match, date.min)


def free_after(work: UnitOfWork, match: Match, last: date) -> None:
    """Give those days back that come after the `last` one; the next ranking sees it."""
    kept = [row for row in match.booked_days if row.day <= last]
    if len(kept) < len(match.booked_days):
        match.booked_days[:] = kept
        rank_anew(work.session, match.expert)
        work.session.flush()
