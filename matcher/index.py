"""The index: a roster that can be edited and ranked at the same time.

Counts are kept per profile, and each edit adjusts the document frequencies of its terms and the
sums of lengths, so it costs O(profile). Rarity comes in when a request is weighed; nothing stored
depends on the rest of the roster, and rankings equal those of an index built afresh.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from matcher.analysis import Analyzer
from matcher.boilerplate import Aside
from matcher.errors import IndexFormatError, RecordError, UnknownExpertError
from matcher.explanation import (
    AnalyzedRequest,
    Explanation,
    ProfileTerm,
    ReadAs,
    explain_experts,
    top_terms,
)
from matcher.language import Speller
from matcher.ranking import RankingResult, rank
from matcher.records import Expert, Request
from matcher.settings import DEFAULTS, Settings
from matcher.store import (
    Blocks,
    CollectionStatistics,
    ProfileTable,
    Snapshot,
    Vocabulary,
    pieces,
    profile_of,
    read_index,
    write_index,
)
from matcher.thesaurus import Thesaurus, default_thesaurus

_READ_TOGETHER: Final = 4096


class ExpertIndex:
    """Experts ready to be ranked for requests.

    ``thesaurus`` defaults to the one shipped in ``data/thesaurus``. Raises :class:`RecordError` for
    an id that comes twice. ``settings`` are the weights of the ranking. All methods may be called
    from several threads; each ranking sees one revision, whole.
    """

    def __init__(
        self,
        experts: Iterable[Expert] = (),
        *,
        thesaurus: Thesaurus | None = None,
        settings: Settings = DEFAULTS,
    ) -> None:
        thesaurus = default_thesaurus() if thesaurus is None else thesaurus
        self._analyzer = Analyzer(thesaurus, settings)
        self._lock = threading.RLock()
        self._vocabulary = Vocabulary(settings)
        self._statistics = CollectionStatistics()
        self._blocks = Blocks(settings)
        self._snapshot: Snapshot | None = None
        self._revision = 0
        self._fill(self._read(experts))

    def __len__(self) -> int:
        return len(self._blocks)

    def __contains__(self, expert_id: object) -> bool:
        return expert_id in self._blocks

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
            if expert_id not in self._blocks:
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
        return rank(self._asked(request), top, constraints=constraints, explained=explained)

    def explain(self, request: Request, expert_id: str) -> Explanation:
        """Explain an expert's score for a request, ruled out or not; raises
        :class:`UnknownExpertError`."""
        asked = self._asked(request)
        return explain_experts(asked, [expert_id])[0]

    def readings(self, request: Request) -> tuple[ReadAs, ...]:
        """The misspelt words of a request, each with the word it is read as."""
        return self._asked(request).readings

    def asides(self, request: Request) -> tuple[Aside, ...]:
        """What of a request is set aside."""
        return self._analyzer.request_asides(request)

    def top_terms(self, expert_id: str, n: int = 20) -> tuple[ProfileTerm, ...]:
        """What the matcher reads in a profile, weightiest first; raises
        :class:`UnknownExpertError`."""
        snapshot = self._current()
        return top_terms(snapshot, self._analyzer, snapshot.select([expert_id]), n)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the index into the folder ``path``, which is made if need be; a reader never sees
        half of it."""
        with self._lock:
            revision = self._revision
            vocabulary = list(self._vocabulary.columns)
            all_profiles = self._blocks.all_profiles()
        write_index(
            path,
            fingerprint=self._analyzer.fingerprint,
            revision=revision,
            vocabulary=vocabulary,
            experts=(expert for selection in all_profiles for expert in selection.experts),
            arrays=pieces(all_profiles),
        )

    @classmethod
    def load(
        cls,
        path: str | os.PathLike[str],
        *,
        thesaurus: Thesaurus | None = None,
        settings: Settings = DEFAULTS,
    ) -> ExpertIndex:
        """Read an index that :meth:`save` wrote.

        Raises :class:`IndexFormatError` if it is damaged, foreign, of another version, or made with
        another thesaurus than the one given.
        """
        index = cls(thesaurus=thesaurus, settings=settings)
        stored = read_index(path)
        if stored.fingerprint != index._analyzer.fingerprint:
            raise IndexFormatError(
                f"{path}: made with another thesaurus, other settings or another reading of text"
            )
        index._vocabulary.add(stored.vocabulary)
        try:
            index._fill(index._sound(stored.profiles.measured(index._vocabulary)))
        except ValueError as error:
            raise IndexFormatError(f"{path}: {error}") from error
        index._revision = stored.revision
        return index

    def _sound(self, pieces: Iterable[ProfileTable]) -> Iterator[ProfileTable]:
        """Stored profiles whose experts have as many entries as are told of them; raises
        :class:`ValueError` for others."""
        for piece in pieces:
            for expert, entries in zip(piece.experts, np.diff(piece.entries).tolist(), strict=True):
                if len(self._analyzer.expert_entries(expert)) != entries:
                    raise ValueError(f"{expert.id!r} has another number of entries")
            yield piece

    def _read(self, experts: Iterable[Expert]) -> Iterator[ProfileTable]:
        """The profiles of different experts, many at a time, which takes less memory than each by
        itself."""
        seen = set[str]()
        waiting = list[ProfileTable]()
        for expert in experts:
            if expert.id in seen:
                raise RecordError("id", f"{expert.id!r} stands there twice")
            seen.add(expert.id)
            waiting.append(self._profile(expert))
            if len(waiting) == _READ_TOGETHER:
                yield ProfileTable.joined(waiting)
                waiting = []
        if waiting:
            yield ProfileTable.joined(waiting)

    def _profile(self, expert: Expert) -> ProfileTable:
        # As it will be read from a stored index; a record that could not be is refused here.
        expert = Expert.from_dict(expert.to_dict())
        return profile_of(expert, self._analyzer.expert_passages(expert), self._vocabulary)

    def _fill(self, pieces: Iterable[ProfileTable]) -> None:
        """Take in a whole roster."""
        waiting = deque[ProfileTable]()
        for piece in pieces:
            self._count(piece, +1)
            waiting.append(piece)
        # Each piece is forgotten when it is taken, so that no roster is held twice.
        taken = (waiting.popleft() for _ in range(len(waiting)))
        self._blocks.fill(taken, len(self._vocabulary), self._statistics.means)

    def _put(self, expert: Expert) -> None:
        profile = self._profile(expert)
        if expert.id in self._blocks:
            self._drop(expert.id)
        self._blocks.put(profile)
        self._count(profile, +1)

    def _drop(self, expert_id: str) -> None:
        self._count(self._blocks.pop(expert_id), -1)

    def _count(self, profiles: ProfileTable, sign: int) -> None:
        self._vocabulary.count(profiles.columns, sign)
        self._statistics.count(profiles, sign)
        self._snapshot = None

    def _current(self) -> Snapshot:
        """The snapshot of the newest revision, made now if an edit came since the last one."""
        with self._lock:
            if self._snapshot is None:
                means = self._statistics.means
                self._snapshot = Snapshot(
                    self._revision,
                    self._analyzer.settings,
                    self._vocabulary.columns,
                    # The counters go on changing under later edits.
                    self._vocabulary.frequencies.copy(),
                    self._statistics.entries,
                    means,
                    self._blocks.parts(len(self._vocabulary), means),
                )
            return self._snapshot

    def _asked(self, request: Request) -> AnalyzedRequest:
        snapshot = self._current()
        speller = Speller(self._vocabulary.lexicon, snapshot.weight)
        passages = self._analyzer.request_passages(request, speller)
        return AnalyzedRequest(snapshot, self._analyzer, request, passages)
