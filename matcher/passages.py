"""Texts with the terms found in them.

Terms are of four kinds that stand beside each other: stems of words; concepts of the thesaurus,
whose names start with :data:`CONCEPT_MARK` (no word can contain it); the broad subjects that those
belong to, which start with :data:`FAMILY_MARK`; and the senses of everyday words, which start with
:data:`SENSE_MARK`. The word keeps what the thesaurus does not know, concept and sense bring
different words and languages together, and the broad subject brings a request for arms control to
somebody who marks weapons.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, NamedTuple

from matcher.language import (
    ASKING_SENSES,
    EMPTY_SENSES,
    OCCASION,
    Reading,
    is_asking,
    is_common,
    is_empty,
)

CONCEPT_MARK: Final = "c:"
FAMILY_MARK: Final = "b:"
SENSE_MARK: Final = "w:"


class Occurrence(NamedTuple):
    """A term found in ``text[start:end]``."""

    term: str
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class Passage:
    """A text with the terms found in it, the words that were read as other ones, and the
    ``languages`` of its parts, each with where it ends."""

    text: str
    occurrences: tuple[Occurrence, ...]
    readings: tuple[Reading, ...] = ()
    languages: tuple[tuple[int, str], ...] = ()

    @cached_property
    def empty(self) -> frozenset[tuple[int, int]]:
        """Where words stand that say nothing by themselves (:mod:`matcher.language.empty_words`),
        and where occasions are told ("regional conference"), with the words in them."""
        places: dict[tuple[int, int], str] = {}
        meanings: dict[tuple[int, int], set[str]] = {}
        for term, *place in self.occurrences:
            if is_word(term):
                places[place[0], place[1]] = term
            elif term.startswith(SENSE_MARK):
                meanings.setdefault((place[0], place[1]), set()).add(term.removeprefix(SENSE_MARK))
        occasions = [place for place, senses in meanings.items() if OCCASION in senses]
        return frozenset(occasions) | frozenset(
            place
            for place, term in places.items()
            if is_empty(term, self._language_at(place[0]))
            or meanings.get(place, {""}) <= EMPTY_SENSES
            or any(start <= place[0] and place[1] <= end for start, end in occasions)
        )

    @cached_property
    def common(self) -> frozenset[tuple[int, int]]:
        """Where common words stand (:mod:`matcher.language.common_words`); what is written in
        capitals among small letters is rather a short form."""
        return self.common_among(self.occurrences)

    def common_among(self, occurrences: Iterable[Occurrence]) -> frozenset[tuple[int, int]]:
        """Where common words stand among some of its occurrences."""
        capitals = self.text.isupper()
        return frozenset(
            (start, end)
            for term, start, end in occurrences
            if is_word(term)
            and is_common(term, self._language_at(start))
            and (capitals or not self.text[start:end].isupper())
        )

    def _language_at(self, place: int) -> str:
        return next(language for end, language in self.languages if place < end)

    def telling(self) -> Passage:
        """The same without the terms of words that say nothing by themselves."""
        kept = (
            found
            for found in self.occurrences
            if (found.start, found.end) not in self.empty
            or found.term.startswith((CONCEPT_MARK, FAMILY_MARK))
        )
        return replace(self, occurrences=tuple(kept))

    def without_asking(self) -> Passage:
        """The same without the words of asking and of courtesy
        (:mod:`matcher.language.empty_words`), but for those in the wordings of subjects."""
        concepts = [o for o in self.occurrences if o.term.startswith(CONCEPT_MARK)]
        asking = {
            (start, end)
            for term, start, end in self.occurrences
            if (is_word(term) and is_asking(term, self._language_at(start)))
            or term.removeprefix(SENSE_MARK) in ASKING_SENSES
        }
        apart = {
            (start, end)
            for start, end in asking
            if not any(subject.start <= start and end <= subject.end for subject in concepts)
        }
        kept = (o for o in self.occurrences if (o.start, o.end) not in apart)
        return replace(self, occurrences=tuple(kept))

    def without_common_words(self) -> Passage:
        """The same without common words, numbers, and the senses of either."""
        kept = (
            found
            for found in self.occurrences
            if found.term.startswith((CONCEPT_MARK, FAMILY_MARK))
            or not (
                (found.start, found.end) in self.common
                or any(letter.isdigit() for letter in self.text[found.start : found.end])
            )
        )
        return replace(self, occurrences=tuple(kept))

    def on_common_ground(self, near: Container[str]) -> Passage:
        """The same without the broad subjects that are not among those ``near``."""
        kept = (
            found
            for found in self.occurrences
            if not found.term.startswith(FAMILY_MARK) or concept_of(found.term) in near
        )
        return replace(self, occurrences=tuple(kept))

    def without_subjects(self, places: Container[tuple[int, int]]) -> Passage:
        """The same without the concepts and broad subjects that stand at some places."""
        kept = (
            found
            for found in self.occurrences
            if (found.start, found.end) not in places
            or not found.term.startswith((CONCEPT_MARK, FAMILY_MARK))
        )
        return replace(self, occurrences=tuple(kept))

    def subjects(self) -> set[str]:
        """The concepts that stand in it."""
        return {found.term for found in self.occurrences if found.term.startswith(CONCEPT_MARK)}

    def telling_words(self) -> set[str]:
        """The words in it that say something by themselves."""
        return {
            found.term
            for found in self.occurrences
            if is_word(found.term) and (found.start, found.end) not in self.empty
        }

    def worded_concepts(self) -> Iterator[tuple[str, Sequence[set[str]]]]:
        """Each concept with the telling words of its wording here, of each the word and its
        senses; O(n log n)."""
        told = [o for o in self.occurrences if is_word(o.term) or o.term.startswith(SENSE_MARK)]
        told.sort(key=_start)
        for concept in self.occurrences:
            if not concept.term.startswith(CONCEPT_MARK):
                continue
            first = bisect_left(told, concept.start, key=_start)
            last = bisect_left(told, concept.end, lo=first, key=_start)
            inner = [o for o in told[first:last] if o.end <= concept.end]
            words = [
                {o.term for o in inner if o == word or _has_sense(o, word)}
                for word in inner
                if is_word(word.term) and (word.start, word.end) not in self.empty
            ]
            if words:
                yield concept.term, words

    def subject_words(self) -> set[str]:
        """The words and senses that stand in the wordings of its concepts."""
        return {
            term
            for term, around in self.covered()
            if not term.startswith(FAMILY_MARK)
            and any(other.startswith(CONCEPT_MARK) for other in around)
        }

    @cached_property
    def by_term(self) -> Mapping[str, list[Occurrence]]:
        """The occurrences of each term, in order."""
        by_term: dict[str, list[Occurrence]] = {}
        for occurrence in self.occurrences:
            by_term.setdefault(occurrence.term, []).append(occurrence)
        return by_term

    def surfaces(self, term: str) -> Iterator[str]:
        """The wordings of one term in this text, in order."""
        for occurrence in self.by_term.get(term, ()):
            yield " ".join(self.text[occurrence.start : occurrence.end].split())

    def covered(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Each word, sense and broad subject with the concepts in whose wording it stands here;
        after them, each word also with its senses, and each sense with those before it of the same
        words.

        O(n log n): concepts are found with growing starts and growing ends, and so are senses, so
        one pass over each kind is enough.
        """
        concepts = [o for o in self.occurrences if o.term.startswith(CONCEPT_MARK)]
        senses = [o for o in self.occurrences if o.term.startswith(SENSE_MARK)]
        words = [o for o in self.occurrences if is_word(o.term)]
        for family, around in _around(
            [o for o in self.occurrences if o.term.startswith(FAMILY_MARK)], concepts
        ):
            yield family.term, around
        before: dict[tuple[int, int], tuple[str, ...]] = {}
        for sense, around in _around(senses, concepts):
            same = before.get((sense.start, sense.end), ())
            yield sense.term, around + same
            before[sense.start, sense.end] = (*same, sense.term)
        for (word, around), (_, meanings) in zip(
            _around(words, concepts), _around(words, senses), strict=True
        ):
            yield word.term, around + meanings


