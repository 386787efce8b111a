"""How much each consideration moves a score, within bounds.

An entry that adds ``s`` to the score by its words adds ``s · (1 + Σ w l)`` with its considerations:
``w`` is the weight of each, and its level ``l`` lies between -1 and 1, and is 0 where a fact is
missing or impossible. So no score moves by more than the sum of the weights, what is not known
never counts against anybody, and without considerations the score is that of the words.

Years and rank count only where the request asks for them: else they would stand for age and for
whom institutions promote.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from matcher.arrays import Counts, Floats, Ints, Mask
from matcher.considerations.evidence import (
    CONFIRMED,
    END,
    GOES_ON,
    MOST_YEARS,
    PART,
    PLACE,
    RANK,
    SINCE,
    START,
    YEARS,
    place_code,
)
from matcher.considerations.phrases import regions
from matcher.considerations.request_wishes import Wish
from matcher.records import CONSIDERATIONS, Request

# Practice so long ago that it speaks neither for nor against, and so long that half of what length
# can add is added; in months.
_AGE_OF_NO_WEIGHT: Final = 72
_HALF_LENGTH: Final = 18
# What was done where the request is from: on a mission all of it speaks for somebody, at work there
# more than half, and work in its region half of that.
_AT_WORK_THERE: Final = 0.6
_LIKE: Final = 0.3
# What took longer was a post and no mission; in months.
_LONGEST_MISSION: Final = 6
_RANKS_OF_NO_USE: Final = 2


class Weights(NamedTuple):
    """What a consideration weighs if the request asks for it, and if not."""

    asked: float
    unasked: float


WEIGHTS: Final[Mapping[str, Weights]] = {
    "recency": Weights(0.12, 0.04),
    "length": Weights(0.12, 0.03),
    "place": Weights(0.1, 0.1),
    "taught": Weights(0.12, 0.03),
    "confirmed": Weights(0.05, 0.05),
    "years": Weights(0.12, 0.0),
    "rank": Weights(0.12, 0.0),
}


class Facts(NamedTuple):
    """The facts of some profiles: of entries, shape (entries, 5); whose each is, shape (entries,);
    and of profiles, shape (profiles, 3)."""

    of_entries: Ints
    owners: Counts
    of_profiles: Ints


def are_from(facts: Facts, jurisdiction: str | None) -> Mask:
    """Which entries are from a jurisdiction; shape (entries,)."""
    place = facts.of_entries[:, PLACE]
    found: Mask = (place == place_code(jurisdiction)) & (place > 0)
    return found


@dataclass(frozen=True, eq=False)
class Weighing:
    """What counts for one request, and how much: ``weights`` by name, of those that count.

    ``reference`` is the month that facts are compared with, that of the request; without one
    nothing can be called recent.
    """

    weights: Mapping[str, float]
    wishes: Sequence[Wish]
    reference: int | None
    jurisdiction: str | None

    @classmethod
    def of(cls, request: Request, wishes: Sequence[Wish]) -> Weighing:
        """What counts for a request with some wishes."""
        asked = {wish.name for wish in wishes}
        weights = {
            name: WEIGHTS[name].asked if name in asked else WEIGHTS[name].unasked
            for name in CONSIDERATIONS
            if name not in request.without
        }
        day = request.start or request.end
        reference = None if day is None else day.year * 12 + day.month - 1
        if reference is None:
            weights.pop("recency", None)
        if request.jurisdiction is None:
            weights.pop("place", None)
        counting = {name: weight for name, weight in weights.items() if weight}
        return cls(counting, wishes, reference, request.jurisdiction)

    @cached_property
    def most(self) -> float:
        """By which share of it a score grows at most."""
        return sum(self.weights.values())

    def asked(self, name: str) -> int:
        """The greatest number that is asked for of years or rank; 0 for none."""
        return max((wish.value for wish in self.wishes if wish.name == name), default=0)

    def factors(self, facts: Facts, earned: Mask) -> Floats:
        """What the shares of entries are multiplied by; shape (entries,). ``earned`` says which of
        them share anything with the request."""
        levels = Case(self, facts, earned).levels()
        factors = np.ones(len(facts.owners))
        for name, weight in self.weights.items():
            factors += weight * levels[name]
        return factors


@dataclass(frozen=True, eq=False)
class Case:
    """Some profiles before one request: their facts, and which entries share anything with it."""

    weighing: Weighing
    facts: Facts
    earned: Mask

    def levels(self) -> dict[str, Floats]:
        """The level of each consideration that counts, for each entry; shapes (entries,)."""
        return {name: _LEVELS[name](self) for name in self.weighing.weights}

    @cached_property
    def periods(self) -> tuple[Counts, Counts]:
        """First and last month of each entry, 0 where there is none that can be; shapes (entries,).

        What ends after the month of the request, or began longer ago than anybody works, is no
        fact.
        """
        start, end = (self.facts.of_entries[:, at].astype(np.int64) for at in (START, END))
        now = self.weighing.reference
        end[end == GOES_ON] = now or 0
        false = (start > end) | ((start > 0) & (end - start > MOST_YEARS * 12))
        if now is not None:
            false |= (end > now) | (end < now - MOST_YEARS * 12)
        start[false] = end[false] = 0
        return start, end

    @cached_property
    def is_like(self) -> tuple[Mask, Mask]:
        """Which entries are from the jurisdiction of the request, and which from one of its
        region; shapes (entries,)."""
        wanted = self.weighing.jurisdiction
        like = [place_code(code) for code in regions().get(wanted or "", ())]
        return are_from(self.facts, wanted), np.isin(self.facts.of_entries[:, PLACE], like)

    @cached_property
    def months(self) -> Floats:
        """How many different months the dated entries of each profile cover that share anything
        with the request; shape (profiles,)."""
        start, end = self.periods
        dated = self.earned & (start > 0)
        owners, profiles = self.facts.owners[dated], len(self.facts.of_profiles)
        return _months(owners, start[dated], end[dated], profiles)

    @cached_property
    def years_shown(self) -> Floats:
        """How many years of practice each profile shows, by its dates or because it tells so; shape
        (profiles,)."""
        told = self.facts.of_profiles[:, YEARS].astype(np.float64)
        since, now = self.facts.of_profiles[:, SINCE], self.weighing.reference or 0
        past = np.where((since > 0) & (since <= now), now - since, 0) / 12
        past[past > MOST_YEARS] = 0
        shown: Floats = np.maximum(np.maximum(told, past), self.months / 12)
        return shown


def _months(owner: Counts, start: Counts, end: Counts, profiles: int) -> Floats:
    """How many different months some periods of each profile cover; shape (profiles,)."""
    order = np.lexsort((start, owner))
    owner, start, end = owner[order], start[order], end[order]
    # Profiles lie so far apart that none of their months meet.
    apart = owner * (int(end.max(initial=0)) + 2)
    start, end = start + apart, end + 1 + apart
    before = np.maximum.accumulate(np.concatenate([[0], end]))[:-1]
    return np.bincount(
        owner, weights=np.maximum(end - np.maximum(start, before), 0), minlength=profiles
    ).astype(np.float64)


def _recency(case: Case) -> Floats:
    _, end = case.periods
    age = (case.weighing.reference or 0) - end
    return np.where(end > 0, (_AGE_OF_NO_WEIGHT - age) / (_AGE_OF_NO_WEIGHT + age), 0.0)


def _length(case: Case) -> Floats:
    """Missions of some days are what the platform sends people on, so that a short one is no
    fault."""
    start, end = case.periods
    months = end - start + 1
    return np.where(start > 0, months / (months + _HALF_LENGTH), 0.0)


def _place(case: Case) -> Floats:
    """Who has been on a mission where the request is from knows the place in whatever they do."""
    same, like = case.is_like
    start, end = case.periods
    mission = case.earned & same & (start > 0) & (end - start < _LONGEST_MISSION)
    knows = np.zeros(len(case.facts.of_profiles), dtype=np.bool_)
    knows[case.facts.owners[mission]] = True
    worked = np.where(same, _AT_WORK_THERE, np.where(like, _LIKE, 0.0))
    return np.where(knows[case.facts.owners], 1.0, worked)


def _taught(case: Case) -> Floats:
    return case.facts.of_entries[:, PART].astype(np.float64)


def _confirmed(case: Case) -> Floats:
    return case.facts.of_entries[:, CONFIRMED].astype(np.float64)


def _years(case: Case) -> Floats:
    """Years that are not told may be there all the same, so fewer than asked for count less, and
    none count nothing."""
    shown = case.years_shown / case.weighing.asked("years")
    level: Floats = np.minimum(shown, 1.0)[case.facts.owners]
    return level


def _rank(case: Case) -> Floats:
    rank = case.facts.of_profiles[:, RANK].astype(np.float64)
    short = np.maximum(case.weighing.asked("rank") - rank, 0) / _RANKS_OF_NO_USE
    level = np.where(short > 0, -np.minimum(short, 1), 1.0)
    level[rank == 0] = 0.0
    of_entries: Floats = level[case.facts.owners]
    return of_entries


_LEVELS: Final[Mapping[str, Callable[[Case], Floats]]] = {
    "recency": _recency,
    "length": _length,
    "place": _place,
    "taught": _taught,
    "confirmed": _confirmed,
    "years": _years,
    "rank": _rank,
}
