"""Some profiles out of the blocks of a roster, their numbers gathered when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.arrays import Counts, Floats, Ints, joined, stretches
from matcher.profiles import Profiles, bounds_of
from matcher.records import Expert

# Some places of each of several blocks, or of the rows of their arrays.
_Picked = Sequence[tuple[Profiles, Counts]]


class Selection:
    """Profiles picked from one or several :class:`Profiles`, in that order.

    Entries are counted through those of all profiles, and so are terms, marks and sentences; what
    each property holds is told by :class:`Profiles`.
    """

    def __init__(self, picked: Iterable[tuple[Profiles, Counts]]) -> None:
        self._picked: _Picked = [(among, rows) for among, rows in picked if len(rows)]

    @classmethod
    def whole(cls, profiles: Profiles) -> Selection:
        """All of some profiles."""
        return cls([(profiles, np.arange(len(profiles)))])

    def __len__(self) -> int:
        return sum(len(rows) for _, rows in self._picked)

    def batches(self, size: int) -> Iterator[Selection]:
        """The same profiles, at most so many at a time."""
        for among, rows in self._picked:
            for at in range(0, len(rows), size):
                yield Selection([(among, rows[at : at + size])])

    def gathered(self) -> Profiles:
        """A copy of these profiles, without the others of their blocks."""
        return Profiles(
            self.experts,
            self._of("thin", self._picked, np.bool_),
            self.whole_norms,
            bounds_of(self.entry_counts),
            self.weights,
            self.norms,
            bounds_of(self.lengths),
            self.columns,
            self.counts,
            bounds_of(self.marked),
            self.marks,
            bounds_of(self.sentenced),
            self.sentences,
        )

    @cached_property
    def experts(self) -> Sequence[Expert]:
        return [among.experts[row] for among, rows in self._picked for row in rows.tolist()]

    @cached_property
    def whole_norms(self) -> Floats:
        return self._of("whole_norms", self._picked, np.float64)

    @cached_property
    def entry_counts(self) -> Counts:
        """How many entries each profile has; shape (profiles,)."""
        return _lengths([(among.entries, rows) for among, rows in self._picked])

    @cached_property
    def owners(self) -> Counts:
        """The profile of each entry; shape (entries,)."""
        return np.repeat(np.arange(len(self)), self.entry_counts)

    @cached_property
    def weights(self) -> Floats:
        return self._of("weights", self._entries, np.float64)

    @cached_property
    def norms(self) -> Floats:
        return self._of("norms", self._entries, np.float64)

    @cached_property
    def lengths(self) -> Counts:
        """How many different terms each entry has; shape (entries,)."""
        return _lengths([(among.terms, rows) for among, rows in self._entries])

    @cached_property
    def columns(self) -> Ints:
        return self._of("columns", self._terms, np.int32)

    @cached_property
    def counts(self) -> Ints:
        return self._of("counts", self._terms, np.int32)

    @cached_property
    def marked(self) -> Counts:
        """How many marks each entry has; shape (entries,)."""
        return _lengths([(among.marked, rows) for among, rows in self._entries])

    @cached_property
    def marks(self) -> Ints:
        return self._of("marks", self._below("marked"), np.int32, width=3)

    @cached_property
    def sentenced(self) -> Counts:
        """How many sentences each entry has; shape (entries,)."""
        return _lengths([(among.sentenced, rows) for among, rows in self._entries])

    @cached_property
    def sentences(self) -> Ints:
        return self._of("sentences", self._below("sentenced"), np.int32, width=2)

    @cached_property
    def _entries(self) -> _Picked:
        return [
            (among, stretches(among.entries[rows], among.entries[rows + 1]))
            for among, rows in self._picked
        ]

    @cached_property
    def _terms(self) -> _Picked:
        return self._below("terms")

    def _below(self, bounds: str) -> _Picked:
        """What the entries of each profile bound, which follows one another there."""
        found = []
        for among, rows in self._picked:
            ends: Counts = getattr(among, bounds)
            starts = ends[among.entries[rows]]
            found.append((among, stretches(starts, ends[among.entries[rows + 1]])))
        return found

    @staticmethod
    def _of(
        name: str, picked: _Picked, kind: type[np.generic], width: int | None = None
    ) -> NDArray[Any]:
        if len(picked) == 1:
            among, rows = picked[0]
            values: NDArray[Any] = getattr(among, name)
            return values.take(rows, axis=0)
        return joined([getattr(among, name)[rows] for among, rows in picked], kind, width)


def _lengths(bounded: Iterable[tuple[Counts, Counts]]) -> Counts:
    lengths = [bounds[rows + 1] - bounds[rows] for bounds, rows in bounded]
    return lengths[0] if len(lengths) == 1 else joined(lengths, np.int64)
