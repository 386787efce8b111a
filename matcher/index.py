"""The index: a roster that can be edited and ranked at the same time.

Counts are kept per profile and the document frequency of each term is adjusted with every edit, so
an edit costs O(profile). What depends on all profiles (inverse document frequencies, lengths) is
derived when the next ranking asks for it, in one vectorised pass over the counts; rankings
therefore equal those of an index built afresh.
"""

from __future__ import annotations

import dataclasses
import os
import threading
from collections.abc import Iterable, Sequence

import numpy as np

from matcher.analysis import Analyzer, Passage, count_terms, is_word
from matcher.errors import IndexFormatError, RecordError, UnknownExpertError
from matcher.explanation import Explanation, ProfileTerm, ReadAs, explain, read_as, top_terms
from matcher.ranking import RankingResult, rank
from matcher.records import Expert, Request
from matcher.snapshot import Block, Ints, Profile, Snapshot, is_thin, kind_weight
from matcher.spelling import Lexicon, Speller
from matcher.storage import StoredIndex, read_index, write_index
from matcher.thesaurus import Thesaurus
from matcher.thesaurus_files import default_thesaurus

# The profiles edited since the large block was made are ranked from a small one; when they are more
# than this share of the roster (and more than a handful), everything goes into a new large block.
_EDITED_SHARE = 0.02
_EDITED_HANDFUL = 64


