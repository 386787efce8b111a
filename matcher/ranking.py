"""From a snapshot and a request to a ranking: who is ruled out, who stands at the top, and the
lists a coordinator sees.

Upper bounds from the postings tell for everybody who may stand at the top; only those few are
scored exactly (:mod:`matcher.scoring`). Who is ruled out, and why, is worked out when it is read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from matcher.arrays import Mask, Singles, joined
from matcher.eligibility import Reason, check
from matcher.profile import Profile
from matcher.records import Request
from matcher.scoring import exact_scores
from matcher.segments import Part
from matcher.snapshot import Query, Snapshot

if TYPE_CHECKING:
    from matcher.explanation import Explanation

# So many more than asked for are scored first, so that the last place asked for is known well
# enough to leave nearly everybody else aside.
_FIRST_POOL: Final = 4


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
    _outside: Outside = field(repr=False, compare=False)

    @cached_property
    def ruled_out(self) -> tuple[RuledOut, ...]:
        """Whom a hard constraint excludes, those first whose profiles bear most on the request."""
        return self._outside.ruled_out()

    @cached_property
    def unrankable(self) -> tuple[Unrankable, ...]:
        """Who is not ruled out and has no score."""
        return self._outside.unrankable()

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


@dataclass(frozen=True, eq=False)
class _Standing:
    """The profiles of one part: who may be sent, and upper bounds of the scores, 0 for those that
    are not ranked; shapes (profiles,)."""

    part: Part
    eligible: Mask
    bounds: Singles

    @cached_property
    def ranked(self) -> Singles:
        """The bounds of those that are ranked; 0 for everybody else."""
        return np.where(self.part.alive & self.eligible, self.bounds, np.float32(0))

    def profiles(self, chosen: Mask) -> list[Profile]:
        profiles = self.part.block.profiles
        return [profiles[place] for place in np.flatnonzero(chosen).tolist()]


def rank(
    snapshot: Snapshot, request: Request, query: Query, top: int, constraints: bool
) -> RankingResult:
    """Rank every expert of a snapshot for a request with the terms of ``query``.

    ``top`` limits ``ranked`` (0: no limit). Without ``constraints`` nobody is ruled out: the
    ranking by subject alone.
    """
    standings = [_standing(part, snapshot, query, request, constraints) for part in snapshot.parts]
    considered = sum(int(np.count_nonzero(standing.ranked)) for standing in standings)
    best = _best(snapshot, request, query, standings, top or considered)
    shown = [
        Match(profile.expert.id, score, score / best[0][0], place)
        for place, (score, profile) in enumerate(best, start=1)
    ]
    unknown = {
        profile.expert.id: codes
        for _, profile in best
        if constraints and (codes := check(profile.expert, request).unknown)
    }
    outside = Outside(snapshot, request, query, standings)
    return RankingResult(tuple(shown), considered, snapshot.revision, unknown, outside)


def _standing(
    part: Part, snapshot: Snapshot, query: Query, request: Request, constraints: bool
) -> _Standing:
    block = part.block
    bounds = block.bounds(query.weights, snapshot.means, snapshot.settings)
    bounds[block.thin] = 0
    everybody = np.ones(len(block.profiles), dtype=np.bool_)
    return _Standing(part, block.screen.eligible(request) if constraints else everybody, bounds)


def _best(
    snapshot: Snapshot,
    request: Request,
    query: Query,
    standings: Sequence[_Standing],
    top: int,
) -> list[tuple[float, Profile]]:
    """The ``top`` highest scores with their profiles, in order."""
    threshold = _least_of(standings, _FIRST_POOL * top)
    found = _scored(snapshot, query, standings, threshold)
    if threshold > 0:
        # Whoever was left aside and cannot reach the last of these cannot be among the first.
        last = sorted((score for score, _ in found), reverse=True)[top - 1]
        if last < threshold:
            found = _scored(snapshot, query, standings, last)
    found.sort(key=lambda pair: (-pair[0], tie_key(request.id, pair[1].expert.id)))
    return found[:top]


def _least_of(standings: Sequence[_Standing], most: int) -> float:
    """The bound that ``most`` profiles reach; 0 if there are fewer."""
    bounds = joined([standing.ranked for standing in standings], np.float32)
    if not 0 < most < len(bounds):
        return 0.0
    return float(np.partition(bounds, len(bounds) - most)[len(bounds) - most])


def _scored(
    snapshot: Snapshot, query: Query, standings: Sequence[_Standing], threshold: float
) -> list[tuple[float, Profile]]:
    """The exact scores of all profiles whose bounds are positive and reach a threshold."""
    profiles = [
        profile
        for standing in standings
        for profile in standing.profiles((standing.ranked > 0) & (standing.ranked >= threshold))
    ]
    return list(zip(exact_scores(snapshot, query, profiles).tolist(), profiles, strict=True))


@dataclass(frozen=True, eq=False)
class Outside:
    """Those of a roster who are not ranked for a request; worked out when it is asked for, because
    most rankings are read from the top."""

    snapshot: Snapshot
    request: Request
    query: Query
    standings: Sequence[_Standing]

    def ruled_out(self) -> tuple[RuledOut, ...]:
        """Whom a rule excludes, with all reasons and with the score, if there is one."""
        out = [
            (profile, float(bound))
            for standing in self.standings
            for profile, bound in self._among(standing, ~standing.eligible)
        ]
        bearing = [profile for profile, bound in out if bound > 0]
        exact = exact_scores(self.snapshot, self.query, bearing).tolist()
        scores = {p.expert.id: score for p, score in zip(bearing, exact, strict=True)}
        found = [
            RuledOut(
                profile.expert.id,
                check(profile.expert, self.request).reasons,
                scores.get(profile.expert.id),
            )
            for profile, _ in out
        ]
        return tuple(sorted(found, key=lambda r: (-(r.score or 0.0), self._tie(r.expert_id))))

    def unrankable(self) -> tuple[Unrankable, ...]:
        """Who has no score, and why."""
        found = [
            Unrankable(profile.expert.id, "thin_profile" if profile.is_thin else "no_shared_term")
            for standing in self.standings
            for profile, bound in self._among(standing, standing.eligible)
            if not bound > 0
        ]
        return tuple(sorted(found, key=lambda u: (u.reason, self._tie(u.expert_id))))

    def _among(self, standing: _Standing, chosen: Mask) -> Iterable[tuple[Profile, float]]:
        places = standing.part.alive & chosen
        return zip(standing.profiles(places), standing.bounds[places].tolist(), strict=True)

    def _tie(self, expert_id: str) -> bytes:
        return tie_key(self.request.id, expert_id)
