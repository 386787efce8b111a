"""Reminders of answers that are awaited: one before the day, one after it, each once.

The packages that ask people for answers say here what waits (`keep`); what a reminder says is
theirs. Its key names the day, so that a day set anew is reminded of anew.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from flask import Flask, current_app
from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.db import Base, db
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.sweeps import do_in_portions
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.workflows.workflow import Owners
from webapp.messages import operations, queries
from webapp.messages.letters import Letter

# So long before the day the first reminder leaves.
BEFORE = timedelta(days=1)


@dataclass(frozen=True)
class Reminder:
    """What is said once of `subject`: to whom, and what; `office` is told to the coordinators.

    `owners` says whose own it is: nobody of them is told as a coordinator.
    """

    subject: Base
    request_id: int
    key: str
    account_id: int | None
    letter: Letter
    owners: Owners
    office: Letter | None = None


# Finds them on a day, of all requests or of one.
Source = Callable[[Session, date, int | None], Iterable[Reminder]]


def init_app(app: Flask) -> None:
    """Begin with nothing that waits."""
    app.extensions["reminders"] = []


def keep(app: Flask, source: Source) -> None:
    """Remind of what `source` finds waiting on a day: what is due on `BEFORE` that day or was."""
    app.extensions["reminders"].append(source)


def key_of(subject: Base, number: int, reply_by: date, today: date) -> str:
    """Return the key under which a thing is reminded of on this day."""
    moment = "after" if reply_by < today else "before"
    return f"reminder:{subject.__tablename__}:{number}:{reply_by:%Y-%m-%d}:{moment}"


def send_due() -> int:
    """Write the reminders that are due, each once; call it in an application context."""
    sources: Sequence[Source] = current_app.extensions["reminders"]
    # By requests, each once: what they are about is looked up anew when it is their turn.
    due = {
        (source, reminder.request_id): None
        for source in sources
        for reminder in _find_unsaid(db.session, source)
    }
    db.session.rollback()
    acts = (partial(_send_of, source=source, request_id=number) for source, number in due)
    return do_in_portions("reminders", acts)


def _find_unsaid(
    session: Session, source: Source, request_id: int | None = None
) -> Sequence[Reminder]:
    found = list(source(session, clock.today(), request_id))
    said = queries.find_said(session, [reminder.key for reminder in found])
    return [reminder for reminder in found if reminder.key not in said]


def _send_of(work: UnitOfWork, source: Source, request_id: int) -> int:
    """Send what is due still of a request: what was answered meanwhile needs no reminder."""
    unsaid = _find_unsaid(work.session, source, request_id)
    return sum(_send(work, reminder) for reminder in unsaid)


def _send(work: UnitOfWork, reminder: Reminder) -> bool:
    if not operations.say_once(work, reminder.key):
        return False
    operations.queue(work, reminder.account_id, reminder.letter)
    if reminder.office:
        operations.tell_coordinators(work, reminder.office, reminder.owners)
    audit.record(work, Action.REMINDED, reminder.subject, request_id=reminder.request_id)
    return True
