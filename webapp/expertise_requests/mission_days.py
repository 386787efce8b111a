"""The days of the mission for a request: those that were agreed, until it is moved."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped

# What guards the two days to which a mission was moved.
MOVED = (
    "(moved_start IS NULL) = (moved_end IS NULL)"
    " AND (moved_start IS NULL OR moved_end >= moved_start)"
)


class MissionDays:
    """Columns of a request, and what looks ahead reads: `start` and `end` say what was agreed."""

    start: Mapped[date | None]
    end: Mapped[date | None]
    # Where the mission has been moved to since.
    moved_start: Mapped[date | None]
    moved_end: Mapped[date | None]

    @hybrid_property
    def first_day(self) -> date | None:
        """Return the first day of the mission."""
        return self.moved_start or self.start

    @first_day.inplace.expression
    @classmethod
    def _first_day(cls) -> sa.ColumnElement[date | None]:
        return sa.func.coalesce(cls.moved_start, cls.start)

    @hybrid_property
    def last_day(self) -> date | None:
        """Return the last day of the mission."""
        return self.moved_end or self.end

    @last_day.inplace.expression
    @classmethod
    def _last_day(cls) -> sa.ColumnElement[date | None]:
        return sa.func.coalesce(cls.moved_end, cls.end)

    @property
    def mission_days(self) -> tuple[date | None, date | None]:
        """Return the first and the last day of the mission, as far as they are known."""
        return self.first_day, self.last_day

    @property
    def is_moved(self) -> bool:
        """Tell whether the mission has other days than those that were agreed."""
        return self.moved_start is not None
