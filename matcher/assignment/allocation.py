"""The best allocation of experts over several open requests.

Of all allocations that send nobody who is ruled out, nobody beyond the load limit and nobody to two
requests at once, first those that fill the most places are kept, then those of them with the
greatest ``Σ s_ir`` over the assignments of expert i to request r, s being the score relative to the
best of that request (0 to 1). One more filled place so outweighs whatever scores could gain. Scores
are rounded to whole points (:data:`matcher.assignment.integer_programme.POINTS`), so the sum of n
assignments lies within n · 10^-4 of the greatest unrounded one.

Periods that overlap are told apart by cliques: intervals that pairwise share a day all share one
(Helly 1923), so "at most one of the requests that run on a day", once for each day on which a
request begins, says the same as a row for each pair, in far fewer rows (Golumbic 2004, chapter 8).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from matcher.assignment.integer_programme import (
    POINTS,
    SECONDS_AT_MOST,
    Constraint,
    InfeasibleError,
    Programme,
    Row,
)
from matcher.assignment.team import Candidate, barred
from matcher.eligibility import Reason, check
from matcher.ranking import tie_key
from matcher.records import Period, Request

# A request and an expert, by their ids.
Pair = tuple[str, str]

# Parts of the hash of a pair that are its weight among equals, one part after the other: two bytes
# tell nearly all allocations apart in one run, and are few enough for the solver's precision.
_DRAWS: Final = (slice(0, 2), slice(2, 4), slice(4, 6))


@dataclass(frozen=True)
class OpenRequest:
    """A request whose places are to be filled, and who could fill them."""

    request: Request
    candidates: Sequence[Candidate]

    @property
    def places(self) -> int:
        """How many experts are needed; one where the request does not say."""
        return self.request.experts_needed or 1


@dataclass(frozen=True)
class AllocationRules:
    """What holds for the whole allocation.

    ``max_load``: assignments an expert may have in all, those already open included (None: no
    limit). ``rest_days``: free days between two assignments, and between an assignment and a
    booked period. ``must`` and ``must_not``: pairs of a request's id and an expert's id.
    """

    max_load: int | None = None
    rest_days: int = 0
    must: Collection[Pair] = ()
    must_not: Collection[Pair] = ()

    def __post_init__(self) -> None:
        if self.rest_days < 0 or (self.max_load or 0) < 0:
            raise ValueError("the load limit and the rest days must not be negative")


@dataclass(frozen=True)
class Assignment:
    """An expert sent to a request, with the score relative to the best of that request."""

    request_id: str
    expert_id: str
    score: float


@dataclass(frozen=True)
class Vacancy:
    """Places of a request that stay open, and why.

    ``barred`` has the reasons for each candidate who cannot be sent whatever happens elsewhere:
    those of :func:`matcher.eligibility.rules.check`; ``rest``, the booked period that is too near:
    ``{"start": …, "end": …, "rest_days": 3}``; ``load``: ``{"load": 2, "max_load": 2}``; and
    ``must_not``. ``taken`` has for each candidate who is busy elsewhere the requests that stand in
    the way.
    """

    request_id: str
    places: int
    barred: Mapping[str, tuple[Reason, ...]] = field(default_factory=dict)
    taken: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """``nobody_eligible``: nobody is left who could be sent; ``too_few_eligible``: fewer are
        left than places; ``taken_elsewhere``: enough are left, and all are busy elsewhere."""
        if not self.taken:
            return "nobody_eligible"
        return "too_few_eligible" if len(self.taken) < self.places else "taken_elsewhere"

    @property
    def sentence(self) -> str:
        """The same in English, without a full stop."""
        parts = [f"{len(self.taken)} taken elsewhere"] if self.taken else []
        if self.code != "taken_elsewhere":
            who = "nobody else" if self.taken else "nobody"
            parts.append(f"{who} is left ({len(self.barred)} ruled out)")
        return f"places open for {self.request_id}: {self.places}; {', '.join(parts)}"


@dataclass(frozen=True)
class Allocation:
    """The best allocation: ``value`` is the sum of the relative scores, as the module says."""

    assignments: tuple[Assignment, ...]
    vacancies: tuple[Vacancy, ...]
    value: float


def allocate(
    requests: Sequence[OpenRequest],
    rules: AllocationRules | None = None,
    *,
    seconds: float = SECONDS_AT_MOST,
) -> Allocation:
    """The best allocation of the candidates over the open requests.

    Of allocations equal in places and scores the one is taken whose pairs have the greatest sum of
    the first two bytes of :func:`matcher.ranking.tie_key`, then of the next two, then of two more,
    and of those still equal the one that has the first pair in the order of that hash. Raises
    :class:`matcher.assignment.integer_programme.InfeasibleError` with the constraints that clash if
    not all pairs of ``must`` can be sent,
    :class:`matcher.assignment.integer_programme.UnprovenError` if the solver needs more
    ``seconds``, and :class:`ValueError` for a request or a candidate who comes twice, an expert
    whose load is not the same everywhere, or a pair that names a request not given.
    """
    rules = rules or AllocationRules()
    _refuse_faults(requests, rules)
    case = _Case(requests, rules)
    # Made together, so that one span of time holds for both.
    small, whole = Programme(seconds), Programme(seconds)
    # Every place may stay open, so whether there is an answer at all depends only on those who
    # must be sent; so small a programme can name each of its constraints.
    if clash := _musts(case, small).clash():
        raise InfeasibleError(clash)
    return _result(case, _solve(case, whole))


def _refuse_faults(requests: Sequence[OpenRequest], rules: AllocationRules) -> None:
    ids = {one.request.id for one in requests}
    pairs = [(one.request.id, c.expert.id) for one in requests for c in one.candidates]
    if len(ids) < len(requests) or len(set(pairs)) < len(pairs):
        raise ValueError("each request once, and each candidate of it once, are needed")
    loads = {(c.expert.id, c.load) for one in requests for c in one.candidates}
    if len(loads) > len({expert_id for expert_id, _ in loads}):
        raise ValueError("an expert's load must be the same for every request")
    if unknown := {request_id for request_id, _ in (*rules.must, *rules.must_not)} - ids:
        raise ValueError(f"no such request: {', '.join(sorted(unknown))}")


class _Case:
    """The requests in the order of their ids, and who could be sent, so that the order in which
    they came in cannot matter."""

    def __init__(self, requests: Sequence[OpenRequest], rules: AllocationRules) -> None:
        self.rules = rules
        self.open = {one.request.id: one for one in sorted(requests, key=lambda o: o.request.id)}
        self.candidates: dict[Pair, Candidate] = {
            (key, c.expert.id): c for key, one in self.open.items() for c in one.candidates
        }
        self.reasons = {
            pair: (*check(c.expert, self.request(pair)).reasons, *self._too_near(pair, c))
            for pair, c in self.candidates.items()
        }
        self.able = sorted(
            (pair for pair in self.candidates if not self.barred(pair)),
            key=lambda pair: tie_key(*pair),
        )

    def request(self, pair: Pair) -> Request:
        return self.open[pair[0]].request

    def _too_near(self, pair: Pair, candidate: Candidate) -> Iterable[Reason]:
        rest = self.rules.rest_days
        period = self.request(pair).period
        for booked in candidate.expert.booked if period else ():
            # What overlaps without any rest is a reason of eligibility already.
            if not _clash(booked, period, 0) and _clash(booked, period, rest):
                days = {"start": booked.start.isoformat(), "end": booked.end.isoformat()}
                yield Reason("rest", {**days, "rest_days": rest})

    def barred(self, pair: Pair) -> tuple[Reason, ...]:
        """Why an expert cannot be sent to a request, whatever the others do."""
        found = list(self.reasons[pair])
        load = self.candidates[pair].load
        if self.room(pair) == 0:
            found.append(Reason("load", {"load": load, "max_load": self.rules.max_load}))
        if pair in self.rules.must_not:
            found.append(Reason("must_not", {}))
        return tuple(found)

    def room(self, pair: Pair) -> int | None:
        """How many more assignments the expert of a pair may have; None for any number."""
        limit = self.rules.max_load
        return None if limit is None else max(0, limit - self.candidates[pair].load)

    def at_once(self, one: str, other: str) -> bool:
        """Whether nobody can be sent to both of two requests."""
        first, second = self.open[one].request.period, self.open[other].request.period
        return _clash(first, second, self.rules.rest_days)


def _clash(one: Period | None, other: Period | None, rest_days: int) -> bool:
    """Whether fewer free days than ``rest_days`` lie between two periods, or they overlap."""
    if one is None or other is None:
        return False
    early, late = sorted((one, other), key=lambda period: period.start)
    return (late.start - early.end).days <= rest_days


def _by(pairs: Iterable[Pair], part: int) -> dict[str, list[Pair]]:
    """Pairs by their request (0) or their expert (1)."""
    found: dict[str, list[Pair]] = {}
    for pair in pairs:
        found.setdefault(pair[part], []).append(pair)
    return found


def _musts(case: _Case, programme: Programme) -> Programme:
    """The programme of those alone who must be sent, with every constraint on them named."""
    musts = sorted(set(case.rules.must))
    place = {pair: programme.add() for pair in musts if case.reasons.get(pair) == ()}
    for key, pairs in _by(place, 0).items():
        programme.constraints.append(_places(case, key, [place[pair] for pair in pairs]))
    for pairs in _by(place, 1).values():
        if case.rules.max_load is not None:
            programme.constraints.append(_load(case, pairs, [place[pair] for pair in pairs]))
        for one, other in combinations(pairs, 2):
            if case.at_once(one[0], other[0]):
                programme.constraints.append(_overlap(case, (one, other), place))
    for pair in sorted(set(case.rules.must_not)):
        terms = {place[pair]: 1} if pair in place else {}
        programme.constraints.append(_must_not(pair, Row(terms, most=0)))
    for pair in musts:
        terms = {place[pair]: 1} if pair in place else {}
        programme.constraints.append(_must(case, pair, Row(terms, least=1)))
    return programme


def _places(case: _Case, request_id: str, places: list[int]) -> Constraint:
    needed = case.open[request_id].places
    detail, row = {"request_id": request_id, "needed": needed}, Row(_each(places), most=needed)
    name, sentence = f"places:{request_id}", f"at most {needed} for {request_id}"
    return Constraint(name, "places", detail, sentence, (row,))


def _load(case: _Case, pairs: Sequence[Pair], places: list[int]) -> Constraint:
    expert_id, load = pairs[0][1], case.candidates[pairs[0]].load
    detail = {"expert_id": expert_id, "load": load, "max_load": case.rules.max_load}
    sentence = f"at most {case.rules.max_load} assignments of {expert_id} ({load} open already)"
    row = Row(_each(places), most=case.room(pairs[0]))
    return Constraint(f"load:{expert_id}", "load", detail, sentence, (row,))


def _overlap(case: _Case, pairs: tuple[Pair, Pair], place: Mapping[Pair, int]) -> Constraint:
    (one, expert_id), (other, _) = pairs
    rest = case.rules.rest_days
    detail = {"expert_id": expert_id, "requests": [one, other], "rest_days": rest}
    days = [f"{key} ({_days(case.open[key].request.period)})" for key in (one, other)]
    apart = f" with {rest} days of rest between them" if rest else ""
    sentence = f"{expert_id} not both for {' and '.join(days)}{apart}"
    row = Row(_each(place[pair] for pair in pairs), most=1)
    return Constraint(f"overlap:{expert_id} {one} {other}", "overlap", detail, sentence, (row,))


def _days(period: Period | None) -> str:
    return f"{period.start} to {period.end}" if period else ""


def _must_not(pair: Pair, row: Row) -> Constraint:
    detail, sentence = {"request_id": pair[0], "expert_id": pair[1]}, f"{pair[1]} not for {pair[0]}"
    return Constraint(f"must_not:{' '.join(pair)}", "must_not", detail, sentence, (row,))


def _must(case: _Case, pair: Pair, row: Row) -> Constraint:
    facts, why = barred(case.reasons.get(pair))
    detail = {"request_id": pair[0], "expert_id": pair[1], **facts}
    name, sentence = f"must:{' '.join(pair)}", f"{pair[1]} for {pair[0]}{why}"
    return Constraint(name, "must", detail, sentence, (row,))


def _each(places: Iterable[int]) -> dict[int, int]:
    return dict.fromkeys(places, 1)


def _solve(case: _Case, programme: Programme) -> list[Pair]:
    """The pairs of the best allocation."""
    place = {pair: programme.add() for pair in case.able}
    for pair in case.rules.must:
        programme.always({place[pair]: 1}, least=1)
    for key, pairs in _by(case.able, 0).items():
        programme.always(_each(place[pair] for pair in pairs), most=case.open[key].places)
    for pairs in _by(case.able, 1).values():
        programme.always(_each(place[pair] for pair in pairs), most=case.room(pairs[0]))
        for together in _cliques(case, pairs):
            programme.always(_each(place[pair] for pair in together), most=1)
    points = {place[pair]: round(POINTS * case.candidates[pair].score) for pair in place}
    draws = [
        {place[pair]: int.from_bytes(tie_key(*pair)[part], "big") for pair in place}
        for part in _DRAWS
    ]
    solution = programme.solve([_each(place.values()), points], list(place.values()), draws)
    return [pair for pair in case.able if solution[place[pair]]]


def _cliques(case: _Case, pairs: Iterable[Pair]) -> set[frozenset[Pair]]:
    """The sets of two pairs and more of one expert of which one at most can be sent."""
    spans = {}
    for pair in pairs:
        if period := case.request(pair).period:
            end = period.end.toordinal() + case.rules.rest_days
            spans[pair] = (period.start.toordinal(), end)
    running = {
        frozenset(pair for pair, (start, end) in spans.items() if start <= day <= end)
        for day, _ in spans.values()
    }
    return {those for those in running if len(those) > 1}


def _result(case: _Case, chosen: Sequence[Pair]) -> Allocation:
    by_request, by_expert = _by(chosen, 0), _by(chosen, 1)
    # The pairs come in the order of ties, which so decides among equal scores.
    assignments = tuple(
        Assignment(*pair, case.candidates[pair].score)
        for key in case.open
        for pair in sorted(by_request.get(key, ()), key=lambda pair: -case.candidates[pair].score)
    )
    vacancies = tuple(
        _vacancy(case, key, one.places - len(by_request.get(key, ())), by_expert)
        for key, one in case.open.items()
        if len(by_request.get(key, ())) < one.places
    )
    points = sum(round(POINTS * one.score) for one in assignments)
    return Allocation(assignments, vacancies, points / POINTS)


def _vacancy(
    case: _Case, request_id: str, places: int, by_expert: Mapping[str, list[Pair]]
) -> Vacancy:
    out: dict[str, tuple[Reason, ...]] = {}
    taken: dict[str, tuple[str, ...]] = {}
    for expert_id in sorted(c.expert.id for c in case.open[request_id].candidates):
        busy = sorted(key for key, _ in by_expert.get(expert_id, ()))
        if reasons := case.barred((request_id, expert_id)):
            out[expert_id] = reasons
        elif request_id not in busy:
            # Whoever is not stopped by a period is stopped by the load of all of them.
            near = [key for key in busy if case.at_once(key, request_id)]
            taken[expert_id] = tuple(near or busy)
    return Vacancy(request_id, places, out, taken)
