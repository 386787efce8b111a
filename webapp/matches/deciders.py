"""Who has decided on a match, by the log: nobody whose own it is does, in whatever role.

A match can come to be somebody's own later, when two profiles are joined. Who decided on it before
it was taken up again has decided on nothing of what it is now.
"""

from collections.abc import Collection
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from webapp.core.actor import SYSTEM
from webapp.core.audit import AuditEvent
from webapp.core.roles import Role
from webapp.matches.models import Match
from webapp.matches.workflow import WORKFLOW, MatchStep

Condition: TypeAlias = sa.ColumnElement[bool]

# With these somebody is considered, and everything is asked and decided from there on.
_BEGINNINGS = frozenset(map(WORKFLOW.action, (MatchStep.SHORTLIST, MatchStep.RECONSIDER)))
# What experts answer is about themselves; all else is decided about them.
_DECISIONS = frozenset(
    action for action, step in WORKFLOW.actions().items() if step.by is not Role.EXPERT
)


def list_decided(
    session: Session, match_ids: Collection[int], account_ids: Collection[int]
) -> set[int]:
    """Return those of these matches on which somebody with one of these accounts has decided."""
    if not account_ids:
        return set()
    decided = sa.or_(*map(is_decided_by, sorted(account_ids)))
    return set(session.scalars(sa.select(Match.id).where(Match.id.in_(match_ids), decided)))


def is_decided_by(account_id: int | InstrumentedAttribute[int | None]) -> Condition:
    """Hold for a match that an account has put forward, or decided on since it was."""
    later = aliased(AuditEvent)
    begun_anew = sa.exists().where(
        later.subject == Match.__tablename__,
        later.subject_id == Match.id,
        later.action.in_(_BEGINNINGS),
        later.id > AuditEvent.id,
    )
    decision = sa.exists().where(
        AuditEvent.subject == Match.__tablename__,
        AuditEvent.subject_id == Match.id,
        AuditEvent.actor_id == account_id,
        AuditEvent.action.in_(_DECISIONS),
        AuditEvent.role != SYSTEM.role,
        ~begun_anew,
    )
    return sa.or_(Match.put_forward_by == account_id, decision)
