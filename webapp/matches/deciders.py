"""Who has decided on a match, by the log: nobody whose own it is does, in whatever role.

A match can come to be somebody's own later, when two profiles are joined. Who decided on it before
it was taken up again has decided on nothing of what it is now.
"""

from collections.abc import Collection, Iterator, Mapping, Set
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from webapp.core.actor import SYSTEM
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.expertise_requests import sides
from webapp.experts import sides as profile_sides
from webapp.experts.models import Expert
from webapp.experts.standing_tables import ProfileMerge
from webapp.matches.models import Match
from webapp.matches.workflow import WORKFLOW, MatchStep

# What is done for SEESAC with a request, and with a profile, besides the steps of workflows.
BESIDES = frozenset(
    {
        Action.CONSIDERATIONS_CHANGED, Action.PASSAGE_COUNTED, Action.PASSAGE_SET_ASIDE,
        Action.REQUEST_MESSAGE, Action.REQUEST_MESSAGE_SETTLED, Action.FILE_ADDED,
        Action.FILE_REMOVED,
    }
)  # fmt: skip
BESIDES_OF_PROFILES = profile_sides.BY_OFFICE | {
    Action.CALL_DONE, Action.CONTACT_CHANGED, Action.PROFILE_CONSENTED, Action.NOTE_WRITTEN,
    Action.NOTE_CHANGED, Action.NOTE_THROWN_AWAY, Action.TOLD_APART, Action.PROFILES_JOINED,
}  # fmt: skip
# Where an event tells of two profiles, so its details call the number of the other one.
_OTHERS: Mapping[str, str] = {Action.PROFILES_JOINED: "gone", Action.TOLD_APART: "other"}

Condition: TypeAlias = sa.ColumnElement[bool]

# With these somebody is considered, and everything is asked and decided from there on.
_BEGINNINGS = frozenset(map(WORKFLOW.action, (MatchStep.SHORTLIST, MatchStep.RECONSIDER)))
# What experts answer is about themselves; all else is decided about them.
_DECISIONS = frozenset(
    action for action, step in WORKFLOW.actions().items() if step.by is not Role.EXPERT
) | {Action.LETTER_ADDED}


def list_decided(
    session: Session, match_ids: Collection[int], account_ids: Collection[int]
) -> set[int]:
    """Return those of these matches on which somebody with one of these accounts has decided."""
    if not account_ids:
        return set()
    decided = sa.or_(*map(is_decided_by, sorted(account_ids)))
    return set(session.scalars(sa.select(Match.id).where(Match.id.in_(match_ids), decided)))


def has_decided_beside(session: Session, match: Match, account_ids: Collection[int]) -> bool:
    """Tell whether one of these accounts has decided on the request of a match, or on others who
    are considered for it, since this one is."""
    rivals = _numbers_of_rivals(session, match)
    return any(
        (
            event.request_id == match.request_id
            and (event.action in BESIDES or sides.side_of(event) not in {None, Role.REQUESTER})
        )
        or not rivals.isdisjoint(profiles_decided_on(event, _profile_of(event)))
        for event in _list_since(session, match, account_ids)
    )


def _numbers_of_rivals(session: Session, match: Match) -> set[int]:
    """Return the numbers by which the log may name the rivals of whoever is considered by a match:
    those that they have, and those of profiles that were joined with theirs."""
    of_rivals = sa.select(Match.expert_id).where(
        Match.request_id == match.request_id, Match.id != match.id
    )
    joined = sa.select(ProfileMerge.gone_id).where(ProfileMerge.expert_id.in_(of_rivals))
    return set(session.scalars(of_rivals.union(joined)))


def _list_since(
    session: Session, match: Match, account_ids: Collection[int]
) -> Iterator[AuditEvent]:
    """Yield what was done with some accounts since somebody is considered by a match."""
    begun = sa.select(sa.func.max(AuditEvent.id)).where(
        AuditEvent.subject == Match.__tablename__,
        AuditEvent.subject_id == match.id,
        AuditEvent.action.in_(_BEGINNINGS),
    )
    yield from session.scalars(
        sa.select(AuditEvent).where(
            AuditEvent.actor_id.in_(account_ids),
            AuditEvent.role != SYSTEM.role,
            AuditEvent.id > sa.func.coalesce(begun.scalar_subquery(), 0),
        )
    )


def _profile_of(event: AuditEvent) -> int | None:
    return event.subject_id if event.subject == Expert.__tablename__ else None


def profiles_decided_on(event: AuditEvent, of_profile: int | None) -> Set[int]:
    """Return the profiles on which an event decides, if it does; `of_profile` is that of which it
    tells, where its details do not name it."""
    number = of_profile or event.details.get("expert_id")
    if number is None:
        return frozenset()
    if event.action in BESIDES_OF_PROFILES:
        other = event.details.get(_OTHERS.get(event.action, ""))
        return {number} if other is None else {number, other}
    return {number} if profile_sides.side_of(event) is not None else frozenset()


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
