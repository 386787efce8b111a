"""The roster shared out over the open requests of one time, as a proposal that changes nothing.

Each request is ranked by itself; whom several of them would ask goes where most places are filled,
and then where the whole fits best. Days between missions, days that are booked, and how many
missions one expert may have are kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.actor import Actor
from webapp.expertise_requests import queries as requests
from webapp.expertise_requests import rules as request_rules
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Expert
from webapp.matches import commitments, offering, queries
from webapp.matches.ranking.rankings import load_experts, matcher_request
from webapp.matches.ranking.roster_index import RosterIndex
from webapp.matches.rules import LITTLE, MATCHABLE
from webapp.matches.work_queue.waiting import LIVE, count_lacking
from webapp.platform_settings.queries import get_settings

if TYPE_CHECKING:
    import matcher

# Those that begin first; more would be no page that a person reads, and each is a ranking.
MOST_REQUESTS: Final = 20
# Who stands further down is nobody to ask, even where all others are taken.
CANDIDATES: Final = 25
# A page must not wait longer for the proof that nothing better can be had.
SECONDS: Final = 10.0


@dataclass(frozen=True)
class Place:
    """An expert for a request: the place in its ranking, and the score beside its best (0 to 1)."""

    expert: Expert
    rank: int
    relative: float


@dataclass(frozen=True)
class Shared:
    """What one request would get: `wanted` experts are still looked for, `open_places` stay open.

    `taken` has how many who could go are busy elsewhere, by the reference of the request.
    """

    request: ExpertiseRequest
    wanted: int
    places: list[Place]
    taken: dict[str, int]

    @property
    def open_places(self) -> int:
        """Return how many places nobody can be found for."""
        return self.wanted - len(self.places)


@dataclass(frozen=True)
class Proposal:
    """The open requests with whom they would get; `more` are left out that begin later.

    `proven` is False where the best way was not found in time.
    """

    shared: list[Shared]
    more: int
    proven: bool


@dataclass(frozen=True)
class _Asked:
    """An open request with its ranking, without those who are in it already."""

    request: ExpertiseRequest
    record: matcher.Request
    ranked: Sequence[matcher.Match]
    known: Mapping[str, matcher.Expert]


def allocate(
    roster: RosterIndex, session: Session, actor: Actor, most_missions: int | None
) -> Proposal:
    """Return whom to consider for each open request that lacks experts.

    Requests of the actor's own, or of their organisation, are left out: nobody reads who is
    considered for those.
    """
    import matcher

    lacking = _list_lacking(session, actor)
    index, _revision = roster.current(session)
    asked = [
        _ask(index, session, one, wanted) for one, wanted in list(lacking.items())[:MOST_REQUESTS]
    ]
    there = {int(match.expert_id) for one in asked for match in one.ranked}
    loads = commitments.count_coming(session, actor, there, clock.today())
    rules = matcher.AllocationRules(most_missions, get_settings(session).rest_days)
    try:
        found = matcher.allocate([_open(one, loads) for one in asked], rules, seconds=SECONDS)
    except matcher.UnprovenError:
        return Proposal([], len(lacking) - len(asked), proven=False)
    people = load_experts(session, {one.expert_id for one in found.assignments})
    shared = [_shared(one, found, people, asked) for one in asked]
    return Proposal(shared, len(lacking) - len(asked), proven=True)


def _list_lacking(session: Session, actor: Actor) -> dict[ExpertiseRequest, int]:
    """Return the requests that lack experts with how many, the first to begin first."""
    today = clock.today()
    going = [
        one
        for one in requests.list_open(session)
        if one.state in MATCHABLE
        and not request_rules.is_asking(actor, one)
        and one.first_day
        and one.first_day > today
    ]
    matches = queries.list_by_request(session, [one.id for one in going], LIVE)
    excluded = offering.list_excluded(session, [one.id for one in going])
    wanted = {
        one: count_lacking(
            one, offering.list_going(matches.get(one.id, ()), excluded.get(one.id, ()))
        )
        for one in going
    }
    first = sorted(going, key=lambda one: (one.first_day or today, one.id))
    return {one: wanted[one] for one in first if wanted[one] > 0}


def _ask(
    index: matcher.ExpertIndex, session: Session, request: ExpertiseRequest, wanted: int
) -> _Asked:
    record = replace(matcher_request(index, session, request), experts_needed=wanted)
    result = index.rank(record, top=CANDIDATES)
    there = {str(number) for number in queries.get_by_expert(session, request.id)}
    ranked = [
        match
        for match in result.ranked
        if match.expert_id not in there and match.relative >= LITTLE
    ]
    return _Asked(request, record, ranked, result.records_of(one.expert_id for one in ranked))


def _open(asked: _Asked, loads: Mapping[int, int]) -> matcher.OpenRequest:
    import matcher

    candidates = [
        matcher.Candidate(
            asked.known[one.expert_id], one.relative, load=loads.get(int(one.expert_id), 0)
        )
        for one in asked.ranked
    ]
    return matcher.OpenRequest(asked.record, candidates)


def _shared(
    asked: _Asked,
    found: matcher.Allocation,
    people: Mapping[str, Expert],
    all_asked: Sequence[_Asked],
) -> Shared:
    key = asked.record.id
    ranks = {one.expert_id: one.rank for one in asked.ranked}
    places = [
        Place(people[one.expert_id], ranks[one.expert_id], one.score)
        for one in found.assignments
        if one.request_id == key and one.expert_id in people
    ]
    references = {one.record.id: one.request.reference for one in all_asked}
    taken: Counter[str] = Counter()
    for vacancy in found.vacancies:
        if vacancy.request_id == key:
            taken.update(references[busy] for those in vacancy.taken.values() for busy in those)
    return Shared(asked.request, asked.record.experts_needed or 1, places, dict(taken))
