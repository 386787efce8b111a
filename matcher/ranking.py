"""From a snapshot and a request to a ranking: scores, discounting, ties, and the lists a
coordinator sees."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from matcher.eligibility import Reason, check
from matcher.records import Request
from matcher.snapshot import Floats, Ints, Part, Snapshot

if TYPE_CHECKING:
    from matcher.explanation import Explanation

# Each further entry counts this share of the one before it, so that the best piece of evidence
# decides and the tenth mention of a word adds next to nothing; between .5 and .7 the quality of
# rankings does not differ.
DISCOUNT: Final = 0.6
# Share of the profile as a whole in the score, the rest being that of its best entries.
WHOLE_SHARE: Final = 0.5
# Scores are compared after rounding: the order of additions depends on the history of the index,
# and the last bits of a sum must not decide a rank.
SCORE_DECIMALS: Final = 12


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
    """Every expert of the roster stands in exactly one of the three lists, but for ``ranked`` cut
    at ``top``.

    ``considered`` is the length ``ranked`` would have uncut; ``revision`` is that of the index when
    it ranked; ``unknown`` has, for experts that are not ruled out, the rules that could not be
    checked for a missing field.
    """

    ranked: tuple[Match, ...]
    ruled_out: tuple[RuledOut, ...]
    unrankable: tuple[Unrankable, ...]
    considered: int
    revision: int
    unknown: Mapping[str, tuple[str, ...]]

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
        }


def tie_key(request_id: str, expert_id: str) -> bytes:
    """What decides between equal scores: a hash of both ids, so that no name or number always comes
    first."""
    return hashlib.sha256(f"{request_id}\x00{expert_id}".encode("utf-8", "replace")).digest()


def discounted(scores: Floats, owners: Ints, experts: int) -> Floats:
    """Add up entry scores per expert, best first: ``(1 - r) · Σ r^(i-1) · s_i``; shape (experts,).

    ``scores`` and ``owners`` have shape (entries,).
    """
    touched = np.flatnonzero(scores > 0)
    order = touched[np.lexsort((-scores[touched], owners[touched]))]
    owner = owners[order]
    first = np.searchsorted(owner, owner, side="left")
    place = np.arange(len(order)) - first
    shares = (1 - DISCOUNT) * DISCOUNT**place * scores[order]
    totals = np.zeros(experts)
    np.add.at(totals, owner, shares)
    return totals


def rank(
    snapshot: Snapshot, request: Request, counts: Mapping[str, int], top: int, constraints: bool
) -> RankingResult:
    """Rank every expert of a snapshot for a request whose terms have these ``counts``.

    ``top`` limits ``ranked`` (0: no limit). Without ``constraints`` nobody is ruled out: the
    ranking by subject alone.
    """
    query = {snapshot.vocabulary[term]: weight for term, weight in snapshot.query(counts).items()}
    eligible: list[tuple[str, float]] = []
    ruled_out: list[RuledOut] = []
    unrankable: list[Unrankable] = []
    unknown: dict[str, tuple[str, ...]] = {}
    for part in snapshot.parts:
        scores = _part_scores(part, query, snapshot)
        for place in np.flatnonzero(part.alive).tolist():
            expert = part.block.profiles[place].expert
            thin = bool(part.block.thin[place])
            score = float(scores[place]) if scores[place] > 0 and not thin else None
            if constraints:
                verdict = check(expert, request)
                if verdict.reasons:
                    ruled_out.append(RuledOut(expert.id, verdict.reasons, score))
                    continue
                if verdict.unknown:
                    unknown[expert.id] = verdict.unknown
            if score is None:
                unrankable.append(
                    Unrankable(expert.id, "thin_profile" if thin else "no_shared_term")
                )
            else:
                eligible.append((expert.id, score))
    eligible.sort(key=lambda pair: (-pair[1], tie_key(request.id, pair[0])))
    ruled_out.sort(key=lambda out: (-(out.score or 0.0), tie_key(request.id, out.expert_id)))
    unrankable.sort(key=lambda out: (out.reason, tie_key(request.id, out.expert_id)))
    shown = eligible[:top] if top else eligible
    best = eligible[0][1] if eligible else 1.0
    return RankingResult(
        tuple(
            Match(expert_id, score, score / best, place)
            for place, (expert_id, score) in enumerate(shown, start=1)
        ),
        tuple(ruled_out),
        tuple(unrankable),
        len(eligible),
        snapshot.revision,
        unknown,
    )


def _part_scores(part: Part, query: Mapping[int, float], snapshot: Snapshot) -> Floats:
    block = part.block
    entries = _ratio(block.entries.products(query, snapshot.weights), part.divisors)
    wholes = _ratio(block.wholes.products(query, snapshot.weights), part.whole_divisors)
    best = discounted(entries, block.owners, len(block.profiles))
    return np.round((1 - WHOLE_SHARE) * best + WHOLE_SHARE * wholes, SCORE_DECIMALS)


def _ratio(products: Floats, divisors: Floats) -> Floats:
    # Whatever has a product has a term, and then its divisor is not 0.
    return np.divide(products, divisors, out=np.zeros_like(products), where=products > 0)
