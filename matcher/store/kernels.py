# cython: annotation_typing=False, boundscheck=False, initializedcheck=False, wraparound=False
"""The innermost loops of a ranking, which NumPy has no function for.

This is plain Python. ``make install`` has Cython translate it to C, with the types of
``kernels.pxd``, where there is a compiler; without one this file itself is run, some hundred times
slower and to the same bits. In C no index is checked but where one may come from a file.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.arrays import Counts, Floats, Ints, Singles

# What is greater by less than this is equal.
_MORE = 1 + 1e-9


def add_row(row: NDArray[np.uint8], unit: np.float32, sums: Singles) -> None:
    """Add ``unit`` times the number of each profile to its sum; both of shape (profiles,)."""
    if len(row) != len(sums):
        raise ValueError(f"{len(row)} numbers do not go with {len(sums)}")
    for at in range(len(sums)):
        sums[at] += unit * row[at]


def add_list(
    places: Ints, values: Singles, first: int, last: int, weight: np.float32, sums: Singles
) -> None:
    """Add ``weight`` times each of ``values[first:last]`` to the sum at its place."""
    for at in range(first, last):
        sums[places[at]] += weight * values[at]


def clear_others(chosen: NDArray[np.uint8], sums: Singles) -> int:
    """Set the sums that are not chosen (0) to 0; return how many are positive then."""
    if len(chosen) != len(sums):
        raise ValueError(f"{len(chosen)} choices do not go with {len(sums)} sums")
    positive = 0
    for at in range(len(sums)):
        # Not by a branch, which would be guessed wrong half of the time.
        sums[at] *= chosen[at]
        if sums[at] > 0:
            positive += 1
    return positive


def keep_greatest(values: Singles, heap: Singles) -> None:
    """Replace the numbers of a heap, the least of them first, by greater ones among ``values``.

    This is "replace the top" of Williams' heap (1964, "Algorithm 232: Heapsort"), O(n) where few
    are greater.
    """
    if len(heap) == 0:
        return
    for at in range(len(values)):
        if values[at] > heap[0]:
            _sift(values[at], heap)


def _sift(value: Any, heap: Singles) -> None:
    """Put a value in the place of the first of a heap, and that where it belongs."""
    size, at, child = len(heap), 0, 1
    while child < size:
        if child + 1 < size and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= value:
            break
        heap[at] = heap[child]
        at, child = child, 2 * child + 1
    heap[at] = value


def find_query_terms(
    profiles: Counts,
    entries: Counts,
    bounds: Counts,
    columns: Ints,
    places: Ints,
    found: Counts,
) -> int:
    """Find what is asked for (``places[column] >= 0``) among the ``columns`` of some profiles.

    The entries of profile ``p`` are ``entries[p]:entries[p + 1]``, and the columns of entry ``e``
    are ``bounds[e]:bounds[e + 1]``. Writes into the columns of ``found``, shape (4, enough), whose
    it is, in which of all their entries, both counted from 0, and the places of that entry and of
    that column in their arrays; returns how many there are.
    """
    number = of_entry = 0
    for of_profile in range(len(profiles)):
        profile = profiles[of_profile]
        for entry in range(entries[profile], entries[profile + 1]):
            for column in range(bounds[entry], bounds[entry + 1]):
                if not 0 <= columns[column] < len(places):
                    raise IndexError("a column is no term")
                if places[columns[column]] >= 0:
                    found[0, number] = of_profile
                    found[1, number] = of_entry
                    found[2, number] = entry
                    found[3, number] = column
                    number += 1
            of_entry += 1
    return number


def look_up_contributions(
    entry: Counts,
    place: Ints,
    share: Floats,
    mark_entry: Counts,
    mark_place: Ints,
    by_place: Floats,
    found: Floats,
) -> None:
    """Write into ``found``, shape (marks,), the share of the entry and term of each mark.

    Shares and marks both stand by entry; ``by_place``, shape (terms,), holds what was last known of
    each term.
    """
    pair = 0
    for mark in range(len(mark_entry)):
        while pair < len(entry) and entry[pair] <= mark_entry[mark]:
            by_place[place[pair]] = share[pair]
            pair += 1
        found[mark] = by_place[mark_place[mark]]


def weightiest_sentences(
    entry: Counts,
    place: Ints,
    start: Ints,
    share: Floats,
    quoted: NDArray[np.uint8],
    bounds: Counts,
    begins: Ints,
    within: Counts,
    best: Counts,
) -> None:
    """Find for each mark the sentence that it begins in, and for each entry the sentence whose
    different terms add most to the score; of equal ones the first. One that holds a term that is
    ``quoted``, shape (terms,), goes before all that hold none.

    Marks stand in the order of their starts, those of one entry together; the sentences of entry
    ``e`` are ``bounds[e]:bounds[e + 1]``, and ``begins`` says where they begin. Writes
    ``within``, shape (marks,), and of ``best``, shape (entries,), what belongs to entries with
    marks.
    """
    seen = np.full(len(quoted), -1, dtype=np.int64)
    last, sentence, held, most, quotes, best_quotes = -1, 0, 0.0, 0.0, 0, 0
    for mark in range(len(entry)):
        if entry[mark] != last:
            last, held, most, quotes, best_quotes = entry[mark], 0.0, 0.0, 0, 0
            sentence = bounds[last]
        while sentence + 1 < bounds[last + 1] and begins[sentence + 1] <= start[mark]:
            sentence += 1
            held, quotes = 0.0, 0
        within[mark] = sentence
        if seen[place[mark]] != sentence:
            seen[place[mark]] = sentence
            held += share[mark]
        quotes |= quoted[place[mark]]
        # The last bits of a sum depend on its order.
        if quotes > best_quotes or (quotes == best_quotes and held > most * _MORE):
            most, best_quotes, best[last] = held, quotes, sentence


def join_stretches(owner: Counts, start: Ints, end: Ints) -> int:
    """Join the stretches of one owner that overlap or touch, in place; return how many are left.

    They stand in the order of their starts, those of one owner together.
    """
    last = -1
    for at in range(len(owner)):
        if last >= 0 and owner[at] == owner[last] and start[at] <= end[last]:
            end[last] = max(end[at], end[last])
        else:
            last += 1
            owner[last], start[last], end[last] = owner[at], start[at], end[at]
    return last + 1
