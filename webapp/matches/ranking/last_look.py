"""What has moved on a ranking since a coordinator last looked at it, and why.

The log tells who was shown whom, and when which profile was changed; the order that was seen is
kept beside it (looks.py). So everybody is told of their own looks, and never what somebody else has
read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.amendments import queries as amendments
from webapp.core.actor import Actor
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.words.translation import LabelledEnum, _
from webapp.experts.models import Expert, ProfileView
from webapp.experts.workflow import WORKFLOW as PROFILES
from webapp.experts.workflow import ExpertStep
from webapp.matches.placing import FIRST
from webapp.matches.ranking import looks, rankings
from webapp.matches.ranking.looks import Seen
from webapp.matches.ranking.rankings import Order, SetAside

if TYPE_CHECKING:
    import matcher

PAGE = "matches.ranking"
_JOINED = frozenset(
    map(PROFILES.action, (ExpertStep.ACTIVATE, ExpertStep.REACTIVATE, ExpertStep.WAKE))
)
_EDITED = frozenset(
    {
        Action.PROFILE_EDITED,
        Action.PROFILE_WRITTEN,
        Action.PROFILE_FILLED,
        Action.PROFILE_UNDONE,
        Action.PROFILES_JOINED,
    }
)
_WEIGHED = frozenset(
    {Action.PASSAGE_COUNTED, Action.PASSAGE_SET_ASIDE, Action.CONSIDERATIONS_CHANGED}
)


class Moved(LabelledEnum):
    """What is new about somebody on the list."""

    JOINED = "joined", _("came onto the roster since your last look")
    CHANGED = "changed", _("changed the profile since you saw it here")
    UNSEEN = "unseen", _("was not on the pages of this list that you saw")


class Cause(LabelledEnum):
    """Why somebody stands elsewhere than at the last look."""

    PROFILE = "profile", _("the profile was changed")
    TERMS = "terms", _("the terms of reference were changed")
    OWN_WEIGHTS = "own weights", _("you have changed what counts")
    WEIGHTS = "weights", _("a colleague has changed what counts")
    LEFT = "left", _("somebody who stood before is not on the list any more")
    BEHIND = "behind", _("others have fallen behind")
    BEFORE = "before", _("others stand before now")


@dataclass(frozen=True)
class Step:
    """A place that has changed: `now` is None for somebody who is not ranked any more."""

    was: int
    now: int | None
    why: Cause | None = None


@dataclass(frozen=True)
class Gone:
    """Somebody who stood in the first places and does not now; `set_aside` tells why, unless they
    are ranked further down or not on the roster."""

    expert: Expert
    step: Step
    set_aside: SetAside | None


@dataclass(frozen=True)
class LastLook:
    """When somebody last looked at a list, and what is new on it.

    `causes` are what has happened in between that moves everybody.
    """

    at: datetime
    causes: Sequence[Cause] = ()
    moved: Mapping[int, Moved] = field(default_factory=dict)
    steps: Mapping[int, Step] = field(default_factory=dict)
    gone: Sequence[Gone] = ()


def find_last_look(
    session: Session,
    actor: Actor,
    request_id: int,
    order: Order,
    shown: Mapping[int, int],
    now: datetime,
) -> LastLook | None:
    """Return what has moved since this person's last look at a ranking; None for the first look.

    `shown` are the places of the experts on the page.
    """
    former = looks.find_former(session, actor.id or 0, request_id, now)
    if former is None:
        return None
    people = {*shown, *former.places}
    edited = _last_of(session, _EDITED, people)
    causes = _list_causes(session, actor, request_id, former.at)
    changed = {number for number in people if _is_after(edited.get(number), former.at)}
    moves = _Moves(former, order.result, causes, changed)
    return LastLook(
        former.at,
        causes,
        _mark(session, _looks(actor, request_id, former.at), shown, edited, former.at),
        {number: step for number, place in shown.items() if (step := moves.find(number, place))},
        list(_list_gone(session, actor, order.result, moves)),
    )


def _mark(
    session: Session,
    looked: tuple[sa.ColumnElement[bool], ...],
    shown: Collection[int],
    edited: Mapping[int | None, datetime],
    at: datetime,
) -> dict[int, Moved]:
    """Return what is new about those on the page whom this person has not seen as they are."""
    seen = _last_seen(session, looked, shown)
    joined = _last_of(session, _JOINED, shown)
    moved = {}
    for number in shown:
        if number not in seen:
            moved[number] = Moved.JOINED if _is_after(joined.get(number), at) else Moved.UNSEEN
        elif _is_after(edited.get(number), seen[number]):
            moved[number] = Moved.CHANGED
    return moved


@dataclass(frozen=True)
class _Moves:
    """What tells how places have changed since an order was seen, and why."""

    former: Seen
    result: matcher.RankingResult
    causes: Sequence[Cause]
    changed: Collection[int]

    def find(self, number: int, now: int | None) -> Step | None:
        """Return how the place of an expert has changed, if they were among those seen."""
        was = self.former.places.get(number)
        if was is None or was == now:
            return None
        return Step(was, now, self._why(number, was, now) if now else None)

    def _why(self, number: int, was: int, now: int) -> Cause:
        if number in self.changed:
            return Cause.PROFILE
        if self.causes:
            return self.causes[0]
        if now > was:
            return Cause.BEFORE
        before = {str(other) for other, place in self.former.places.items() if place < was}
        return Cause.LEFT if self.result.count_ranked(before) < len(before) else Cause.BEHIND


def _list_gone(
    session: Session, actor: Actor, result: matcher.RankingResult, moves: _Moves
) -> Iterator[Gone]:
    """Yield who stood in the first places when they were seen, and does not now."""
    first = {int(found.expert_id) for found in result.ranked[:FIRST]}
    seen = sorted(moves.former.places.items(), key=lambda row: row[1])
    left = [number for number, place in seen if place <= FIRST and number not in first]
    people = rankings.load_experts(session, map(str, left))
    ranked = {key: result.find(key) if result.knows(key) else None for key in people}
    asides = [
        aside
        for key, found in ranked.items()
        if not found and (aside := rankings.find_set_aside(result, people[key]))
    ]
    veiled = {item.expert.id: item for item in rankings.veil(session, actor, asides)}
    for number in left:
        found = ranked.get(str(number))
        step = moves.find(number, found.rank if found else None)
        if step and (person := people.get(str(number))):
            yield Gone(person, step, veiled.get(number))


def _list_causes(
    session: Session, actor: Actor, request_id: int, since: datetime
) -> tuple[Cause, ...]:
    """Return what has happened since a look that moves everybody on the list."""
    weighed = session.scalars(
        sa.select(AuditEvent.actor_id)
        .where(
            AuditEvent.request_id == request_id,
            AuditEvent.action.in_(list(map(str, _WEIGHED))),
            AuditEvent.at > since,
        )
        .distinct()
    ).all()
    happened = {
        Cause.TERMS: bool(amendments.list_agreed_since(session, request_id, since)),
        Cause.OWN_WEIGHTS: actor.id in weighed,
        Cause.WEIGHTS: any(number != actor.id for number in weighed),
    }
    return tuple(cause for cause, is_so in happened.items() if is_so)


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


def _is_after(moment: datetime | None, other: datetime) -> bool:
    return moment is not None and moment > other
