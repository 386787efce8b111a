"""Each form that takes a step says how far the log went when its page was drawn."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from flask import Flask

from webapp.core.actor import SYSTEM
from webapp.core.db import db
from webapp.core.record.audit import AuditEvent, AuditHead
from webapp.core.workflows.older_pages import UNDONE_BY_COLLEAGUES
from webapp.core.workflows.registry import steps_by_action

LATEST = sa.select(AuditHead.event_id)


def _offered() -> list[str]:
    """Return the steps that have a button; others follow from them."""
    return [action for action, step in steps_by_action().items() if step.offered]


@contextmanager
def saying_when_drawn(app: Flask, address: str) -> Iterator[None]:
    """Fail if a person takes a step that can be undone, while the page does not say how far the log
    went when it was drawn: the same from an older page would count again."""
    with app.app_context():
        before = db.session.scalar(LATEST)
        db.session.rollback()
    yield
    with app.app_context():
        taken = db.session.scalars(
            sa.select(AuditEvent).where(
                AuditEvent.id > before, AuditEvent.role != SYSTEM.role,
                AuditEvent.action.in_([*_offered(), *UNDONE_BY_COLLEAGUES]),
            )
        ).all()  # fmt: skip
        began = (
            {
                (one.subject, one.subject_id)
                for one in db.session.scalars(sa.select(AuditEvent).where(AuditEvent.id <= before))
            }
            if taken
            else set()
        )
        again = [one.action for one in taken if (one.subject, one.subject_id) in began]
        db.session.rollback()
    assert not again, f"{address} does not say when its page was drawn, and takes {again}"
