"""What other days of one mission would bring about, told before they are changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from webapp.core.actor import Actor
from webapp.core.words.formats import period_name
from webapp.core.words.translation import Deferred, Message, _
from webapp.deployments import moving, operations, rules
from webapp.deployments.models import Deployment, DeploymentState
from webapp.matches import commitments, moved
from webapp.matches import rules as match_rules
from webapp.matches.models import Match
from webapp.matches.remarks import RemarkKind, list_remarks

# What of an expert other days can change.
OF_DAYS = moving.OF_DAYS | {RemarkKind.UNAVAILABLE, RemarkKind.SAID_YES, RemarkKind.MISSIONS}


@dataclass(frozen=True)
class Consequences:
    """What stands against the days, what is to be remarked, and what follows from them."""

    obstacles: Sequence[Message]
    remarks: Sequence[Message]
    # Requests that look at the expert for some of the days, and have no yes yet.
    elsewhere: Sequence[Match]
    are_agreed: bool
    asks_authority: bool
    clears_anew: bool
    # Who is considered for the same request and gets these days with the mission.
    followers: Sequence[Match]
    # How many places of the request stay on the days that it has.
    others: int


def look(
    session: Session, actor: Actor, mission: Deployment, start: date, end: date, now: datetime
) -> Consequences:
    """Return what would follow from other days of a mission; nothing is changed."""
    match = mission.match
    request, days = match.request, (start, end)
    follows = operations.does_request_follow(session, mission, start, end)
    return Consequences(
        obstacles=moving.why_not(session, actor, mission, start, end),
        remarks=_remarks(session, actor, mission, days, now),
        elsewhere=_list_elsewhere(session, actor, match, days),
        are_agreed=days == (request.start, request.end),
        asks_authority=match_rules.is_release_for_others(match, days),
        clears_anew=mission.state is DeploymentState.CLEARED,
        followers=moved.list_followers(session, request, start, end) if follows else [],
        others=0 if follows else request.experts_needed - 1,
    )


def _remarks(
    session: Session, actor: Actor, mission: Deployment, days: tuple[date, date], now: datetime
) -> list[Message]:
    match = mission.match
    kinds = OF_DAYS - ({RemarkKind.NOTICE} if rules.has_begun(mission) else set())
    found = list_remarks(session, actor, match.request, [match.expert], now, days)
    remarks = moving.sentences(found.get(match.expert_id, []), kinds)
    most, asked = match.expert.max_days, (days[1] - days[0]).days + 1
    if most is not None and asked > most:
        remarks.insert(0, _too_long(asked, most))
    return remarks


def _too_long(days: int, most: int) -> Message:
    return _(
        "The mission takes %(days)s days then; the expert goes for %(most)s at most.",
        days=days,
        most=most,
    )


def _list_elsewhere(
    session: Session, actor: Actor, match: Match, days: tuple[date, date]
) -> list[Match]:
    """Return for which other requests the expert is looked at or invited on some of the days."""
    found = commitments.list_elsewhere(session, actor, [match.expert_id], besides=match.request_id)
    return [
        one
        for one in found
        if one.state not in match_rules.SAID_YES and _meet(days, one.request.mission_days)
    ]


def _meet(days: tuple[date, date], others: match_rules.Days) -> bool:
    start, end = others
    return start is not None and end is not None and start <= days[1] and end >= days[0]


def sentence_of(one: Match) -> Message:
    """Return where an expert is considered besides, without whom else."""
    return _(
        "Considered for %(reference)s, %(period)s: %(state)s.",
        reference=one.request.reference,
        period=Deferred(period_name, *one.request.mission_days),
        state=one.state,
    )
