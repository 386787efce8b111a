"""What each term adds to the scores of some profiles: the scores of everybody are a sum over the
terms of a request.

By :mod:`matcher.scoring.exact` a score is ``Σ_t q_t ((1-m) d_t + m v_t)``, so one number for each
pair of profile and term is all that a ranking has to read. It is kept in 32 bits, that of a common
term in 8 bits and rounded up, so the sums are upper bounds, near the scores, and tell who is worth
scoring exactly.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.arrays import Counts, Floats, Ints, Singles
from matcher.settings import Settings
from matcher.store.kernels import add_list, add_row
from matcher.store.length_normalization import MeanLengths, pivoted_lengths
from matcher.store.profile_table import ProfileTable
from matcher.store.term_weights import entry_value, whole_value

# A term that more than this share of so many profiles have gets a byte for each profile: adding up
# whole rows is faster than looking up places, and most postings are those of such terms. Among
# fewer profiles there is little to gain.
_COMMON_SHARE: Final = 0.125
_COMMON_FROM: Final = 4096


class DenseRow(NamedTuple):
    """What a common term adds to the bound of each profile at most: ``unit`` times ``bytes``, 0 for
    those without it; shape (profiles,)."""

    unit: float
    bytes: NDArray[np.uint8]

    @classmethod
    def of(cls, size: int, places: Ints, values: Singles) -> DenseRow:
        """A row of so many profiles from the values of some; rounded up, so that they stay upper
        bounds."""
        unit = float(values.max()) / 255
        row = np.zeros(size, dtype=np.uint8)
        row[places] = np.minimum(np.ceil(values / unit), 255)
        return cls(unit, row)


@dataclass(frozen=True, eq=False)
class Postings:
    """Profiles by term, in 32 bits: for term ``t`` the slice ``indptr[t]:indptr[t + 1]`` of
    ``rows``, which are places of profiles, and of ``values``, what the term adds to their bounds.

    For a common term that slice is empty, and ``common[t]`` has the values of all profiles.
    """

    size: int
    indptr: Counts
    rows: Ints
    values: Singles
    common: Mapping[int, DenseRow]

    @classmethod
    def of(
        cls, profiles: ProfileTable, terms: int, means: MeanLengths, settings: Settings
    ) -> Postings:
        """Turn profiles (rows of counts) into postings by term; O(number of counts)."""
        column, rows, values = _pairs(profiles, terms, means, settings)
        sizes, size = np.bincount(column, minlength=terms), len(profiles)
        ends = np.concatenate([[0], np.cumsum(sizes)])
        is_common = sizes > (_COMMON_SHARE * size if size >= _COMMON_FROM else size)
        common = {
            term: DenseRow.of(
                size, rows[ends[term] : ends[term + 1]], values[ends[term] : ends[term + 1]]
            )
            for term in np.flatnonzero(is_common).tolist()
        }
        rare = ~is_common[column]
        indptr = np.concatenate([[0], np.cumsum(np.where(is_common, 0, sizes))])
        return cls(size, indptr, rows[rare], values[rare], common)

    def bounds(self, query: Mapping[int, float], weak: Iterable[Collection[int]] = ()) -> Singles:
        """Upper bounds of the scores of all profiles for a weighted query, by column; 0 for those
        that share no term, or only terms of one ``weak`` kind; shape (profiles,).

        The slack covers the rounding of sums of positive 32-bit numbers, whose relative error is at
        most one unit for each term (Higham 2002, "Accuracy and stability of numerical algorithms",
        section 4.2).
        """
        slack = 1 + (len(query) + 16) * float(np.finfo(np.float32).eps)
        kinds = [kind for kind in weak if kind]
        strong = query.keys() - set[int]().union(*kinds)
        bounds = self._sum(query, strong, slack)
        if not kinds:
            return bounds
        # Something strong is enough, and so are terms of two kinds.
        shared = 2 * (bounds > 0)
        for kind in kinds:
            added = self._sum(query, kind, slack)
            shared += added > 0
            bounds += added
        bounds *= shared > 1
        return bounds

    def _sum(self, query: Mapping[int, float], among: Collection[int], slack: float) -> Singles:
        total = np.zeros(self.size, dtype=np.float32)
        for column, weight in query.items():
            if column in among:
                self._add(column, weight * slack, total)
        return total

    def _add(self, column: int, weight: float, bounds: Singles) -> None:
        if column in self.common:
            unit, row = self.common[column]
            add_row(row, np.float32(weight * unit), bounds)
        else:
            part = self._slice(column)
            add_list(self.rows, self.values, part.start, part.stop, np.float32(weight), bounds)

    def owners_of(self, column: int) -> list[int]:
        """The places of the profiles that have a term."""
        if column in self.common:
            owners: list[int] = np.flatnonzero(self.common[column].bytes).tolist()
        else:
            owners = self.rows[self._slice(column)].tolist()
        return owners

    def _slice(self, column: int) -> slice:
        # A term may be newer than these postings.
        if column >= len(self.indptr) - 1:
            return slice(0, 0)
        return slice(int(self.indptr[column]), int(self.indptr[column + 1]))


def _pairs(
    profiles: ProfileTable, terms: int, means: MeanLengths, settings: Settings
) -> tuple[Counts, Ints, Singles]:
    """Pairs of term and profile, by term: the term, the profile, the value."""
    if not len(profiles.columns):
        return np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32)
    # Who opens a saved index draws up none, and is spared an import that takes as long as that.
    from scipy.sparse import csr_matrix

    entry = np.repeat(np.arange(len(profiles.weights)), np.diff(profiles.terms))
    # The terms of a profile are those from its first entry to that of the next.
    ends = profiles.terms[profiles.entries]
    order = csr_matrix(
        (np.arange(len(entry)), profiles.columns, ends), shape=(len(profiles), terms)
    ).tocsc()
    # The entries of one profile that have a term are neighbours now.
    entry, counts = entry[order.data], profiles.counts[order.data]
    column = np.repeat(np.arange(terms), np.diff(order.indptr))
    is_first = np.ones(len(column), dtype=np.bool_)
    is_first[1:] = (column[1:] != column[:-1]) | (order.indices[1:] != order.indices[:-1])
    first = np.flatnonzero(is_first)
    rows = order.indices[first]
    wholes = whole_value(_sums(counts * profiles.weights[entry], first))
    wholes /= pivoted_lengths(profiles.whole_norms, means.whole, settings)[rows]
    scales = profiles.weights / pivoted_lengths(profiles.norms, means.entry, settings)
    values = entry_value(counts) * scales[entry]
    best = _discounted(values, first, settings.discount)
    bounds = (1 - settings.whole_share) * best + settings.whole_share * wholes
    return column[first], rows.astype(np.int32), bounds.astype(np.float32)


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
