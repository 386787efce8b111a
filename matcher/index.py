"""The index: a roster that can be edited and ranked at the same time.

Counts are kept per profile, and each edit adjusts the document frequencies of its terms and the
sums of lengths, so it costs O(profile). Rarity comes in when a request is weighed; nothing stored
depends on the rest of the roster, and rankings equal those of an index built afresh.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from matcher.analysis import Analyzer
from matcher.boilerplate import Aside
from matcher.errors import IndexFormatError, RecordError, UnknownExpertError
from matcher.explanation import (
    AnalyzedRequest,
    Explanation,
    ProfileTerm,
    ReadAs,
    top_terms,
)
from matcher.language import Speller
from matcher.one_profile import OneProfile, with_one_more
from matcher.ranking import RankingResult, rank
from matcher.reading import read_profiles
from matcher.records import Expert, Request
from matcher.settings import DEFAULTS, Settings
from matcher.store import (
    Blocks,
    CollectionStatistics,
    ProfileTable,
    Snapshot,
    StoredIndex,
    Vocabulary,
    arrays_of,
    block_of,
    facts_of,
    folded,
    read_index,
    write_index,
)
from matcher.thesaurus import Thesaurus, default_thesaurus


class ExpertIndex:
    """Experts ready to be ranked for requests.

    ``thesaurus`` defaults to the one shipped in ``data/thesaurus``. Raises :class:`RecordError` for
    an id that comes twice. ``settings`` are the weights of the ranking; an ``analyzer`` reads
    texts in its own way instead of by both. So many ``processes`` read the experts (see
    :mod:`matcher.reading`). All methods may be called from several threads;
    each ranking sees one revision, whole.
    """

    def __init__(
        self,
        experts: Iterable[Expert] = (),
        *,
        thesaurus: Thesaurus | None = None,
        settings: Settings = DEFAULTS,
        analyzer: Analyzer | None = None,
        processes: int = 1,
    ) -> None:
        if analyzer is None:
            thesaurus = default_thesaurus() if thesaurus is None else thesaurus
            analyzer = Analyzer(thesaurus, settings)
        self._analyzer = analyzer
        self._lock = threading.RLock()
        self._vocabulary = Vocabulary(analyzer.settings)
        self._statistics = CollectionStatistics()
        self._blocks = Blocks(analyzer.settings)
        self._snapshot: Snapshot | None = None
        self._revision = 0
        self.labels: Mapping[str, int | str] = {}
        self._fill(self._read(experts, processes))

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
        self.update_all([expert])

    def update_all(self, experts: Iterable[Expert], *, processes: int = 1) -> None:
        """Add experts, or replace those with the same ids, all in one edit."""
        with self._lock:
            pieces = self._read(experts, processes)
            if len(self):
                for piece in pieces:
                    for place in range(len(piece)):
                        self._put(piece.stretch(place, place + 1))
            else:
                self._fill(pieces)
            self._revision += 1

    def remove(self, expert_id: str) -> None:
        """Take an expert out; raises :class:`UnknownExpertError` if there is none with this id."""
        with self._lock:
            if expert_id not in self._blocks:
                raise UnknownExpertError(expert_id)
            self._drop(expert_id)
            self._revision += 1

    def rank(self, request: Request, top: int = 20, *, constraints: bool = True) -> RankingResult:
        """Rank the roster for a request.

        ``top`` limits the ranked list (0: everybody with a score). ``constraints=False`` ranks by
        subject alone and rules nobody out. The result explains of the same revision whomever it is
        asked for.
        """
        if top < 0:
            raise ValueError("top must not be negative")
        return rank(self.asked(request), top, constraints=constraints)

    def make_ready(self) -> None:
        """Work out now what the first request with a misspelt word would else wait for."""
        thesaurus = self._analyzer.thesaurus
        thesaurus.lexicon("en")
        thesaurus.word("")
        self._vocabulary.lexicon.near("a")

    def explain(self, request: Request, expert_id: str) -> Explanation:
        """Explain an expert's score for a request, ruled out or not; raises
        :class:`UnknownExpertError`."""
        return self.rank(request, 1).explain([expert_id])[0]

    def readings(self, request: Request) -> tuple[ReadAs, ...]:
        """The misspelt words of a request, each with the word it is read as."""
        return self.asked(request).readings

    def asides(self, request: Request) -> tuple[Aside, ...]:
        """What of a request is set aside."""
        return self._analyzer.request_asides(request)

    def top_terms(self, expert_id: str, n: int = 20) -> tuple[ProfileTerm, ...]:
        """What the matcher reads in a profile, weightiest first; raises
        :class:`UnknownExpertError`."""
        snapshot = self.snapshot()
        return top_terms(snapshot, self._analyzer, snapshot.select([expert_id]), n)

    def beside(self, expert: Expert) -> OneProfile:
        """A profile as it reads, and as it would stand, in this roster; nothing of it stays here.

        Whoever has the id of ``expert`` in the roster stands aside for it. O(roster's terms).
        """
        with self._lock:
            snapshot, sums = self.snapshot(), self._statistics.sums
            terms = self._vocabulary.terms[: len(snapshot.frequencies)]
        around = with_one_more(snapshot, terms, sums, expert, self._analyzer)
        return OneProfile(expert, around, self._analyzer, self._vocabulary.lexicon)

    def save(
        self, path: str | os.PathLike[str], labels: Mapping[str, int | str] | None = None
    ) -> None:
        """Write the index into the folder ``path``, which is made if need be; a reader never sees
        half of it.

        Who was removed, or is another now, leaves nothing there, not even words. ``labels`` are
        kept for whoever reads it.
        """
        with self._lock:
            snapshot, tally = self.snapshot(), self._statistics.sums
            terms = self._vocabulary.terms[: len(snapshot.frequencies)]
        kept = folded(snapshot, terms)
        facts = {
            "fingerprint": self._analyzer.fingerprint,
            "revision": snapshot.revision,
            "labels": dict(self.labels if labels is None else labels),
            "tally": tally,
            "vocabulary": list(kept.terms),
            "frequencies": kept.frequencies.tolist(),
            "blocks": [facts_of(block) for block in kept.blocks],
        }
        write_index(path, facts, [arrays_of(block) for block in kept.blocks])

    @classmethod
    def load(
        cls,
        path: str | os.PathLike[str],
        *,
        thesaurus: Thesaurus | None = None,
        settings: Settings = DEFAULTS,
    ) -> ExpertIndex:
        """Read an index that :meth:`save` wrote; its files stay where they are, mapped into memory.

        Raises :class:`IndexFormatError` if it is damaged, foreign, of another version, or made with
        another thesaurus than the one given.
        """
        index = cls(thesaurus=thesaurus, settings=settings)
        stored = read_index(path)
        try:
            index._restore(stored)
        except (KeyError, TypeError, ValueError) as error:
            raise IndexFormatError(f"{path}: not a whole index ({error})") from error
        return index

    def _restore(self, stored: StoredIndex) -> None:
        facts = stored.facts
        if facts["fingerprint"] != self._analyzer.fingerprint:
            raise ValueError("made with another thesaurus, other settings or reading of text")
        terms = [str(term) for term in facts["vocabulary"]]
        self._vocabulary.restore(terms, np.array(facts["frequencies"], dtype=np.int64))
        if not len(terms) == len(self._vocabulary) == len(facts["frequencies"]):
            raise ValueError("terms and frequencies do not agree")
        self._blocks.restore(
            block_of(arrays, about, len(terms))
            for arrays, about in zip(stored.blocks, facts["blocks"], strict=True)
        )
        self._statistics = CollectionStatistics.restored(facts["tally"])
        self.labels = dict(facts["labels"])
        self._revision = int(facts["revision"])

    def _read(self, experts: Iterable[Expert], processes: int) -> Iterator[ProfileTable]:
        return read_profiles(_once_each(experts), self._analyzer, self._vocabulary, processes)

    def _fill(self, pieces: Iterable[ProfileTable]) -> None:
        """Take in a whole roster."""
        waiting = deque[ProfileTable]()
        for piece in pieces:
            self._count(piece, +1)
            waiting.append(piece)
        # Each piece is forgotten when it is taken, so that no roster is held twice.
        taken = (waiting.popleft() for _ in range(len(waiting)))
        self._blocks.fill(taken, len(self._vocabulary), self._statistics.means)

    def _put(self, profile: ProfileTable) -> None:
        """Take in the profile of one expert."""
        expert_id = profile.id_of(0)
        if expert_id in self._blocks:
            self._drop(expert_id)
        self._blocks.put(profile)
        self._count(profile, +1)

    def _drop(self, expert_id: str) -> None:
        self._count(self._blocks.pop(expert_id), -1)

    def _count(self, profiles: ProfileTable, sign: int) -> None:
        self._vocabulary.count(profiles.columns, sign)
        self._statistics.count(profiles, sign)
        self._snapshot = None

    def snapshot(self) -> Snapshot:
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

    def asked(self, request: Request) -> AnalyzedRequest:
        """A request as it reads, before the roster of this moment: what rankings and explanations
        are made of."""
        snapshot = self.snapshot()
        speller = Speller(self._vocabulary.lexicon, snapshot.weight)
        passages = self._analyzer.request_passages(request, speller)
        return AnalyzedRequest(snapshot, self._analyzer, request, passages)


def _once_each(experts: Iterable[Expert]) -> Iterator[Expert]:
    seen = set[str]()
    for expert in experts:
        if expert.id in seen:
            raise RecordError("id", f"{expert.id!r} stands there twice")
        seen.add(expert.id)
        yield expert
