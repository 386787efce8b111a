"""Which sentence of an entry to show, and which words to mark in it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from matcher.arrays import Counts, Mask, bounds_of, stretches_of
from matcher.scoring import Marks
from matcher.store import Selection, join_stretches, weightiest_sentences


class Snippet(NamedTuple):
    """The sentence ``text[start:end]`` of an entry, and the stretches to be marked, as offsets into
    the sentence."""

    start: int
    end: int
    highlights: tuple[tuple[int, int], ...]


def snippets(selection: Selection, marks: Marks, entries: Counts, is_quoted: Mask) -> list[Snippet]:
    """For each of some entries with marks the sentence that holds most of what the entry adds to
    the score, among those with something to mark where there are any; of equal ones the first.
    ``is_quoted`` says for each term of the request whether what it finds is marked.
    O(sentences + marks + terms)."""
    sentences, bounds = selection.sentences, bounds_of(selection.sentenced)
    within = np.empty(len(marks.entry), dtype=np.int64)
    best = np.zeros(len(bounds) - 1, dtype=np.int64)
    weightiest_sentences(
        marks.entry, marks.place, marks.start, marks.share, is_quoted.view(np.uint8), bounds,
        sentences[:, 0], within, best,
    )  # fmt: skip
    shown = np.flatnonzero((within == best[marks.entry]) & is_quoted[marks.place])
    first, last = sentences[within[shown]].T
    entry, start = marks.entry[shown], marks.start[shown] - first
    end = np.minimum(marks.end[shown], last) - first
    # A reader of the page can mark one stretch after the other.
    left = join_stretches(entry, start, end)
    stretches = list(zip(start[:left].tolist(), end[:left].tolist(), strict=True))
    return [
        Snippet(begin, stop, tuple(stretches[first:last]))
        for (begin, stop), first, last in zip(
            sentences[best[entries]].tolist(), *stretches_of(entries, entry[:left]), strict=True
        )
    ]