class ExpertIndex:
    """Experts ready to be ranked for requests.

    ``thesaurus`` defaults to the one shipped in ``data/thesaurus``. Raises :class:`RecordError` for
    an id that comes twice. All methods may be called from several threads; each ranking sees one
    revision, whole.
    """

    def __init__(
        self, experts: Iterable[Expert] = (), *, thesaurus: Thesaurus | None = None
    ) -> None:
        self._analyzer = Analyzer(default_thesaurus() if thesaurus is None else thesaurus)
        self._lock = threading.RLock()
        self._vocabulary: dict[str, int] = {}
        self._lexicon = Lexicon()
        self._kind_weights = np.zeros(0)
        self._frequencies = np.zeros(0, dtype=np.int64)
        self._profiles: dict[str, Profile] = {}
        self._block = Block.of((), 0)
        self._edited: set[str] = set()
        self._snapshot: Snapshot | None = None
        self._revision = 0
        for expert in experts:
            if expert.id in self._profiles:
                raise RecordError("id", f"{expert.id!r} stands there twice")
            self._put(expert)

    def __len__(self) -> int:
        return len(self._profiles)

    def __contains__(self, expert_id: object) -> bool:
        return expert_id in self._profiles

    @property
    def revision(self) -> int:
        """A number that grows with every edit."""
        return self._revision

    def update(self, expert: Expert) -> None:
        """Add an expert, or replace the one with the same id; O(profile)."""
        with self._lock:
            self._put(expert)
            self._revision += 1

    def remove(self, expert_id: str) -> None:
        """Take an expert out; raises :class:`UnknownExpertError` if there is none with this id."""
        with self._lock:
            if expert_id not in self._profiles:
                raise UnknownExpertError(expert_id)
            self._drop(expert_id)
            self._revision += 1

    def rank(
        self, request: Request, top: int = 20, *, constraints: bool = True, explained: bool = False
    ) -> RankingResult:
        """Rank the roster for a request.

        ``top`` limits the ranked list (0: everybody with a score). ``constraints=False`` ranks by
        subject alone and rules nobody out. ``explained`` puts an explanation of the same revision
        into every match.
        """
        if top < 0:
            raise ValueError("top must not be negative")
        snapshot = self._current()
        asked = self._asked(snapshot, request)
        result = rank(snapshot, request, count_terms(asked), top, constraints)
        if not explained:
            return result
        readings = read_as(snapshot, self._analyzer, asked)
        matches = [
            dataclasses.replace(
                match, explanation=self._explain(snapshot, asked, readings, match.expert_id)
            )
            for match in result.ranked
        ]
        return dataclasses.replace(result, ranked=tuple(matches))

    def explain(self, request: Request, expert_id: str) -> Explanation:
        """Explain an expert's score for a request, ruled out or not; raises
        :class:`UnknownExpertError`."""
        snapshot = self._current()
        asked = self._asked(snapshot, request)
        readings = read_as(snapshot, self._analyzer, asked)
        return self._explain(snapshot, asked, readings, expert_id)

    def readings(self, request: Request) -> tuple[ReadAs, ...]:
        """The misspelt words of a request, each with the word it is read as."""
        snapshot = self._current()
        return read_as(snapshot, self._analyzer, self._asked(snapshot, request))

    def top_terms(self, expert_id: str, n: int = 20) -> tuple[ProfileTerm, ...]:
        """What the matcher reads in a profile, weightiest first; raises
        :class:`UnknownExpertError`."""
        snapshot = self._current()
        return top_terms(snapshot, self._analyzer, self._expert(snapshot, expert_id), n)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the index into the folder ``path``, which is made if need be; a reader never sees
        half of it."""
        with self._lock:
            stored = StoredIndex(
                self._analyzer.fingerprint,
                self._revision,
                list(self._vocabulary),
                list(self._profiles.values()),
            )
        write_index(path, stored)

    @classmethod
    def load(
        cls, path: str | os.PathLike[str], *, thesaurus: Thesaurus | None = None
    ) -> ExpertIndex:
        """Read an index that :meth:`save` wrote.

        Raises :class:`IndexFormatError` if it is damaged, foreign, of another version, or made with
        another thesaurus than the one given.
        """
        index = cls(thesaurus=thesaurus)
        stored = read_index(path)
        if stored.fingerprint != index._analyzer.fingerprint:
            raise IndexFormatError(
                f"{path}: made with another thesaurus or another reading of text"
            )
        for term in stored.vocabulary:
            index._column(term)
        for profile in stored.profiles:
            index._profiles[profile.expert.id] = profile
            index._edited.add(profile.expert.id)
            np.add.at(index._frequencies, profile.columns, 1)
        index._revision = stored.revision
        return index

    def _put(self, expert: Expert) -> None:
        weighted = [
            (entry.weight, counts)
            for entry, passage in self._analyzer.expert_passages(expert)
            if (counts := count_terms([passage]))
        ]
        counted = [counts for _, counts in weighted]
        if expert.id in self._profiles:
            self._drop(expert.id)
        profile = Profile(
            expert,
            is_thin({term for counts in counted for term in counts}),
            np.array([weight for weight, _ in weighted], dtype=np.float64),
            np.array([len(counts) for counts in counted], dtype=np.int64),
            self._columns(term for counts in counted for term in counts),
            np.array([count for counts in counted for count in counts.values()], dtype=np.int64),
        )
        self._profiles[expert.id] = profile
        self._changed(profile, +1)

    def _drop(self, expert_id: str) -> None:
        self._changed(self._profiles.pop(expert_id), -1)

    def _changed(self, profile: Profile, sign: int) -> None:
        np.add.at(self._frequencies, profile.columns, sign)
        self._edited.add(profile.expert.id)
        self._snapshot = None

    def _columns(self, terms: Iterable[str]) -> Ints:
        return np.array([self._column(term) for term in terms], dtype=np.int64)

    def _column(self, term: str) -> int:
        column = self._vocabulary.setdefault(term, len(self._vocabulary))
        if column >= len(self._frequencies):
            # Doubling keeps the cost of growth in proportion to the terms added.
            room = max(1024, 2 * len(self._frequencies))
            self._frequencies = np.concatenate([self._frequencies, np.zeros(room, dtype=np.int64)])
            self._kind_weights = np.concatenate([self._kind_weights, np.ones(room)])
        self._kind_weights[column] = kind_weight(term)
        if is_word(term):
            self._lexicon.add(term)
        return column

    def _current(self) -> Snapshot:
        """The snapshot of the newest revision, made now if an edit came since the last one."""
        with self._lock:
            if self._snapshot is None:
                if len(self._edited) > max(
                    _EDITED_HANDFUL, _EDITED_SHARE * len(self._block.profiles)
                ):
                    self._block = Block.of(self._profiles.values(), len(self._vocabulary))
                    self._edited.clear()
                self._snapshot = self._take_snapshot()
            return self._snapshot

    def _take_snapshot(self) -> Snapshot:
        edited = [
            self._profiles[expert_id]
            for expert_id in sorted(self._edited)
            if expert_id in self._profiles
        ]
        alive = np.ones(len(self._block.profiles), dtype=np.bool_)
        alive[
            [
                place
                for expert_id in self._edited
                if (place := self._block.places.get(expert_id)) is not None
            ]
        ] = False
        parts = [(self._block, alive)]
        if edited:
            parts.append(
                (Block.of(edited, len(self._vocabulary)), np.ones(len(edited), dtype=np.bool_))
            )
        size = len(self._vocabulary)
        # The counters go on changing under later edits, so the snapshot is derived from copies.
        return Snapshot.of(
            self._revision,
            self._vocabulary,
            self._kind_weights[:size].copy(),
            self._frequencies[:size].copy(),
            parts,
        )

    def _expert(self, snapshot: Snapshot, expert_id: str) -> Expert:
        profile = snapshot.find(expert_id)
        if profile is None:
            raise UnknownExpertError(expert_id)
        return profile.expert

    def _asked(self, snapshot: Snapshot, request: Request) -> list[Passage]:
        return self._analyzer.request_passages(request, Speller(self._lexicon, snapshot.weight))

    def _explain(
        self,
        snapshot: Snapshot,
        asked: Sequence[Passage],
        readings: tuple[ReadAs, ...],
        expert_id: str,
    ) -> Explanation:
        expert = self._expert(snapshot, expert_id)
        return explain(snapshot, self._analyzer, asked, readings, expert)
