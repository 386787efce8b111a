"""What a button of an older page does not do again.

A workflow refuses a step whose state has gone. Where a colleague has undone the step meanwhile, the
state is the old one again, and the button of a page from before would count as a new decision, made
without what has happened since. So a page says how far the log went when it was drawn, and if the
log has a step of the same thing after that, no other is taken from there.
"""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask, g, has_request_context, request
from sqlalchemy.orm import Session, SessionTransaction

from webapp.core import ciphers, clock
from webapp.core.db import Base, db
from webapp.core.errors import DoneSinceError
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent, AuditHead
from webapp.core.sent_fields import DRAWN_AT
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.core.workflows import registry as workflow_registry
from webapp.core.workflows.refused_steps import refuse
from webapp.core.workflows.workflow import Workflow

POSITION = "position_of_log"
# Besides the steps of workflows: what a colleague can undo, so that it can be done again. Each of a
# set settles the same question, so it is done in view of the others.
SETTLED_TOGETHER: tuple[frozenset[str], ...] = (
    frozenset({Action.ACCOUNT_DISABLED, Action.ACCOUNT_REACTIVATED, Action.INVITATION_REVOKED}),
    frozenset({Action.ROLES_CHANGED}),
    frozenset({Action.PROFILE_CONSENTED}),
    frozenset({Action.MEMBER_ADDED, Action.MEMBER_REMOVED}),
    frozenset({Action.THEME_RETIRED, Action.THEME_OFFERED}),
    frozenset({Action.SYNONYM_ADDED, Action.SYNONYM_REMOVED}),
    frozenset({Action.ITEM_DONE, Action.ITEM_LEFT_OUT, Action.ITEM_REOPENED, Action.RISK_ACCEPTED}),
    frozenset({Action.ITEM_HANDED}),
    frozenset({Action.REQUEST_HANDED, Action.REQUEST_UNHANDED, Action.REQUEST_TAKEN_OVER}),
    frozenset({Action.REPORT_GIVEN_BACK, Action.TEAM_REPORT_GIVEN_BACK}),
    frozenset({Action.CONSIDERATIONS_CHANGED}),
    frozenset({Action.PASSAGE_COUNTED, Action.PASSAGE_SET_ASIDE}),
)
UNDONE_BY_COLLEAGUES = frozenset().union(*SETTLED_TOGETHER)
# Of what a person wants there is no other word than these acts and the steps of the profile.
SETTLED_BY_STEPS = frozenset({Action.PROFILE_CONSENTED})
DONE_SINCE = _(
    "A step was taken here after you opened the page. Here is how it stands now: please decide"
    " anew."
)
# By these an event tells of what it is besides its subject: an organisation has many members, a
# theme has a code for a number, a request many passages, and what a step begins is a new row.
TELLING = ("account_id", "code", "digest", "expert_id", "section", "wording")
# No session lasts longer, so no page can be sent after that.
OPEN_FOR = timedelta(days=30)


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


# Each transaction of a page begins with it, so it is put together once.
_LATEST = sa.select(AuditHead.event_id).where(AuditHead.id == 1)


@sa.event.listens_for(Session, "after_begin")
def _note_position(session: Session, _begun: SessionTransaction, reads: sa.Connection) -> None:
    """Note how far the log goes, before anything is read of what the page is going to show.

    On PostgreSQL each statement sees its own moment: a page that asked at its end would say that it
    was drawn after what has happened while it was made, and does not show.
    """
    if _is_of_page(session) and POSITION not in g:
        setattr(g, POSITION, reads.scalar(_LATEST))


@sa.event.listens_for(Session, "after_transaction_end")
def _forget_position(session: Session, ended: SessionTransaction) -> None:
    """Forget the position with all that was read: a form that was refused is filled anew."""
    if ended.parent is None and _is_of_page(session):
        g.pop(POSITION, None)


def _is_of_page(session: Session) -> bool:
    return has_request_context() and session is db.session


