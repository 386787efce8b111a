"""Nobody changes sides: who has acted on a request for those who ask takes no step with it for
SEESAC, nor the other way round, though it has come into other hands since (decision 42)."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core.actor import SYSTEM, Actor
from webapp.core.audit import Action, AuditEvent
from webapp.core.errors import ConflictError
from webapp.core.roles import Role
from webapp.core.translation import _
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.workflow_registry import steps_by_action
from webapp.expertise_requests.models import ExpertiseRequest

# By who takes a step: the other side, and why nobody takes it who has acted there.
_OTHER = {
    Role.COORDINATOR: (
        Role.REQUESTER,
        _("You have acted on this request for those who ask, so a colleague acts for SEESAC."),
    ),
    Role.REQUESTER: (
        Role.COORDINATOR,
        _("You have acted on this request for SEESAC, so a colleague acts for those who ask."),
    ),
}
# What is decided about it and about those who are considered. What becomes of missions follows from
# these, whoever has caused it, and stands in the log with that person's name.
_DECIDED = frozenset({"expertise_request", "match", "amendment"})
# What those who ask do with a request besides the steps of its workflow.
_ASKING = frozenset({Action.REQUEST_DRAFTED, Action.REQUEST_EDITED, Action.REQUEST_TAKEN_OVER})


def refuse_other_side(work: UnitOfWork, request: ExpertiseRequest, by: Role) -> None:
    """Refuse a step by `by` to whoever has acted on the request on the other side."""
    if by not in _OTHER or work.actor.is_platform:
        return
    side, refusal = _OTHER[by]
    if _has_acted(work.session, work.actor, request, side):
        raise ConflictError(refusal)


def _has_acted(session: Session, actor: Actor, request: ExpertiseRequest, side: Role) -> bool:
    """Tell whether somebody has acted on a request on this side, which the log knows; what the
    platform did as a consequence is nobody's act."""
    actions = {action for action, step in steps_by_action().items() if step.by is side}
    if side is Role.REQUESTER:
        actions |= {str(action) for action in _ASKING}
    acted = sa.select(AuditEvent.id).where(
        AuditEvent.request_id == request.id,
        AuditEvent.actor_id == actor.id,
        AuditEvent.subject.in_(_DECIDED),
        AuditEvent.action.in_(actions),
        AuditEvent.role != SYSTEM.role,
    )
    return session.scalar(sa.select(acted.exists())) or False
