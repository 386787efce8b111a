"""From a snapshot and a request to a ranking: who is ruled out, who stands at the top, and the
lists a coordinator sees.

Who stands at the top is found by :mod:`matcher.ranking.top_k`. Who is ruled out, and why, is
worked out when it is read, a page at a time for whom a page is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import numpy as np

from matcher.boilerplate import Aside
from matcher.considerations import Wish
from matcher.eligibility import Reason, check, unknown_rules
from matcher.explanation import (
    UNSURE_BELOW,
    AnalyzedRequest,
    Explanation,
    Fit,
    ReadAs,
    explain_experts,
    fit_of,
    request_subjects,
)
from matcher.ranking.top_k import (
    Placed,
    Standing,
    best,
    count_above,
    count_reaching,
    rank_of,
    ranks_of,
    standings,
)
from matcher.records import Expert
from matcher.scoring import tie_key


@dataclass(frozen=True)
class Match:
    """An expert in the ranking; ``relative`` is the score divided by the best score of this ranking
    (0 to 1]."""

    expert_id: str
    score: float
    relative: float
    rank: int


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
    it ranked.
    """

    ranked: tuple[Match, ...]
    considered: int
    revision: int
    _roster: _Roster = field(repr=False, compare=False)

    @cached_property
    def ruled_out(self) -> tuple[RuledOut, ...]:
        """Whom a hard constraint excludes, those first whose profiles bear most on the request."""
        return self.list_ruled_out(0, self.count_ruled_out())

    @cached_property
    def unrankable(self) -> tuple[Unrankable, ...]:
        """Who is not ruled out and has no score."""
        return self.list_unrankable(0, self.count_unrankable())

    def count_ruled_out(
        self, besides: Collection[str] = (), among: Collection[str] | None = None
    ) -> int:
        """How many a hard constraint excludes, without those ``besides``, of those ``among``."""
        return sum(int(one.chosen.sum()) for one in self._ruled_out(besides, among))

    def list_ruled_out(
        self,
        first: int,
        last: int,
        besides: Collection[str] = (),
        among: Collection[str] | None = None,
    ) -> tuple[RuledOut, ...]:
        """The places ``first:last`` of :attr:`ruled_out`, without those ``besides``, of those
        ``among``."""
        found = self._roster.in_order(self._ruled_out(besides, among), first, last)
        return tuple(
            RuledOut(p.expert_id, check(p.constraints, self._roster.asked.request).reasons, p.score)
            for p in found
        )

    def _ruled_out(
        self, besides: Collection[str], among: Collection[str] | None
    ) -> Sequence[Standing]:
        return self._roster.ruled_out(
            frozenset(besides), None if among is None else frozenset(among)
        )

    def count_unrankable(self, among: Collection[str] | None = None) -> int:
        """How many are not ruled out and have no score, of those ``among``."""
        if among is not None:
            return len(self._unrankable(among))
        return sum(one.count_silent() for one in self._roster.may_be_sent)

    def list_unrankable(
        self, first: int, last: int, among: Collection[str] | None = None
    ) -> tuple[Unrankable, ...]:
        """The places ``first:last`` of :attr:`unrankable`, of those ``among``."""
        return tuple(
            Unrankable(expert_id, "thin_profile" if is_thin else "no_shared_term")
            for is_thin, _, expert_id in self._unrankable(among)[first:last]
        )

    def _unrankable(self, among: Collection[str] | None) -> Sequence[tuple[bool, bytes, str]]:
        found = self._roster.unrankable
        return found if among is None else [row for row in found if row[-1] in among]

    @property
    def subjects(self) -> dict[str, str]:
        """The concepts asked for that somebody has, in the order of the request: id and label."""
        found = request_subjects(self._roster.asked).found()
        return {concept_id: label for concept_id, (label, _) in found.items()}

    def having(self, concept_id: str) -> frozenset[str]:
        """Who has a concept that is asked for, or a narrower one: whose explanations do not say
        that it is lacking. ``concept_id`` is one of :attr:`subjects`."""
        asked = self._roster.asked
        _, places = request_subjects(asked).found()[concept_id]
        columns = list(asked.query.weights)
        query = {columns[place]: 1.0 for place in places}
        ids: list[str] = []
        for part in asked.snapshot.parts:
            bounds = part.block.bounds(query, asked.snapshot.means)
            ids += part.block.profiles.experts.ids_of(np.flatnonzero(part.alive & (bounds > 0)))
        return frozenset(ids)

    def knows(self, expert_id: str) -> bool:
        """Whether this expert was on the roster, in whichever of the lists, when it was ranked."""
        return self._roster.asked.snapshot.find(expert_id) is not None

    def find(self, expert_id: str) -> Match | None:
        """The place of one expert in the whole ranking, whether or not ``ranked`` reaches there;
        None for one who is not ranked."""
        found = rank_of(self._roster.asked, self._roster.may_be_sent, expert_id)
        if found is None:
            return None
        rank, score = found
        return Match(expert_id, score, score / self._roster.best_score, rank)

    def only(self, expert_ids: Collection[str]) -> list[Match]:
        """The places of some experts in the whole ranking, of those who are ranked."""
        roster = self._roster
        return [
            Match(placed.expert_id, score, score / roster.best_score, rank)
            for rank, placed in ranks_of(roster.asked, roster.may_be_sent, expert_ids)
            if (score := placed.score)
        ]

    def count_above(self, score: float) -> int:
        """How many of the ranking have a greater score."""
        return count_above(self._roster.asked, self._roster.may_be_sent, score)

    def count_reaching(self, relative: float) -> int:
        """How many of the ranking have so much of its best score, or more."""
        if not self.ranked:
            return 0
        roster = self._roster
        return count_reaching(roster.asked, roster.may_be_sent, relative, self._best_score)

    def count_ranked(self, among: Collection[str]) -> int:
        """How many of some experts are ranked."""
        return sum(one.count_positive(among) for one in self._roster.may_be_sent)

    def records_of(self, expert_ids: Iterable[str]) -> dict[str, Expert]:
        """The profiles of some experts as they were ranked; raises :class:`UnknownExpertError`."""
        return {e.id: e for e in self._roster.asked.snapshot.select(expert_ids).experts}

    @cached_property
    def unknown(self) -> Mapping[str, tuple[str, ...]]:
        """For experts in ``ranked`` the rules that could not be checked for a missing field."""
        ids = (match.expert_id for match in self.ranked)
        return self.unknown_of(ids) if self._roster.constraints else {}

    def unknown_of(self, expert_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """For some experts the rules that could not be checked for a missing field."""
        asked = self._roster.asked
        experts = map(asked.snapshot.constraints_of, expert_ids)
        return {e.id: codes for e in experts if (codes := unknown_rules(e, asked.request))}

    @cached_property
    def explanations(self) -> tuple[Explanation, ...]:
        """Why those ``ranked`` have their scores, in their order."""
        return tuple(self.explain(match.expert_id for match in self.ranked))

    @property
    def readings(self) -> tuple[ReadAs, ...]:
        """The misspelt words of the request, each with the word it is read as."""
        return self._roster.asked.readings

    @property
    def asides(self) -> tuple[Aside, ...]:
        """What of the request is set aside, and shown so that a piece can be taken back
        (``Request.kept``)."""
        return self._roster.asked.asides

    @property
    def wishes(self) -> tuple[Wish, ...]:
        """What the request asks of an expert beside the subject."""
        return tuple(self._roster.asked.weighing.wishes)

    @cached_property
    def fit(self) -> Fit:
        """How well the best of those who may be sent fits."""
        if not self.ranked:
            return Fit.NOBODY
        (best,) = self.explain([self.ranked[0].expert_id])
        return fit_of(self._roster.asked, best.score, best.shares)

    def suits(self, match: Match) -> bool:
        """Whether one of the ranking has a score from which on the best is sure to fit."""
        return self._roster.asked.in_rarest_words(match.score) >= UNSURE_BELOW

    def explain(self, expert_ids: Iterable[str]) -> list[Explanation]:
        """Explain the scores of some experts as they were when this ranking was made, whatever was
        edited since; raises :class:`UnknownExpertError`.

        What was explained is kept: whether anybody fits is told by the best, whom a page shows too.
        """
        wanted = list(expert_ids)
        new = [expert_id for expert_id in dict.fromkeys(wanted) if expert_id not in self._explained]
        if new:
            explained = explain_experts(self._roster.asked, new, self._best_score)
            self._explained.update(zip(new, explained, strict=True))
        return [self._explained[expert_id] for expert_id in wanted]

    @cached_property
    def _explained(self) -> dict[str, Explanation]:
        """What was explained so far, by the expert's id."""
        return {}

    @property
    def _best_score(self) -> float:
        return self.ranked[0].score if self.ranked else 0.0

    def to_dict(self) -> dict[str, Any]:
        """The ranking as JSON can hold it."""
        return {
            "revision": self.revision,
            "fit": self.fit,
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
            "wishes": [wish._asdict() for wish in self.wishes],
        }


def rank(asked: AnalyzedRequest, top: int, *, constraints: bool) -> RankingResult:
    """Rank every expert of a snapshot for a request.

    ``top`` limits ``ranked`` (0: no limit). Without ``constraints`` nobody is ruled out: the
    ranking by subject alone.
    """
    roster = _Roster(asked, constraints)
    considered = sum(standing.positive for standing in roster.may_be_sent)
    found = best(asked, roster.may_be_sent, top or considered)
    scores = [placed.score or 0.0 for placed in found]
    ranked = tuple(
        Match(placed.expert_id, score, score / scores[0], place)
        for place, (placed, score) in enumerate(zip(found, scores, strict=True), start=1)
    )
    return RankingResult(ranked, considered, asked.snapshot.revision, roster)


@dataclass(frozen=True, eq=False)
class _Roster:
    """How the experts of a roster stand for a request; worked out when it is asked for, because
    most rankings are read from the top."""

    asked: AnalyzedRequest
    constraints: bool

    @cached_property
    def may_be_sent(self) -> Sequence[Standing]:
        return standings(self.asked, constraints=self.constraints)

    @cached_property
    def best_score(self) -> float:
        """The greatest score of those who may be sent; there is one."""
        return best(self.asked, self.may_be_sent, 1)[0].score or 0.0

    @cached_property
    def ruled_out(
        self,
    ) -> Callable[[frozenset[str], frozenset[str] | None], Sequence[Standing]]:
        """Those a rule excludes, but for some ids, or among some."""
        return cache(
            lambda besides, among: standings(
                self.asked,
                constraints=self.constraints,
                eligible=False,
                besides=besides,
                among=among,
            )
        )

    def in_order(self, among: Sequence[Standing], first: int, last: int) -> list[Placed]:
        """The places ``first:last`` of some, those with a score before those without one."""
        bearing = sum(standing.positive for standing in among)
        found = best(self.asked, among, min(last, bearing))[first:] if first < bearing else []
        if last > bearing:
            silent = [placed for standing in among for placed in standing.silent()]
            silent.sort(key=self._tie)
            found += silent[max(first - bearing, 0) : last - bearing]
        return found

    @cached_property
    def unrankable(self) -> Sequence[tuple[bool, bytes, str]]:
        """Who may be sent and has no score, in order: whether the profile is too thin, what decides
        between equals, the id."""
        return sorted(
            (is_thin, tie_key(self.asked.request.id, expert_id), expert_id)
            for standing in self.may_be_sent
            for is_thin, expert_id in standing.silent_ids()
        )

    def _tie(self, placed: Placed) -> bytes:
        return tie_key(self.asked.request.id, placed.expert_id)
