"""The score of a profile, exactly: the one definition that rankings and explanations follow.

With ``q_t`` the weight of term ``t`` in the request (:meth:`matcher.snapshot.Snapshot.query`), the
score of entry ``i`` is ``s_i = w_i · Σ_t q_t (1 + ln c_ti) / l_i``, where ``c_ti`` counts the
term in the entry, ``w_i`` is 1 for evidence and less for a claimed theme, and ``l_i`` is the
pivoted length. The best entries make ``D = (1-r) Σ_i r^(i-1) s_i``, best first. The profile as a
whole makes ``W = Σ_t q_t log2(1 + Σ_i w_i c_ti) / l``. The score is ``(1-m) D + m W``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from matcher.arrays import Counts, Floats, added_up, joined
from matcher.profile import Profile, entry_value, whole_value
from matcher.segments import pivoted
from matcher.snapshot import Query, Snapshot

# Scores are compared after rounding: the order of additions depends on the history of the index,
# and the last bits of a sum must not decide a rank.
SCORE_DECIMALS: Final = 12


@dataclass(frozen=True, eq=False)
class Parts:
    """What each pair of entry and term adds to the scores of some profiles.

    Arrays have shape (pairs,): ``entry`` counts through the entries of all profiles, ``column`` is
    the term; ``best`` and ``whole`` add up to the score. ``discounts``, shape (entries,), is
    ``(1-r) r^(i-1)`` for the i-th best entry of its profile.
    """

    owner: Counts
    entry: Counts
    column: Counts
    best: Floats
    whole: Floats
    discounts: Floats


def exact_scores(snapshot: Snapshot, query: Query, profiles: Sequence[Profile]) -> Floats:
    """Scores of some profiles, rounded; shape (profiles,)."""
    parts = score_parts(snapshot, query, profiles)
    scores = added_up(parts.owner, parts.best + parts.whole, len(profiles))
    return np.round(scores, SCORE_DECIMALS)


def score_parts(snapshot: Snapshot, query: Query, profiles: Sequence[Profile]) -> Parts:
    """Take the scores of some profiles apart; O(their terms)."""
    settings, means = snapshot.settings, snapshot.means
    sizes = np.array([len(profile.lengths) for profile in profiles], dtype=np.int64)
    owners = np.repeat(np.arange(len(profiles)), sizes)
    weights = joined([profile.weights for profile in profiles], np.float64)
    norms = joined([profile.norms for profile in profiles], np.float64)
    lengths = joined([profile.lengths for profile in profiles], np.int64)
    columns = joined([profile.columns for profile in profiles], np.int64)
    counts = joined([profile.counts for profile in profiles], np.int64)
    shared = np.flatnonzero(query.dense[columns])
    entry = np.repeat(np.arange(len(lengths)), lengths)[shared]
    column, count = columns[shared], counts[shared]
    asked = query.dense[column]
    scale = weights / pivoted(norms, means.entry, settings)
    best = asked * entry_value(count) * scale[entry]
    scores = added_up(entry, best, len(lengths))
    discounts = _discounts(scores, owners, settings.discount)
    whole_norms = np.array([profile.whole_norm for profile in profiles])
    whole = _whole_parts(owners[entry], column, count * weights[entry], query)
    whole /= pivoted(whole_norms, means.whole, settings)[owners[entry]]
    return Parts(
        owners[entry],
        entry,
        column,
        (1 - settings.whole_share) * discounts[entry] * best,
        settings.whole_share * whole,
        discounts,
    )


def _discounts(scores: Floats, owners: Counts, discount: float) -> Floats:
    """``(1-r) r^(i-1)`` for the i-th best entry of each owner; shapes (entries,)."""
    order = np.lexsort((-scores, owners))
    owner = owners[order]
    place = np.arange(len(order)) - np.searchsorted(owner, owner, side="left")
    discounts = np.empty(len(scores))
    discounts[order] = (1 - discount) * discount**place
    return discounts


def _whole_parts(owner: Counts, column: Counts, count: Floats, query: Query) -> Floats:
    """Share out ``q · log2(1 + n)`` of each owner and term among the entries in proportion to their
    parts of ``n``."""
    keys, places = np.unique(owner * query.size + column, return_inverse=True)
    totals = added_up(places, count, len(keys))
    values = query.dense[keys % query.size] * whole_value(totals) / totals
    shares: Floats = values[places] * count
    return shares
