"""The roster as numbers at one moment: what a ranking reads while profiles are being edited.

A :class:`Block` holds the entries of some profiles as counts by term. A :class:`Snapshot` is a
large block, a small one with the profiles edited since the large one was made, and the weights that
follow from both. Nothing in either changes once made, so that any number of threads may rank on
them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from matcher.analysis import CONCEPT_MARK, FAMILY_MARK, is_word
from matcher.records import Expert

# Share of an entry's own length in the length it is divided by, the rest being the mean length of
# all entries (Singhal, Buckley and Mitra 1996, "Pivoted document length normalization"): at 1 the
# shortest entries win, at 0 the longest.
PIVOT_SLOPE: Final = 0.75
# Weight of a concept beside a word of the same rarity; between 0.5 and 2 the quality of rankings
# does not differ.
CONCEPT_WEIGHT: Final = 1.0
# Weight of a broad subject that a concept belongs to. It is also common, so that its inverse
# document frequency is low; docs/adr has the measurements.
FAMILY_WEIGHT: Final = 0.6
# Below this number of different terms in the whole profile a score says nothing about the person.
THIN_PROFILE_TERMS: Final = 3

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_Number = TypeVar("_Number", np.int64, np.float64)


@dataclass(frozen=True, eq=False)
class Profile:
    """One expert with the counts of the entries: ``columns`` and ``counts`` of all entries one
    after the other.

    ``lengths[i]`` is the number of different terms in entry ``i``, and ``weights[i]`` what its
    score is multiplied by; entries without terms are left out. ``is_thin`` says that the profile
    has too few different terms to be ranked.
    """

    expert: Expert
    is_thin: bool
    weights: Floats
    lengths: Ints
    columns: Ints
    counts: Ints


@dataclass(frozen=True, eq=False)
class Block:
    """The entries of some profiles by term: for term ``t`` the slice ``indptr[t]:indptr[t + 1]`` of
    ``entries`` and ``values``.

    ``values`` are ``1 + ln(count)``; ``owners[e]`` is the place in ``profiles`` of the expert of
    entry ``e``, and ``entry_weights[e]`` what its score is multiplied by.
    """

    profiles: tuple[Profile, ...]
    places: Mapping[str, int]
    owners: Ints
    entry_weights: Floats
    indptr: Ints
    entries: Ints
    values: Floats
    thin: NDArray[np.bool_]

    @classmethod
    def of(cls, profiles: Iterable[Profile], terms: int) -> Block:
        """Turn profiles (rows of counts) into postings by term; O(number of counts)."""
        profiles = tuple(profiles)
        entry_counts = np.array([len(profile.lengths) for profile in profiles], dtype=np.int64)
        lengths = joined((profile.lengths for profile in profiles), np.int64)
        columns = joined((profile.columns for profile in profiles), np.int64)
        counts = joined((profile.counts for profile in profiles), np.int64)
        by_term = np.argsort(columns, kind="stable")
        indptr = np.zeros(terms + 1, dtype=np.int64)
        np.cumsum(np.bincount(columns, minlength=terms), out=indptr[1:])
        return cls(
            profiles=profiles,
            places={profile.expert.id: place for place, profile in enumerate(profiles)},
            owners=np.repeat(np.arange(len(profiles), dtype=np.int64), entry_counts),
            entry_weights=joined((profile.weights for profile in profiles), np.float64),
            indptr=indptr,
            entries=np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)[by_term],
            values=1.0 + np.log(counts[by_term]),
            thin=np.array([profile.is_thin for profile in profiles], dtype=np.bool_),
        )

    def owners_of(self, column: int) -> list[int]:
        """The places of the profiles that have a term."""
        if column >= len(self.indptr) - 1:
            return []
        entries = self.entries[self.indptr[column] : self.indptr[column + 1]]
        owners: list[int] = np.unique(self.owners[entries]).tolist()
        return owners

    def norms(self, weights: Floats) -> Floats:
        """Euclidean length of each entry under the term weights, shape (entries,)."""
        lengths = np.diff(self.indptr)
        squares = (self.values * np.repeat(weights[: len(lengths)], lengths)) ** 2
        return np.sqrt(np.bincount(self.entries, weights=squares, minlength=len(self.owners)))

    def products(self, query: Mapping[int, float], weights: Floats) -> Floats:
        """Inner product of a weighted query with each entry, before division by its length; shape
        (entries,)."""
        products = np.zeros(len(self.owners))
        for column, weight in query.items():
            if column < len(self.indptr) - 1:
                start, end = self.indptr[column], self.indptr[column + 1]
                # An entry stands once in the postings of a term, so this assignment adds every one.
                products[self.entries[start:end]] += (weight * weights[column]) * self.values[
                    start:end
                ]
        return products


@dataclass(frozen=True, eq=False)
class Part:
    """A block within a snapshot: which of its profiles still count, and what its entries are
    divided by: ``divisors[e]`` is the pivoted length over the weight of entry ``e``."""

    block: Block
    alive: NDArray[np.bool_]
    divisors: Floats


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Everything a ranking needs, fixed at one revision.

    ``weights[t] = (ln((1 + N) / (1 + df[t])) + 1) · kind weight`` for the N entries, and 0 for a
    term that no entry has. ``vocabulary`` may know terms newer than this snapshot; their columns
    lie beyond ``weights``.
    """

    revision: int
    vocabulary: Mapping[str, int]
    weights: Floats
    mean_norm: float
    parts: tuple[Part, ...]

    @classmethod
    def of(
        cls,
        revision: int,
        vocabulary: Mapping[str, int],
        kind_weights: Floats,
        frequencies: Ints,
        parts: Sequence[tuple[Block, NDArray[np.bool_]]],
    ) -> Snapshot:
        """Derive weights and lengths from document frequencies and blocks with their living
        profiles."""
        living = [alive[block.owners] for block, alive in parts]
        total = sum(int(mask.sum()) for mask in living)
        weights = np.where(
            frequencies > 0, (np.log((1 + total) / (1 + frequencies)) + 1) * kind_weights, 0.0
        )
        norms = [block.norms(weights) for block, _ in parts]
        mean = (
            sum(float(norm[mask].sum()) for norm, mask in zip(norms, living, strict=True)) / total
            if total
            else 0.0
        )
        return cls(
            revision,
            vocabulary,
            weights,
            mean,
            tuple(
                Part(block, alive, divisor(norm, mean) / block.entry_weights)
                for (block, alive), norm in zip(parts, norms, strict=True)
            ),
        )

    def find(self, expert_id: str) -> Profile | None:
        """The profile of an expert at this revision."""
        for part in self.parts:
            place = part.block.places.get(expert_id)
            if place is not None and part.alive[place]:
                return part.block.profiles[place]
        return None

    def holder(self, term: str) -> Expert | None:
        """An expert whose profile has a term: of several the one with the least id."""
        column = self.vocabulary.get(term, len(self.weights))
        found = [
            part.block.profiles[place].expert
            for part in self.parts
            for place in part.block.owners_of(column)
            if part.alive[place]
        ]
        return min(found, key=lambda expert: expert.id, default=None)

    def weight(self, term: str) -> float:
        """Weight of one term; 0 if no entry has it."""
        column = self.vocabulary.get(term, len(self.weights))
        return float(self.weights[column]) if column < len(self.weights) else 0.0

    def query(self, counts: Mapping[str, int]) -> dict[str, float]:
        """Weigh the terms of a request: ``(1 + ln count) · weight``, divided by the Euclidean
        length of the whole.

        Terms that no entry has are left out before the length is taken.
        """
        raw = {
            term: (1.0 + float(np.log(count))) * self.weight(term) for term, count in counts.items()
        }
        raw = {term: value for term, value in raw.items() if value > 0}
        norm = float(np.sqrt(sum(value * value for value in raw.values())))
        return {term: value / norm for term, value in raw.items()}


def divisor(norm: Floats, mean: float) -> Floats:
    """The pivoted length by which an entry is divided: ``(1 - s) · mean + s · norm``."""
    return (1 - PIVOT_SLOPE) * mean + PIVOT_SLOPE * norm


def is_thin(terms: Iterable[str]) -> bool:
    """Whether a profile with these terms, each once, has too few to be ranked.

    Broad subjects are not counted: they follow from the concepts.
    """
    return sum(not term.startswith(FAMILY_MARK) for term in terms) < THIN_PROFILE_TERMS


def kind_weight(term: str) -> float:
    """Weight of a term by its kind: word, concept or broad subject."""
    if is_word(term):
        return 1.0
    return CONCEPT_WEIGHT if term.startswith(CONCEPT_MARK) else FAMILY_WEIGHT


def joined(arrays: Iterable[NDArray[_Number]], kind: type[_Number]) -> NDArray[_Number]:
    """Arrays of one kind of number one after the other; also of none."""
    return np.concatenate([np.zeros(0, dtype=kind), *arrays])
