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
class Postings:
    """Values by term: for term ``t`` the slice ``indptr[t]:indptr[t + 1]`` of ``rows`` and
    ``values``; a row stands at most once in the slice of a term. There are ``size`` rows."""

    size: int
    indptr: Ints
    rows: Ints
    values: Floats

    def of(self, column: int) -> slice:
        """The postings of one term; none if it is newer than these."""
        if column >= len(self.indptr) - 1:
            return slice(0, 0)
        return slice(int(self.indptr[column]), int(self.indptr[column + 1]))

    def norms(self, weights: Floats) -> Floats:
        """Euclidean length of each row under the term weights, shape (size,)."""
        lengths = np.diff(self.indptr)
        squares = (self.values * np.repeat(weights[: len(lengths)], lengths)) ** 2
        return np.sqrt(np.bincount(self.rows, weights=squares, minlength=self.size))

    def products(self, query: Mapping[int, float], weights: Floats) -> Floats:
        """Inner product of a weighted query with each row, before division by its length; shape
        (size,)."""
        products = np.zeros(self.size)
        for column, weight in query.items():
            part = self.of(column)
            if part.stop > part.start:
                # A row stands once in the postings of a term, so this assignment adds every one.
                products[self.rows[part]] += (weight * weights[column]) * self.values[part]
        return products


@dataclass(frozen=True, eq=False)
class Block:
    """Some profiles by term, once with a row for each entry and once with a row for each expert.

    Values of ``entries`` are ``1 + ln(count)``. Those of ``wholes`` are ``log2(1 + n)``, where
    ``n`` is the sum of the expert's counts, each times the weight of its entry. ``owners[e]`` is
    the place in ``profiles`` of the expert of entry ``e``, and ``entry_weights[e]`` what the
    entry's score is multiplied by.
    """

    profiles: tuple[Profile, ...]
    places: Mapping[str, int]
    owners: Ints
    entry_weights: Floats
    entries: Postings
    wholes: Postings
    thin: NDArray[np.bool_]

    @classmethod
    def of(cls, profiles: Iterable[Profile], terms: int) -> Block:
        """Turn profiles (rows of counts) into postings by term; O(number of counts)."""
        profiles = tuple(profiles)
        entry_counts = np.array([len(profile.lengths) for profile in profiles], dtype=np.int64)
        lengths = joined((profile.lengths for profile in profiles), np.int64)
        columns = joined((profile.columns for profile in profiles), np.int64)
        counts = joined((profile.counts for profile in profiles), np.int64)
        owners = np.repeat(np.arange(len(profiles), dtype=np.int64), entry_counts)
        weights = joined((profile.weights for profile in profiles), np.float64)
        by_term = np.argsort(columns, kind="stable")
        rows = np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)[by_term]
        columns, counts = columns[by_term], counts[by_term]
        return cls(
            profiles=profiles,
            places={profile.expert.id: place for place, profile in enumerate(profiles)},
            owners=owners,
            entry_weights=weights,
            entries=Postings(len(lengths), _indptr(columns, terms), rows, 1.0 + np.log(counts)),
            wholes=_wholes(columns, owners[rows], counts * weights[rows], terms, len(profiles)),
            thin=np.array([profile.is_thin for profile in profiles], dtype=np.bool_),
        )

    def owners_of(self, column: int) -> list[int]:
        """The places of the profiles that have a term."""
        owners: list[int] = self.wholes.rows[self.wholes.of(column)].tolist()
        return owners


def _indptr(columns: Ints, terms: int) -> Ints:
    """Where the postings of each term begin in ``columns``, which is sorted; shape (terms + 1,)."""
    indptr = np.zeros(terms + 1, dtype=np.int64)
    np.cumsum(np.bincount(columns, minlength=terms), out=indptr[1:])
    return indptr


def _wholes(columns: Ints, owners: Ints, counts: Floats, terms: int, experts: int) -> Postings:
    """Add up the counts of each term and expert; within a term the owners are sorted."""
    first = np.ones(len(columns), dtype=np.bool_)
    first[1:] = (columns[1:] != columns[:-1]) | (owners[1:] != owners[:-1])
    starts = np.flatnonzero(first)
    totals = np.add.reduceat(counts, starts) if len(starts) else counts
    return Postings(experts, _indptr(columns[starts], terms), owners[starts], whole_value(totals))


@dataclass(frozen=True, eq=False)
class Part:
    """A block within a snapshot: which of its profiles still count, and what its entries are
    divided by: ``divisors[e]`` is the pivoted length over the weight of entry ``e``, and
    ``whole_divisors[p]`` the pivoted length of profile ``p`` as a whole."""

    block: Block
    alive: NDArray[np.bool_]
    divisors: Floats
    whole_divisors: Floats


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
    mean_whole: float
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
        norms = [block.entries.norms(weights) for block, _ in parts]
        wholes = [block.wholes.norms(weights) for block, _ in parts]
        mean = _mean(norm[mask] for norm, mask in zip(norms, living, strict=True))
        whole = _mean(norm[alive] for norm, (_, alive) in zip(wholes, parts, strict=True))
        return cls(
            revision,
            vocabulary,
            weights,
            mean,
            whole,
            tuple(
                Part(
                    block,
                    alive,
                    divisor(norm, mean) / block.entry_weights,
                    divisor(whole_norm, whole),
                )
                for (block, alive), norm, whole_norm in zip(parts, norms, wholes, strict=True)
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


def _mean(norms: Iterable[Floats]) -> float:
    """Mean of the lengths that are not 0; a profile without terms has none."""
    positive = [norm[norm > 0] for norm in norms]
    count = sum(len(norm) for norm in positive)
    return sum(float(norm.sum()) for norm in positive) / count if count else 0.0


def whole_value(count: Floats) -> Floats:
    """Value of a term in a profile as a whole: ``log2(1 + count)``.

    Like ``1 + ln(count)`` it is 1 for one mention and grows ever slower, but it also takes the
    parts of a mention that claimed themes have.
    """
    return np.log2(1.0 + count)


def divisor(norm: Floats, mean: float) -> Floats:
    """The pivoted length by which an entry or a whole profile is divided: ``(1 - s) · mean + s ·
    norm``."""
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
