"""The roster at one moment: what a ranking reads while profiles are being edited."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matcher.arrays import Counts, Floats, Ints
from matcher.considerations import Weighing
from matcher.errors import UnknownExpertError
from matcher.passages import CONCEPT_MARK, FAMILY_MARK
from matcher.records import Expert
from matcher.settings import Settings
from matcher.store.blocks import BlockView
from matcher.store.length_normalization import MeanLengths
from matcher.store.selection import Selection
from matcher.store.vocabulary import kind_weight


@dataclass(frozen=True, eq=False)
class Query:
    """The terms of a request that somebody has, weighted to the Euclidean length 1, by column;
    ``terms`` names each column. Both are in the order of the request, which gives each term its
    place. ``rarities`` are the weights of the terms in the roster, by term, and ``weak`` has the
    columns of two kinds that are no score alone: broad subjects that the request does not ask for
    themselves, and the common words of one that names subjects. ``weighing`` moves the scores that
    these make."""

    weights: Mapping[int, float]
    terms: Mapping[int, str]
    rarities: Mapping[str, float]
    size: int
    weak: Sequence[Collection[int]]
    weighing: Weighing | None = None

    @property
    def most(self) -> float:
        """What the score of the words is multiplied by at most."""
        return 1.0 if self.weighing is None else 1.0 + self.weighing.most

    @cached_property
    def values(self) -> Floats:
        """The weights by place; shape (terms of the request,)."""
        return np.array(list(self.weights.values()), dtype=np.float64)

    @cached_property
    def kinds(self) -> Ints:
        """The kind of each term among ``weak``, from 1 on, and 0 for all others, by place; shape
        (terms of the request,)."""
        kinds = {column: at for at, kind in enumerate(self.weak, start=1) for column in kind}
        return np.array([kinds.get(column, 0) for column in self.weights], dtype=np.int32)

    @cached_property
    def names(self) -> Sequence[str]:
        """The terms by place."""
        return list(self.terms.values())

    @cached_property
    def places(self) -> Ints:
        """The place of each term of the roster, -1 for those not asked for; shape (terms,)."""
        places = np.full(self.size, -1, dtype=np.int32)
        places[list(self.weights)] = np.arange(len(self.weights))
        return places


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Everything a ranking needs, fixed at one revision.

    ``columns`` may know terms newer than this snapshot; they lie beyond ``frequencies``, which
    counts, of ``entries`` entries, those that have each term. ``means`` are the mean lengths of
    those entries and of the profiles.
    """

    revision: int
    settings: Settings
    columns: Mapping[str, int]
    frequencies: Counts
    entries: int
    means: MeanLengths
    parts: Sequence[BlockView]

    def weight(self, term: str) -> float:
        """Weight of one term, ``(ln((1 + N) / (1 + df)) + 1) · kind weight``, for ``df`` of N
        entries that have it; 0 if none has."""
        column = self.columns.get(term, len(self.frequencies))
        frequency = int(self.frequencies[column]) if column < len(self.frequencies) else 0
        if not frequency:
            return 0.0
        rarity = math.log((1 + self.entries) / (1 + frequency)) + 1.0
        return rarity * kind_weight(term, self.settings)

    def query(
        self,
        counts: Mapping[str, int],
        weighing: Weighing | None = None,
        common: Collection[str] = (),
    ) -> Query:
        """Weigh the terms of a request for inner products with profiles, to be moved by a
        ``weighing`` if there is one; ``common`` are terms that are no score alone, if somebody has
        another one.

        A term's weight is ``(1 + ln count) · weight``, divided by the Euclidean length of the whole
        request without the terms that no entry has, and once more times ``weight``, which is the
        profile's share of rarity.
        """
        weights = {term: weight for term in counts if (weight := self.weight(term)) > 0}
        raw = {term: (1.0 + math.log(counts[term])) * weights[term] for term in weights}
        norm = math.hypot(*raw.values())
        common = common if raw.keys() - set(common) else ()
        return Query(
            {self.columns[term]: value / norm * weights[term] for term, value in raw.items()},
            {self.columns[term]: term for term in raw},
            weights,
            len(self.frequencies),
            (
                {self.columns[term] for term in raw if _is_beside(term, counts)},
                {self.columns[term] for term in raw if term in common},
            ),
            weighing,
        )

    def select(self, expert_ids: Iterable[str]) -> Selection:
        """The profiles of some experts at this revision, those of one block together; raises
        :class:`UnknownExpertError`."""
        places: dict[int, list[int]] = {}
        for expert_id in expert_ids:
            found = self.find(expert_id)
            if found is None:
                raise UnknownExpertError(expert_id)
            places.setdefault(found[0], []).append(found[1])
        return Selection(
            (self.parts[at].block.profiles, np.array(rows)) for at, rows in places.items()
        )

    def constraints_of(self, expert_id: str) -> Expert:
        """An expert with nothing but what the hard constraints ask; raises
        :class:`UnknownExpertError`."""
        found = self.find(expert_id)
        if found is None:
            raise UnknownExpertError(expert_id)
        at, place = found
        return self.parts[at].block.profiles.experts.constraints_of(place)

    def find(self, expert_id: str) -> tuple[int, int] | None:
        """The part with the profile of an expert, and its place there; None if there is none."""
        for at, part in enumerate(self.parts):
            place = part.block.profiles.experts.find(expert_id)
            if place is not None and part.alive[place]:
                return at, place
        return None

    def holder(self, term: str) -> Selection | None:
        """A profile that has a term: of several the one whose id has the least hash."""
        column = self.columns.get(term, len(self.frequencies))
        found = []
        for part in self.parts:
            owners = np.array(part.block.postings.owners_of(column), dtype=np.int64)
            owners, profiles = owners[part.alive[owners]], part.block.profiles
            if len(owners):
                hashes = profiles.experts.hashes[owners]
                found.append((int(hashes.min()), profiles, owners[[hashes.argmin()]]))
        least = min(found, key=lambda one: one[0], default=None)
        return None if least is None else Selection([least[1:]])


def _is_beside(term: str, asked: Mapping[str, int]) -> bool:
    """Whether a term is a broad subject that is not asked for itself."""
    concept = CONCEPT_MARK + term.removeprefix(FAMILY_MARK)
    return term.startswith(FAMILY_MARK) and concept not in asked
