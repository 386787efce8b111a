"""Why an expert has the score.

In: a request as a snapshot reads it, and profiles with the contributions that make their scores.
Out: an :class:`Explanation` in the words of request and profile: contributions of subjects and of
entries, a snippet of each entry, what was considered beside them, and the subjects that are
missing; and the terms of one profile.
"""

from __future__ import annotations

from matcher.explanation.analyzed_request import (
    NOBODY_BELOW,
    UNSURE_BELOW,
    AnalyzedRequest,
    ReadAs,
)
from matcher.explanation.considered import Considered
from matcher.explanation.explanations import EntryShare, Explanation, explain_experts
from matcher.explanation.fit import Fit, fit_of
from matcher.explanation.missing_subjects import Lacking, request_subjects
from matcher.explanation.profile_terms import ProfileTerm, terms_of, top_terms
from matcher.explanation.shares import TermShare

__all__ = [
    "NOBODY_BELOW",
    "UNSURE_BELOW",
    "AnalyzedRequest",
    "Considered",
    "EntryShare",
    "Explanation",
    "Fit",
    "Lacking",
    "ProfileTerm",
    "ReadAs",
    "TermShare",
    "explain_experts",
    "fit_of",
    "request_subjects",
    "terms_of",
    "top_terms",
]
