"""What may be done with a profile; every write raises the roster's revision."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core import audit
from webapp.core.audit import Actor
from webapp.experts.models import Expert, RosterRevision


def touch(session: Session, expert: Expert) -> None:
    """Mark the profile as changed, so that every worker's next ranking reads it again."""
    expert.revision = session.execute(
        sa.update(RosterRevision)
        .where(RosterRevision.id == 1)
        .values(value=RosterRevision.value + 1)
        .returning(RosterRevision.value)
    ).scalar_one()


def add(session: Session, expert: Expert, *, actor: Actor, now: datetime) -> None:
    """Put a new profile on the roster."""
    touch(session, expert)
    session.add(expert)
    session.flush()
    audit.record(session, "profile created", expert, actor=actor, now=now, state=expert.state)
