"""Many profiles as a few long arrays, as they are stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matcher.records import Expert
from matcher.store.profile_table import ProfileTable, bounds_of
from matcher.store.selection import Selection
from matcher.store.term_weights import entry_norms, wholes
from matcher.store.vocabulary import Vocabulary

# The arrays and their kinds of number; see Profiles for what they hold.
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

# Profiles that are measured together on reading: measuring takes several times their memory.
_MEASURED_TOGETHER: Final = 4096
# Profiles that are written together: all at once would need their memory again.
_WRITTEN_TOGETHER: Final = 32

# One long array in the pieces that follow one another in it, to be gone through more than once.
Pieces = Iterable[NDArray[Any]]


@dataclass(frozen=True)
class _Written:
    """One of the arrays of some profiles."""

    name: str
    profiles: Sequence[Selection]

    def __iter__(self) -> Iterator[NDArray[Any]]:
        for selection in self.profiles:
            for batch in selection.batches(_WRITTEN_TOGETHER):
                yield getattr(batch, self.name).ravel()


def pieces(profiles: Sequence[Selection]) -> dict[str, Pieces]:
    """The arrays of some profiles."""
    return {name: _Written(name, profiles) for name in KINDS}


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

    def measured(self, vocabulary: Vocabulary) -> Iterator[ProfileTable]:
        """The profiles, measured with the weights of the terms of a vocabulary, some at a time;
        raises :class:`ValueError` for one whose arrays do not agree."""
        a = self.arrays
        entries, terms = bounds_of(a["entry_counts"]), bounds_of(a["lengths"])
        marked, sentenced = bounds_of(a["marked"]), bounds_of(a["sentenced"])
        unmeasured = ProfileTable(
            self.experts,
            np.zeros(len(self.experts), dtype=np.bool_),
            np.zeros(len(self.experts)),
            entries,
            a["weights"],
            np.zeros(len(a["weights"])),
            terms,
            a["columns"],
            a["counts"],
            marked,
            a["marks"].reshape(-1, 3),
            sentenced,
            a["sentences"].reshape(-1, 2),
        )
        for first in range(0, len(self.experts), _MEASURED_TOGETHER):
            last = min(first + _MEASURED_TOGETHER, len(self.experts))
            profiles = unmeasured.stretch(first, last)
            _check_entries(profiles)
            yield _measured(profiles, vocabulary)


def _check_entries(profiles: ProfileTable) -> None:
    """Each entry has its terms marked as often as they are counted, and sentences to quote."""
    marked, marks = np.diff(profiles.marked), profiles.marks
    entry = np.repeat(np.arange(len(marked)), np.diff(profiles.terms))
    of_mark = np.repeat(np.arange(len(marked)), marked)
    for factor, is_marked in ((1, np.ones(len(marks))), (profiles.columns, marks[:, 0])):
        counted = np.bincount(entry, profiles.counts * np.float64(factor), len(marked))
        if not np.array_equal(counted, np.bincount(of_mark, is_marked, len(marked))):
            raise ValueError("counts and occurrences do not agree")
    for spans in (marks[:, 1:], profiles.sentences):
        if np.any((spans[:, 0] < 0) | (spans[:, 0] > spans[:, 1])):
            raise ValueError("something begins behind its end")
    if np.any((marked > 0) & (np.diff(profiles.sentenced) == 0)):
        raise ValueError("an entry with terms has no sentence")


def _measured(profiles: ProfileTable, vocabulary: Vocabulary) -> ProfileTable:
    columns, counts = profiles.columns, profiles.counts
    entry = np.repeat(np.arange(len(profiles.weights)), np.diff(profiles.terms))
    owner = np.repeat(np.arange(len(profiles)), np.diff(profiles.entries))
    weighted = counts * profiles.weights[entry]
    whole_norms, thin = wholes(columns, weighted, owner[entry], len(profiles), vocabulary)
    norms = entry_norms(columns, counts, entry, len(owner), vocabulary.kind_weights)
    return replace(profiles, thin=thin, whole_norms=whole_norms, norms=norms)
