"""The score of a profile, exactly: the one definition that rankings and explanations follow.

Entry ``i`` proves term ``t`` by ``x_ti = w_i (1 + ln c_ti) / l_i``, where ``c_ti`` counts the term
in the entry, ``w_i`` is 1 for evidence and less for a claimed theme, and ``l_i`` is the pivoted
length. The entries that have the term make ``d_t = (1-r) Σ_k r^(k-1) x_t(k)``, best first: each
further proof of one subject counts the share ``r`` of the one before it. The profile as a whole
makes ``v_t = log2(1 + Σ_i w_i c_ti) / l``. With ``q_t`` the weight of the term in the request
(:meth:`matcher.store.snapshot.Snapshot.query`) the score is ``Σ_t q_t ((1-m) d_t + m v_t)``, but 0
where only broad subjects are shared that the request does not ask for themselves: what
masculinities and kindergartens share, gender equality, is no reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from matcher.arrays import Counts, Floats, Ints, added_up, joined
from matcher.store import Query, Selection, Snapshot, entry_value, pivoted_lengths, whole_value

# Scores are compared after rounding: the order of additions depends on the history of the index,
# and the last bits of a sum must not decide a rank.
SCORE_DECIMALS: Final = 12
# Pairs of profile and term that are looked at together; more would take memory and no less time.
_PAIRS_AT_MOST: Final = 1_000_000


@dataclass(frozen=True, eq=False)
class Contributions:
    """What each pair of entry and term adds to the scores of some profiles.

    Arrays have shape (pairs,): ``owner`` is the profile, ``entry`` counts through the entries of
    all profiles, ``place`` is that of the term in the request; ``best`` and ``whole`` add up to the
    score.
    """

    owner: Counts
    entry: Counts
    place: Ints
    best: Floats
    whole: Floats

    @cached_property
    def share(self) -> Floats:
        """What each pair adds to the score."""
        return self.best + self.whole

    def scores(self, profiles: int) -> Floats:
        """The scores of so many profiles, rounded; shape (profiles,)."""
        return np.round(added_up(self.owner, self.share, profiles), SCORE_DECIMALS)

    def only(self, profiles: Counts, selection: Selection) -> Contributions:
        """Those of some profiles of a selection, which these are the parts of."""
        owners, entries = np.full(len(selection), -1), np.full(len(selection.owners), -1)
        owners[profiles] = np.arange(len(profiles))
        kept = np.flatnonzero(owners[selection.owners] >= 0)
        entries[kept] = np.arange(len(kept))
        kept = np.flatnonzero(owners[self.owner] >= 0)
        return Contributions(
            owners[self.owner[kept]],
            entries[self.entry[kept]],
            self.place[kept],
            self.best[kept],
            self.whole[kept],
        )


class ScoredProfiles(NamedTuple):
    """Some profiles, what their scores are made of, and the scores, shape (profiles,)."""

    profiles: Selection
    parts: Contributions
    scores: Floats

    def only(self, chosen: Counts) -> ScoredProfiles:
        """Some of these profiles, by place and in that order, which is theirs here."""
        return ScoredProfiles(
            self.profiles.only(chosen), self.parts.only(chosen, self.profiles), self.scores[chosen]
        )


def scored(snapshot: Snapshot, query: Query, selection: Selection) -> Iterator[ScoredProfiles]:
    """Score some profiles exactly, so many at a time as can be scored together."""
    for batch in selection.batches(max(1, _PAIRS_AT_MOST // max(1, len(query.weights)))):
        parts = score_contributions(snapshot, query, batch)
        yield ScoredProfiles(batch, parts, parts.scores(len(batch)))


def exact_scores(snapshot: Snapshot, query: Query, selection: Selection) -> Floats:
    """Scores of some profiles, rounded; shape (profiles,)."""
    return joined([found.scores for found in scored(snapshot, query, selection)], np.float64)


def score_contributions(snapshot: Snapshot, query: Query, selection: Selection) -> Contributions:
    """Take the scores of some profiles apart; O(their terms + profiles · terms of the request)."""
    settings, means = snapshot.settings, snapshot.means
    owner, entry, place, count, weight, norm = selection.query_terms(query.places)
    proof = entry_value(count) * weight / pivoted_lengths(norm, means.entry, settings)
    subject = owner * len(query.weights) + place
    best = query.values[place] * proof * _discounts(subject, proof, settings.discount)
    whole = _whole_parts(subject, place, count * weight, query, len(selection))
    whole /= pivoted_lengths(selection.whole_norms, means.whole, settings)[owner]
    best, whole = (1 - settings.whole_share) * best, settings.whole_share * whole
    beside = query.is_broad[place]
    supported = added_up(owner, np.where(beside, 0.0, 1.0), len(selection))[owner] > 0
    return Contributions(owner, entry, place, best * supported, whole * supported)


def _discounts(subject: Counts, proof: Floats, discount: float) -> Floats:
    """``(1-r) r^(k-1)`` for the k-th best proof of each subject, which is a profile and a term as
    one number; shapes (pairs,)."""
    order = np.lexsort((-proof, subject))
    at, ordered = np.arange(len(order)), subject[order]
    is_first = np.ones(len(order), dtype=np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    place = at - np.maximum.accumulate(np.where(is_first, at, 0))
    powers = discount ** np.arange(place.max(initial=0) + 1)
    discounts = np.empty(len(order))
    discounts[order] = (1 - discount) * powers[place]
    return discounts


def _whole_parts(
    subject: Counts, place: Ints, count: Floats, query: Query, profiles: int
) -> Floats:
    """Share out ``q · log2(1 + n)`` of each profile and term among the entries in proportion to
    their parts of ``n``."""
    totals = added_up(subject, count, profiles * len(query.weights))[subject]
    shares: Floats = query.values[place] * whole_value(totals) / totals * count
    return shares
