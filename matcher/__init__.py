"""Rank experts for requests for expertise by TF-IDF similarity, say why, and say who is ruled out.

>>> from matcher import Expert, ExpertIndex, Request
>>> roster = [
...     {"id": "a", "summary": "Marks weapons with a laser and keeps the register."},
...     {"id": "b", "summary": "Conducts the brass band of the guard regiment."},
... ]
>>> index = ExpertIndex(Expert.from_dict(row) for row in roster)
>>> result = index.rank(Request.from_dict({"id": "r", "title": "Weapons marking"}))
>>> [match.expert_id for match in result.ranked]
['a']

The library knows no web and no database. ``docs/adr`` says why it ranks the way it does.
"""

from __future__ import annotations

from matcher.assignment import (
    Allocation,
    AllocationRules,
    Assignment,
    Candidate,
    Constraint,
    InfeasibleError,
    Member,
    OpenRequest,
    Quota,
    Team,
    TeamRules,
    UnprovenError,
    Vacancy,
    allocate,
    candidates_of,
    suggest_team,
)
from matcher.boilerplate import BETWEEN_TEXTS, Aside
from matcher.considerations import WEIGHTS, Wish, leads, regions
from matcher.eligibility import Eligibility, Reason, best_level, check
from matcher.errors import (
    IndexFormatError,
    InputFileError,
    MatcherError,
    RecordError,
    ThesaurusError,
    UnknownExpertError,
)
from matcher.explanation import (
    Considered,
    EntryShare,
    Explanation,
    Lacking,
    ProfileTerm,
    ReadAs,
    TermShare,
)
from matcher.index import ExpertIndex
from matcher.language import guess_language, sign_share, tokenize
from matcher.one_profile import OneProfile, ReadEntry, Stand
from matcher.ranking import Fit, Match, RankingResult, RuledOut, Unrankable
from matcher.records import (
    CEFR_LEVELS,
    CONSIDERATIONS,
    Entry,
    Experience,
    Expert,
    Period,
    Request,
    Stretch,
)
from matcher.settings import Settings
from matcher.thesaurus import (
    Acronym,
    Concept,
    Sense,
    Theme,
    Thesaurus,
    ThesaurusTables,
    build_thesaurus,
    default_thesaurus,
    empty_thesaurus,
    read_tables,
    read_thesaurus,
)

__all__ = [
    "BETWEEN_TEXTS",
    "CEFR_LEVELS",
    "CONSIDERATIONS",
    "WEIGHTS",
    "Acronym",
    "Allocation",
    "AllocationRules",
    "Aside",
    "Assignment",
    "Candidate",
    "Concept",
    "Considered",
    "Constraint",
    "Eligibility",
    "Entry",
    "EntryShare",
    "Experience",
    "Expert",
    "ExpertIndex",
    "Explanation",
    "Fit",
    "IndexFormatError",
    "InfeasibleError",
    "InputFileError",
    "Lacking",
    "Match",
    "MatcherError",
    "Member",
    "OneProfile",
    "OpenRequest",
    "Period",
    "ProfileTerm",
    "Quota",
    "RankingResult",
    "ReadAs",
    "ReadEntry",
    "Reason",
    "RecordError",
    "Request",
    "RuledOut",
    "Sense",
    "Settings",
    "Stand",
    "Stretch",
    "Team",
    "TeamRules",
    "TermShare",
    "Theme",
    "Thesaurus",
    "ThesaurusError",
    "ThesaurusTables",
    "UnknownExpertError",
    "UnprovenError",
    "Unrankable",
    "Vacancy",
    "Wish",
    "allocate",
    "best_level",
    "build_thesaurus",
    "candidates_of",
    "check",
    "default_thesaurus",
    "empty_thesaurus",
    "guess_language",
    "leads",
    "read_tables",
    "read_thesaurus",
    "regions",
    "sign_share",
    "suggest_team",
    "tokenize",
]
