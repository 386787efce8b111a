"""The months of a window as weeks from Monday to Sunday, with what takes their days.

A week is a row of days and below it lanes, in which what takes days stretches over them as cells of
a table do. So it is read aloud with the names of its days, prints, and needs no script.
"""

import calendar
import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from webapp.core.words.public_holidays import Holiday
from webapp.deployments.calendar import Known, Window
from webapp.deployments.models import Deployment
from webapp.experts.models import Expert

_DAY = timedelta(days=1)


class Kind(enum.StrEnum):
    """What takes days; in a lane further up what comes first here."""

    HOLIDAY = "holiday"
    MISSION = "mission"
    HELD = "held"
    OFF = "off"


@dataclass(frozen=True)
class Stretch:
    """Days that somebody or something takes: an expert, on a mission or not, or a holiday."""

    kind: Kind
    start: date
    end: date
    expert: Expert | None = None
    mission: Deployment | None = None
    holiday: str = ""
    language: str = ""
    jurisdictions: tuple[str, ...] = ()

    def has(self, day: date) -> bool:
        """Tell whether a day is one of these."""
        return self.start <= day <= self.end


@dataclass(frozen=True)
class Cell:
    """So many days of a lane, and what takes them; nothing where they are free."""

    days: int
    stretch: Stretch | None = None


@dataclass(frozen=True)
class Week:
    """A week by its number in the year (ISO 8601) with its days, of which those of another month
    are None, and its lanes; `closed` are the days of it that are a holiday."""

    number: int
    days: list[date | None]
    lanes: list[list[Cell]]
    closed: frozenset[date]


@dataclass(frozen=True)
class Month:
    """A month with its weeks."""

    first: date
    weeks: list[Week]


def by_weeks(window: Window, stretches: Sequence[Stretch]) -> list[Month]:
    """Return the months of a window; what spans several weeks or months stands in each of them."""
    return [_month(first, stretches) for first in window.months]


def stretches_of(experts: Iterable[Expert], known: Known) -> list[Stretch]:
    """Return whatever takes days of these experts, and the holidays that concern any of them."""
    found = _holidays({one for rows in known.holidays.values() for one in rows})
    for expert in experts:
        found += [
            Stretch(Kind.MISSION, one.start, one.end, expert, one)
            for one in known.missions.get(expert.id, ())
        ]
        found += [Stretch(Kind.HELD, *days, expert) for days in known.held.get(expert.id, ())]
        found += [Stretch(Kind.OFF, *days, expert) for days in known.off.get(expert.id, ())]
    return found


def _holidays(holidays: Iterable[Holiday]) -> list[Stretch]:
    """Return each holiday once, whoever has it, and joined with the days before it if those have
    the same name in the same places."""
    places: dict[tuple[date, str, str], list[str]] = {}
    for one in sorted(holidays):
        places.setdefault((one.day, one.name, one.language), []).append(one.jurisdiction)
    found: list[Stretch] = []
    for (day, name, language), where in sorted(places.items(), key=lambda item: item[0][1:]):
        stretch = Stretch(Kind.HOLIDAY, day, day, None, None, name, language, tuple(where))
        before = found[-1] if found else None
        if before and replace(before, start=day, end=day) == stretch and day - before.end == _DAY:
            found[-1] = replace(before, end=day)
        else:
            found.append(stretch)
    return found


def _month(first: date, stretches: Sequence[Stretch]) -> Month:
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    return Month(first, [_week(first, week, stretches) for week in weeks])


def _week(first: date, week: list[date], stretches: Sequence[Stretch]) -> Week:
    days = [day if day.month == first.month else None for day in week]
    own = [day for day in days if day]
    parts = [
        replace(one, start=max(one.start, own[0]), end=min(one.end, own[-1]))
        for one in stretches
        if one.start <= own[-1] and one.end >= own[0]
    ]
    closed = {day for day in own for one in parts if one.kind is Kind.HOLIDAY and one.has(day)}
    return Week(week[0].isocalendar().week, days, _lanes(week[0], parts), frozenset(closed))


def _lanes(monday: date, parts: Iterable[Stretch]) -> list[list[Cell]]:
    """Put each stretch into the first lane of its kind that is free from its first day on."""
    lanes: list[list[Stretch]] = []
    order = list(Kind)
    for part in sorted(parts, key=lambda one: (order.index(one.kind), one.start)):
        for lane in lanes:
            if lane[-1].kind is part.kind and lane[-1].end < part.start:
                lane.append(part)
                break
        else:
            lanes.append([part])
    return [_cells(monday, lane) for lane in lanes]


def _cells(monday: date, lane: Iterable[Stretch]) -> list[Cell]:
    """Return the cells of a lane; those between its stretches, and behind them, are free."""
    cells: list[Cell] = []
    free_from = monday
    for part in lane:
        if part.start > free_from:
            cells.append(Cell((part.start - free_from).days))
        cells.append(Cell((part.end - part.start).days + 1, part))
        free_from = part.end + _DAY
    rest = 7 - (free_from - monday).days
    return [*cells, Cell(rest)] if rest else cells
