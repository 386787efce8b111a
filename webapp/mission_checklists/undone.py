"""A thing that was seen to and is open again: when it was done, and why it is not any more."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.words.translation import Message, _
from webapp.mission_checklists.models import Item, ItemState

DONE = frozenset({Action.ITEM_DONE, Action.RISK_ACCEPTED})
# What the log holds of why something that was done is open again.
OTHER_DAYS, OTHER_TERMS = "days", "terms"
WHY: dict[str, Message] = {
    OTHER_DAYS: _("The mission has other days."),
    OTHER_TERMS: _("The terms of reference have changed."),
}


@dataclass(frozen=True)
class Undone:
    """On which day a thing had been seen to, on which it was opened again, and why."""

    done_on: date
    opened_on: date
    why: Message | None


def find(session: Session, item: Item | None) -> Undone | None:
    """Return how a thing came to be open again, if it was seen to before."""
    if item is None or item.state is not ItemState.OPEN:
        return None
    events = session.scalars(
        sa.select(AuditEvent)
        .where(
            AuditEvent.subject == Item.__tablename__,
            AuditEvent.subject_id == item.id,
            AuditEvent.action.in_(DONE | {Action.ITEM_REOPENED}),
        )
        .order_by(AuditEvent.id.desc())
        .limit(2)
    ).all()
    if len(events) < 2 or events[1].action not in DONE:
        return None
    opened, done = events
    why = WHY.get(opened.details.get("because", ""))
    return Undone(done.at.date(), opened.at.date(), why)
