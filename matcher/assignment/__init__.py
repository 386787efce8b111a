"""Several experts at once: a team for one request, or experts for several open requests.

In: ranked candidates with their reasons, and rules that may be relaxed by name.
Out: the proven best :class:`Team` or :class:`Allocation`, or the constraints that clash.
"""

from __future__ import annotations

from matcher.assignment.allocation import (
    Allocation,
    AllocationRules,
    Assignment,
    OpenRequest,
    Vacancy,
    allocate,
)
from matcher.assignment.integer_programme import Constraint, InfeasibleError, UnprovenError
from matcher.assignment.quotas import Quota, TeamRules
from matcher.assignment.team import Candidate, Member, Team, candidates_of, suggest_team

__all__ = [
    "Allocation",
    "AllocationRules",
    "Assignment",
    "Candidate",
    "Constraint",
    "InfeasibleError",
    "Member",
    "OpenRequest",
    "Quota",
    "Team",
    "TeamRules",
    "UnprovenError",
    "Vacancy",
    "allocate",
    "candidates_of",
    "suggest_team",
]