def _drawn_at() -> str:
    """Return the number of the latest event, which a page says that it was drawn after.

    Nobody else can read it: it would tell people how much goes on beside them.
    """
    db.session.connection()
    position = g.get(POSITION)
    # A page has many forms, and writing it in cipher takes longer than reading it.
    if g.get(DRAWN_AT, (None,))[0] != position:
        said = ciphers.encrypt(
            str(position), secrets=ciphers.installed_secrets(), purpose=DRAWN_AT, now=clock.now()
        )
        setattr(g, DRAWN_AT, (position, said.decode()))
    written: str = g.get(DRAWN_AT)[1]
    return written


def _refuse_again(event: AuditEvent, *, work: UnitOfWork, subject: Base | type[Base]) -> None:
    """Refuse what was done with the same thing since the page was drawn."""
    if work.drawn_at is None or work.actor.is_platform or isinstance(subject, type):
        return
    bearing, begun = _bearing_on(event)
    if not bearing:
        return
    with work.session.no_autoflush:
        since = work.session.scalars(
            sa.select(AuditEvent).where(
                AuditEvent.action.in_(bearing), AuditEvent.id > work.drawn_at
            )
        ).all()
    number = None if begun else getattr(subject, "id", None)
    if any(_is_same(one, event, number, begun=begun) for one in since):
        refuse(work.session, DoneSinceError(DONE_SINCE))


def _bearing_on(event: AuditEvent) -> tuple[frozenset[str], bool]:
    """Return the actions in view of which this one is decided on, and whether it begins something.

    Of a workflow any decision has changed what is decided on now.
    """
    if workflow := workflow_registry.workflow_of(event.action):
        step = workflow.actions()[event.action]
        if not step.is_decided:
            return frozenset(), False
        return _decided(workflow) | workflow.in_view_of | step.in_view_of, not step.sources
    together = next((acts for acts in SETTLED_TOGETHER if event.action in acts), frozenset())
    if event.action in SETTLED_BY_STEPS:
        together = together.union(
            *(
                _decided(one) | one.in_view_of
                for one in workflow_registry.known_workflows()
                if one.subject == event.subject
            )
        )
    return together, False


def _decided(workflow: Workflow[Any, Any]) -> frozenset[str]:
    return frozenset(name for name, step in workflow.actions().items() if step.is_decided)


def _is_same(one: AuditEvent, event: AuditEvent, number: int | None, *, begun: bool) -> bool:
    """Tell whether two events are of the same thing.

    What is `begun` is a new row each time, without a `number` of before: it is known by what else
    is told of it. Two acts of a row have to be the same in that as well.
    """
    if one.subject != event.subject:
        return _is_about(one, event, number)
    workflow = workflow_registry.workflow_of(event.action)
    if workflow and workflow.known_by:
        return one.details.get(workflow.known_by) == event.details.get(workflow.known_by)
    are_acts = not workflow and not workflow_registry.workflow_of(one.action)
    told = _told(event)
    if (begun or are_acts) and (_told(one) != told or (number is None and not any(told))):
        return False
    return number is None or one.subject_id == number


def _is_about(one: AuditEvent, event: AuditEvent, number: int | None) -> bool:
    """Tell whether something done beside a workflow concerns what one of its steps is taken with:
    it is of the same request or expert, or one of them names the other's row."""
    if one.request_id is not None and one.request_id == event.request_id:
        return True
    of_row = number is not None and one.details.get(event.subject) == number
    expert = number if event.subject == "expert" else event.details.get("expert_id")
    of_expert = expert is not None and one.details.get("expert_id") == expert
    return of_row or of_expert or event.details.get(f"{one.subject}_id", 0) == one.subject_id


def _told(event: AuditEvent) -> tuple[Any, ...]:
    return event.request_id, *(event.details.get(name) for name in TELLING)


def init_app(app: Flask) -> None:
    """Let the forms of pages say when they were drawn, and refuse what was done since."""
    app.jinja_env.globals["drawn_at"] = _drawn_at
    audit.recorded.connect(_refuse_again)
