"""One profile as the matcher reads it, and as it would stand in a roster it need not belong to.

Profiles that wait for screening, or are suspended, are in no ranking; their owners ask all the same
what is read in them and whom they would have suited. So the profile is set beside a snapshot, with
terms of its own, and nothing of it stays in the roster.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from matcher.analysis import Analyzer
from matcher.explanation import AnalyzedRequest, Lacking, ProfileTerm, terms_of
from matcher.language import Lexicon, Speller
from matcher.passages import CONCEPT_MARK, Passage, concept_of
from matcher.ranking import rank
from matcher.reading import read_profile
from matcher.records import Entry, Expert, Request
from matcher.store import Blocks, CollectionStatistics, Selection, Snapshot, Vocabulary

# Beside so many subjects of the field, words that belong to none are noise to a reader.
_SUBJECTS_ENOUGH: Final = 3
# Shorter words are abbreviations at best, and say little to a reader by themselves.
_SHORTEST_WORD: Final = 3


class ReadEntry(NamedTuple):
    """An entry of a profile with the subjects read in it, weightiest first; ``experience`` and
    ``training`` come in the order of the record."""

    kind: str
    title: str
    subjects: tuple[ProfileTerm, ...]


class Stand(NamedTuple):
    """How a profile would stand for a request, by subject alone: its rank, its score divided by the
    best one (0 to 1], and what the request asks for and the profile lacks. Without anything in
    common both are None."""

    rank: int | None
    relative: float | None
    lacking: tuple[Lacking, ...]


@dataclass(frozen=True, eq=False)
class OneProfile:
    """A profile and the roster around it; safe to share among threads."""

    expert: Expert
    snapshot: Snapshot
    analyzer: Analyzer
    lexicon: Lexicon

    @cached_property
    def _passages(self) -> Sequence[tuple[Entry, Passage]]:
        return self.analyzer.expert_passages(self.expert)

    def read_entries(self, subjects: int = 10) -> tuple[ReadEntry, ...]:
        """Each entry with at most so many subjects: concepts, and where these are few the words
        that say something by themselves."""
        return tuple(
            ReadEntry(entry.kind, entry.title, tuple(self._subjects(passage)[:subjects]))
            for entry, passage in self._passages
        )

    def _subjects(self, passage: Passage) -> list[ProfileTerm]:
        clean = passage.telling().without_common_words()
        told = terms_of([(clean, 1.0)], self.analyzer, self.snapshot.weight)
        # A broad subject is one with its concept to a reader.
        named = {term.concept_id: term for term in reversed(told) if term.concept_id}
        subjects = sorted(named.values(), key=told.index)
        if len(subjects) >= _SUBJECTS_ENOUGH:
            return subjects
        words = {word for term in subjects for word in _words(term.found)}
        return [
            term
            for term in told
            if term in subjects
            or (not term.concept_id and _is_telling(term.found) and not _words(term.found) <= words)
        ]

    def claims_without_evidence(self) -> tuple[str, ...]:
        """The codes of the themes claimed of which no experience and no training tells.

        A theme is told of by each subject that the thesaurus puts under it, and by each that stands
        in its name.
        """
        shown = {
            subject
            for entry, passage in self._passages
            if entry.kind in {"experience", "training"}
            for found in passage.occurrences
            if (subject := concept_of(found.term)) is not None
        }
        return tuple(
            code
            for code in self.expert.themes
            if (subjects := self._subjects_of(code)) and not subjects & shown
        )

    def _subjects_of(self, code: str) -> Set[str]:
        thesaurus = self.analyzer.thesaurus
        if code not in thesaurus.themes:
            return frozenset()
        concepts = thesaurus.concepts.values()
        under = {concept.id for concept in concepts if code in concept.themes}
        named = Expert(id="theme", themes=(code,))
        return under | {
            term.removeprefix(CONCEPT_MARK)
            for _, passage in self.analyzer.expert_passages(named)
            for term in passage.subjects()
        }

    def stand_for(self, request: Request) -> Stand:
        """Rank the roster with this profile in it; nobody is ruled out, whatever the dates."""
        speller = Speller(self.lexicon, self.snapshot.weight)
        passages = self.analyzer.request_passages(request, speller)
        asked = AnalyzedRequest(self.snapshot, self.analyzer, request, passages)
        ranking = rank(asked, 1, constraints=False)
        found = ranking.find(self.expert.id)
        (explanation,) = ranking.explain([self.expert.id])
        if found is None:
            return Stand(None, None, explanation.lacking)
        return Stand(found.rank, found.relative, explanation.lacking)


def with_one_more(
    snapshot: Snapshot,
    terms: Sequence[str],
    sums: Sequence[int],
    expert: Expert,
    analyzer: Analyzer,
) -> Snapshot:
    """A snapshot with one profile more, or with another one of the same id.

    ``terms`` are those of the snapshot by column, and ``sums`` its collection statistics. O(terms).
    """
    settings = snapshot.settings
    vocabulary = Vocabulary(settings)
    vocabulary.restore(terms, snapshot.frequencies)
    statistics = CollectionStatistics.restored(sums)
    parts = list(snapshot.parts)
    if (place := snapshot.find(expert.id)) is not None:
        at, row = place
        former = Selection([(parts[at].block.profiles, np.array([row]))]).gathered()
        vocabulary.count(former.columns, -1)
        statistics.count(former, -1)
        parts[at] = parts[at].without(row)
    profile = read_profile(expert, analyzer, vocabulary)
    vocabulary.count(profile.columns, +1)
    statistics.count(profile, +1)
    blocks, means = Blocks(settings), statistics.means
    blocks.put(profile)
    return Snapshot(
        snapshot.revision,
        settings,
        vocabulary.columns,
        vocabulary.frequencies,
        statistics.entries,
        means,
        (*parts, *blocks.parts(len(vocabulary), means)),
    )


def _is_telling(found: str) -> bool:
    return any(len(word) >= _SHORTEST_WORD for word in _words(found))


def _words(found: str) -> set[str]:
    return set(found.casefold().replace(",", " ").split())
