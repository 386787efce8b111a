"""The roster by term, in a few segments of which only the smallest changes with an edit.

A :class:`Block` holds some profiles as postings by term, in 32 bits; it finds who may stand at the
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


class Means(NamedTuple):
    """Mean length of the entries that have a term, and of the profiles as wholes."""

    entry: float
    whole: float


@dataclass(frozen=True, eq=False)
class Postings:
    """Values by term: for term ``t`` the slice ``indptr[t]:indptr[t + 1]`` of ``rows`` and
    ``values``; ``scales`` is what the sum of each row is multiplied by, shape (rows,)."""

    indptr: Counts
    rows: Ints
    values: Singles
    scales: Singles

    def of(self, column: int) -> slice:
        """The postings of one term; none if it is newer than these."""
        if column >= len(self.indptr) - 1:
            return slice(0, 0)
        return slice(int(self.indptr[column]), int(self.indptr[column + 1]))

    def scores(self, query: Mapping[int, float]) -> Singles:
        """Inner product of a weighted query, by column, with each row; shape (rows,)."""
        slices = [(self.of(column), weight) for column, weight in query.items()]
        slices = [(part, weight) for part, weight in slices if part.stop > part.start]
        if not slices:
            return np.zeros(len(self.scales), dtype=np.float32)
        ends = np.cumsum([0, *(part.stop - part.start for part, _ in slices)], dtype=np.int32)
        rows = np.concatenate([self.rows[part] for part, _ in slices])
        values = np.concatenate([self.values[part] for part, _ in slices])
        touched = csc_matrix((values, rows, ends), shape=(len(self.scales), len(slices)))
        scores: Singles = touched @ np.array([weight for _, weight in slices], dtype=np.float32)
        scores *= self.scales
        return scores


@dataclass(frozen=True, eq=False)
class Block:
    """Some profiles by term, once with a row for each entry and once with a row for each expert.

    Profiles stand in order of their numbers of entries, most first, and the entries slot by slot:
    the first entries of all profiles, then the second ones of those that have two, and so on. So
    the ``k``-th entries are a stretch of ``slots[k]`` neighbours that belong to the first profiles
    in their order, and entries are brought together per expert by whole stretches.
    """

    profiles: tuple[Profile, ...]
    places: Mapping[str, int]
    slots: tuple[int, ...]
    entries: Postings
    wholes: Postings
    thin: Mask
    screen: Screen
    means: Means

    @classmethod
    def of(cls, profiles: Iterable[Profile], terms: int, means: Means, settings: Settings) -> Block:
        """Turn profiles (rows of counts) into postings by term; O(number of counts).

        ``means`` are those of the day: the scales are drawn up with them.
        """
        ordered = tuple(sorted(profiles, key=lambda profile: -len(profile.lengths)))
        sizes = np.array([len(profile.lengths) for profile in ordered], dtype=np.int64)
        slots = _slots(sizes)
        rows = _rows(sizes, slots)
        weights = joined([profile.weights for profile in ordered], np.float64)
        norms = joined([profile.norms for profile in ordered], np.float64)
        scales = np.empty(len(rows), dtype=np.float32)
        scales[rows] = weights / pivoted(norms, means.entry, settings)
        whole_norms = np.array([profile.whole_norm for profile in ordered])
        return cls(
            profiles=ordered,
            places={profile.expert.id: place for place, profile in enumerate(ordered)},
            slots=slots,
            entries=_entries(ordered, rows, scales, terms),
            wholes=_wholes(
                ordered,
                weights,
                (1.0 / pivoted(whole_norms, means.whole, settings)).astype(np.float32),
                terms,
            ),
            thin=np.array([profile.is_thin for profile in ordered], dtype=np.bool_),
            screen=Screen.of([profile.expert for profile in ordered]),
            means=means,
        )

    def bounds(self, query: Mapping[int, float], means: Means, settings: Settings) -> Singles:
        """Upper bounds of the scores of all profiles, 0 for those that share no term; shape
        (profiles,).

        With the best entry's score ``b`` and the sum ``s`` of all, the discounted sum is at most
        ``(1-r) (b + r (s - b))``, because every entry but the best counts ``r`` or less; and it is
        at most ``b``. The slack covers the rounding of sums of positive 32-bit numbers, whose
        relative error is at most one unit for each term (Higham 2002, "Accuracy and stability of
        numerical algorithms", section 4.2), and the change of the means since the scales were drawn
        up: a length changes by no greater share than its mean.
        """
        scores = self.entries.scores(query)
        best = np.zeros(len(self.profiles), dtype=np.float32)
        total = np.zeros_like(best)
        start = 0
        for slot in self.slots:
            part = scores[start : start + slot]
            np.maximum(best[:slot], part, out=best[:slot])
            total[:slot] += part
            start += slot
        r, m = settings.discount, settings.whole_share
        total -= best
        total *= r * (1 - r)
        total += (1 - r) * best
        np.minimum(total, best, out=total)
        total *= 1 - m
        total += np.float32(m) * self.wholes.scores(query)
        rounding = (len(query) + len(self.slots) + 16) * float(np.finfo(np.float32).eps)
        drift = max(_drift(then, now) for then, now in zip(self.means, means, strict=True))
        total *= (1 + rounding) * drift
        return total

    def owners_of(self, column: int) -> list[int]:
        """The places of the profiles that have a term."""
        owners: list[int] = self.wholes.rows[self.wholes.of(column)].tolist()
        return owners


def pivoted(norms: Floats, mean: float, settings: Settings) -> Floats:
    """The length by which entries or whole profiles are divided: ``(1 - s) · mean + s · norm``; 1
    for those without a term, which have no score to divide."""
    lengths = (1 - settings.pivot_slope) * mean + settings.pivot_slope * norms
    return np.where(norms > 0, lengths, 1.0)


def _drift(then: float, now: float) -> float:
    return max(then / now, 1.0) if now > 0 else 1.0


def _slots(sizes: Counts) -> tuple[int, ...]:
    """How many profiles have more than ``k`` entries, for ``k`` = 0, 1, …; ``sizes`` fall."""
    longest = int(sizes[0]) if len(sizes) else 0
    having = np.cumsum(np.bincount(sizes, minlength=longest + 1)[::-1])[::-1]
    return tuple(having[1:].tolist())


def _rows(sizes: Counts, slots: Sequence[int]) -> Counts:
    """The row of each entry, the entries taken profile by profile; shape (entries,)."""
    places = np.repeat(np.arange(len(sizes)), sizes)
    slot = np.arange(len(places)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    starts = np.concatenate([[0], np.cumsum(slots)])[:-1] if slots else np.zeros(0, np.int64)
    rows: Counts = starts[slot] + places
    return rows


def _entries(profiles: Sequence[Profile], rows: Counts, scales: Singles, terms: int) -> Postings:
    columns = joined([profile.columns for profile in profiles], np.int32)
    counts = joined([profile.counts for profile in profiles], np.int32)
    lengths = joined([profile.lengths for profile in profiles], np.int32)
    ends = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    values = entry_value(counts).astype(np.float32)
    by_term = csr_matrix((values, columns, ends), shape=(len(lengths), terms)).tocsc()
    return Postings(by_term.indptr, rows.astype(np.int32)[by_term.indices], by_term.data, scales)


def _wholes(profiles: Sequence[Profile], weights: Floats, scales: Singles, terms: int) -> Postings:
    columns = joined([profile.columns for profile in profiles], np.int32)
    counts = joined([profile.counts for profile in profiles], np.int32)
    lengths = joined([profile.lengths for profile in profiles], np.int32)
    sizes = [len(profile.columns) for profile in profiles]
    ends = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
    weighted = (counts * np.repeat(weights, lengths)).astype(np.float32)
    by_term = csr_matrix((weighted, columns, ends), shape=(len(profiles), terms)).tocsc()
    by_term.sum_duplicates()
    return Postings(
        by_term.indptr, by_term.indices, whole_value(by_term.data).astype(np.float32), scales
    )


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
        self._recent = self._large = self._segment((), 0, Means(0.0, 0.0))

    def put(self, profile: Profile) -> None:
        """Take in a profile, in place of the one with the same id."""
        self.drop(profile.expert.id)
        self._fresh[profile.expert.id] = profile

    def drop(self, expert_id: str) -> None:
        """Take out a profile, if it is there."""
        self._fresh.pop(expert_id, None)
        self._recent.drop(expert_id)
        self._large.drop(expert_id)

    def parts(self, terms: int, means: Means) -> tuple[Part, ...]:
        """The roster of this moment. Each profile is moved to a larger block a few times in its
        life, so an edit costs O(profile) on average."""
        if len(self._fresh) > _FRESH_AT_MOST:
            self._recent = self._segment(
                [*self._recent.living(), *self._fresh.values()], terms, means
            )
            self._fresh.clear()
            large = len(self._large.block.profiles)
            if len(self._recent.block.profiles) > max(_RECENT_HANDFUL, _RECENT_SHARE * large):
                self._large = self._segment(
                    [*self._large.living(), *self._recent.living()], terms, means
                )
                self._recent = self._segment((), 0, means)
        fresh = self._segment(self._fresh.values(), terms, means)
        segments = (self._large, self._recent, fresh)
        return tuple(s.part() for s in segments if s.block.profiles)

    def _segment(self, profiles: Iterable[Profile], terms: int, means: Means) -> _Segment:
        return _Segment(Block.of(profiles, terms, means, self._settings))
