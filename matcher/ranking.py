"""From a snapshot and a request to a ranking: who is ruled out, who stands at the top, and the
lists a coordinator sees.

Upper bounds from the postings tell of everybody who may stand at the top; only those few are scored
exactly (:mod:`matcher.scoring.exact`). Who is ruled out, and why, is worked out when it is read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np

from matcher.arrays import Counts, Mask, Singles
from matcher.boilerplate import Aside
from matcher.eligibility import Reason, check, unknown_rules
from matcher.explanation import AnalyzedRequest, Explanation, ReadAs, explain, explain_experts
from matcher.records import Expert
from matcher.scoring import ScoredProfiles, exact_scores, scored
from matcher.store import BlockView, ProfileTable, Selection, clear_others, keep_greatest

# So many more than asked for are scored first, so that the last place asked for is known well
# enough to leave nearly everybody else aside.
_MORE_AT_FIRST: Final = 8
_POSITIVE: Final = float(np.finfo(np.float32).smallest_subnormal)


@dataclass(frozen=True)
class Match:
    """An expert in the ranking; ``relative`` is the score divided by the best score of this ranking
    (0 to 1]."""

    expert_id: str
    score: float
    relative: float
    rank: int
    explanation: Explanation | None = None


@dataclass(frozen=True)
class RuledOut:
    """An expert whom a hard constraint excludes; ``score`` is None if nothing in the profile bears
    on the request."""

    expert_id: str
    reasons: tuple[Reason, ...]
    score: float | None


@dataclass(frozen=True)
class Unrankable:
    """An expert without a score: ``reason`` is ``no_shared_term`` or ``thin_profile``."""

    expert_id: str
    reason: str


@dataclass(frozen=True)
class RankingResult:
    """Every expert of the roster stands in exactly one of the lists ``ranked``, ``ruled_out`` and
    ``unrankable``, but for ``ranked`` cut at ``top``.

    ``considered`` is the length ``ranked`` would have uncut; ``revision`` is that of the index when
    it ranked; ``unknown`` has, for experts in ``ranked``, the rules that could not be checked for a
    missing field.
    """

    ranked: tuple[Match, ...]
    considered: int
    revision: int
    unknown: Mapping[str, tuple[str, ...]]
    _unranked: Unranked = field(repr=False, compare=False)

    @cached_property
    def ruled_out(self) -> tuple[RuledOut, ...]:
        """Whom a hard constraint excludes, those first whose profiles bear most on the request."""
        return self._unranked.ruled_out()

    @cached_property
    def unrankable(self) -> tuple[Unrankable, ...]:
        """Who is not ruled out and has no score."""
        return self._unranked.unrankable()

    @property
    def readings(self) -> tuple[ReadAs, ...]:
        """The misspelt words of the request, each with the word it is read as."""
        return self._unranked.asked.readings

    @property
    def asides(self) -> tuple[Aside, ...]:
        """What of the request is set aside, and shown so that a piece can be taken back
        (``Request.kept``)."""
        return self._unranked.asked.asides

    def explain(self, expert_ids: Iterable[str]) -> list[Explanation]:
        """Explain the scores of some experts as they were when this ranking was made, whatever was
        edited since; raises :class:`UnknownExpertError`."""
        return explain_experts(self._unranked.asked, list(expert_ids))

    def to_dict(self) -> dict[str, Any]:
        """The ranking as JSON can hold it."""
        return {
            "revision": self.revision,
            "considered": self.considered,
            "ranked": [
                {"expert_id": m.expert_id, "score": m.score, "relative": m.relative, "rank": m.rank}
                for m in self.ranked
            ],
            "ruled_out": [
                {
                    "expert_id": r.expert_id,
                    "score": r.score,
                    "reasons": [reason.to_dict() for reason in r.reasons],
                }
                for r in self.ruled_out
            ],
            "unrankable": [{"expert_id": u.expert_id, "reason": u.reason} for u in self.unrankable],
            "unknown": {expert_id: list(codes) for expert_id, codes in self.unknown.items()},
            "asides": [aside._asdict() for aside in self.asides],
        }


def tie_key(request_id: str, expert_id: str) -> bytes:
    """What decides between equal scores: a hash of both ids, so that no name or number always comes
    first."""
    return hashlib.sha256(f"{request_id}\x00{expert_id}".encode("utf-8", "replace")).digest()


@dataclass(frozen=True, eq=False)
class _Standing:
    """Upper bounds of the scores of the profiles of one part, 0 for those that are not ranked,
    shape (profiles,); ``positive`` is how many are ranked."""

    part: BlockView
    bounds: Singles
    positive: int

    def among(self, least: float, below: float) -> tuple[ProfileTable, Counts]:
        """The profiles with a positive bound from ``least`` to ``below``, without it."""
        reaching = np.flatnonzero(self.bounds >= max(least, _POSITIVE))
        chosen = reaching[self.bounds[reaching] < below]
        return self.part.block.profiles, chosen


def rank(asked: AnalyzedRequest, top: int, *, constraints: bool, explained: bool) -> RankingResult:
    """Rank every expert of a snapshot for a request.

    ``top`` limits ``ranked`` (0: no limit). Without ``constraints`` nobody is ruled out: the
    ranking by subject alone. ``explained`` puts an explanation into every match.
    """
    standings = [_standing(part, asked, constraints) for part in asked.snapshot.parts]
    considered = sum(standing.positive for standing in standings)
    best = _best(asked, standings, top or considered, keep=explained)
    told = _explanations(asked, best) if explained else {}
    shown = [
        Match(c.expert.id, c.score, c.score / best[0].score, place, told.get(c.expert.id))
        for place, c in enumerate(best, start=1)
    ]
    unknown = {
        c.expert.id: codes
        for c in best
        if constraints and (codes := unknown_rules(c.expert, asked.request))
    }
    revision = asked.snapshot.revision
    return RankingResult(tuple(shown), considered, revision, unknown, Unranked(asked, constraints))


def _standing(part: BlockView, asked: AnalyzedRequest, constraints: bool) -> _Standing:
    may = part.rankable
    if constraints:
        may = may & part.block.constraint_table.eligible(asked.request)
    bounds = part.block.bounds(asked.query.weights, asked.snapshot.means)
    return _Standing(part, bounds, clear_others(may.view(np.uint8), bounds))


class _Candidate(NamedTuple):
    """Somebody who may stand at the top; where the explanations are wanted, with those scored
    together and the place among them."""

    score: float
    expert: Expert
    place: int
    together: ScoredProfiles | None


def _best(
    asked: AnalyzedRequest, standings: Sequence[_Standing], top: int, *, keep: bool
) -> list[_Candidate]:
    """The ``top`` highest scores with their experts, in order."""
    reach = _least_of(standings, top + _MORE_AT_FIRST)
    found = list(_candidates(asked, standings, reach, np.inf, keep))
    if reach > 0:
        # Whoever was left aside and cannot reach the last of these cannot be among the first.
        last = sorted((candidate.score for candidate in found), reverse=True)[top - 1]
        found += _candidates(asked, standings, last, reach, keep)
        found = [candidate for candidate in found if candidate.score >= last]
    found.sort(key=lambda c: (-c.score, tie_key(asked.request.id, c.expert.id)))
    return found[:top]


def _candidates(
    asked: AnalyzedRequest, standings: Sequence[_Standing], least: float, below: float, keep: bool
) -> Iterator[_Candidate]:
    """The profiles with a bound from ``least`` to ``below``, without it, with exact scores."""
    selection = Selection(standing.among(least, below) for standing in standings)
    for together in scored(asked.snapshot, asked.query, selection):
        kept = together if keep else None
        experts, scores = together.profiles.experts, together.scores.tolist()
        for place, (score, expert) in enumerate(zip(scores, experts, strict=True)):
            yield _Candidate(score, expert, place, kept)


def _explanations(asked: AnalyzedRequest, best: Sequence[_Candidate]) -> dict[str, Explanation]:
    """The explanations of some candidates, from what their scores were made of."""
    batches: dict[int, tuple[ScoredProfiles, list[int]]] = {}
    for candidate in best:
        if candidate.together is not None:
            found = batches.setdefault(id(candidate.together), (candidate.together, []))
            found[1].append(candidate.place)
    some = (together.only(np.sort(places)) for together, places in batches.values())
    return {explanation.expert_id: explanation for explanation in explain(asked, some)}


def _least_of(standings: Sequence[_Standing], most: int) -> float:
    """The bound that ``most`` profiles reach; 0 if there are fewer."""
    if most > sum(standing.positive for standing in standings):
        return 0.0
    greatest = np.zeros(most, dtype=np.float32)
    for standing in standings:
        keep_greatest(standing.bounds, greatest)
    return float(greatest[0])


@dataclass(frozen=True, eq=False)
class Unranked:
    """Those of a roster who are not ranked for a request; worked out when it is asked for, because
    most rankings are read from the top."""

    asked: AnalyzedRequest
    constraints: bool

    def ruled_out(self) -> tuple[RuledOut, ...]:
        """Whom a rule excludes, with all reasons and with the score, if there is one."""
        out = self._among(eligible=False) if self.constraints else []
        bearing = Selection((among, rows[bears]) for among, rows, bears in out)
        exact = exact_scores(self.asked.snapshot, self.asked.query, bearing).tolist()
        scores = {e.id: score for e, score in zip(bearing.experts, exact, strict=True)}
        found = [
            RuledOut(expert.id, check(expert, self.asked.request).reasons, scores.get(expert.id))
            for expert in Selection((among, rows) for among, rows, _ in out).experts
        ]
        return tuple(sorted(found, key=lambda r: (-(r.score or 0.0), self._tie(r.expert_id))))

    def unrankable(self) -> tuple[Unrankable, ...]:
        """Who has no score, and why."""
        found = [
            Unrankable(
                among.experts[row].id, "thin_profile" if among.thin[row] else "no_shared_term"
            )
            for among, rows, bears in self._among(eligible=True)
            for row in rows[~bears].tolist()
        ]
        return tuple(sorted(found, key=lambda u: (u.reason, self._tie(u.expert_id))))

    def _among(self, *, eligible: bool) -> list[tuple[ProfileTable, Counts, Mask]]:
        """Those who may be sent, or may not: profiles, places among them, and whether each bears on
        the request."""
        found = []
        for part in self.asked.snapshot.parts:
            chosen = part.alive
            if self.constraints:
                chosen = chosen & (
                    part.block.constraint_table.eligible(self.asked.request) == eligible
                )
            rows, profiles = np.flatnonzero(chosen), part.block.profiles
            bounds = part.block.bounds(self.asked.query.weights, self.asked.snapshot.means)
            found.append((profiles, rows, ((bounds > 0) & ~profiles.thin)[rows]))
        return found

    def _tie(self, expert_id: str) -> bytes:
        return tie_key(self.asked.request.id, expert_id)
