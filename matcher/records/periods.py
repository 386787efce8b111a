"""Days of an assignment, of an absence, of a booking."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matcher.errors import RecordError
from matcher.records.fields import read_day


@dataclass(frozen=True)
class Period:
    """Days from ``start`` to ``end``, both included."""

    start: datetime.date
    end: datetime.date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise RecordError("end", f"{self.end} is before start {self.start}")

    @property
    def days(self) -> int:
        """Calendar days, both ends counted."""
        return (self.end - self.start).days + 1

    def overlaps(self, other: Period) -> bool:
        """Whether the two periods share a day."""
        return self.start <= other.end and other.start <= self.end

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Period:
        """Read ``{"start": "YYYY-MM-DD", "end": "YYYY-MM-DD"}``; both are required."""
        start, end = read_day(row, "start"), read_day(row, "end")
        if start is None or end is None:
            raise RecordError("start" if start is None else "end", "a day is required (YYYY-MM-DD)")
        return cls(start, end)
