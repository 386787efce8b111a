"""What is due on the roster by the time that has passed; a job of every minute, safe to repeat."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.db import db
from webapp.core.transactions import one_sweep
from webapp.core.unit_of_work import UnitOfWork
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
    beginning = queries.list_beginning(session, today)
    for expert in beginning:
        yield partial(operations.let_begin, expert=expert)
    expired = [one for one in queries.list_expired(session, today) if one not in beginning]
    for expert in expired:
        yield partial(operations.let_expire, expert=expert)
    # Who has expired is not asked whether the profile is still true.
    ended = {expert.id for expert in expired}
    for expert in queries.list_lapsed(session, lapsed, today):
        if expert.id not in ended:
            yield partial(operations.let_rest, expert=expert)
    yield from _reminders(session, now, settings.dormant_after_months)
    asked_before = months_ago(now, settings.ask_every_months)
    for expert in queries.list_to_ask(session, asked_before, lapsed):
        if expert.id not in ended:
            yield partial(operations.ask, expert=expert)


def _reminders(session: Session, now: datetime, months: int) -> Iterator[Act]:
    """Yield the reminders that are due and were not said yet."""
    found: dict[str, Act] = {}
    today, lapsed = now.date(), months_ago(now, months)
    for days in sorted(BEFORE_REST):
        for expert in queries.list_confirmed_before(session, lapsed + timedelta(days=days), lapsed):
            day = operations.day_of_rest(expert, months)
            key = f"dormant:{expert.id}:{day:%Y-%m-%d}:{days}"
            found[key] = partial(
                operations.remind_of_rest, expert=expert, day=day, days_before=days
            )
    for days in sorted(BEFORE_END):
        for expert in queries.list_ending(session, today, today + timedelta(days=days)):
            end = expert.approved_until
            if end is not None:
                key = f"approval:{expert.id}:{end:%Y-%m-%d}:{days}"
                found[key] = partial(
                    operations.remind_of_end, expert=expert, day=end, days_before=days
                )
    by = today + timedelta(days=BEFORE_CERTIFICATE_ENDS)
    for row in queries.list_certificates(session, today, by):
        found[f"certificate:{row.id}:{row.expires:%Y-%m-%d}"] = partial(
            operations.remind_of_certificate, row=row
        )
    said = find_said(session, sorted(found))
    yield from (act for key, act in found.items() if key not in said)
