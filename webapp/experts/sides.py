"""Nobody vets whom they have put forward: who has nominated or approved somebody for an authority
decides nothing of that profile for SEESAC, and who has decided on it for SEESAC approves nobody,
whatever has become of roles and membership since (decision 130).

The log knows who has acted for whom. It is noted beside the profile, so that whoever asks whose own
a profile is (`rules.owners_of`) is told that, too.
"""

from collections.abc import Collection, Mapping
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from webapp.core.actor import Actor
from webapp.core.record import acts
from webapp.core.record.actions import Action
from webapp.core.record.acts import Act
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.experts.identity_workflow import IDENTITY_WORKFLOW
from webapp.experts.models import ActedOnProfile, Expert, ExpertState, IdentityChange
from webapp.experts.standing_tables import Approval, ProfileQuestion
from webapp.experts.standing_workflow import APPROVAL_WORKFLOW, QUESTION_WORKFLOW, ApprovalStep
from webapp.experts.workflow import WORKFLOW

_SIDES = frozenset({Role.COORDINATOR, Role.NOMINATING_AUTHORITY})
_WORKFLOWS = (WORKFLOW, APPROVAL_WORKFLOW, IDENTITY_WORKFLOW, QUESTION_WORKFLOW)
_PARTS = (Approval, IdentityChange, ProfileQuestion)

# What is done for SEESAC with a profile besides the steps of workflows, and decides what it says.
BY_OFFICE = frozenset({Action.AUTHORITY_CHANGED, Action.PROFILE_WRITTEN, Action.PROFILE_FILLED})
# What the platform writes for whoever lets it store a table (roster_imports), and never by itself.
_FOR_PEOPLE = frozenset({APPROVAL_WORKFLOW.action(ApprovalStep.RECORD), Action.PROFILE_FILLED})
# Where acts are kept, and beside what.
_BESIDE = (ActedOnProfile, ActedOnProfile.expert_id, Expert)

_Acts: TypeAlias = sa.Select[int, int | None, str]


def note(event: AuditEvent, work: UnitOfWork, subject: object) -> None:
    """Note for which side somebody acts on a profile, if an event tells of that; what the platform
    does as a consequence is nobody's act."""
    if work.actor.is_platform or event.actor_id is None:
        return
    number = profile_of(subject)
    if number is None:
        return
    nominated = isinstance(subject, Expert) and _side_of_nomination(event, work.actor, subject)
    if side := nominated or side_of(event):
        write(work.session, [(number, event.actor_id, side)])


def profile_of(subject: object) -> int | None:
    """Return the number of the profile of which, or of a part of which, an event tells."""
    if isinstance(subject, Expert):
        return subject.id
    return subject.expert_id if isinstance(subject, _PARTS) else None


def side_of(event: AuditEvent) -> Role | None:
    """Return for which side somebody decides on a profile by an event, if it tells of that."""
    return _sides().get(event.action)


def _side_of_nomination(event: AuditEvent, actor: Actor, expert: Expert) -> Role | None:
    """Return the side of who puts an official of their own authority on the roster."""
    acts = Role.NOMINATING_AUTHORITY in actor.roles and actor.organisation_id is not None
    own = acts and expert.authority_id == actor.organisation_id
    return Role.NOMINATING_AUTHORITY if own and event.action == Action.PROFILE_CREATED else None


def write(session: Session, done: Collection[Act]) -> None:
    """Keep acts beside their profiles."""
    acts.write(session, *_BESIDE, done)


def hand_over(session: Session, account_id: int, other_id: int) -> None:
    """Let what was done with one account of a person count as done with the other one, too."""
    acts.hand_over(session, *_BESIDE, account_id, other_id)


def list_missing(session: Session, *, among_latest: int | None = None) -> list[Act]:
    """Return the acts that the log knows and that are not noted, of all events or of the latest."""
    asked = acts.by_people(among_latest, _FOR_PEOPLE)
    done = sa.union_all(*(one.where(asked) for one in _acts())).subquery()
    noted = sa.exists().where(
        ActedOnProfile.expert_id == done.c.expert_id,
        ActedOnProfile.account_id == done.c.actor_id,
        ActedOnProfile.side == done.c.side,
    )
    # Of whom nothing is left but the number nobody decides any more.
    known = sa.select(done.c.expert_id, done.c.actor_id, done.c.side).join(
        Expert, Expert.id == done.c.expert_id
    )
    missing = known.where(~noted, Expert.state != ExpertState.ERASED).distinct()
    return [(number, account, Role(side)) for number, account, side in session.execute(missing)]


def _acts() -> list[_Acts]:
    """Return what people have done with profiles on either side, by the log."""
    of_parts = [_steps_with(table, table.expert_id) for table in _PARTS]
    return [_steps_with(Expert, Expert.id), *of_parts, _nominations()]


def _steps_with(
    table: type[Expert | Approval | IdentityChange | ProfileQuestion],
    expert_id: InstrumentedAttribute[int],
) -> _Acts:
    by_office = [action for action, side in _sides().items() if side is Role.COORDINATOR]
    side = sa.case(
        (AuditEvent.action.in_(by_office), sa.literal(Role.COORDINATOR.value)),
        else_=sa.literal(Role.NOMINATING_AUTHORITY.value),
    )
    return (
        _events(expert_id, side)
        .join(table, table.id == AuditEvent.subject_id)
        .where(AuditEvent.subject == table.__tablename__, AuditEvent.action.in_(_sides()))
    )


def _nominations() -> _Acts:
    """Return the nominations of those who were no coordinators besides: of these the log does not
    say in which role they did it, but `note` knows it."""
    return (
        _events(Expert.id, sa.literal(Role.NOMINATING_AUTHORITY.value))
        .join(Expert, Expert.id == AuditEvent.subject_id)
        .where(
            AuditEvent.subject == Expert.__tablename__,
            AuditEvent.action == Action.PROFILE_CREATED,
            AuditEvent.role.contains(Role.NOMINATING_AUTHORITY.value),
            ~AuditEvent.role.contains(Role.COORDINATOR.value),
            # Who has begun their own profile has nominated nobody.
            sa.func.coalesce(Expert.account_id, 0) != AuditEvent.actor_id,
        )
    )


def _events(expert_id: InstrumentedAttribute[int], side: sa.ColumnElement[str]) -> _Acts:
    """Choose what was done with profiles, by whom and for which side."""
    return sa.select(expert_id.label("expert_id"), AuditEvent.actor_id, side.label("side"))


def _sides() -> Mapping[str, Role]:
    """Return for which side somebody acts, by what the log calls the act."""
    steps = (item for workflow in _WORKFLOWS for item in workflow.actions().items())
    found = {action: step.by for action, step in steps if step.by in _SIDES}
    return found | {str(action): Role.COORDINATOR for action in BY_OFFICE}
