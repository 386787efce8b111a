"""Rankings of a roster for a request.

In: a request as it reads, before the roster of one moment.
Out: a :class:`RankingResult`, in which everybody of the roster stands in one list.
"""

from __future__ import annotations

from matcher.explanation import Fit
from matcher.ranking.result import Match, RankingResult, RuledOut, Unrankable, rank
from matcher.scoring import tie_key

__all__ = ["Fit", "Match", "RankingResult", "RuledOut", "Unrankable", "rank", "tie_key"]
