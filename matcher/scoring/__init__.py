"""Scores of selected profiles.

In: a snapshot, a weighted query and a selection of profiles.
Out: the exact score of each profile, and what each pair of entry and term contributes to it.
"""

from __future__ import annotations

from matcher.scoring.contributions import ContributionSums, Marks, sum_contributions
from matcher.scoring.exact import ScoredProfiles, exact_scores, score_contributions, scored
from matcher.scoring.ties import tie_key

__all__ = [
    "ContributionSums",
    "Marks",
    "ScoredProfiles",
    "exact_scores",
    "score_contributions",
    "scored",
    "sum_contributions",
    "tie_key",
]
