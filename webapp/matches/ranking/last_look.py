"""What has moved on a ranking since a coordinator last looked at it, and why.

The log tells who was shown whom, and when which profile was changed; nothing is kept beside it. So
everybody is told of their own looks, and never what somebody else has read.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core.actor import Actor
from webapp.core.record.audit import Action, AuditEvent
from webapp.core.words.translation import LabelledEnum, _
from webapp.experts.models import Expert, ProfileView
from webapp.experts.workflow import WORKFLOW as PROFILES
from webapp.experts.workflow import ExpertStep

# Whoever comes back sooner is still looking, and has not forgotten what stood where.
PAUSE = timedelta(hours=1)
PAGE = "matches.ranking"
_JOINED = frozenset(
    map(PROFILES.action, (ExpertStep.ACTIVATE, ExpertStep.REACTIVATE, ExpertStep.WAKE))
)
_EDITED = frozenset(
    {Action.PROFILE_EDITED, Action.PROFILE_FILLED, Action.PROFILE_UNDONE, Action.PROFILES_JOINED}
)
_WEIGHED = frozenset(
    {Action.PASSAGE_COUNTED, Action.PASSAGE_SET_ASIDE, Action.CONSIDERATIONS_CHANGED}
)


class Moved(LabelledEnum):
    """What is new about somebody on the list."""

    JOINED = "joined", _("came onto the roster since your last look")
    CHANGED = "changed", _("changed the profile since you saw it here")
    UNSEEN = "unseen", _("was not on the pages of this list that you saw")


@dataclass(frozen=True)
class LastLook:
    """When somebody last looked at a list, and what is new on it.

    `weighed` says that a colleague has changed in between what counts in its ranking.
    """

    at: datetime
    weighed: bool = False
    moved: Mapping[int, Moved] = field(default_factory=dict)


def find_last_look(
    session: Session, actor: Actor, request_id: int, shown: Collection[int], now: datetime
) -> LastLook | None:
    """Return what has moved since this person's last look at a ranking; None for the first look.

    `shown` are the experts on the page.
    """
    before = now - PAUSE
    looked = _looks(actor, request_id, before)
    at = session.scalar(sa.select(sa.func.max(AuditEvent.at)).where(*looked))
    if at is None:
        return None
    seen = _last_seen(session, looked, shown)
    joined = _last_of(session, _JOINED, shown)
    edited = _last_of(session, _EDITED, shown)
    moved = {}
    for number in shown:
        if number not in seen:
            moved[number] = Moved.JOINED if _is_after(joined.get(number), at) else Moved.UNSEEN
        elif _is_after(edited.get(number), seen[number]):
            moved[number] = Moved.CHANGED
    return LastLook(at, _was_weighed(session, actor, request_id, at), moved)


def _looks(actor: Actor, request_id: int, before: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        AuditEvent.actor_id == actor.id,
        AuditEvent.action == Action.PROFILE_VIEWED.value,
        AuditEvent.at <= before,
        AuditEvent.details["page"].as_string() == PAGE,
        AuditEvent.details["path"].as_string() == f"/requests/{request_id}/matches",
    )


def _last_seen(
    session: Session, looked: tuple[sa.ColumnElement[bool], ...], shown: Collection[int]
) -> dict[int, datetime]:
    rows = session.execute(
        sa.select(ProfileView.expert_id, sa.func.max(AuditEvent.at))
        .join(ProfileView.event)
        .where(ProfileView.expert_id.in_(shown), *looked)
        .group_by(ProfileView.expert_id)
    )
    return dict(rows.all())


def _last_of(
    session: Session, actions: Collection[str], shown: Collection[int]
) -> dict[int | None, datetime]:
    """Return, by expert, when one of these things was last done with the profile."""
    rows = session.execute(
        sa.select(AuditEvent.subject_id, sa.func.max(AuditEvent.at))
        .where(
            AuditEvent.subject == Expert.__tablename__,
            AuditEvent.subject_id.in_(shown),
            AuditEvent.action.in_(list(map(str, actions))),
        )
        .group_by(AuditEvent.subject_id)
    )
    return dict(rows.all())


def _was_weighed(session: Session, actor: Actor, request_id: int, since: datetime) -> bool:
    """Tell whether a colleague has changed what counts; what one did oneself is no news."""
    changed = sa.select(AuditEvent.id).where(
        AuditEvent.request_id == request_id,
        AuditEvent.actor_id != actor.id,
        AuditEvent.action.in_(list(map(str, _WEIGHED))),
        AuditEvent.at > since,
    )
    return bool(session.scalar(sa.select(changed.exists())))


def _is_after(moment: datetime | None, other: datetime) -> bool:
    return moment is not None and moment > other
