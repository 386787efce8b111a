"""Who cannot be sent, whatever the score says.

In: experts and a request.
Out: for one expert each reason and each rule that could not be checked (:func:`check`); for many at
once who is not ruled out (:class:`ConstraintTable`).
"""

from __future__ import annotations

from matcher.eligibility.rules import Eligibility, Reason, best_level, check, unknown_rules
from matcher.eligibility.vectorized import ConstraintTable

__all__ = [
    "ConstraintTable",
    "Eligibility",
    "Reason",
    "best_level",
    "check",
    "unknown_rules",
]
