"""The roster by term, in a few segments of which only the smallest changes with an edit.

A :class:`Block` holds some profiles as postings by term, in 32 bits; it tells who may stand at the
top, and :mod:`matcher.scoring` then scores those few exactly. Nothing in a block changes once made,
so any number of threads may rank on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from scipy.sparse import csc_matrix, csr_matrix

from matcher.arrays import Counts, Floats, Ints, Mask, Singles, joined
from matcher.profile import Profile, entry_value, whole_value
from matcher.screening import Screen
from matcher.settings import Settings

# Edits since the last ranking or the last few are kept in a block of this many profiles at most,
# because it is made anew by each edit.
_FRESH_AT_MOST: Final = 32
# A larger one takes those over; when it holds more than this share of the roster (and more than a
# handful), everything goes into a new large block.
_RECENT_SHARE: Final = 0.02
_RECENT_HANDFUL: Final = 512
# Drawing up a block takes several times the memory of the block itself, so a large roster is
# drawn up in several.
_BLOCK_AT_MOST: Final = 100_000


class Means(NamedTuple):
    """Mean length of the entries that have a term, and of the profiles as wholes."""

    entry: float
    whole: float


@dataclass(frozen=True, eq=False)
class Block:
    """Some profiles by term: for term ``t`` the slice ``indptr[t]:indptr[t + 1]`` of ``rows``,
    which are places in ``profiles``, and of ``values``, what the term adds to their bounds.

    The entries' part of a score, ``D(s) = (1-r) Σ_i r^(i-1) s_(i)`` over the entry scores sorted
    best first, is the greatest of such sums over all orders of the entries, hence ``D(Σ_t q_t x_t)
    <= Σ_t q_t D(x_t)`` where ``x_t`` has the entries' values of one term. The whole's part is a
    sum over terms as it is. So one number for each pair of profile and term,
    ``(1-m) D(x_t) + m · whole value / length``, adds up to an upper bound of the score, and it is
    near the score where the request's terms stand together.
    """

    profiles: tuple[Profile, ...]
    places: Mapping[str, int]
    indptr: Counts
    rows: Ints
    values: Singles
    thin: Mask
    screen: Screen
    means: Means

    @classmethod
    def of(cls, profiles: Iterable[Profile], terms: int, means: Means, settings: Settings) -> Block:
        """Turn profiles (rows of counts) into postings by term; O(number of counts).

        ``means`` are those of the day: the values are drawn up with them.
        """
        profiles = tuple(profiles)
        indptr, rows, values = _postings(profiles, terms, means, settings)
        return cls(
            profiles=profiles,
            places={profile.expert.id: place for place, profile in enumerate(profiles)},
            indptr=indptr,
            rows=rows,
            values=values,
            thin=np.array([profile.is_thin for profile in profiles], dtype=np.bool_),
            screen=Screen.of([profile.expert for profile in profiles]),
            means=means,
        )

    def bounds(self, query: Mapping[int, float], means: Means) -> Singles:
        """Upper bounds of the scores of all profiles for a weighted query, by column; 0 for those
        that share no term; shape (profiles,).

        The slack covers the rounding of sums of positive 32-bit numbers, whose relative error is at
        most one unit for each term (Higham 2002, "Accuracy and stability of numerical algorithms",
        section 4.2), and the change of the means since the values were drawn up: a length changes
        by no greater share than its mean.
        """
        slices = [(self._slice(column), weight) for column, weight in query.items()]
        slices = [(part, weight) for part, weight in slices if part.stop > part.start]
        if not slices:
            return np.zeros(len(self.profiles), dtype=np.float32)
        rounding = (len(slices) + 16) * float(np.finfo(np.float32).eps)
        drift = max(_drift(then, now) for then, now in zip(self.means, means, strict=True))
        weights = [weight * (1 + rounding) * drift for _, weight in slices]
        ends = np.cumsum([0, *(part.stop - part.start for part, _ in slices)], dtype=np.int32)
        rows = np.concatenate([self.rows[part] for part, _ in slices])
        values = np.concatenate([self.values[part] for part, _ in slices])
        touched = csc_matrix((values, rows, ends), shape=(len(self.profiles), len(slices)))
        bounds: Singles = touched @ np.array(weights, dtype=np.float32)
        return bounds

    def owners_of(self, column: int) -> list[int]:
        """The places of the profiles that have a term."""
        owners: list[int] = self.rows[self._slice(column)].tolist()
        return owners

    def _slice(self, column: int) -> slice:
        # A term may be newer than this block.
        if column >= len(self.indptr) - 1:
            return slice(0, 0)
        return slice(int(self.indptr[column]), int(self.indptr[column + 1]))


def pivoted(norms: Floats, mean: float, settings: Settings) -> Floats:
    """The length by which entries or whole profiles are divided: ``(1 - s) · mean + s · norm``; 1
    for those without a term, which have no score to divide."""
    lengths = (1 - settings.pivot_slope) * mean + settings.pivot_slope * norms
    return np.where(norms > 0, lengths, 1.0)


def _drift(then: float, now: float) -> float:
    return max(then / now, 1.0) if now > 0 else 1.0


def _postings(
    profiles: Sequence[Profile], terms: int, means: Means, settings: Settings
) -> tuple[Counts, Ints, Singles]:
    """Pairs of term and profile, by term: where each term begins, the profile, the value."""
    columns = joined([profile.columns for profile in profiles], np.int32)
    counts = joined([profile.counts for profile in profiles], np.int32)
    entry = np.repeat(
        np.arange(sum(len(profile.lengths) for profile in profiles)),
        joined([profile.lengths for profile in profiles], np.int64),
    )
    weights = joined([profile.weights for profile in profiles], np.float64)
    norms = joined([profile.norms for profile in profiles], np.float64)
    ends = np.cumsum([0, *(len(profile.columns) for profile in profiles)], dtype=np.int64)
    order = csr_matrix(
        (np.arange(len(columns)), columns, ends), shape=(len(profiles), terms)
    ).tocsc()
    # The entries of one profile that have a term are neighbours now.
    entry, counts = entry[order.data], counts[order.data]
    column = np.repeat(np.arange(terms), np.diff(order.indptr))
    is_first = np.ones(len(column), dtype=np.bool_)
    is_first[1:] = (column[1:] != column[:-1]) | (order.indices[1:] != order.indices[:-1])
    first = np.flatnonzero(is_first)
    rows = order.indices[first]
    whole_norms = np.array([profile.whole_norm for profile in profiles])
    wholes = whole_value(_sums(counts * weights[entry], first))
    wholes /= pivoted(whole_norms, means.whole, settings)[rows]
    values = entry_value(counts) * (weights / pivoted(norms, means.entry, settings))[entry]
    best = _discounted(values, first, settings.discount)
    bounds = (1 - settings.whole_share) * best + settings.whole_share * wholes
    indptr = np.concatenate([[0], np.cumsum(np.bincount(column[first], minlength=terms))])
    return indptr, rows.astype(np.int32), bounds.astype(np.float32)


def _sums(values: Floats, first: Counts) -> Floats:
    return np.add.reduceat(values, first) if len(first) else values


def _discounted(values: Floats, first: Counts, discount: float) -> Floats:
    """``(1-r) Σ_i r^(i-1) x_(i)`` of each stretch that begins at one of ``first``, its values
    sorted best first."""
    lengths = np.diff(first, append=len(values))
    place = np.arange(len(values)) - np.repeat(first, lengths)
    several = np.flatnonzero(np.repeat(lengths > 1, lengths))
    stretch = np.repeat(first, lengths)[several]
    ordered = values.copy()
    ordered[several] = values[several][np.lexsort((-values[several], stretch))]
    return _sums((1 - discount) * discount**place * ordered, first)


class Part(NamedTuple):
    """A block within a snapshot, and which of its profiles still count."""

    block: Block
    alive: Mask


class _Segment:
    """A block whose profiles fall out one by one as they are edited."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self._alive = np.ones(len(block.profiles), dtype=np.bool_)

    def drop(self, expert_id: str) -> None:
        place = self.block.places.get(expert_id)
        if place is not None:
            self._alive[place] = False

    def living(self) -> list[Profile]:
        return [self.block.profiles[place] for place in np.flatnonzero(self._alive).tolist()]

    def part(self) -> Part:
        return Part(self.block, self._alive.copy())


