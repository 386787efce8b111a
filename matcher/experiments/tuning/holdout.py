"""Choosing a setting on some requests and measuring it on others.

The best of many settings, measured where it was chosen, promises too much (Cawley and Talbot 2010,
"On over-fitting in model selection"). Here every choice is made without the requests that it is
measured on. ``values`` have shape (settings, requests) throughout: one measure of each setting for
each request. Of equally good settings the first is chosen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from matcher.arrays import Counts, Floats
from matcher.experiments.metrics import SEED, Estimate, estimate, groups_of

DIVISIONS: Final = 300
# Means that differ by less than this differ by rounding only.
_DECIMALS: Final = 12


@dataclass(frozen=True, eq=False)
class HeldOut:
    """For each request the setting chosen on all others, and what it measures on this one; shapes
    (requests,)."""

    chosen: Counts
    values: Floats


def leave_one_out(values: Floats) -> HeldOut:
    """Choose for each request the setting with the best mean over the others; O(values).

    Needs two requests at least.
    """
    requests = values.shape[1]
    if requests < 2:
        raise ValueError("two requests are needed to leave one out")
    others = (values.sum(axis=1, keepdims=True) - values) / (requests - 1)
    chosen: Counts = np.round(others, _DECIMALS).argmax(axis=0)
    return HeldOut(chosen, values[chosen, np.arange(requests)])


def leave_one_collection_out(values: Sequence[Floats]) -> list[HeldOut]:
    """Choose for each of several collections the setting with the best mean of means over the
    others; of each collection the values have shape (settings, requests).

    Needs two collections at least.
    """
    if len(values) < 2:
        raise ValueError("two collections are needed to leave one out")
    means = np.stack([of_one.mean(axis=1) for of_one in values])
    found = []
    for at, of_one in enumerate(values):
        others = np.delete(means, at, axis=0).mean(axis=0)
        best = int(np.round(others, _DECIMALS).argmax())
        found.append(HeldOut(np.full(of_one.shape[1], best), of_one[best]))
    return found


def halves(values: Floats, baseline: int, divisions: int = DIVISIONS, seed: int = SEED) -> Floats:
    """Gains of the setting chosen on one half of the requests over a baseline, measured on the
    other half; shape (divisions,), one for each division at random."""
    rng = np.random.default_rng(seed)
    requests = values.shape[1]
    gains = np.empty(divisions)
    for at in range(divisions):
        order = rng.permutation(requests)
        seen, unseen = order[: requests // 2], order[requests // 2 :]
        best = int(np.round(values[:, seen].mean(axis=1), _DECIMALS).argmax())
        gains[at] = (values[best, unseen] - values[baseline, unseen]).mean()
    return gains


def estimates_by_tag(
    values: Sequence[float] | Floats,
    request_ids: Sequence[str],
    tags: Mapping[str, Sequence[str]],
) -> dict[str, Estimate]:
    """Means with bootstrap intervals of one value per request, over all and over those of each
    tag."""
    by_request = dict(zip(request_ids, np.asarray(values).tolist(), strict=True))
    return {
        tag: estimate([by_request[member] for member in members])
        for tag, members in groups_of(request_ids, tags).items()
    }
