"""What a request asks for and a profile lacks, each thing once.

A word is told only if it says something alone: no common one, which most verbs are, none that
stands in the wording of a subject, and none that only the name of a theme has, which nobody wrote.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from itertools import chain, islice
from typing import Final, NamedTuple

from matcher.explanation.analyzed_request import AnalyzedRequest
from matcher.explanation.wordings import stands_in

_LACKING_WORDS_AT_MOST: Final = 5


class Lacking(NamedTuple):
    """A subject the request asks for and the profile lacks: its wording, and the concept if there
    is one; the sense is that of an everyday word that the thesaurus calls so."""

    asked: str
    concept: str | None
    concept_id: str | None
    sense: str | None = None


class _RequestSubject(NamedTuple):
    """A term that can be lacking: the places in the request of those that stand for it, itself
    among them, and for each of its wordings those that stand for each word of it."""

    places: frozenset[int]
    lacking: Lacking
    wordings: Sequence[Sequence[frozenset[int]]] = ()

    def is_lacking(self, has: Container[int]) -> bool:
        """Whether a profile that has some terms of the request says nothing of it: neither the
        subject nor all words of a wording, which a card would quote."""
        return not any(place in has for place in self.places) and not any(
            all(any(place in has for place in word) for word in wording)
            for wording in self.wordings
        )


class RequestSubjects(NamedTuple):
    """What can be lacking: concepts, which narrower ones and the one word for them stand for, and
    words outside any concept, weightiest first, for which others of the same sense do."""

    concepts: Sequence[_RequestSubject]
    words: Sequence[_RequestSubject]

    def of(self, has: Mapping[int, object]) -> tuple[Lacking, ...]:
        """The concepts not found, then the weightiest words."""
        subjects = _each_once(one.lacking for one in self.concepts if one.is_lacking(has))
        words = (one.lacking for one in self.words if one.is_lacking(has))
        return (*subjects, *islice(words, _LACKING_WORDS_AT_MOST))

    def found(self) -> dict[str, tuple[str, frozenset[int]]]:
        """By id the concepts that somebody has: the label, and the places that stand for it."""
        return {
            lacking.concept_id: (lacking.concept, places)
            for places, lacking, _ in self.concepts
            if places and lacking.concept_id and lacking.concept
        }


def request_subjects(asked: AnalyzedRequest) -> RequestSubjects:
    """What a request asks for, as far as a profile can lack it."""
    places = asked.places

    def subject(term: str, *others: str) -> _RequestSubject:
        stand_for = frozenset(places[each] for each in (term, *others) if each in places)
        words = asked.wording([term])
        sense = asked.sense_called((term, *others), words)
        return _RequestSubject(stand_for, Lacking(words, *asked.analyzer.label(term), sense))

    worded = asked.worded_concepts
    concepts = [
        subject(term, *others)._replace(
            wordings=[
                [frozenset(places[each] for each in word if each in places) for word in wording]
                for wording in worded.get(term, ())
            ]
        )
        for term, others in asked.concepts.items()
    ]
    named = [one.lacking.asked for one in concepts]
    words = [subject(term, *chain(*asked.cover.get(term, ()))) for term in asked.own_words]
    return RequestSubjects(
        concepts, [word for word in words if not stands_in(word.lacking.asked, named)]
    )


def _each_once(subjects: Iterable[Lacking]) -> list[Lacking]:
    """Some subjects, the first of those with one wording or name, without those whose wording
    stands in another's: "surrender" in "voluntary surrender"."""
    by_wording = {subject.asked.casefold(): subject for subject in subjects}
    by_name = {
        subject.concept or subject.asked: subject for subject in reversed(by_wording.values())
    }
    told = list(reversed(by_name.values()))
    return [
        one
        for one in told
        if not stands_in(one.asked, [other.asked for other in told if other is not one])
    ]
