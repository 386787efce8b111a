"""How many postings a request touches, counted apart from the index that is measured.

A posting is one (entry, term) pair. Counting all of them would take as long as building an index,
so the first experts of the roster are counted; the roster is drawn at random, so they are a random
sample of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

from matcher.analysis import Analyzer
from matcher.passages import count_terms
from matcher.records import Expert, Request

# Experts counted; the total over the terms of a request is then within about one per cent.
SAMPLE: Final = 2000


class PostingCounts:
    """Document frequencies of terms over the entries of the first experts of a roster."""

    def __init__(self, experts: Iterable[Expert], analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._frequencies: Counter[str] = Counter()
        self.experts = 0
        for expert in islice(experts, SAMPLE):
            self.experts += 1
            for _, passage in analyzer.expert_passages(expert):
                self._frequencies.update({o.term for o in passage.occurrences})

    def touched(self, requests: Sequence[Request], experts: int) -> list[float]:
        """Postings of the known terms of each request in a roster of ``experts``: exact if no more
        were counted, else scaled up."""
        scale = max(1.0, experts / max(1, self.experts))
        return [scale * sum(self._frequencies[term] for term in self._terms(r)) for r in requests]

    def _terms(self, request: Request) -> Iterable[str]:
        return count_terms(self._analyzer.request_passages(request))
