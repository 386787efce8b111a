"""Many profiles as a few long arrays, as they are stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matcher.arrays import Counts, Floats
from matcher.profile import Profile, entry_norms, is_thin, whole_norms
from matcher.records import Expert

# The arrays and their kinds of number; see Profile for what they hold.
KINDS: Final = {
    "entry_counts": "int32",
    "weights": "float64",
    "lengths": "int32",
    "columns": "int32",
    "counts": "int32",
    "marked": "int32",
    "marks": "int32",
}

# One long array in the pieces that follow one another in it.
Pieces = Sequence[NDArray[Any]]


def pieces(profiles: Sequence[Profile]) -> dict[str, Pieces]:
    """The arrays of some profiles, a piece for each: put together they would need as much memory
    again as the profiles."""
    return {
        "entry_counts": [np.array([len(p.lengths) for p in profiles], dtype=np.int32)],
        "weights": [p.weights for p in profiles],
        "lengths": [p.lengths for p in profiles],
        "columns": [p.columns for p in profiles],
        "counts": [p.counts for p in profiles],
        "marked": [p.marked for p in profiles],
        "marks": [p.marks for p in profiles],
    }


@dataclass(frozen=True, eq=False)
class ProfileArrays:
    """Experts, and the arrays of their profiles one after the other; ``entry_counts`` has for each
    expert the number of entries, and ``marks`` its rows one after the other."""

    experts: Sequence[Expert]
    arrays: Mapping[str, NDArray[Any]]

    def check(self, terms: int) -> None:
        """Raise :class:`ValueError` unless the arrays agree with each other and with a vocabulary
        of so many terms."""
        self._check_sizes()
        a = self.arrays
        # Written so that it also refuses what is not a number.
        if not np.all((a["weights"] > 0) & (a["weights"] <= 1)):
            raise ValueError("the weight of an entry is wrong")
        for columns in (a["columns"], a["marks"][::3]):
            if columns.min(initial=0) < 0 or columns.max(initial=-1) >= terms:
                raise ValueError("a count belongs to no term")
        if a["counts"].min(initial=1) < 1:
            raise ValueError("a term is counted less than once")

    def _check_sizes(self) -> None:
        a = self.arrays
        if len({expert.id for expert in self.experts}) != len(self.experts):
            raise ValueError("an expert stands there twice")
        if min(a[name].min(initial=0) for name in ("entry_counts", "lengths", "marked")) < 0:
            raise ValueError("a length is negative")
        entries = int(a["entry_counts"].sum(dtype=np.int64))
        if len(a["entry_counts"]) != len(self.experts):
            raise ValueError("experts and entries do not agree")
        if not entries == len(a["lengths"]) == len(a["weights"]) == len(a["marked"]):
            raise ValueError("experts and entries do not agree")
        if not a["lengths"].sum(dtype=np.int64) == len(a["columns"]) == len(a["counts"]):
            raise ValueError("entries and counts do not agree")
        if 3 * a["marked"].sum(dtype=np.int64) != len(a["marks"]):
            raise ValueError("entries and occurrences do not agree")

    def profiles(self, vocabulary: Sequence[str], kind_weights: Floats) -> Iterator[Profile]:
        """The profiles, measured with these weights of the terms."""
        a = self.arrays
        entry_owner = np.repeat(np.arange(len(self.experts)), a["entry_counts"])
        owner = np.repeat(np.arange(len(a["lengths"])), a["lengths"])
        norms = entry_norms(a["columns"], a["counts"], owner, len(a["lengths"]), kind_weights)
        weighted = a["counts"] * a["weights"][owner]
        wholes = whole_norms(
            a["columns"], weighted, entry_owner[owner], len(self.experts), kind_weights
        )
        marks = a["marks"].reshape(-1, 3)
        entries, counts = _ends(a["entry_counts"]), _ends(a["lengths"])
        marked = _ends(a["marked"])
        for place, expert in enumerate(self.experts):
            own = slice(entries[place], entries[place + 1])
            part = slice(counts[own.start], counts[own.stop])
            columns = a["columns"][part]
            yield Profile(
                expert,
                is_thin(vocabulary[column] for column in set(columns.tolist())),
                a["weights"][own],
                a["lengths"][own],
                columns,
                a["counts"][part],
                norms[own],
                float(wholes[place]),
                marks[marked[own.start] : marked[own.stop]],
                a["marked"][own],
            )


def _ends(lengths: Counts) -> list[int]:
    ends: list[int] = np.cumsum(np.concatenate([[0], lengths])).tolist()
    return ends
