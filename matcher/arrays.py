"""The kinds of arrays that the matcher computes with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Ints = NDArray[np.int32]
Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]


def joined(
    arrays: Sequence[NDArray[Any]], kind: type[np.generic], width: int | None = None
) -> NDArray[Any]:
    """Arrays of one kind of number one after the other; also of none.

    Their rows are single numbers, or ``width`` numbers each.
    """
    none = np.zeros(0 if width is None else (0, width), dtype=kind)
    return np.concatenate([none, *arrays], dtype=kind)


def bounds_of(lengths: Sequence[int] | NDArray[Any]) -> Counts:
    """Where stretches of some lengths begin and end when they follow one another; one number more
    than lengths."""
    bounds = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=bounds[1:])
    return bounds


def added_up(places: NDArray[Any], weights: Floats, size: int) -> Floats:
    """Add up ``weights`` by place, one after the other; shape (size,)."""
    sums: Floats = np.bincount(places, weights=weights, minlength=size).astype(np.float64)
    return sums


def stretches(starts: Counts, stops: Counts) -> Counts:
    """The numbers from each start to its stop, without it, one stretch after the other."""
    lengths = stops - starts
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    numbers = np.arange(total)
    numbers += np.repeat(starts - ends + lengths, lengths)
    return numbers


def stretches_of(wanted: Counts, sorted_numbers: Counts) -> tuple[list[int], list[int]]:
    """Where the first of each of some wanted numbers stands among sorted ones, and where its last
    one ends."""
    first = np.searchsorted(sorted_numbers, wanted, side="left")
    return first.tolist(), np.searchsorted(sorted_numbers, wanted, side="right").tolist()
