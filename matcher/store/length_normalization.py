"""Lengths by which scores are divided, and the means they are pivoted on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from matcher.arrays import Floats
from matcher.settings import Settings


class MeanLengths(NamedTuple):
    """Mean length of the entries that have a term, and of the profiles as wholes."""

    entry: float
    whole: float


def pivoted_lengths(norms: Floats, mean: float, settings: Settings) -> Floats:
    """The length by which entries or whole profiles are divided: ``(1 - s) · mean + s · norm``; 1
    for those without a term, which have no score to divide."""
    lengths = (1 - settings.pivot_slope) * mean + settings.pivot_slope * norms
    return np.where(norms > 0, lengths, 1.0)


def greatest_shrinkage(then: MeanLengths, now: MeanLengths) -> float:
    """By what factor a length can have become shorter with the means, at most: it changes by no
    greater share than its mean."""
    changes = (was / mean if mean > 0 else 1.0 for was, mean in zip(then, now, strict=True))
    return max(1.0, *changes)
