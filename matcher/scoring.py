"""The score of a profile, exactly: the one definition that rankings and explanations follow.

With ``q_t`` the weight of term ``t`` in the request (:meth:`matcher.snapshot.Snapshot.query`), the
score of entry ``i`` is ``s_i = w_i · Σ_t q_t (1 + ln c_ti) / l_i``, where ``c_ti`` counts the
term in the entry, ``w_i`` is 1 for evidence and less for a claimed theme, and ``l_i`` is the
pivoted length. The best entries make ``D = (1-r) Σ_i r^(i-1) s_i``, best first. The profile as a
whole makes ``W = Σ_t q_t log2(1 + Σ_i w_i c_ti) / l``. The score is ``(1-m) D + m W``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from matcher.arrays import Counts, Floats, Ints, added_up, joined
from matcher.pivot import pivoted
from matcher.profile import entry_value, whole_value
from matcher.selection import Selection
from matcher.snapshot import Query, Snapshot

# Scores are compared after rounding: the order of additions depends on the history of the index,
# and the last bits of a sum must not decide a rank.
SCORE_DECIMALS: Final = 12
# Pairs of profile and term that are looked at together; more would take memory and no less time.
_PAIRS_AT_MOST: Final = 1_000_000


@dataclass(frozen=True, eq=False)
class Parts:
    """What each pair of entry and term adds to the scores of some profiles.

    Arrays have shape (pairs,): ``owner`` is the profile, ``entry`` counts through the entries of
    all profiles, ``place`` is that of the term in the request; ``best`` and ``whole`` add up to the
    score. ``discounts`` has shape (entries,): ``(1-r) r^(i-1)`` for the i-th best entry of its
    profile.
    """

    owner: Counts
    entry: Counts
    place: Ints
    best: Floats
    whole: Floats
    discounts: Floats

    def scores(self, profiles: int) -> Floats:
        """The scores of so many profiles, rounded; shape (profiles,)."""
        return np.round(added_up(self.owner, self.best + self.whole, profiles), SCORE_DECIMALS)


def in_batches(query: Query, selection: Selection) -> Iterator[Selection]:
    """The profiles, so many at a time as can be scored together."""
    return selection.batches(max(1, _PAIRS_AT_MOST // max(1, len(query.weights))))


def exact_scores(snapshot: Snapshot, query: Query, selection: Selection) -> Floats:
    """Scores of some profiles, rounded; shape (profiles,)."""
    scores = [
        score_parts(snapshot, query, batch).scores(len(batch))
        for batch in in_batches(query, selection)
    ]
    return joined(scores, np.float64)


def score_parts(snapshot: Snapshot, query: Query, selection: Selection) -> Parts:
    """Take the scores of some profiles apart; O(their terms + profiles · terms of the request)."""
    settings, means = snapshot.settings, snapshot.means
    owners, weights = selection.owners, selection.weights
    places = query.places.take(selection.columns)
    shared = np.flatnonzero(places >= 0)
    place = places[shared]
    count = selection.counts[shared]
    # The entry of a term is the first that ends behind it.
    entry = np.searchsorted(np.cumsum(selection.lengths), shared, side="right")
    owner = owners[entry]
    scale = weights / pivoted(selection.norms, means.entry, settings)
    best = query.values[place] * entry_value(count) * scale[entry]
    by_entry = added_up(entry, best, len(owners))
    discounts = _discounts(by_entry, owners, selection.entry_counts, settings.discount)
    whole = _whole_parts(owner, place, count * weights[entry], query, len(selection))
    whole /= pivoted(selection.whole_norms, means.whole, settings)[owner]
    return Parts(
        owner,
        entry,
        place,
        (1 - settings.whole_share) * discounts[entry] * best,
        settings.whole_share * whole,
        discounts,
    )


def _discounts(scores: Floats, owners: Counts, sizes: Counts, discount: float) -> Floats:
    """``(1-r) r^(i-1)`` for the i-th best entry of each owner; shapes (entries,)."""
    order = np.lexsort((-scores, owners))
    # The owners stand in order already, so theirs is the order of the sorted ones too.
    place = np.arange(len(order)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    discounts = np.empty(len(scores))
    discounts[order] = (1 - discount) * discount**place
    return discounts


def _whole_parts(owner: Counts, place: Ints, count: Floats, query: Query, profiles: int) -> Floats:
    """Share out ``q · log2(1 + n)`` of each owner and term among the entries in proportion to their
    parts of ``n``."""
    terms = len(query.weights)
    keys = owner * terms + place
    totals = added_up(keys, count, profiles * terms)[keys]
    shares: Floats = query.values[place] * whole_value(totals) / totals * count
    return shares
