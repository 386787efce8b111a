"""How much of a ranking is left when only the first few of another one are ranked."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any, Final

from matcher.experiments.first_cut.cuts import Cut
from matcher.experiments.first_cut.engine import CutIndex
from matcher.experiments.metrics import ndcg, recall
from matcher.experiments.tuning.collection import Collection
from matcher.explanation import AnalyzedRequest
from matcher.index import ExpertIndex
from matcher.ranking import tie_key
from matcher.records import Expert, Request
from matcher.scoring import exact_scores

DEPTHS: Final = (100, 300, 1000)
_TOP: Final = 10


@dataclass(frozen=True)
class Asked:
    """A judged request with the first places that the matcher gives on everybody."""

    request: AnalyzedRequest
    grades: Mapping[str, int]
    first: Sequence[str]


@dataclass(frozen=True)
class Crowd:
    """Collections and strangers in one roster; in each collection its own people and the strangers
    alone are ranked."""

    index: ExpertIndex
    collections: Mapping[str, Collection]

    def asked(self, name: str) -> list[Asked]:
        """The judged requests of a collection."""
        one = self.collections[name]
        return [self._asked(name, request, one.judgments[request.id]) for request in one.judged]

    def _asked(self, name: str, request: Request, grades: Mapping[str, int]) -> Asked:
        ranked = self.index.rank(request, _TOP + self.others(name), constraints=False).ranked
        first = self.without_others(name, (match.expert_id for match in ranked))[:_TOP]
        return Asked(self.index.asked(request), grades, first)

    def others(self, name: str) -> int:
        """How many people the other collections have."""
        return sum(len(one.experts) for other, one in self.collections.items() if other != name)

    def without_others(self, name: str, expert_ids: Iterable[str]) -> list[str]:
        """Those of some ids who are of a collection or strangers."""
        return [one for one in expert_ids if one.partition("/")[0] == name or "/" not in one]


def measure(
    crowd: Crowd, cuts: Mapping[str, Cut], people: Sequence[Expert], depths: Sequence[int] = DEPTHS
) -> dict[str, Any]:
    """For each collection nDCG@10 on everybody, and for each cut and depth the recall of the judged
    experts of grade 1 and more, nDCG@10 of those ranked who are left, and the share of the first
    ten of everybody who are; ``people`` are all in the roster. Times are CPU seconds.
    """
    asked = {name: crowd.asked(name) for name in crowd.collections}
    found: dict[str, Any] = {
        "collections": {
            name: {
                "requests": len(of_one),
                "everybody": fmean(ndcg(one.first, one.grades) for one in of_one),
                "cuts": {},
            }
            for name, of_one in asked.items()
        },
        "seconds": {},
    }
    for title, cut in cuts.items():
        engine = CutIndex(cut.profiles(people, crowd.index))
        cutting = _Cutting(crowd, cut, engine, depths)
        for name, of_one in asked.items():
            told = [cutting.measured(name, one) for one in of_one]
            found["collections"][name]["cuts"][title] = {
                str(depth): _means([one[depth] for one in told]) for depth in depths
            }
        found["seconds"][title] = {
            "search": fmean(cutting.searching),
            "rank": fmean(cutting.ranking),
        }
    return found


def _means(told: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {measure: fmean(one[measure] for one in told) for measure in told[0]}


@dataclass(frozen=True)
class _Cutting:
    """One cut of a crowd, with the seconds that searches and rankings of what is left took."""

    crowd: Crowd
    cut: Cut
    engine: CutIndex
    depths: Sequence[int]
    searching: list[float] = field(default_factory=list)
    ranking: list[float] = field(default_factory=list)

    def measured(self, name: str, one: Asked) -> dict[int, dict[str, float]]:
        deepest = max(self.depths)
        query = self.engine.query(self.cut.request(one.request))
        started = time.process_time()
        found = self.engine.first(query, deepest + self.crowd.others(name))
        self.searching.append(time.process_time() - started)
        left = self.crowd.without_others(name, found)[:deepest]
        started = time.process_time()
        ranked = ranked_again(one.request, left)
        self.ranking.append(time.process_time() - started)
        return {depth: _measured(one, left[:depth], ranked) for depth in self.depths}


def _measured(one: Asked, left: Sequence[str], ranked: Sequence[str]) -> dict[str, float]:
    among = set(left)
    return {
        "recall": recall(left, one.grades, len(left)),
        "ndcg": ndcg([expert for expert in ranked if expert in among], one.grades),
        "kept": len(among.intersection(one.first)) / max(1, len(one.first)),
    }


def ranked_again(asked: AnalyzedRequest, expert_ids: Iterable[str]) -> list[str]:
    """Those of some experts who have a score, as the matcher orders them in the whole roster."""
    snapshot = asked.snapshot
    # A selection has the profiles of one block together.
    places = {one: place for one in expert_ids if (place := snapshot.find(one)) is not None}
    ids = sorted(places, key=lambda one: places[one])
    scores = exact_scores(snapshot, asked.query, snapshot.select(ids)).tolist()
    in_order = sorted(
        (-score, tie_key(asked.request.id, one), one)
        for one, score in zip(ids, scores, strict=True)
        if score > 0
    )
    return [one for _, _, one in in_order]
