"""The days on which an event of a calendar comes again (RFC 5545, 3.3.10), within a horizon.

A rule is somebody else's text, and one that never comes true would be tried until the last year. So
the days of each period are looked at one by one, and of all the rules of a file no more than
`Looks` allows.
"""

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from webapp.core.words.days import shifted

_DAY = timedelta(days=1)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# What asks for days by weeks or days of the year, which hardly any program writes.
_NOT_READ = frozenset({"BYWEEKNO", "BYYEARDAY"})


class TooManyDaysError(ValueError):
    """Rules that look at more days than those of any person's calendar."""


@dataclass
class Looks:
    """How many days may still be looked at for the rules of one file."""

    left: int = 200_000

    def take(self, days: int) -> None:
        """Look at so many days more; raises TooManyDaysError."""
        self.left -= days
        if self.left < 0:
            raise TooManyDaysError


@dataclass(frozen=True)
class Rule:
    """When an event comes again. A weekday comes with its place in the month or year, or with 0."""

    every: str
    interval: int
    count: int | None
    until: date | None
    months: frozenset[int]
    month_days: frozenset[int]
    weekdays: frozenset[tuple[int, int]]
    places: frozenset[int]

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> "Rule | None":
        """Return a rule as the library has read it; None for one that is broken, goes by hours or
        less, or by weeks or days of the year."""
        every = str(_first(written, "FREQ") or "").upper()
        if every not in _PERIODS or not _NOT_READ.isdisjoint(written):
            return None
        until = _first(written, "UNTIL")
        if isinstance(until, datetime):
            until = until.date()
        elif until is not None and not isinstance(until, date):
            # The library reads a length, a time or a period there, too.
            return None
        count = _first(written, "COUNT")
        try:
            return cls(
                every,
                max(1, int(_first(written, "INTERVAL") or 1)),
                None if count is None else int(count),
                until,
                frozenset(map(int, written.get("BYMONTH", ()))),
                frozenset(map(int, written.get("BYMONTHDAY", ()))),
                frozenset(map(_weekday, written.get("BYDAY", ()))),
                frozenset(map(int, written.get("BYSETPOS", ()))),
            )
        except (ValueError, TypeError):
            return None

    def days(self, start: date, first: date, last: date, looks: Looks) -> Iterator[date]:
        """Yield the days from `first` to `last` on which an event begins that began on `start`."""
        seen, number = 0, 0 if self.count is not None else self._periods_before(start, first)
        while (period := self._period(start, number)) and period[0] <= last:
            looks.take(len(period))
            for day in self._chosen(period, start):
                seen += 1
                if self._is_over(day, seen):
                    return
                if first <= day <= last:
                    yield day
            number += 1

    def _is_over(self, day: date, seen: int) -> bool:
        is_late = self.until is not None and day > self.until
        return is_late or (self.count is not None and seen > self.count)

    def _periods_before(self, start: date, first: date) -> int:
        """Return how many periods are over for certain before a day."""
        longest = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 31, "YEARLY": 366}[self.every]
        return max(0, (first - start).days // (longest * self.interval) - 1)

    def _period(self, start: date, number: int) -> list[date]:
        """Return the days of a period from that of `start` on; none after the last year."""
        try:
            return _PERIODS[self.every](start, number * self.interval)
        except (OverflowError, ValueError):
            return []

    def _chosen(self, period: list[date], start: date) -> list[date]:
        found = [day for day in period if self._fits(day, start)]
        if self.places:
            found = [
                day
                for place, day in enumerate(found)
                if place + 1 in self.places or place - len(found) in self.places
            ]
        return [day for day in found if day >= start]

    def _fits(self, day: date, start: date) -> bool:
        if self.months and day.month not in self.months:
            return False
        if not self.month_days and not self.weekdays:
            return self._is_like(day, start)
        from_end = day.day - calendar.monthrange(day.year, day.month)[1] - 1
        if self.month_days and self.month_days.isdisjoint({day.day, from_end}):
            return False
        return not self.weekdays or not self.weekdays.isdisjoint(self._places_of(day))

    def _is_like(self, day: date, start: date) -> bool:
        """Tell whether a day is to its period what `start` is to its own."""
        if self.every == "WEEKLY":
            return day.weekday() == start.weekday()
        if self.every == "MONTHLY":
            return day.day == start.day
        is_month = bool(self.months) or day.month == start.month
        return self.every == "DAILY" or (is_month and day.day == start.day)

    def _places_of(self, day: date) -> set[tuple[int, int]]:
        """Return how a rule can call the weekday of a day: with its place from either end."""
        by_month = self.every == "MONTHLY" or bool(self.months)
        index, length = (
            (day.day - 1, calendar.monthrange(day.year, day.month)[1])
            if by_month
            else (day.timetuple().tm_yday - 1, 365 + calendar.isleap(day.year))
        )
        places = (0, index // 7 + 1, -((length - 1 - index) // 7 + 1))
        return {(place, day.weekday()) for place in places}


def _first(written: Mapping[str, Any], name: str) -> Any:
    return next(iter(written.get(name, ())), None)


def _weekday(written: Any) -> tuple[int, int]:
    text = str(written).upper()
    return int(text[:-2] or 0), _WEEKDAYS.index(text[-2:])


def _day_of(start: date, number: int) -> list[date]:
    return [start + number * _DAY]


def _week_of(start: date, number: int) -> list[date]:
    monday = start - start.weekday() * _DAY + number * 7 * _DAY
    return [monday + day * _DAY for day in range(7)]


def _month_of(start: date, number: int) -> list[date]:
    first = shifted(start.replace(day=1), number)
    return [first + day * _DAY for day in range(calendar.monthrange(first.year, first.month)[1])]


def _year_of(start: date, number: int) -> list[date]:
    first = date(start.year + number, 1, 1)
    return [first + day * _DAY for day in range(365 + calendar.isleap(first.year))]


_PERIODS = {"DAILY": _day_of, "WEEKLY": _week_of, "MONTHLY": _month_of, "YEARLY": _year_of}
