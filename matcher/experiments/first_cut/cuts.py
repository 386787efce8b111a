"""By which keys a first cut finds profiles: what of a profile and of a request is told to the
engine."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np

from matcher.analysis import Analyzer
from matcher.explanation import AnalyzedRequest
from matcher.index import ExpertIndex
from matcher.passages import is_word
from matcher.records import Expert
from matcher.store import ProfileTable
from matcher.thesaurus import default_thesaurus

_WORD: Final = re.compile(r"\w\w+")
_LETTERS: Final = 4

Keys = Iterator[tuple[str, Iterable[str]]]


@dataclass(frozen=True)
class Cut:
    """A way to cut: the keys of all profiles, and those of a request with what each counts."""

    profiles: Callable[[Iterable[Expert], ExpertIndex], Keys]
    request: Callable[[AnalyzedRequest], Mapping[str, float]]


def words(text: str) -> list[str]:
    """The words of a text in small letters, as PostgreSQL's configuration "simple" has them."""
    return _WORD.findall(text.lower())


def grams(text: str) -> list[str]:
    """What four letters follow each other in its words, their ends marked; of shorter words all."""
    return list(
        chain.from_iterable(
            [word[at : at + _LETTERS] for at in range(max(1, len(word) - _LETTERS + 1))]
            for word in (f"_{word}_" for word in words(text))
        )
    )


def _of_texts(split: Callable[[str], list[str]]) -> Cut:
    """By what is written, as both sides have written it."""

    def profiles(experts: Iterable[Expert], _: ExpertIndex) -> Keys:
        analyzer = Analyzer(default_thesaurus())
        for expert in experts:
            texts = (entry.text for entry in analyzer.expert_entries(expert))
            yield expert.id, chain.from_iterable(map(split, texts))

    def request(asked: AnalyzedRequest) -> Mapping[str, float]:
        texts = (passage.text for passage in asked.passages)
        return dict.fromkeys(chain.from_iterable(map(split, texts)), 1.0)

    return Cut(profiles, request)


def _of_terms(weigh: Callable[[AnalyzedRequest, str], float]) -> Cut:
    """By what the matcher finds in the texts, terms of the request that count for nothing left
    out."""

    def profiles(_: Iterable[Expert], index: ExpertIndex) -> Keys:
        for part in index.snapshot().parts:
            found = part.block.profiles
            for place in np.flatnonzero(part.alive).tolist():
                yield found.id_of(place), _columns(found, place)

    def request(asked: AnalyzedRequest) -> Mapping[str, float]:
        weighed = {str(column): weigh(asked, term) for column, term in asked.query.terms.items()}
        return {key: weight for key, weight in weighed.items() if weight}

    return Cut(profiles, request)


def _columns(found: ProfileTable, place: int) -> Iterator[str]:
    first, last = found.terms[found.entries[[place, place + 1]]].tolist()
    columns, counts = found.columns[first:last], found.counts[first:last]
    return map(str, np.repeat(columns, counts).tolist())


def _evenly(_: AnalyzedRequest, term: str) -> float:
    del term
    return 1.0


def _subjects(_: AnalyzedRequest, term: str) -> float:
    return 0.0 if is_word(term) else 1.0


def _as_the_matcher(asked: AnalyzedRequest, term: str) -> float:
    """The share of the request alone: how rare the term is counts once more in BM25."""
    query = asked.query
    return query.weights[asked.snapshot.columns[term]] / query.rarities[term]


CUTS: Final[Mapping[str, Cut]] = {
    "words": _of_texts(words),
    "letters": _of_texts(grams),
    "subjects": _of_terms(_subjects),
    "terms": _of_terms(_evenly),
    "terms, weighed": _of_terms(_as_the_matcher),
}
