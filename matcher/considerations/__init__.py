"""What a person would weigh beside the subject: how recent and how long practice is, where it was,
whether somebody taught or attended, what is confirmed, and, where a request asks for them, years
and rank.

In: requests with their set parts, experts with their entries, and facts of profiles as numbers.
Out: the wishes of a request; facts of entries and profiles; and a :class:`Weighing`, which moves
the score of each entry within bounds, and can be told in facts.
"""

from __future__ import annotations

from matcher.considerations.evidence import entry_facts, profile_facts
from matcher.considerations.leading import leads
from matcher.considerations.phrases import phrases_digest, regions
from matcher.considerations.request_wishes import Wish, wishes, worded_apart
from matcher.considerations.told_facts import remarks
from matcher.considerations.weighing import (
    WEIGHTS,
    Case,
    Facts,
    Weighing,
    Weights,
    are_from,
)

__all__ = [
    "WEIGHTS",
    "Case",
    "Facts",
    "Weighing",
    "Weights",
    "Wish",
    "are_from",
    "entry_facts",
    "leads",
    "phrases_digest",
    "profile_facts",
    "regions",
    "remarks",
    "wishes",
    "worded_apart",
]
