"""What no coordinator who is here may do, though it is SEESAC's: administrators let in another one.

It is the own of each of them, or they have put somebody forward whom somebody else has to approve;
or nobody is here at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.accounts import queries as accounts
from webapp.accounts.models import Account
from webapp.core.roles import Role
from webapp.core.words.translation import Message, _
from webapp.core.workflows.workflow import why_not_theirs
from webapp.expertise_requests import queries as requests
from webapp.expertise_requests.models import ActedOn, ExpertiseRequest
from webapp.expertise_requests.waiting import Side
from webapp.experts import rules as profile_rules
from webapp.experts import standing_queries as standing
from webapp.experts.models import ActedOnProfile, Expert
from webapp.experts.workflow import VETTED_FIRST
from webapp.matches.models import Match
from webapp.matches.work_queue import waiting
from webapp.matches.work_queue.profile_tasks import MOST_VETTED

NOBODY_MAY = _(
    "What comes next is the own of each coordinator who is here, or they have put somebody forward"
    " whom somebody else has to approve. Please let in another coordinator, ask one who was invited"
    " or needs a second factor to finish joining, or change the setting “Two people for each"
    " match”."
)
NOBODY_HERE = _(
    "No coordinator who has finished joining is here at present, so nothing that SEESAC has to do"
    " goes on. Please let in a coordinator, or ask one who was invited or needs a second factor to"
    " finish joining."
)


@dataclass(frozen=True)
class Stranded:
    """What no coordinator may do: why, for which requests, and to how many profiles."""

    why: Message
    references: Sequence[str]
    profiles: int


def find(session: Session, today: date) -> Stranded | None:
    """Return what it is, if there is anything."""
    here = accounts.list_able(session, Role.COORDINATOR)
    # One of two has not put an expert forward whom the other one has.
    if _count_unbound(session, here) >= 2:
        return None
    found = waiting.list_tasks(session, requests.list_open(session, texts=False), today)
    tasks = (task for tasks in found.values() for task in tasks)
    references = {task.request.reference for task in tasks if task.side is Side.ADMINISTRATOR}
    profiles = _count_profiles(session, here)
    if not references and not profiles:
        return None
    return Stranded(NOBODY_MAY if here else NOBODY_HERE, sorted(references), profiles)


def _count_unbound(session: Session, here: Sequence[Account]) -> int:
    """Return how many of these coordinators have no other role and no acts in one: nothing is their
    own."""
    numbers = [one.id for one in here if one.kinds == {Role.COORDINATOR}]
    bound: sa.CompoundSelect[int | None] = sa.union_all(
        _others_of(ActedOn, numbers),
        _others_of(ActedOnProfile, numbers),
        sa.select(ExpertiseRequest.requester_id).where(ExpertiseRequest.requester_id.in_(numbers)),
        sa.select(Expert.account_id).where(Expert.account_id.in_(numbers)),
    )
    return len(set(numbers).difference(session.scalars(bound)))


def _others_of(kept: type[ActedOn | ActedOnProfile], numbers: Sequence[int]) -> sa.Select[int]:
    """Choose which of some accounts have acted for another side than SEESAC's."""
    return sa.select(kept.account_id).where(
        kept.account_id.in_(numbers), kept.side != Role.COORDINATOR
    )


def is_beyond(session: Session, match: Match, today: date) -> bool:
    """Tell whether it is what comes next with a match."""
    found = waiting.list_tasks(session, [match.request], today)
    tasks = found.get(match.request_id, [])
    return any(task.match is match and task.side is Side.ADMINISTRATOR for task in tasks)


def _count_profiles(session: Session, here: Sequence[Account]) -> int:
    """Return how many of the profiles that the queue lists for vetting no coordinator may vet."""
    actors = [one.as_actor() for one in here]
    return sum(
        all(why_not_theirs(one, profile_rules.owners_of(expert)) for one in actors)
        for expert in standing.list_in_states(session, VETTED_FIRST, most=MOST_VETTED)[0]
    )
