"""What each entry and term of one profile adds to a score: the arithmetic of the ranking once more,
for a single expert and term by term."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from matcher.analysis import Passage, count_terms
from matcher.ranking import DISCOUNT, WHOLE_SHARE
from matcher.records import Entry
from matcher.snapshot import PIVOT_SLOPE, Snapshot, whole_value


@dataclass(frozen=True)
class Shares:
    """An entry that shares terms with the request, and what each of them adds to the score.

    ``discount`` is ``(1-r) r^(i-1)`` for the i-th best entry.
    """

    entry: Entry
    passage: Passage
    discount: float
    terms: Mapping[str, float]

    @property
    def total(self) -> float:
        """What the entry adds to the score."""
        return sum(self.terms.values())


def shares(
    snapshot: Snapshot, query: Mapping[str, float], read: Sequence[tuple[Entry, Passage]]
) -> list[Shares]:
    """The shares of all entries that have any, those that add most first; they add up to the
    score."""
    products = [
        {term: query[term] * weight for term, weight in vector.items() if term in query}
        for vector in (entry_vector(snapshot, entry, passage) for entry, passage in read)
    ]
    totals = [sum(product.values()) for product in products]
    best_first = sorted((i for i in range(len(read)) if totals[i] > 0), key=lambda i: -totals[i])
    wholes = _whole_shares(snapshot, query, read)
    found = []
    for place, i in enumerate(best_first):
        discount = (1 - DISCOUNT) * DISCOUNT**place
        terms = {
            term: (1 - WHOLE_SHARE) * discount * product + WHOLE_SHARE * wholes[i][term]
            for term, product in products[i].items()
            if product > 0
        }
        found.append(Shares(*read[i], discount, terms))
    return sorted(found, key=lambda share: -share.total)


def entry_vector(snapshot: Snapshot, entry: Entry, passage: Passage) -> dict[str, float]:
    """Weights of an entry's terms after division by its pivoted length and with the weight of the
    entry."""
    raw = {
        term: (1.0 + float(np.log(count))) * snapshot.weight(term)
        for term, count in count_terms([passage]).items()
    }
    length = _pivoted(raw, snapshot.mean_norm)
    return {term: entry.weight * value / length for term, value in raw.items()} if length else {}


def _whole_shares(
    snapshot: Snapshot, query: Mapping[str, float], read: Sequence[tuple[Entry, Passage]]
) -> list[dict[str, float]]:
    """What each entry adds to the product of query and whole profile: of a term's product as much
    as its weighted count is of the profile's."""
    counts = [
        {term: entry.weight * count for term, count in count_terms([passage]).items()}
        for entry, passage in read
    ]
    sums: Counter[str] = Counter()
    for row in counts:
        sums.update(row)
    values = whole_value(np.array(list(sums.values()))).tolist()
    raw = {term: value * snapshot.weight(term) for term, value in zip(sums, values, strict=True)}
    length = _pivoted(raw, snapshot.mean_whole)
    return [
        {
            term: query[term] * raw[term] / length * count / sums[term]
            for term, count in row.items()
            if term in query
        }
        for row in counts
    ]


def _pivoted(raw: Mapping[str, float], mean: float) -> float:
    norm = sqrt(sum(value * value for value in raw.values()))
    return (1 - PIVOT_SLOPE) * mean + PIVOT_SLOPE * norm
