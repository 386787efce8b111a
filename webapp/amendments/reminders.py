"""Reminders of changes of terms of reference that wait for a requester."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy.orm import Session

from webapp.amendments import queries
from webapp.amendments.models import Amendment
from webapp.core.words.translation import _
from webapp.expertise_requests.reminders import LATE, NO_ANSWER, SOON
from webapp.expertise_requests.rules import account_told, owners_of
from webapp.expertise_requests.telling import about, facts_of
from webapp.messages.letters import Letter
from webapp.messages.reminders import BEFORE, Reminder, key_of


def find_unanswered(session: Session, today: date, only: int | None = None) -> Iterator[Reminder]:
    """Yield the reminders of changes that are due on a day."""
    for amendment in queries.list_awaited(session, today + BEFORE, only=only):
        if amendment.reply_by is not None:
            yield _remind(amendment, amendment.reply_by, today)


def _remind(amendment: Amendment, day: date, today: date) -> Reminder:
    request, over = amendment.request, day < today
    facts = {**facts_of(request), "day": day}
    reference = {"reference": request.reference}
    path = f"/requests/{request.id}/amendments/{amendment.id}"
    letter = Letter(
        (LATE if over else SOON) % reference,
        _("SEESAC proposes to change “%(title)s”. Please agree or refuse.") % facts,
        path,
        about(request),
        reply_by=None if over else day,
    )
    told = Letter(
        NO_ANSWER % reference,
        _("%(requester)s has not answered by %(day)s to the change of “%(title)s”.") % facts,
        path,
        about(request),
    )
    return Reminder(
        amendment,
        request.id,
        key_of(amendment, amendment.id, day, today),
        account_told(request),
        letter,
        owners_of(request),
        told if over else None,
    )
