"""Many profiles as a few long arrays: a roster of a hundred thousand has no object for each of them
beside the expert."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from matcher.arrays import Counts, Floats, Ints, Mask, bounds_of, joined
from matcher.store.encoded_experts import EncodedExperts


@dataclass(frozen=True, eq=False)
class ProfileTable:
    """Some experts with the terms of their entries.

    The entries of profile ``p`` are ``entries[p]:entries[p + 1]`` of ``weights``, what the score of
    an entry is multiplied by, and ``norms``, its length. The terms of entry ``e`` are ``terms[e]:
    terms[e + 1]`` of ``columns`` and ``counts``: which, and how often. ``marked`` likewise bounds
    the rows ``(column, start, end)`` of ``marks``, one for each occurrence in the text, and
    ``sentenced`` the rows ``(start, end)`` of ``sentences``. ``entry_facts`` tell when, where and
    how something was done, shape (entries, 5), and ``profile_facts`` rank and years, shape
    (profiles, 3) (:mod:`matcher.considerations.evidence`).

    ``whole_norms`` are the lengths of the profiles as wholes, and ``thin`` says who has too few
    different terms to be ranked; shapes (profiles,).
    """

    experts: EncodedExperts
    thin: Mask
    whole_norms: Floats
    entries: Counts
    weights: Floats
    norms: Floats
    terms: Counts
    columns: Ints
    counts: Ints
    marked: Counts
    marks: Ints
    sentenced: Counts
    sentences: Ints
    entry_facts: Ints
    profile_facts: Ints

    def __len__(self) -> int:
        return len(self.experts)

    def id_of(self, place: int) -> str:
        """The id of the expert at a place."""
        return self.experts.id_of(place)

    @property
    def mark_columns(self) -> Ints:
        """The term of each mark; shape (marks,)."""
        columns: Ints = self.marks[:, 0]
        return columns

    def renumbered(self, numbers: Ints) -> ProfileTable:
        """These profiles with the term of each column at that of ``numbers``; shape (columns,)."""
        marks = self.marks.copy()
        marks[:, 0] = numbers[marks[:, 0]]
        return replace(self, columns=numbers[self.columns], marks=marks)

    def stretch(self, first: int, last: int) -> ProfileTable:
        """The profiles ``first:last``, as views of these arrays."""
        of_entry = slice(int(self.entries[first]), int(self.entries[last]))
        entries = slice(of_entry.start, of_entry.stop + 1)
        terms, marked, sentenced = (
            bounds[entries] for bounds in (self.terms, self.marked, self.sentenced)
        )
        return ProfileTable(
            self.experts[first:last],
            self.thin[first:last],
            self.whole_norms[first:last],
            self.entries[first : last + 1] - of_entry.start,
            self.weights[of_entry],
            self.norms[of_entry],
            terms - terms[0],
            self.columns[terms[0] : terms[-1]],
            self.counts[terms[0] : terms[-1]],
            marked - marked[0],
            self.marks[marked[0] : marked[-1]],
            sentenced - sentenced[0],
            self.sentences[sentenced[0] : sentenced[-1]],
            self.entry_facts[of_entry],
            self.profile_facts[first:last],
        )

    @classmethod
    def joined(cls, pieces: Sequence[ProfileTable]) -> ProfileTable:
        """Profiles one after the other; also none."""
        if len(pieces) == 1:
            return pieces[0]
        return cls(
            EncodedExperts.joined([piece.experts for piece in pieces]),
            joined([piece.thin for piece in pieces], np.bool_),
            joined([piece.whole_norms for piece in pieces], np.float64),
            _bounds_joined([piece.entries for piece in pieces]),
            joined([piece.weights for piece in pieces], np.float64),
            joined([piece.norms for piece in pieces], np.float64),
            _bounds_joined([piece.terms for piece in pieces]),
            joined([piece.columns for piece in pieces], np.int32),
            joined([piece.counts for piece in pieces], np.int32),
            _bounds_joined([piece.marked for piece in pieces]),
            joined([piece.marks for piece in pieces], np.int32, width=3),
            _bounds_joined([piece.sentenced for piece in pieces]),
            joined([piece.sentences for piece in pieces], np.int32, width=2),
            joined([piece.entry_facts for piece in pieces], np.int32, width=5),
            joined([piece.profile_facts for piece in pieces], np.int32, width=3),
        )


def _bounds_joined(pieces: Sequence[Counts]) -> Counts:
    return bounds_of(joined([np.diff(bounds) for bounds in pieces], np.int64))
