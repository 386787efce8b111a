"""Does a ranking say when nobody fits? Requests that somebody of a roster suits, and requests that
nobody of it does, with what is said of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import rankdata

from matcher.experiments.tuning.collection import Collection
from matcher.index import ExpertIndex
from matcher.ranking import Fit
from matcher.records import Expert, Request


class Said(NamedTuple):
    """What is said of how well the best fits, and by which score, in units of the weight of a word
    that a single entry has (0 where nobody is ranked)."""

    fit: Fit
    score: float


def said_of(experts: Iterable[Expert], requests: Sequence[Request]) -> list[Said]:
    """What is said of each request; nobody is ruled out."""
    index = ExpertIndex(experts)
    found = []
    for request in requests:
        result = index.rank(request, 1, constraints=False)
        best = result.ranked[0].score if result.ranked else 0.0
        found.append(Said(result.fit, index.asked(request).in_rarest_words(best)))
    return found


def counted(said: Sequence[Said]) -> Mapping[Fit, int]:
    """How often each is said."""
    return Counter(one.fit for one in said)


def unmet(collection: Collection) -> list[Request]:
    """The requests of a collection that nobody there has a grade for."""
    return [one for one in collection.requests if not any(_grades(collection, one))]


def met(collection: Collection) -> list[Request]:
    """The requests of a collection that somebody there has a grade for."""
    return [one for one in collection.requests if any(_grades(collection, one))]


def _grades(collection: Collection, request: Request) -> Iterable[int]:
    return collection.judgments.get(request.id, {}).values()


def separation(fitting: Sequence[Said], others: Sequence[Said]) -> float:
    """How likely a request that somebody suits has a greater best score than one that nobody does:
    the area under the ROC curve (Hanley and McNeil 1982), equals counting half."""
    ranks = rankdata([one.score for one in (*fitting, *others)])
    most = len(fitting) * (len(fitting) + 1) / 2
    return float((np.sum(ranks[: len(fitting)]) - most) / (len(fitting) * len(others)))