def _around(
    inner: Iterable[Occurrence], outer: Sequence[Occurrence]
) -> Iterator[tuple[Occurrence, tuple[str, ...]]]:
    """Each of some occurrences with the terms of those that it stands within."""
    at = 0
    for other in sorted(inner, key=lambda o: (o.end, o.start)):
        while at < len(outer) and outer[at].end < other.end:
            at += 1
        around = at
        while around < len(outer) and outer[around].start <= other.start:
            around += 1
        yield other, tuple([found.term for found in outer[at:around]])


def _start(found: Occurrence) -> int:
    return found.start


def _has_sense(sense: Occurrence, word: Occurrence) -> bool:
    around = sense.start <= word.start and word.end <= sense.end
    return around and sense.term.startswith(SENSE_MARK)


def is_word(term: str) -> bool:
    """Whether a term is the stem of a word."""
    return not term.startswith((CONCEPT_MARK, FAMILY_MARK, SENSE_MARK))


def concept_of(term: str) -> str | None:
    """The id of the concept, or broad subject, that a term stands for."""
    if is_word(term) or term.startswith(SENSE_MARK):
        return None
    return term.removeprefix(CONCEPT_MARK).removeprefix(FAMILY_MARK)


def senses_among(terms: Iterable[str]) -> list[str]:
    """The ids of the senses among some terms, in their order."""
    return [term.removeprefix(SENSE_MARK) for term in terms if term.startswith(SENSE_MARK)]


def count_terms(passages: Iterable[Passage]) -> Counter[str]:
    """How often each term occurs in some passages together."""
    return Counter([found.term for passage in passages for found in passage.occurrences])
