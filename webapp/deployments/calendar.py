"""A window of months, and the chart of who is where in it.

The chart shows at a glance what the months below it (weeks.py) say day by day and in words.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from webapp.core.words.days import shifted
from webapp.core.words.public_holidays import Holiday, list_holidays
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
class Bar:
    """Days in a chart: where they begin and how wide they are, as percentages of its width."""

    left: float
    width: float


@dataclass(frozen=True)
class Row:
    """One person in the chart: their missions, and their days off, held for a proposal, and of
    public holidays at home or where they are."""

    expert: Expert
    missions: list[tuple[Deployment, Bar]]
    off: list[Bar]
    held: list[Bar]
    holidays: list[Bar]


@dataclass(frozen=True)
class Known:
    """What is known of the days of some experts, by expert; `holidays` are of both their sides."""

    missions: Mapping[int, Sequence[Deployment]]
    off: Mapping[int, Sequence[Period]]
    held: Mapping[int, Sequence[Period]]
    holidays: Mapping[int, Sequence[Holiday]]


def chart(experts: Iterable[Expert], window: Window, known: Known) -> list[Row]:
    """Return a row for each of these experts, in their order, cut to the window."""
    return [_row(expert, window, known) for expert in experts]


def holidays_of(expert: Expert, missions: Iterable[Deployment], window: Window) -> list[Holiday]:
    """Return the holidays of a window that concern somebody: those at home, and while they are on
    a mission those there."""
    found = set(list_holidays(filter(None, [expert.jurisdiction]), window.first, window.last))
    for one in missions:
        first, last = max(one.start, window.first), min(one.end, window.last)
        found.update(list_holidays(filter(None, [one.match.request.jurisdiction]), first, last))
    return sorted(found)


def _row(expert: Expert, window: Window, known: Known) -> Row:
    def bars(periods: Iterable[Period]) -> list[Bar]:
        return [_bar(window, days) for days in periods if _meets(window, days)]

    number = expert.id
    return Row(
        expert,
        [(one, _bar(window, (one.start, one.end))) for one in known.missions.get(number, ())],
        off=bars(known.off.get(number, ())),
        held=bars(known.held.get(number, ())),
        holidays=bars(sorted({(one.day, one.day) for one in known.holidays.get(number, ())})),
    )


def _meets(window: Window, days: Period) -> bool:
    return days[0] <= window.last and days[1] >= window.first


def _bar(window: Window, days: Period) -> Bar:
    left = window.share(days[0])
    return Bar(left, round(window.share(days[1] + _DAY) - left, 2))
