"""A request as the roster of one moment reads it; worked out once for a ranking and all its
explanations."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate
from math import log1p
from typing import Final

import numpy as np

from matcher.analysis import Analyzer
from matcher.arrays import Mask
from matcher.boilerplate import Aside
from matcher.considerations import Weighing
from matcher.explanation.wordings import (
    Cover,
    Wordings,
    are_forms,
    covers,
    wording,
    wordings,
)
from matcher.language import TOKEN, is_common, tokenize
from matcher.passages import (
    CONCEPT_MARK,
    FAMILY_MARK,
    SENSE_MARK,
    Passage,
    concept_of,
    count_terms,
    is_word,
    senses_among,
)
from matcher.records import Request
from matcher.store import Query, Selection, Snapshot

# Scores below which hardly anybody, and below which not everybody, suits a request, in units of the
# weight of the rarest word; decision 58 says how often.
NOBODY_BELOW: Final = 0.10
UNSURE_BELOW: Final = 0.15
# From so many subjects on a request is not told in common words alone.
_SUBJECTS_BESIDE: Final = 2
# A request of so few telling words has no scenery: whatever is a subject in it is asked for.
_SHORT_AT_MOST: Final = 12


@dataclass(frozen=True)
class ReadAs:
    """A word of the request that neither roster nor thesaurus knows, and the near one it is read
    as."""

    asked: str
    read_as: str


@dataclass(frozen=True, eq=False)
class AnalyzedRequest:
    """The passages of a request with what a snapshot makes of them."""

    snapshot: Snapshot
    analyzer: Analyzer
    request: Request
    passages: Sequence[Passage]

    @cached_property
    def counts(self) -> Counter[str]:
        """How often the request has each term."""
        return count_terms(self.passages)

    @cached_property
    def asides(self) -> tuple[Aside, ...]:
        """What of the request is set aside."""
        return self.analyzer.request_asides(self.request)

    @cached_property
    def query(self) -> Query:
        """The weights of the request's terms, and of what counts beside them."""
        return self.snapshot.query(self.counts, self.weighing, self.common)

    @cached_property
    def common(self) -> frozenset[str]:
        """The words and senses that are no score alone: those that say nothing by themselves, and
        of a request that names subjects all common ones, but for those that are subjects of its
        title, or of the whole where that is short.

        "Weapons" are half of what "Border control and weapons" asks for, and of "Border control,
        customs and boats" the boats are a third, though the thesaurus has none.
        """
        empty = _terms_only_at((p, p.empty) for p in self.passages)
        subjects = _all(passage.subjects() for passage in self.passages)
        telling = self.telling_words
        own = _all(passage.subject_words() for passage in self.passages)
        if len(subjects) < _SUBJECTS_BESIDE or len(telling - own) < len(subjects):
            return empty
        if len(telling) > _SHORT_AT_MOST:
            own = self.passages[0].subject_words() if self.request.title else set()
        return empty | (self._common_words - own)

    @cached_property
    def _common_words(self) -> frozenset[str]:
        """The words that the request's language uses all the time, and senses like them."""
        senses = filter(self._is_common_sense, self.counts)
        return _terms_only_at((p, p.common) for p in self.passages).union(senses)

    @cached_property
    def ordinary(self) -> frozenset[str]:
        """What is a weak reason without a better one: common words, subjects that the request names
        by them alone, and broad subjects."""
        told = {
            found.term
            for passage in self.passages
            for found in passage.occurrences
            if found.term.startswith(CONCEPT_MARK)
            and (found.start, found.end) not in passage.common
        }
        subjects = {term for term in self.counts if concept_of(term)}
        return self._common_words | (subjects - told)

    @cached_property
    def too_broad(self) -> frozenset[str]:
        """The broad subjects of which the request asks for something narrower."""
        found = set[str]()
        for passage in self.passages:
            asked = {o for o in passage.occurrences if o.term.startswith(CONCEPT_MARK)}
            found.update(
                broad.term
                for broad in passage.occurrences
                if broad.term.startswith(FAMILY_MARK)
                and broad._replace(term=CONCEPT_MARK + broad.term.removeprefix(FAMILY_MARK))
                not in asked
            )
        return frozenset(found)

    @cached_property
    def services(self) -> frozenset[str]:
        """Its terms for the services in which the people on a roster serve, in whatever word."""
        return frozenset(filter(self.analyzer.is_service, self.counts))

    def _is_common_sense(self, term: str) -> bool:
        """Whether a term is a sense that English has a common word for, however rare the word of
        the request is: "инструктор" and "training" meet in it."""
        if not term.startswith(SENSE_MARK):
            return False
        label = self.analyzer.thesaurus.senses[term.removeprefix(SENSE_MARK)].label
        words = tokenize(label, "en")
        return all(word.term is None or is_common(word.term, "en") for word in words)

    @cached_property
    def weighing(self) -> Weighing:
        """What counts beside the words, and how much."""
        return Weighing.of(self.request, self.analyzer.request_wishes(self.request))

    @cached_property
    def telling_words(self) -> frozenset[str]:
        """Its words that say something by themselves."""
        return frozenset(_all(passage.telling_words() for passage in self.passages))

    @cached_property
    def foreign_words(self) -> frozenset[str]:
        """Those of its telling words of which nobody on the roster has the word, nor a sense or
        subject in whose wording it stands."""
        met = {
            term
            for term, places in self.cover.items()
            if any(around in self.places for arounds in places for around in arounds)
        }
        return self.telling_words - self.places.keys() - met

    def in_rarest_words(self, score: float) -> float:
        """A score in units of the weight of a word that a single entry has: scores grow with the
        rarity of terms, and so with the roster."""
        return score / (1 + log1p(self.snapshot.entries))

    @property
    def names(self) -> Sequence[str]:
        """The request's terms by place."""
        return self.query.names

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of each of the request's terms that somebody has."""
        return {term: place for place, term in enumerate(self.names)}

    @cached_property
    def cover(self) -> Cover[str]:
        """In the wordings of which concepts and senses each term stands."""
        return covers(self.passages)

    @cached_property
    def cover_by_place(self) -> Cover[int]:
        """The same by place in the request, of the terms that are covered wherever they stand."""
        places, found = self.places, dict[int, list[Sequence[int]]]()
        for place, term in enumerate(self.names):
            around: set[Sequence[int]] = {
                tuple([places[subject] for subject in subjects if subject in places])
                for subjects in self.cover.get(term, ())
            }
            if around and () not in around:
                found[place] = list(around)
        return found

    @cached_property
    def says_nothing(self) -> frozenset[int]:
        """The places of the words and senses that say nothing by themselves wherever they stand,
        and of those that are no score alone."""
        empty = self.common | _terms_only_at((p, p.empty) for p in self.passages)
        return frozenset(self.places[term] for term in empty if term in self.places)

    @cached_property
    def is_quoted(self) -> Mask:
        """Whether what each of the request's terms finds in a profile is quoted and marked: all but
        the broad subjects of which something narrower is asked for."""
        quoted = np.ones(len(self.names), dtype=np.bool_)
        quoted[[self.places[term] for term in self.too_broad if term in self.places]] = False
        return quoted

    @cached_property
    def labels(self) -> Sequence[tuple[str | None, str | None]]:
        """Label and id of the concept or broad subject of each term that is one, by place."""
        return [self.analyzer.label(term) for term in self.names]

    def sense_called(self, terms: Iterable[str], words: str) -> str | None:
        """The id of the sense among some terms that some words of the request, joined by commas,
        are called by in some language: words that only stand for the same ("helicopters" for
        "plane") are another thing's name."""
        told = words.split(", ")
        senses = (self.analyzer.thesaurus.senses[found] for found in senses_among(terms))
        return next((one.id for one in senses if _is_called(one.labels, told)), None)

    def wording(self, terms: Sequence[str]) -> str:
        """The request's wordings of some terms."""
        return wording(self._wordings, terms)

    @cached_property
    def wording_of_places(self) -> Callable[[tuple[int, ...]], str]:
        """The request's wordings of the terms at some places."""
        # The same groups of terms are told in one explanation after the other.
        return cache(lambda places: self.wording([self.names[place] for place in places]))

    @cached_property
    def _wordings(self) -> Wordings[str]:
        """How its terms are written; words that were misspelt, as they were read."""
        found = wordings(self.passages)
        as_read = {one.asked.casefold(): one.read_as for one in self.readings}
        if not as_read:
            return found
        return {
            term: dict.fromkeys(_as_read(surface, as_read) for surface in surfaces)
            for term, surfaces in found.items()
        }

    @cached_property
    def concepts(self) -> dict[str, set[str]]:
        """The concepts asked for, in order of place, each with the terms that stand for it: that of
        its narrower ones, and the word and the senses of the very same words of the request."""
        found: dict[str, set[str]] = {}
        for passage in self.passages:
            same: dict[tuple[int, int], list[str]] = {}
            for term, start, end in passage.occurrences:
                if not term.startswith((CONCEPT_MARK, FAMILY_MARK)):
                    same.setdefault((start, end), []).append(term)
            for term, start, end in passage.occurrences:
                if term.startswith(CONCEPT_MARK):
                    narrower = FAMILY_MARK + term.removeprefix(CONCEPT_MARK)
                    found.setdefault(term, {narrower}).update(same.get((start, end), ()))
        return found

    @cached_property
    def worded_concepts(self) -> dict[str, list[Sequence[set[str]]]]:
        """The concepts asked for with each wording of theirs: word by word the terms that stand
        for it, itself and the senses that it has there."""
        found: dict[str, list[Sequence[set[str]]]] = {}
        for passage in self.passages:
            for term, words in passage.worded_concepts():
                found.setdefault(term, []).append(words)
        return found

    @cached_property
    def words(self) -> list[str]:
        """The words outside any concept that tell something, weightiest first.

        A word that no profile of the roster has tells nothing about any one of them.
        """
        covered = {
            term
            for term, places in self.cover.items()
            if any(subject.startswith(CONCEPT_MARK) for subjects in places for subject in subjects)
        }
        telling = {
            term: self.counts[term] * rarity
            for term, rarity in self.query.rarities.items()
            if is_word(term) and term not in covered and not term.isdigit()
        }
        return sorted(telling, key=lambda term: (-telling[term], term))

    @cached_property
    def own_terms(self) -> frozenset[str]:
        """The terms of what the requester wrote, without those of the names of themes."""
        texts = sum(1 for text in (self.request.title, self.request.description) if text)
        own = self.passages[:texts]
        return frozenset(found.term for passage in own for found in passage.occurrences)

    @property
    def own_words(self) -> list[str]:
        """Those of the words that the requester wrote, and that say something by themselves and are
        no common ones."""
        own = self.own_terms - self._common_words - self.common
        return [term for term in self.words if term in own]

    @cached_property
    def readings(self) -> tuple[ReadAs, ...]:
        """The misspelt words with what they were read as: a word that a profile has, or one of the
        thesaurus. A reading by which nobody has anything of the request is not told."""
        misspelt: dict[str, tuple[str, str]] = {}
        for passage in self.passages:
            shared = sorted((o.start, o.end) for o in passage.occurrences if o.term in self.places)
            starts = [start for start, _ in shared]
            # How far what begins so early reaches at most.
            reach = [0, *accumulate((end for _, end in shared), max)]
            for reading in passage.readings:
                if reach[bisect_right(starts, reading.start)] >= reading.end:
                    written = passage.text[reading.start : reading.end]
                    misspelt.setdefault(written.casefold(), (written, reading.term))
        return tuple(ReadAs(written, self._word(term)) for written, term in misspelt.values())

    def _word(self, term: str) -> str:
        """A stem as a word that somebody wrote."""
        holder = self.snapshot.holder(term)
        if holder is None:
            return self.analyzer.thesaurus.word(term) or term
        return self._first_wording(holder, self.snapshot.columns[term])

    def _first_wording(self, holder: Selection, column: int) -> str:
        mark = int(np.flatnonzero(holder.marks[:, 0] == column)[0])
        entry = int(np.searchsorted(np.cumsum(holder.marked), mark, side="right"))
        _, start, end = holder.marks[mark].tolist()
        (expert,) = holder.experts
        return self.analyzer.expert_entries(expert)[entry].text[start:end]


def _is_called(labels: Mapping[str, Sequence[str]], told: Iterable[str]) -> bool:
    """Whether one of some wordings is the first of the labels in a language."""
    return any(
        are_forms(first, wording, language)
        for wording in told
        for language, (first, *_others) in labels.items()
    )


def _as_read(surface: str, as_read: Mapping[str, str]) -> str:
    return TOKEN.sub(lambda word: as_read.get(word[0].casefold(), word[0]), surface)


def _all(sets: Iterable[set[str]]) -> set[str]:
    return set[str]().union(*sets)


def _terms_only_at(places: Iterable[tuple[Passage, Container[tuple[int, int]]]]) -> frozenset[str]:
    """The words and senses that stand nowhere else than at some places of each passage."""
    there, elsewhere = set[str](), set[str]()
    for passage, places_there in places:
        for term, start, end in passage.occurrences:
            subject = term.startswith((CONCEPT_MARK, FAMILY_MARK))
            is_there = not subject and (start, end) in places_there
            (there if is_there else elsewhere).add(term)
    return frozenset(there - elsewhere)
