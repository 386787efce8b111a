"""Many settings on one collection, at the price of reading the texts a few times only.

What the texts say does not depend on the settings, so requests are read once. The weights of
claims, concepts and broad subjects are in the counts and lengths of an index, so each combination
of them needs one of its own. Discount, share of the whole and pivot come in when a profile is
scored.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from matcher.arrays import Floats
from matcher.experiments.metrics import ndcg
from matcher.experiments.tuning.collection import Collection
from matcher.explanation import AnalyzedRequest
from matcher.index import ExpertIndex
from matcher.ranking import tie_key
from matcher.records import Request
from matcher.scoring import exact_scores
from matcher.settings import DEFAULTS, Settings
from matcher.store import Selection

# Around each default; every one of the seven numbers that the ranking is tuned by.
VALUES: Final[Mapping[str, Sequence[float]]] = {
    "discount": (0.4, 0.6, 0.8),
    "whole_share": (0.0, 0.5, 1.0),
    "pivot_slope": (0.5, 0.75, 1.0),
    "concept_weight": (1.3, 1.7, 2.1),
    "family_weight": (0.7, 1.0, 1.3),
    "sense_weight": (0.9, 1.2, 1.5),
    "claim_weight": (0.6, 0.8, 1.0),
}


def grid(values: Mapping[str, Sequence[float]] = VALUES) -> list[Settings]:
    """Every combination of values, the defaults first, which are there even if no combination is
    equal to them."""
    combinations = [
        Settings(**dict(zip(values, combination, strict=True)))
        for combination in itertools.product(*values.values())
    ]
    return [DEFAULTS, *(settings for settings in combinations if settings != DEFAULTS)]


def ndcg_of(collection: Collection, among: Sequence[Settings]) -> Floats:
    """nDCG@10 of rankings by subject; shape (settings, judged requests)."""
    found = np.empty((len(among), len(collection.judgments)))
    reader = ExpertIndex(collection.experts)
    asked = [reader.asked(request) for request in collection.judged]
    for places in _sharing_an_index(among):
        index = ExpertIndex(collection.experts, settings=among[places[0]])
        found[places] = _of_one_index(collection, index, asked, [among[at] for at in places])
    return found


def _sharing_an_index(among: Sequence[Settings]) -> Iterable[list[int]]:
    """The places of settings, those together that differ in nothing that an index holds."""
    groups: dict[tuple[float, ...], list[int]] = {}
    for place, settings in enumerate(among):
        key = (
            settings.concept_weight,
            settings.family_weight,
            settings.sense_weight,
            settings.claim_weight,
        )
        groups.setdefault(key, []).append(place)
    return groups.values()


def _of_one_index(
    collection: Collection,
    index: ExpertIndex,
    read: Sequence[AnalyzedRequest],
    among: Sequence[Settings],
) -> Floats:
    found = np.empty((len(among), len(read)))
    snapshot = index.snapshot()
    rankable = Selection(
        (part.block.profiles, np.flatnonzero(part.rankable)) for part in snapshot.parts
    )
    for row, settings in enumerate(among):
        moment = replace(snapshot, settings=settings)
        for column, (request, asked) in enumerate(zip(collection.judged, read, strict=True)):
            query = moment.query(asked.counts, asked.weighing, asked.common)
            scores = exact_scores(moment, query, rankable)
            ranking = _ordered(request, rankable, scores)
            found[row, column] = ndcg(ranking, collection.judgments[request.id])
    return found


def _ordered(request: Request, selection: Selection, scores: Floats) -> list[str]:
    """Those with a score, in the order of a ranking."""
    ids = selection.ids
    pairs = [(score, i) for score, i in zip(scores.tolist(), ids, strict=True) if score > 0]
    pairs.sort(key=lambda pair: (-pair[0], tie_key(request.id, pair[1])))
    return [expert_id for _, expert_id in pairs]
