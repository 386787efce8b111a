"""Nobody changes sides: who has acted on a request for those who ask takes no step with it for
SEESAC and reads nothing there that those who ask do not read, nor is it the other way round,
though it has come into other hands since (decision 42). Who has released an expert for it, or
refused to, decides nothing else of it, and who has decided releases nobody (decision 130).

The log knows who has acted for whom. It is noted beside the request, so that whoever asks whose own
a request is (`rules.owners_of`) is told that, too.
"""

from collections.abc import Collection, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core.record import acts
from webapp.core.record.actions import Action
from webapp.core.record.acts import Act
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.workflows.registry import steps_by_action
from webapp.expertise_requests.models import ActedOn, ExpertiseRequest

SIDES = frozenset({Role.REQUESTER, Role.COORDINATOR, Role.NOMINATING_AUTHORITY})
# Where acts are kept, and beside what.
_BESIDE = (ActedOn, ActedOn.request_id, ExpertiseRequest)
# What is decided about it and about those who are considered. What becomes of missions follows from
# these, whoever has caused it, and stands in the log with that person's name.
_DECIDED = frozenset({"expertise_request", "match", "amendment"})
# What is done on a side besides the steps of workflows.
BESIDES = {
    Action.REQUEST_DRAFTED: Role.REQUESTER,
    Action.REQUEST_EDITED: Role.REQUESTER,
    Action.REQUEST_TAKEN_OVER: Role.REQUESTER,
    Action.LETTER_ADDED: Role.NOMINATING_AUTHORITY,
}


def note(event: AuditEvent, work: UnitOfWork, **_facts: object) -> None:
    """Note for which side somebody acts on a request, if an event tells of that; what the platform
    does as a consequence is nobody's act."""
    side = None if work.actor.is_platform else side_of(event)
    if side is None:
        return
    if event.request_id is not None and event.actor_id is not None:
        write(work.session, [(event.request_id, event.actor_id, side)])


def side_of(event: AuditEvent) -> Role | None:
    """Return for which side of a request somebody acts by an event, if it tells of that."""
    return _sides_by_action().get(event.action) if event.subject in _DECIDED else None


def write(session: Session, done: Collection[Act]) -> None:
    """Keep acts beside their requests."""
    acts.write(session, *_BESIDE, done)


def hand_over(session: Session, account_id: int, other_id: int) -> None:
    """Let what was done with one account of a person count as done with the other one, too."""
    acts.hand_over(session, *_BESIDE, account_id, other_id)


def list_missing(session: Session, *, among_latest: int | None = None) -> list[Act]:
    """Return the acts that the log knows and that are not noted, of all events or of the latest."""
    noted = sa.exists().where(
        ActedOn.request_id == AuditEvent.request_id,
        ActedOn.account_id == AuditEvent.actor_id,
        ActedOn.side == _side(),
    )
    missing = _acts().where(~noted, acts.by_people(among_latest))
    return [
        (number, account_id, Role(side))
        for number, account_id, side in session.execute(missing)
        if number is not None and account_id is not None
    ]


def _acts() -> sa.Select[int | None, int | None, str]:
    """Return what was done on either side, once each, by the log.

    A draft that went with its writer is in the log alone.
    """
    return (
        sa.select(AuditEvent.request_id, AuditEvent.actor_id, _side().label("side"))
        .join(ExpertiseRequest, ExpertiseRequest.id == AuditEvent.request_id)
        .where(
            AuditEvent.subject.in_(_DECIDED),
            AuditEvent.action.in_(_sides_by_action()),
        )
        .distinct()
    )


def _side() -> sa.ColumnElement[str]:
    actions: dict[Role, list[str]] = {}
    for action, side in _sides_by_action().items():
        actions.setdefault(side, []).append(action)
    return sa.case(
        *((AuditEvent.action.in_(done), sa.literal(side.value)) for side, done in actions.items())
    )


def _sides_by_action() -> Mapping[str, Role]:
    """Return for which side somebody acts, by what the log calls the act."""
    steps = steps_by_action().items()
    found = {action: step.by for action, step in steps if step.by in SIDES}
    return found | {str(action): side for action, side in BESIDES.items()}
