"""Some profiles out of the blocks of a roster, their numbers gathered when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.arrays import Counts, Floats, Ints, bounds_of, joined, stretches
from matcher.considerations import Facts
from matcher.records import Expert
from matcher.store.encoded_experts import EncodedExperts
from matcher.store.kernels import find_query_terms
from matcher.store.profile_table import ProfileTable

# Some places of each of several blocks, or of the rows of their arrays.
_Picked = Sequence[tuple[ProfileTable, Counts]]


class QueryTermCounts(NamedTuple):
    """What some profiles have of a request, entry by entry; shapes (pairs of entry and term,).

    ``owner`` is the profile, ``entry`` counts through the entries of all profiles, ``place`` is
    that of the term in the request, ``mentions`` how often the entry has it; ``weight`` and
    ``norm`` are those of the entry.
    """

    owner: Counts
    entry: Counts
    place: Ints
    mentions: Ints
    weight: Floats
    norm: Floats


class Selection:
    """Profiles picked from one or several :class:`ProfileTable`, in that order.

    Entries are counted through those of all profiles, and so are terms, marks and sentences; what
    each property holds is told by :class:`ProfileTable`.
    """

    def __init__(self, picked: Iterable[tuple[ProfileTable, Counts]]) -> None:
        self._picked: _Picked = [(among, rows) for among, rows in picked if len(rows)]

    @classmethod
    def whole(cls, profiles: ProfileTable) -> Selection:
        """All of some profiles."""
        return cls([(profiles, np.arange(len(profiles)))])

    def __len__(self) -> int:
        return sum(len(rows) for _, rows in self._picked)

    def batches(self, size: int) -> Iterator[Selection]:
        """The same profiles, at most so many at a time."""
        for among, rows in self._picked:
            for at in range(0, len(rows), size):
                yield Selection([(among, rows[at : at + size])])

    def query_terms(self, places: Ints) -> QueryTermCounts:
        """The terms that have a place in a request: ``places[term]``, -1 for none."""
        pieces = [
            QueryTermCounts(
                found[0],
                found[1],
                places[among.columns[found[3]]],
                among.counts[found[3]],
                among.weights[found[2]],
                among.norms[found[2]],
            )
            for among, found in self._asked("terms", "columns", places)
        ]
        if len(pieces) == 1:
            return pieces[0]
        return QueryTermCounts(
            joined([piece.owner for piece in pieces], np.int64),
            joined([piece.entry for piece in pieces], np.int64),
            joined([piece.place for piece in pieces], np.int32),
            joined([piece.mentions for piece in pieces], np.int32),
            joined([piece.weight for piece in pieces], np.float64),
            joined([piece.norm for piece in pieces], np.float64),
        )

    def query_marks(self, places: Ints) -> tuple[Counts, Ints]:
        """The marks of terms that have a place in a request: the entry, shape (marks found,), and
        place, start and end, shape (marks found, 3)."""
        entries, marks = [], []
        for among, found in self._asked("marked", "mark_columns", places):
            entries.append(found[1])
            marks.append(among.marks[found[3]])
            marks[-1][:, 0] = places[marks[-1][:, 0]]
        return joined(entries, np.int64), joined(marks, np.int32, width=3)

    def _asked(
        self, bounds: str, columns: str, places: Ints
    ) -> Iterator[tuple[ProfileTable, Counts]]:
        """For each block what :func:`matcher.store.kernels.find_query_terms` finds there, with
        profiles and entries counted through those of all blocks."""
        owners = entries = 0
        for among, rows in self._picked:
            ends: Counts = getattr(among, bounds)
            starts, stops = among.entries[rows], among.entries[rows + 1]
            found = np.empty((4, int((ends[stops] - ends[starts]).sum())), dtype=np.int64)
            number = find_query_terms(
                rows, among.entries, ends, getattr(among, columns), places, found
            )
            found = found[:, :number]
            found[0] += owners
            found[1] += entries
            yield among, found
            owners += len(rows)
            entries += int((stops - starts).sum())

    def gathered(self) -> ProfileTable:
        """A copy of these profiles, without the others of their blocks."""
        return ProfileTable(
            EncodedExperts.joined([among.experts.only(rows) for among, rows in self._picked]),
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
            self.entry_facts,
            self._of("profile_facts", self._picked, np.int32, width=3),
        )

    @cached_property
    def experts(self) -> Sequence[Expert]:
        return [among.experts[row] for among, rows in self._picked for row in rows.tolist()]

    @property
    def ids(self) -> Sequence[str]:
        """The ids of the experts, whose records are not read for it."""
        return [among.id_of(row) for among, rows in self._picked for row in rows.tolist()]

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
    def entry_facts(self) -> Ints:
        return self._of("entry_facts", self._entries, np.int32, width=5)

    @property
    def facts(self) -> Facts:
        """What considerations are told of these profiles."""
        of_profiles = self._of("profile_facts", self._picked, np.int32, width=3)
        return Facts(self.entry_facts, self.owners, of_profiles)

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
