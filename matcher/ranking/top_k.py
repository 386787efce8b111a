"""Some experts of a roster put in order for a request, from the top down to the place asked for.

Upper bounds from the postings tell of everybody who may stand there; only those few are scored
exactly (:mod:`matcher.scoring.exact`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from matcher.arrays import Counts, Floats, Mask, Singles, joined
from matcher.explanation import AnalyzedRequest
from matcher.records import Expert
from matcher.scoring import exact_scores, tie_key
from matcher.store import BlockView, ProfileTable, Selection, clear_others, keep_greatest

# So many more than asked for are scored first, so that the last place asked for is known well
# enough to leave nearly everybody else aside.
_MORE_AT_FIRST: Final = 8
_ROUNDED_UP: Final = 1 + 1e-6
_POSITIVE: Final = float(np.finfo(np.float32).smallest_subnormal)


class Placed(NamedTuple):
    """An expert, by the place in some profiles, with the score, None for none."""

    profiles: ProfileTable
    place: int
    score: float | None

    @property
    def constraints(self) -> Expert:
        """The expert with nothing but what the hard constraints ask."""
        return self.profiles.experts.constraints_of(self.place)

    @property
    def expert_id(self) -> str:
        return self.profiles.id_of(self.place)


@dataclass(frozen=True, eq=False)
class Standing:
    """Those ``chosen`` of one part, with upper bounds of their scores, 0 for those who have none;
    shapes (profiles,). ``positive`` is how many have one."""

    part: BlockView
    chosen: Mask
    bounds: Singles
    positive: int

    def among(self, least: float, below: float = np.inf) -> Counts:
        """The places with a positive bound from ``least`` to ``below``, without it."""
        reaching = np.flatnonzero(self.bounds >= max(least, _POSITIVE))
        return reaching[self.bounds[reaching] < below]

    def silent(self) -> list[Placed]:
        """Those chosen who have no score."""
        profiles = self.part.block.profiles
        return [Placed(profiles, place, None) for place in self._silent_places.tolist()]

    def silent_ids(self) -> Iterator[tuple[bool, str]]:
        """Whether the profile of each of those chosen who have no score is too thin for one, and
        the id."""
        places, profiles = self._silent_places, self.part.block.profiles
        return zip(profiles.thin[places].tolist(), profiles.experts.ids_of(places), strict=True)

    @property
    def _silent_places(self) -> Counts:
        return np.flatnonzero(self.chosen & (self.bounds <= 0))

    def count_silent(self) -> int:
        """How many of those chosen have no score."""
        return int(np.count_nonzero(self.chosen)) - self.positive

    def count_positive(self, among: Collection[str]) -> int:
        """How many of some experts are chosen and have a score."""
        experts = self.part.block.profiles.experts
        return int(np.count_nonzero(experts.are_of(among) & (self.bounds > 0)))

    def place_of(self, expert_id: str) -> int | None:
        """The place of an expert who is chosen and has a score."""
        place = self.part.block.profiles.experts.find(expert_id)
        return place if place is not None and self.bounds[place] > 0 else None


def standings(
    asked: AnalyzedRequest,
    *,
    constraints: bool,
    eligible: bool = True,
    besides: Collection[str] = (),
    among: Collection[str] | None = None,
) -> list[Standing]:
    """How those stand who may be sent, or who may not; with ``besides`` nobody of these ids, with
    ``among`` nobody else.

    Without ``constraints`` everybody may be sent.
    """
    found = []
    for part in asked.snapshot.parts:
        chosen = part.alive.copy()
        if constraints:
            chosen &= part.block.constraint_table.eligible(asked.request) == eligible
        elif not eligible:
            chosen[:] = False
        experts = part.block.profiles.experts
        if among is not None:
            chosen &= experts.are_of(among)
        if besides:
            chosen &= ~experts.are_of(besides)
        found.append(_standing(part, asked, chosen))
    return found


def _standing(part: BlockView, asked: AnalyzedRequest, chosen: Mask) -> Standing:
    query = asked.query
    bounds = part.block.bounds(query.weights, asked.snapshot.means, query.weak)
    if query.most > 1:
        # The factor is a little greater than it must be, because bounds have 32 bits.
        bounds *= np.float32(query.most * _ROUNDED_UP)
    positive = clear_others((chosen & part.rankable).view(np.uint8), bounds)
    return Standing(part, chosen, bounds, positive)


@dataclass(frozen=True, eq=False)
class _Found:
    """Some experts with exact scores: in which of some parts each stands, where, and the score;
    shapes (experts,)."""

    parts: Sequence[BlockView]
    part: Counts
    place: Counts
    scores: Floats

    @classmethod
    def among(
        cls,
        asked: AnalyzedRequest,
        standings: Sequence[Standing],
        least: float,
        below: float = np.inf,
    ) -> _Found:
        """Those with a bound from ``least`` to ``below``, without it."""
        places = [standing.among(least, below) for standing in standings]
        selection = Selection(
            (standing.part.block.profiles, found)
            for standing, found in zip(standings, places, strict=True)
        )
        return cls(
            [standing.part for standing in standings],
            np.repeat(np.arange(len(places)), [len(found) for found in places]),
            joined(places, np.int64),
            exact_scores(asked.snapshot, asked.query, selection),
        )

    def with_others(self, others: _Found) -> _Found:
        return _Found(
            self.parts,
            np.concatenate([self.part, others.part]),
            np.concatenate([self.place, others.place]),
            np.concatenate([self.scores, others.scores]),
        )

    def in_order(self, request_id: str, top: int) -> Counts:
        """The first of them, the best score first and equals by the hash of request and expert."""
        order = np.argsort(-self.scores, kind="stable")
        ordered = self.scores[order]
        begins = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)])
        ends = np.append(begins[1:], len(ordered))
        for at in np.flatnonzero((ends - begins > 1) & (begins < top)).tolist():
            equals = order[begins[at] : ends[at]]
            order[begins[at] : ends[at]] = sorted(
                equals.tolist(), key=lambda one: tie_key(request_id, self.id_of(one))
            )
        return order[:top]

    def id_of(self, at: int) -> str:
        return self.parts[int(self.part[at])].block.profiles.id_of(int(self.place[at]))

    def told(self, order: Counts) -> list[Placed]:
        """Those at some places here."""
        columns = (self.part[order], self.place[order], self.scores[order])
        return [
            Placed(self.parts[part].block.profiles, place, score)
            for part, place, score in zip(*(column.tolist() for column in columns), strict=True)
        ]


def best(asked: AnalyzedRequest, standings: Sequence[Standing], top: int) -> list[Placed]:
    """The ``top`` highest scores with their experts, in order."""
    reach = _least_of(standings, top + _MORE_AT_FIRST)
    found = _Found.among(asked, standings, reach)
    if reach > 0 and top > 0:
        # Whoever was left aside and cannot reach the last of these cannot be among the first.
        last = float(np.partition(found.scores, -top)[-top])
        found = found.with_others(_Found.among(asked, standings, last, reach))
    return found.told(found.in_order(asked.request.id, top))


def rank_of(
    asked: AnalyzedRequest, standings: Sequence[Standing], expert_id: str
) -> tuple[int, float] | None:
    """The rank and the score of one expert, worked out from those who may stand above; None for one
    without a score."""
    score = _score_of(asked, standings, expert_id)
    if score is None:
        return None
    found = _Found.among(asked, standings, score)
    own = tie_key(asked.request.id, expert_id)
    equals = (found.id_of(at) for at in np.flatnonzero(found.scores == score).tolist())
    above = sum(tie_key(asked.request.id, other) < own for other in equals)
    return 1 + above + int(np.count_nonzero(found.scores > score)), score


def count_above(asked: AnalyzedRequest, standings: Sequence[Standing], score: float) -> int:
    """How many have a greater score."""
    found = _Found.among(asked, standings, score)
    return int(np.count_nonzero(found.scores > score))


def count_reaching(
    asked: AnalyzedRequest, standings: Sequence[Standing], relative: float, greatest: float
) -> int:
    """How many have so much of the ``greatest`` score, or more."""
    # Bounds are looked at a little below, so that no rounding leaves out who is just there.
    found = _Found.among(asked, standings, relative * greatest / _ROUNDED_UP)
    return int(np.count_nonzero(found.scores / greatest >= relative))


def ranks_of(
    asked: AnalyzedRequest, standings: Sequence[Standing], expert_ids: Collection[str]
) -> list[tuple[int, Placed]]:
    """The ranks and scores of those of some experts who have a score, the best first."""
    wanted = [s.part.block.profiles.experts.are_of(expert_ids) & (s.bounds > 0) for s in standings]
    found = _Found.among(asked, standings, 0.0)
    order = found.in_order(asked.request.id, len(found.scores))
    is_wanted = np.zeros(len(order), dtype=np.bool_)
    for at, mask in enumerate(wanted):
        of_part = found.part == at
        is_wanted[of_part] = mask[found.place[of_part]]
    ranks = np.flatnonzero(is_wanted[order])
    return list(zip((ranks + 1).tolist(), found.told(order[ranks]), strict=True))


def _score_of(
    asked: AnalyzedRequest, standings: Sequence[Standing], expert_id: str
) -> float | None:
    for standing in standings:
        if (place := standing.place_of(expert_id)) is not None:
            alone = Selection([(standing.part.block.profiles, np.array([place]))])
            return float(exact_scores(asked.snapshot, asked.query, alone)[0])
    return None


def _least_of(standings: Sequence[Standing], most: int) -> float:
    """The bound that ``most`` profiles reach; 0 if there are fewer."""
    if most > sum(standing.positive for standing in standings):
        return 0.0
    greatest = np.zeros(most, dtype=np.float32)
    for standing in standings:
        keep_greatest(standing.bounds, greatest)
    return float(greatest[0])
