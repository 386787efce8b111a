"""What is due on the roster by the time that has passed; a job of every minute, safe to repeat."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.db import db, lock
from webapp.core.sweeps import Act, count_failed, do_in_portions
from webapp.core.unit_of_work import UnitOfWork
from webapp.experts.models import Expert
from webapp.messages.queries import find_said
from webapp.platform_settings.queries import get_settings
from webapp.upkeep import operations, queries
from webapp.upkeep.queries import Ending
from webapp.upkeep.rules import (
    AT_ONCE,
    BEFORE_CERTIFICATE_ENDS,
    BEFORE_END,
    BEFORE_REST,
    months_ago,
)

WORK = "upkeep"
Find = Callable[..., Sequence[Any]]


@dataclass(frozen=True)
class OfExpert:
    """What is to be done with one expert."""

    expert_id: int
    do: Act

    def __call__(self, work: UnitOfWork) -> int:
        """Do it, and return how much was done."""
        return self.do(work)


@dataclass(frozen=True)
class Due:
    """What is done with experts of whom something is due, and how they are found."""

    find: Find
    do: Callable[[UnitOfWork, Expert], object]

    def acts(self, people: Iterable[Expert]) -> Iterator[OfExpert]:
        """Yield what is to be done with each of them."""
        return (self.act(expert.id) for expert in people)

    def act(self, number: int) -> OfExpert:
        """Return what is to be done with one of them."""
        return OfExpert(number, partial(self._do_if_due, number=number))

    def _do_if_due(self, work: UnitOfWork, number: int) -> int:
        """Do it if it is still due when nobody else works with the profile: what its owner has said
        while others were waited for counts. Return whether it was."""
        expert = work.session.get(Expert, number)
        if expert is None or not self.find(work.session, only=number):
            return 0
        self.do(work, expert)
        return 1


def run_due() -> int:
    """Do what is due and return how much there was; call it in an application context.

    What is due is looked up before anybody waits for a writer, and anew when it is our turn.
    """
    acts = list(_find(db.session, clock.now()))
    db.session.rollback()
    return do_in_portions(WORK, acts, _lock_all)


def _lock_all(session: Session, acts: Sequence[OfExpert]) -> None:
    """Lock all that a portion is about before the first of it writes, in the order in which others
    lock several, or each could wait for the other."""
    wanted = sa.select(Expert).where(Expert.id.in_({act.expert_id for act in acts}))
    people = session.scalars(wanted.order_by(Expert.id)).all()
    accounts = [one.account for one in people if one.account]
    lock(session, *sorted(accounts, key=lambda one: one.id), *people)


def _find(session: Session, now: datetime) -> Iterator[OfExpert]:
    settings, today = get_settings(session), now.date()
    lapsed = months_ago(now, settings.dormant_after_months)
    asked_before = months_ago(now, settings.ask_every_months)
    # Those that fail take nobody else's place.
    most = AT_ONCE + count_failed(WORK)
    beginning = Due(partial(queries.list_beginning, today=today), operations.let_begin)
    expired = Due(partial(queries.list_expired, today=today), operations.let_expire)
    resting = Due(partial(queries.list_lapsed, before=lapsed, today=today), operations.let_rest)
    to_ask = Due(partial(queries.list_to_ask, before=asked_before, lapsed=lapsed), operations.ask)
    begun = beginning.find(session, most=most)
    yield from beginning.acts(begun)
    # Who comes back by an approval, or has expired, is not looked at for anything else.
    ended = [one for one in expired.find(session, most=most) if one not in begun]
    yield from expired.acts(ended)
    yield from resting.acts(one for one in resting.find(session, most=most) if one not in ended)
    yield from islice(_reminders(session, now, settings.dormant_after_months), most)
    yield from to_ask.acts(one for one in to_ask.find(session, most=most) if one not in ended)


def _reminders(session: Session, now: datetime, months: int) -> Iterator[OfExpert]:
    """Yield the reminders that are due and were not said yet."""
    found: dict[str, OfExpert] = {}
    today, lapsed = now.date(), months_ago(now, months)

    def soon(days: int) -> Find:
        before = lapsed + timedelta(days=days)
        return partial(queries.list_confirmed_before, before=before, since=lapsed)

    def ending(days: int) -> Find:
        return partial(queries.list_ending, today=today, by=today + timedelta(days=days))

    for days, one in _nearest(session, BEFORE_REST, soon):
        day = operations.day_of_rest(one, months)
        key = f"dormant:{one.id}:{day:%Y-%m-%d}:{days}"
        say = partial(operations.remind_of_rest, day=day, days_before=days)
        found[key] = Due(soon(days), say).act(one.id)
    for days, one in _nearest(session, BEFORE_END, ending):
        if (end := one.approved_until) is not None:
            key = f"approval:{one.id}:{end:%Y-%m-%d}:{days}"
            say = partial(operations.remind_of_end, day=end, days_before=days)
            found[key] = Due(ending(days), say).act(one.id)
    by = today + timedelta(days=BEFORE_CERTIFICATE_ENDS)
    for row in queries.list_certificates(session, today, by):
        remind = partial(_remind_of_certificate, number=row.id, today=today, by=by)
        found[f"certificate:{row.id}:{row.expires:%Y-%m-%d}"] = OfExpert(row.expert_id, remind)
    said = find_said(session, sorted(found))
    yield from (act for key, act in found.items() if key not in said)


def _remind_of_certificate(work: UnitOfWork, number: int, today: date, by: date) -> int:
    due = queries.list_certificates(work.session, today, by, only=number)
    for row in due:
        operations.remind_of_certificate(work, row)
    return len(due)


def _nearest(
    session: Session, before: Iterable[int], find: Callable[[int], Find]
) -> Iterator[tuple[int, Ending]]:
    """Yield each expert of whom something ends within some days, with the fewest such days: of two
    reminders that are due at once the later one says all."""
    met: set[int] = set()
    for days in sorted(before):
        for one in find(days)(session):
            if one.id not in met:
                met.add(one.id)
                yield days, one
