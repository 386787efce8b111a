"""Deployments in a window of months: each with the days it takes, and who is where when.

Both print and are read aloud; the chart shows at a glance what the list below it says in words.
"""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from webapp.core.words.days import shifted
from webapp.deployments.models import Deployment
from webapp.experts.models import Expert

# So many months are shown at once.
MONTHS = 3
_DAY = timedelta(days=1)
Period = tuple[date, date]


@dataclass(frozen=True)
class Window:
    """The months that a page shows, from the first day of the first one."""

    first: date

    @classmethod
    def of(cls, day: date) -> "Window":
        """Return the window that begins with the month of `day`."""
        return cls(day.replace(day=1))

    @property
    def last(self) -> date:
        """Return the last day that is shown."""
        return shifted(self.first, MONTHS) - _DAY

    @property
    def months(self) -> list[date]:
        """Return the first days of its months."""
        return [shifted(self.first, number) for number in range(MONTHS)]

    @property
    def earlier(self) -> date:
        """Return where the window before this one begins."""
        return shifted(self.first, -MONTHS)

    @property
    def later(self) -> date:
        """Return where the window after this one begins."""
        return shifted(self.first, MONTHS)

    def share(self, day: date) -> float:
        """Return how far into the window a day begins, as a percentage from 0 to 100."""
        whole = (self.last - self.first).days + 1
        return round(100 * min(max((day - self.first).days, 0), whole) / whole, 2)

    def has(self, day: date) -> bool:
        """Tell whether a day is shown."""
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Line:
    """A deployment in one month; `taken` says for each day of the month whether it is away."""

    deployment: Deployment
    taken: list[bool]


@dataclass(frozen=True)
class Month:
    """A month of the calendar with its deployments; `weekend` marks its Saturdays and Sundays."""

    first: date
    weekend: list[bool]
    lines: list[Line]


@dataclass(frozen=True)
class Bar:
    """Days in a chart: where they begin and how wide they are, as percentages of its width."""

    left: float
    width: float


@dataclass
class Row:
    """One person in the chart: their missions, days off, and days held for a proposal."""

    expert: Expert
    missions: list[tuple[Deployment, Bar]] = field(default_factory=list)
    off: list[Bar] = field(default_factory=list)
    held: list[Bar] = field(default_factory=list)


def by_month(deployments: Iterable[Deployment], window: Window) -> list[Month]:
    """Return the months of a window in which somebody is deployed; who spans two is in both."""
    deployments = list(deployments)
    found = []
    for first in window.months:
        days = [first.replace(day=n) for n in range(1, _length(first) + 1)]
        lines = [
            Line(one, [one.start <= day <= one.end for day in days])
            for one in deployments
            if one.start <= days[-1] and one.end >= first
        ]
        if lines:
            found.append(Month(first, [day.weekday() >= 5 for day in days], lines))
    return found


def chart(
    deployments: Iterable[Deployment],
    window: Window,
    *,
    off: Mapping[int, Sequence[Period]],
    held: Mapping[int, Sequence[Period]],
) -> list[Row]:
    """Return a row for each expert who is deployed in a window; `off` and `held` are by expert."""
    rows: dict[int, Row] = {}
    for deployment in deployments:
        expert = deployment.match.expert
        row = rows.setdefault(expert.id, Row(expert))
        row.missions.append((deployment, _bar(window, (deployment.start, deployment.end))))
    for number, row in rows.items():
        row.off = [_bar(window, days) for days in off.get(number, ()) if _meets(window, days)]
        row.held = [_bar(window, days) for days in held.get(number, ()) if _meets(window, days)]
    return list(rows.values())


def _meets(window: Window, days: Period) -> bool:
    return days[0] <= window.last and days[1] >= window.first


def _bar(window: Window, days: Period) -> Bar:
    left = window.share(days[0])
    return Bar(left, round(window.share(days[1] + _DAY) - left, 2))


def _length(first: date) -> int:
    return calendar.monthrange(first.year, first.month)[1]