class Segments:
    """All profiles of a roster, in blocks. Not safe to share among threads; its parts are."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._fresh: dict[str, Profile] = {}
        self._recent = self._segment((), 0, Means(0.0, 0.0))
        self._large: list[_Segment] = []

    def put(self, profile: Profile) -> None:
        """Take in a profile, in place of the one with the same id."""
        self.drop(profile.expert.id)
        self._fresh[profile.expert.id] = profile

    def drop(self, expert_id: str) -> None:
        """Take out a profile, if it is there."""
        self._fresh.pop(expert_id, None)
        for segment in (self._recent, *self._large):
            segment.drop(expert_id)

    def parts(self, terms: int, means: Means) -> tuple[Part, ...]:
        """The roster of this moment. Each profile is moved to a larger block a few times in its
        life, so an edit costs O(profile) on average."""
        if len(self._fresh) > _FRESH_AT_MOST:
            self._recent = self._segment(
                [*self._recent.living(), *self._fresh.values()], terms, means
            )
            self._fresh.clear()
            large = sum(len(segment.block.profiles) for segment in self._large)
            if len(self._recent.block.profiles) > max(_RECENT_HANDFUL, _RECENT_SHARE * large):
                self._draw_up_anew(terms, means)
        fresh = self._segment(self._fresh.values(), terms, means)
        segments = (*self._large, self._recent, fresh)
        return tuple(s.part() for s in segments if s.block.profiles)

    def _draw_up_anew(self, terms: int, means: Means) -> None:
        everybody = [p for segment in (*self._large, self._recent) for p in segment.living()]
        self._large = [
            self._segment(everybody[at : at + _BLOCK_AT_MOST], terms, means)
            for at in range(0, len(everybody), _BLOCK_AT_MOST)
        ]
        self._recent = self._segment((), 0, means)

    def _segment(self, profiles: Iterable[Profile], terms: int, means: Means) -> _Segment:
        return _Segment(Block.of(profiles, terms, means, self._settings))
