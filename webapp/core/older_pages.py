"""What a button of an older page does not do again.

A workflow refuses a step whose state has gone. Where a colleague has undone the step meanwhile, the
state is the old one again, and the button of a page from before would count as a new decision, made
without what has happened since. So a page says how far the log went when it was drawn, and what the
log says was done with the same thing after that is not done once more from there.
"""

import re
from typing import Any

import sqlalchemy as sa
from flask import Flask, g, request

from webapp.core import audit, workflow_registry
from webapp.core.audit import Action, AuditEvent, AuditHead
from webapp.core.db import Base, db
from webapp.core.errors import ConflictError
from webapp.core.translation import _
from webapp.core.unit_of_work import UnitOfWork

# The name of the hidden field in which a form says how far the log went.
DRAWN_AT = "drawn_at"
# Besides the steps of workflows: what a colleague can undo, so that it can be done again.
UNDONE_BY_COLLEAGUES = frozenset(
    {
        Action.ACCOUNT_DISABLED,
        Action.ACCOUNT_REACTIVATED,
        Action.MEMBER_ADDED,
        Action.MEMBER_REMOVED,
        Action.THEME_RETIRED,
        Action.THEME_OFFERED,
        Action.ITEM_DONE,
        Action.ITEM_LEFT_OUT,
        Action.ITEM_REOPENED,
        Action.RISK_ACCEPTED,
    }
)
DONE_SINCE = _(
    "This was done already after you opened the page, and has been undone since. Here is how it"
    " stands now: please decide anew."
)


def sent_position() -> int | None:
    """Return how far the log went when the page was drawn whose form was sent, if it says so."""
    sent = request.form.get(DRAWN_AT, "")
    return int(sent) if re.fullmatch("[0-9]{1,18}", sent) else None


def _drawn_at() -> int:
    """Return the number of the latest event, which a page says that it was drawn after."""
    if DRAWN_AT not in g:
        g.drawn_at = db.session.scalar(sa.select(AuditHead.event_id).where(AuditHead.id == 1))
    number: int = g.drawn_at
    return number


def _refuse_again(event: AuditEvent, *, work: UnitOfWork, subject: Base | type[Base]) -> None:
    """Refuse, with a ConflictError, what was done with the same thing since the page was drawn."""
    if work.drawn_at is None or work.actor.is_platform or not _can_be_undone(event):
        return
    if isinstance(subject, type):
        return
    with work.session.no_autoflush:
        since = work.session.scalars(
            sa.select(AuditEvent).where(
                AuditEvent.subject == event.subject,
                AuditEvent.subject_id == getattr(subject, "id", None),
                AuditEvent.action == event.action,
                AuditEvent.id > work.drawn_at,
            )
        ).all()
    if any(_tells_of(one) == _tells_of(event) for one in since):
        raise ConflictError(DONE_SINCE)


def _can_be_undone(event: AuditEvent) -> bool:
    return (
        event.action in UNDONE_BY_COLLEAGUES or event.action in workflow_registry.steps_by_action()
    )


def _tells_of(event: AuditEvent) -> tuple[Any, ...]:
    """Return of whom or what an event tells besides the number of its subject.

    An organisation has many members, and a theme has a code for a number.
    """
    return event.details.get("account_id"), event.details.get("code")


def init_app(app: Flask) -> None:
    """Let the forms of pages say when they were drawn, and refuse what was done since."""
    app.jinja_env.globals["drawn_at"] = _drawn_at
    audit.recorded.connect(_refuse_again)
