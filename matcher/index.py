"""The index: a roster that can be edited and ranked at the same time.

Counts are kept per profile, and each edit adjusts the document frequencies of its terms and the
sums of lengths, so it costs O(profile). Rarity comes in when a request is weighed; nothing stored
depends on the rest of the roster, and rankings equal those of an index built afresh.
"""

from __future__ import annotations

import dataclasses
import os
import threading
from collections.abc import Iterable

from matcher.analysis import Analyzer
from matcher.asked import Asked, ReadAs
from matcher.errors import IndexFormatError, RecordError, UnknownExpertError
from matcher.explanation import Explanation, ProfileTerm, explain, top_terms
from matcher.profile import Profile
from matcher.profile_arrays import pieces
from matcher.ranking import RankingResult, rank
from matcher.records import Expert, Request
from matcher.segments import Segments
from matcher.settings import DEFAULTS, Settings
from matcher.snapshot import Snapshot
from matcher.spelling import Speller
from matcher.storage import read_index, write_index
from matcher.tally import Tally
from matcher.thesaurus import Thesaurus
from matcher.thesaurus_files import default_thesaurus
from matcher.vocabulary import Vocabulary


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
        self._profiles: dict[str, Profile] = {}
        self._tally = Tally()
        self._segments = Segments(settings)
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
        result = rank(self._asked(request), top, constraints)
        if not explained:
            return result
        explanations = result.explain(match.expert_id for match in result.ranked)
        matches = [
            dataclasses.replace(match, explanation=explanation)
            for match, explanation in zip(result.ranked, explanations, strict=True)
        ]
        return dataclasses.replace(result, ranked=tuple(matches))

    def explain(self, request: Request, expert_id: str) -> Explanation:
        """Explain an expert's score for a request, ruled out or not; raises
        :class:`UnknownExpertError`."""
        asked = self._asked(request)
        return explain(asked, [asked.snapshot.profile(expert_id)])[0]

    def readings(self, request: Request) -> tuple[ReadAs, ...]:
        """The misspelt words of a request, each with the word it is read as."""
        return self._asked(request).readings

    def top_terms(self, expert_id: str, n: int = 20) -> tuple[ProfileTerm, ...]:
        """What the matcher reads in a profile, weightiest first; raises
        :class:`UnknownExpertError`."""
        snapshot = self._current()
        return top_terms(snapshot, self._analyzer, snapshot.profile(expert_id), n)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the index into the folder ``path``, which is made if need be; a reader never sees
        half of it."""
        with self._lock:
            revision = self._revision
            vocabulary = list(self._vocabulary.columns)
            profiles = list(self._profiles.values())
        write_index(
            path,
            fingerprint=self._analyzer.fingerprint,
            revision=revision,
            vocabulary=vocabulary,
            experts=[profile.expert for profile in profiles],
            arrays=pieces(profiles),
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
        kinds = index._vocabulary.kind_weights
        for profile in stored.profiles.profiles(stored.vocabulary, kinds):
            index._take_in(profile)
        index._revision = stored.revision
        return index

    def _put(self, expert: Expert) -> None:
        self._take_in(Profile.of(expert, self._analyzer.expert_passages(expert), self._vocabulary))

    def _take_in(self, profile: Profile) -> None:
        if profile.expert.id in self._profiles:
            self._drop(profile.expert.id)
        self._profiles[profile.expert.id] = profile
        self._segments.put(profile)
        self._count(profile, +1)

    def _drop(self, expert_id: str) -> None:
        self._segments.drop(expert_id)
        self._count(self._profiles.pop(expert_id), -1)

    def _count(self, profile: Profile, sign: int) -> None:
        self._vocabulary.count(profile.columns, sign)
        self._tally.count(profile, sign)
        self._snapshot = None

    def _current(self) -> Snapshot:
        """The snapshot of the newest revision, made now if an edit came since the last one."""
        with self._lock:
            if self._snapshot is None:
                means = self._tally.means
                self._snapshot = Snapshot(
                    self._revision,
                    self._analyzer.settings,
                    self._vocabulary.columns,
                    # The counters go on changing under later edits.
                    self._vocabulary.frequencies.copy(),
                    self._tally.entries,
                    means,
                    self._segments.parts(len(self._vocabulary), means),
                )
            return self._snapshot

    def _asked(self, request: Request) -> Asked:
        snapshot = self._current()
        speller = Speller(self._vocabulary.lexicon, snapshot.weight)
        passages = self._analyzer.request_passages(request, speller)
        return Asked(snapshot, self._analyzer, request, passages)
