"""What a request asks for and a profile lacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, islice
from typing import Final, NamedTuple

from matcher.explanation.analyzed_request import AnalyzedRequest

_LACKING_WORDS_AT_MOST: Final = 5


class Lacking(NamedTuple):
    """A subject the request asks for and the profile lacks: its wording, and the concept if there
    is one."""

    asked: str
    concept: str | None
    concept_id: str | None


class _RequestSubject(NamedTuple):
    """A term that can be lacking: the places in the request of those that stand for it, itself
    among them."""

    places: frozenset[int]
    lacking: Lacking


class RequestSubjects(NamedTuple):
    """What can be lacking: concepts, which narrower ones and the one word for them stand for, and
    words outside any concept, weightiest first, for which others of the same sense do."""

    concepts: Sequence[_RequestSubject]
    words: Sequence[_RequestSubject]

    def of(self, has: Mapping[int, object]) -> tuple[Lacking, ...]:
        """The concepts not found, then the weightiest words."""
        lacks = has.keys().isdisjoint
        subjects = {
            lacking.asked.casefold(): lacking for places, lacking in self.concepts if lacks(places)
        }
        words = (lacking for places, lacking in self.words if lacks(places))
        return (*subjects.values(), *islice(words, _LACKING_WORDS_AT_MOST))

    def found(self) -> dict[str, tuple[str, frozenset[int]]]:
        """By id the concepts that somebody has: the label, and the places that stand for it."""
        return {
            lacking.concept_id: (lacking.concept, places)
            for places, lacking in self.concepts
            if places and lacking.concept_id and lacking.concept
        }


def request_subjects(asked: AnalyzedRequest) -> RequestSubjects:
    """What a request asks for, as far as a profile can lack it."""
    places = asked.places

    def subject(term: str, others: Iterable[str]) -> _RequestSubject:
        stand_for = frozenset(places[each] for each in (term, *others) if each in places)
        return _RequestSubject(
            stand_for, Lacking(asked.wording([term]), *asked.analyzer.label(term))
        )

    return RequestSubjects(
        [subject(term, others) for term, others in asked.concepts.items()],
        [subject(term, chain(*asked.cover.get(term, ()))) for term in asked.words],
    )
