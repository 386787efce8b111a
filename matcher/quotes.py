"""Which sentence of an entry to show, and which words to mark in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from matcher.shares import Mark


class Quote(NamedTuple):
    """The sentence ``text[start:end]`` of an entry, and the stretches to be marked, as offsets into
    the sentence."""

    start: int
    end: int
    highlights: tuple[tuple[int, int], ...]


def quote(marks: Sequence[Mark]) -> Quote:
    """The sentence that holds most of what an entry adds to the score, of equal ones the first;
    ``marks`` are those of the entry, one at least."""
    start, end = _weightiest(marks)
    return Quote(start, end, _highlights(marks, start, end))


def _weightiest(marks: Sequence[Mark]) -> tuple[int, int]:
    """The sentence whose different terms add most."""
    held: dict[tuple[int, int], dict[str, float]] = {}
    for mark in marks:
        sentence = mark.sentence_start, mark.sentence_end
        held.setdefault(sentence, {})[mark.term] = mark.share
    if len(held) == 1:
        return next(iter(held))
    return min(held, key=lambda sentence: (-sum(held[sentence].values()), sentence))


def _highlights(marks: Iterable[Mark], start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Join overlapping stretches, so that a reader of the page can mark one after the other."""
    merged: list[tuple[int, int]] = []
    shown = (mark for mark in marks if mark.sentence_start == start)
    for first, last in sorted((mark.start - start, min(mark.end, end) - start) for mark in shown):
        if merged and first <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], last)
        else:
            merged.append((first, last))
    return tuple(merged)
