"""What a button of an older page does not do again.

A workflow refuses a step whose state has gone. Where a colleague has undone the step meanwhile, the
state is the old one again, and the button of a page from before would count as a new decision, made
without what has happened since. So a page says how far the log went when it was drawn, and if the
log has a step of the same thing after that, no other is taken from there.

A step is known as such when it is recorded, after it has changed its thing. So nothing of what was
sent can be kept where one was refused, whoever has caught the refusal: `transactions.py` asks.
"""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask, g, request
from sqlalchemy.orm import Session

from webapp.core import audit, ciphers, clock, workflow_registry
from webapp.core.audit import Action, AuditEvent, AuditHead
from webapp.core.db import Base, db
from webapp.core.errors import DoneSinceError
from webapp.core.translation import _
from webapp.core.unit_of_work import UnitOfWork

# The name of the hidden field in which a form says how far the log went.
DRAWN_AT = "drawn_at"
# Besides the steps of workflows: what a colleague can undo, so that it can be done again.
UNDONE_BY_COLLEAGUES = frozenset(
    {
        Action.ACCOUNT_DISABLED,
        Action.ACCOUNT_REACTIVATED,
        Action.INVITATION_REVOKED,
        Action.ROLES_CHANGED,
        Action.PROFILE_CONSENTED,
        Action.MEMBER_ADDED,
        Action.MEMBER_REMOVED,
        Action.THEME_RETIRED,
        Action.THEME_OFFERED,
        Action.SYNONYM_ADDED,
        Action.ITEM_DONE,
        Action.ITEM_LEFT_OUT,
        Action.ITEM_REOPENED,
        Action.RISK_ACCEPTED,
        Action.REQUEST_HANDED,
        Action.REQUEST_TAKEN_OVER,
        Action.REPORT_GIVEN_BACK,
        Action.CONSIDERATIONS_CHANGED,
        Action.PASSAGE_COUNTED,
        Action.PASSAGE_SET_ASIDE,
    }
)
DONE_SINCE = _(
    "A step was taken here after you opened the page. Here is how it stands now: please decide"
    " anew."
)
# By these an event tells of what it is besides its subject: an organisation has many members, a
# theme has a code for a number, a request many passages, and what a step begins is a new row.
TELLING = ("account_id", "code", "digest", "expert_id", "section", "wording")
# No session lasts longer, so no page can be sent after that.
OPEN_FOR = timedelta(days=30)
REFUSED = "refused_by_older_page"


def sent_position() -> int | None:
    """Return how far the log went when the page was drawn whose form was sent, if it says so."""
    sent = request.form.get(DRAWN_AT)
    number = sent and ciphers.decrypt(
        sent.encode("utf-8", "replace"),
        secrets=ciphers.installed_secrets(),
        purpose=DRAWN_AT,
        now=clock.now(),
        lifetime=OPEN_FOR,
    )
    return int(number) if number else None


def refuse_what_was_caught(session: Session) -> None:
    """Refuse to commit what goes on after a refusal, of which half would be stored."""
    if refusal := session.info.get(REFUSED):
        raise refusal


def forget(session: Session) -> None:
    """Drop the refusal of a transaction that will not commit."""
    session.info.pop(REFUSED, None)


def _drawn_at() -> str:
    """Return the number of the latest event, which a page says that it was drawn after.

    Nobody else can read it: it would tell people how much goes on beside them.
    """
    if DRAWN_AT not in g:
        number = db.session.scalar(sa.select(AuditHead.event_id).where(AuditHead.id == 1))
        g.drawn_at = ciphers.encrypt(
            str(number), secrets=ciphers.installed_secrets(), purpose=DRAWN_AT, now=clock.now()
        ).decode()
    said: str = g.drawn_at
    return said


def _refuse_again(event: AuditEvent, *, work: UnitOfWork, subject: Base | type[Base]) -> None:
    """Refuse what was done with the same thing since the page was drawn."""
    if work.drawn_at is None or work.actor.is_platform or isinstance(subject, type):
        return
    workflow = workflow_registry.workflow_of(event.action)
    # Of a workflow any decision since then has changed what is decided on now.
    steps = workflow.actions() if workflow else {}
    decided = {name for name, step in steps.items() if step.is_decided}
    if event.action not in UNDONE_BY_COLLEAGUES | decided:
        return
    with work.session.no_autoflush:
        since = work.session.scalars(
            sa.select(AuditEvent).where(
                AuditEvent.action.in_(decided or {event.action}), AuditEvent.id > work.drawn_at
            )
        ).all()
    begun = event.action in decided and not steps[event.action].sources
    number = None if begun else getattr(subject, "id", None)
    if any(_is_same(one, event, number, exactly=begun or not steps) for one in since):
        refusal = work.session.info[REFUSED] = DoneSinceError(DONE_SINCE)
        raise refusal


def _is_same(one: AuditEvent, event: AuditEvent, number: int | None, *, exactly: bool) -> bool:
    """Tell whether two events are of the same thing.

    What is begun is a new row each time, without a `number` of before: it is known by what else is
    told of it. An act that is no step has to be the same in that as well.
    """
    told = _told(event)
    if exactly and (_told(one) != told or (number is None and not any(told))):
        return False
    return number is None or one.subject_id == number


def _told(event: AuditEvent) -> tuple[Any, ...]:
    return event.request_id, *(event.details.get(name) for name in TELLING)


def init_app(app: Flask) -> None:
    """Let the forms of pages say when they were drawn, and refuse what was done since."""
    app.jinja_env.globals["drawn_at"] = _drawn_at
    audit.recorded.connect(_refuse_again)
