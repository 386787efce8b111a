"""What comes in: experts, requests and their periods.

In: plain dictionaries, or JSON Lines with one record a line.
Out: :class:`Expert`, :class:`Request`, :class:`Period` and :class:`Entry`, cleaned and checked; a
faulty field is a :class:`matcher.errors.RecordError` that names it.
"""

from __future__ import annotations

from matcher.records.entries import Entry
from matcher.records.experts import Experience, Expert
from matcher.records.fields import CEFR_LEVELS, Stretch
from matcher.records.files import read_records
from matcher.records.periods import Period
from matcher.records.requests import CONSIDERATIONS, Request

__all__ = [
    "CEFR_LEVELS",
    "CONSIDERATIONS",
    "Entry",
    "Experience",
    "Expert",
    "Period",
    "Request",
    "Stretch",
    "read_records",
]
