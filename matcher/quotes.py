"""Which sentence of an entry to show, and which words to mark in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from matcher.arrays import Counts, Ints, Mask, added_up
from matcher.selection import Selection
from matcher.shares import Marks

# An entry and an offset in its text make one number that grows from entry to entry.
_OFFSET_BITS: Final = 32


class Quote(NamedTuple):
    """The sentence ``text[start:end]`` of an entry, and the stretches to be marked, as offsets into
    the sentence."""

    start: int
    end: int
    highlights: tuple[tuple[int, int], ...]


def quotes(selection: Selection, marks: Marks) -> Mapping[int, Quote]:
    """For each entry that shares terms with the request the sentence that holds most of what the
    entry adds to the score; of equal ones the first. O(sentences + marks · log marks)."""
    sentences, sentenced = selection.sentences, selection.sentenced
    entry = np.repeat(np.arange(len(sentenced)), sentenced)
    begins = _position(entry, sentences[:, 0])
    within = np.searchsorted(begins, _position(marks.entry, marks.start), side="right") - 1
    shown = _weightiest(within, marks, entry)
    sentence = np.zeros(len(sentenced), dtype=np.int64)
    sentence[entry[shown]] = shown
    marked = np.flatnonzero(sentence[marks.entry] == within)
    start, end = sentences[within[marked]].T
    highlights = _highlights(
        marks.entry[marked],
        marks.start[marked] - start,
        np.minimum(marks.end[marked], end) - start,
    )
    spans = sentences[shown].tolist()
    return {
        place: Quote(begin, stop, tuple(highlights[place]))
        for place, (begin, stop) in zip(entry[shown].tolist(), spans, strict=True)
    }


def _position(entry: Counts, offset: Counts | Ints) -> Counts:
    positions: Counts = (entry.astype(np.int64) << _OFFSET_BITS) + offset
    return positions


def _weightiest(within: Counts, marks: Marks, entry: Counts) -> Counts:
    """Of each entry the sentence whose different terms add most."""
    terms = int(marks.place.max(initial=0)) + 1
    _, each = np.unique(within * terms + marks.place, return_index=True)
    held = added_up(within[each], marks.share[each], len(entry))
    touched = np.unique(within)
    order = touched[np.lexsort((touched, -held[touched], entry[touched]))]
    return order[_firsts(entry[order])]


def _firsts(values: Counts) -> Mask:
    """Whether each of some sorted values differs from the one before."""
    firsts = np.ones(len(values), dtype=np.bool_)
    firsts[1:] = values[1:] != values[:-1]
    return firsts


def _highlights(entry: Counts, start: Ints, end: Ints) -> Mapping[int, list[tuple[int, int]]]:
    """Join overlapping stretches, so that a reader of the page can mark one after the other."""
    order = np.lexsort((start, entry))
    entry, start = entry[order], start[order]
    # The farthest end so far, which no earlier entry can have.
    farthest = np.maximum.accumulate(_position(entry, end[order]))
    begins = np.ones(len(order), dtype=np.bool_)
    begins[1:] = _position(entry, start)[1:] > farthest[:-1]
    first = np.flatnonzero(begins)
    last = np.append(first[1:], len(order)) - 1 if len(order) else first
    stops = farthest[last] - _position(entry[last], np.zeros_like(last))
    merged: dict[int, list[tuple[int, int]]] = {}
    for place, *stretch in zip(
        entry[first].tolist(), start[first].tolist(), stops.tolist(), strict=True
    ):
        merged.setdefault(place, []).append((stretch[0], stretch[1]))
    return merged
