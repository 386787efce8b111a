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
    "sentenced": "int32",
    "sentences": "int32",
}

# Profiles that are measured together on reading.
_MEASURED_TOGETHER: Final = 4096

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
        "sentenced": [p.sentenced for p in profiles],
        "sentences": [p.sentences for p in profiles],
    }


@dataclass(frozen=True, eq=False)
class ProfileArrays:
    """Experts, and the arrays of their profiles one after the other; ``entry_counts`` has for each
    expert the number of entries, ``marks`` and ``sentences`` their rows one after the other."""

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
        numbers = ("entry_counts", "lengths", "marked", "sentenced")
        if min(a[name].min(initial=0) for name in numbers) < 0:
            raise ValueError("a length is negative")
        entries = int(a["entry_counts"].sum(dtype=np.int64))
        if len(a["entry_counts"]) != len(self.experts):
            raise ValueError("experts and entries do not agree")
        if any(entries != len(a[name]) for name in ("lengths", "weights", "marked", "sentenced")):
            raise ValueError("experts and entries do not agree")
        if not a["lengths"].sum(dtype=np.int64) == len(a["columns"]) == len(a["counts"]):
            raise ValueError("entries and counts do not agree")
        if 3 * a["marked"].sum(dtype=np.int64) != len(a["marks"]):
            raise ValueError("entries and occurrences do not agree")
        if 2 * a["sentenced"].sum(dtype=np.int64) != len(a["sentences"]):
            raise ValueError("entries and sentences do not agree")

    def profiles(self, vocabulary: Sequence[str], kind_weights: Floats) -> Iterator[Profile]:
        """The profiles, measured with these weights of the terms; some at a time, because measuring
        takes several times their memory."""
        a = self.arrays
        entries = _ends(a["entry_counts"])
        ends = {
            **dict.fromkeys(
                ("weights", "lengths", "marked", "sentenced"), np.arange(entries[-1] + 1)
            ),
            **dict.fromkeys(("columns", "counts"), _ends(a["lengths"])),
            "marks": 3 * _ends(a["marked"]),
            "sentences": 2 * _ends(a["sentenced"]),
        }
        for first in range(0, len(self.experts), _MEASURED_TOGETHER):
            some = slice(first, min(first + _MEASURED_TOGETHER, len(self.experts)))
            own = entries[some.start], entries[some.stop]
            arrays = {name: a[name][ends[name][own[0]] : ends[name][own[1]]] for name in ends}
            arrays["entry_counts"] = a["entry_counts"][some]
            yield from ProfileArrays(self.experts[some], arrays)._measured(vocabulary, kind_weights)

    def _measured(self, vocabulary: Sequence[str], kind_weights: Floats) -> Iterator[Profile]:
        a = self.arrays
        entry_owner = np.repeat(np.arange(len(self.experts)), a["entry_counts"])
        owner = np.repeat(np.arange(len(a["lengths"])), a["lengths"])
        norms = entry_norms(a["columns"], a["counts"], owner, len(a["lengths"]), kind_weights)
        weighted = a["counts"] * a["weights"][owner]
        wholes = whole_norms(
            a["columns"], weighted, entry_owner[owner], len(self.experts), kind_weights
        )
        marks, sentences = a["marks"].reshape(-1, 3), a["sentences"].reshape(-1, 2)
        entries, counts = _ends(a["entry_counts"]).tolist(), _ends(a["lengths"]).tolist()
        marked, sentenced = _ends(a["marked"]).tolist(), _ends(a["sentenced"]).tolist()
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
                sentences[sentenced[own.start] : sentenced[own.stop]],
                a["sentenced"][own],
            )


def _ends(lengths: Counts) -> Counts:
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
