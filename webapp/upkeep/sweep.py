"""What is due on the roster by the time that has passed; a job of every minute, safe to repeat."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.db import db, lock
from webapp.core.transactions import one_sweep
from webapp.core.unit_of_work import UnitOfWork
from webapp.experts.models import Expert
from webapp.messages.queries import find_said
from webapp.platform_settings.queries import get_settings
from webapp.upkeep import operations, queries
from webapp.upkeep.rules import (
    BEFORE_CERTIFICATE_ENDS,
    BEFORE_END,
    BEFORE_REST,
    months_ago,
)

Act = Callable[[UnitOfWork], object]
Find = Callable[..., Sequence[Expert]]


@dataclass(frozen=True)
class Due:
    """What is done with experts of whom something is due, and how they are found."""

    find: Find
    do: Callable[[UnitOfWork, Expert], object]

    def acts(self, people: Iterable[Expert]) -> Iterator[Act]:
        """Yield what is to be done with each of them."""
        return map(self.act, people)

    def act(self, expert: Expert) -> Act:
        """Return what is to be done with one of them."""
        return partial(self._do_if_due, expert=expert)

    def _do_if_due(self, work: UnitOfWork, expert: Expert) -> None:
        """Do it if it is still due when nobody else works with the profile: what its owner has said
        while others were waited for counts."""
        # In the order in which erasing takes them, or each could wait for the other.
        lock(work.session, *filter(None, [expert.account]), expert)
        if self.find(work.session, only=expert.id):
            self.do(work, expert)


def run_due() -> int:
    """Do all that is due and return how much there was; call it in an application context.

    What is due is looked up before anybody waits for a writer, and anew when it is our turn.
    """
    due = sum(1 for _act in _find(db.session, clock.now()))
    db.session.rollback()
    if not due:
        return 0
    with one_sweep("upkeep") as session:
        work = UnitOfWork(session, SYSTEM, clock.now())
        acts = list(_find(session, work.now))
        for act in acts:
            act(work)
        return len(acts)


def _find(session: Session, now: datetime) -> Iterator[Act]:
    settings, today = get_settings(session), now.date()
    lapsed = months_ago(now, settings.dormant_after_months)
    asked_before = months_ago(now, settings.ask_every_months)
    beginning = Due(partial(queries.list_beginning, today=today), operations.let_begin)
    expired = Due(partial(queries.list_expired, today=today), operations.let_expire)
    resting = Due(partial(queries.list_lapsed, before=lapsed, today=today), operations.let_rest)
    to_ask = Due(partial(queries.list_to_ask, before=asked_before, lapsed=lapsed), operations.ask)
    begun = beginning.find(session)
    yield from beginning.acts(begun)
    # Who comes back by an approval, or has expired, is not looked at for anything else.
    ended = [one for one in expired.find(session) if one not in begun]
    yield from expired.acts(ended)
    yield from resting.acts(one for one in resting.find(session) if one not in ended)
    yield from _reminders(session, now, settings.dormant_after_months)
    yield from to_ask.acts(one for one in to_ask.find(session) if one not in ended)


def _reminders(session: Session, now: datetime, months: int) -> Iterator[Act]:
    """Yield the reminders that are due and were not said yet."""
    found: dict[str, Act] = {}
    today, lapsed = now.date(), months_ago(now, months)

    def soon(days: int) -> Find:
        before = lapsed + timedelta(days=days)
        return partial(queries.list_confirmed_before, before=before, since=lapsed)

    def ending(days: int) -> Find:
        return partial(queries.list_ending, today=today, by=today + timedelta(days=days))

    for days, expert in _nearest(session, BEFORE_REST, soon):
        day = operations.day_of_rest(expert, months)
        key = f"dormant:{expert.id}:{day:%Y-%m-%d}:{days}"
        say = partial(operations.remind_of_rest, day=day, days_before=days)
        found[key] = Due(soon(days), say).act(expert)
    for days, expert in _nearest(session, BEFORE_END, ending):
        if (end := expert.approved_until) is not None:
            key = f"approval:{expert.id}:{end:%Y-%m-%d}:{days}"
            say = partial(operations.remind_of_end, day=end, days_before=days)
            found[key] = Due(ending(days), say).act(expert)
    by = today + timedelta(days=BEFORE_CERTIFICATE_ENDS)
    for row in queries.list_certificates(session, today, by):
        found[f"certificate:{row.id}:{row.expires:%Y-%m-%d}"] = partial(
            operations.remind_of_certificate, row=row
        )
    said = find_said(session, sorted(found))
    yield from (act for key, act in found.items() if key not in said)


def _nearest(
    session: Session, before: Iterable[int], find: Callable[[int], Find]
) -> Iterator[tuple[int, Expert]]:
    """Yield each expert of whom something ends within some days, with the fewest such days: of two
    reminders that are due at once the later one says all."""
    met: set[int] = set()
    for days in sorted(before):
        for expert in find(days)(session):
            if expert.id not in met:
                met.add(expert.id)
                yield days, expert
