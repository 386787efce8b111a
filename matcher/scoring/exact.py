"""The score of a profile, exactly: the one definition that rankings and explanations follow.

Entry ``i`` proves term ``t`` by ``x_ti = w_i (1 + ln c_ti) / l_i``, where ``c_ti`` counts the term
in the entry, ``w_i`` is 1 for evidence and less for a claimed theme, and ``l_i`` is the pivoted
length. With ``q_t`` the weight of the term in the request
(:meth:`matcher.store.snapshot.Snapshot.query`) the entry proves ``e_i = Σ_t q_t x_ti`` of it. Best
first, the entries make ``d = (1-r) Σ_k r^(k-1) e_(k)``: each further proof counts the share ``r``
of the one before it, so one mission that joins the subjects of a request is worth more than
mentions of them all over a long profile. The profile as a whole makes ``v = Σ_t q_t log2(1 + Σ_i
w_i c_ti) / l``, and the score is ``(1-m) d + m v``, but 0 where nothing is shared but broad
subjects that the request does not ask for themselves (what masculinities and kindergartens share,
gender equality, is no reason), or nothing but common words. What an entry adds is multiplied by a
factor near 1 that its considerations make (:mod:`matcher.considerations.weighing`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from matcher.arrays import Counts, Floats, Ints, Mask, added_up, joined
from matcher.store import Query, Selection, Snapshot, entry_value, pivoted_lengths, whole_value

# Scores are compared after rounding: the order of additions depends on the history of the index,
# and the last bits of a sum must not decide a rank. Of twelve decimals one score in some thousands
# still lay where these bits decide the last of them.
SCORE_DECIMALS: Final = 9
# Pairs of profile and term that are looked at together; more would take memory and no less time.
_PAIRS_AT_MOST: Final = 1_000_000


@dataclass(frozen=True, eq=False)
class Contributions:
    """What each pair of entry and term adds to the scores of some profiles.

    Arrays have shape (pairs,): ``owner`` is the profile, ``entry`` counts through the entries of
    all profiles, ``place`` is that of the term in the request; ``best`` and ``whole`` add up to the
    score of the words, and to the score where each entry has the factor that its considerations
    make, of ``factors``, shape (entries,), None for 1.
    """

    owner: Counts
    entry: Counts
    place: Ints
    best: Floats
    whole: Floats
    factors: Floats | None = None

    @cached_property
    def share(self) -> Floats:
        """What each pair adds to the score."""
        return self.worded if self.factors is None else self.worded * self.factors[self.entry]

    @cached_property
    def worded(self) -> Floats:
        """What each pair adds to the score of the words."""
        return self.best + self.whole

    def scores(self, profiles: int) -> Floats:
        """The scores of so many profiles, rounded; shape (profiles,)."""
        return np.round(added_up(self.owner, self.share, profiles), SCORE_DECIMALS)


class ScoredProfiles(NamedTuple):
    """Some profiles, what their scores are made of, and the scores, shape (profiles,)."""

    profiles: Selection
    parts: Contributions
    scores: Floats


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
    best = query.values[place] * proof
    best *= _discounts(selection.owners, entry, best, settings.discount)[entry]
    subject = owner * len(query.weights) + place
    whole = _whole_parts(subject, place, count * weight, query, len(selection))
    whole /= pivoted_lengths(selection.whole_norms, means.whole, settings)[owner]
    best, whole = (1 - settings.whole_share) * best, settings.whole_share * whole
    supported = _supported(owner, query.kinds[place], query, len(selection))[owner]
    best, whole = best * supported, whole * supported
    return Contributions(owner, entry, place, best, whole, _factors(query, selection, entry))


def _supported(owner: Counts, kind: Ints, query: Query, profiles: int) -> Mask:
    """Which profiles share something strong, or terms of two weak kinds; shape (profiles,)."""
    kinds = 1 + len(query.weak)
    has = np.bincount(owner * kinds + kind, minlength=profiles * kinds).reshape(-1, kinds) > 0
    found: Mask = has[:, 0] | (has[:, 1:].sum(axis=1) > 1)
    return found


def _factors(query: Query, selection: Selection, entry: Counts) -> Floats | None:
    if query.weighing is None or not query.weighing.weights:
        return None
    earned = np.zeros(len(selection.owners), dtype=np.bool_)
    earned[entry] = True
    return query.weighing.factors(selection.facts, earned)


def _discounts(owners: Counts, entry: Counts, proof: Floats, discount: float) -> Floats:
    """``(1-r) r^(k-1)`` for the entry that proves k-th most of the request in its profile; shape
    (entries,). ``entry`` and ``proof``, of shape (pairs,), say which entry proves how much."""
    order = np.lexsort((-added_up(entry, proof, len(owners)), owners))
    at, ordered = np.arange(len(order)), owners[order]
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
