"""Reminders of requests that were returned and not yet corrected."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy.orm import Session

from webapp.core.words.translation import Message, _
from webapp.expertise_requests import queries
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.rules import account_told, owners_of
from webapp.expertise_requests.telling import about, facts_of
from webapp.messages.letters import Letter
from webapp.messages.reminders import BEFORE, Reminder, key_of

SOON = _("%(reference)s still waits for you")
LATE = _("%(reference)s has waited for you too long")
NO_ANSWER = _("%(reference)s: there is no answer")


def find_returned(session: Session, today: date, only: int | None = None) -> Iterator[Reminder]:
    """Yield the reminders of returned requests that are due on a day."""
    for request in queries.list_awaited(session, RequestState.RETURNED, today + BEFORE, only=only):
        yield remind_requester(
            request,
            today,
            _("“%(title)s” waits for your correction. After %(day)s SEESAC may ask you about it."),
            _("“%(title)s” has not been corrected by %(day)s. Please correct or withdraw it."),
            _("%(requester)s has not corrected “%(title)s” by %(day)s. Please ask them."),
            path=f"/requests/{request.id}",
        )


def remind_requester(
    request: ExpertiseRequest, today: date, soon: Message, late: Message, office: Message, path: str
) -> Reminder:
    """Return the reminder of a request that waits for its writer: `soon` before the day, or `late`.

    After the day the coordinators are told, too: what `office` says.
    """
    day = request.reply_by
    if day is None:
        raise ValueError(f"{request.reference} waits for nobody by a day")
    facts = {**facts_of(request), "day": day}
    reference = {"reference": request.reference}
    over = day < today
    letter = Letter(
        (LATE if over else SOON) % reference,
        (late if over else soon) % facts,
        path,
        about(request),
        reply_by=None if over else day,
    )
    told = Letter(NO_ANSWER % reference, office % facts, f"/requests/{request.id}", about(request))
    return Reminder(
        request,
        request.id,
        key_of(request, request.id, day, today),
        account_told(request),
        letter,
        owners_of(request),
        told if over else None,
    )
