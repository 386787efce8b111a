"""Days off by month, and as iCalendar files that calendars of other programs write and read.

Source: RFC 5545; an event of whole days ends on the day after its last one. The library is imported
where there is a file: most processes never have one.
"""

import calendar
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from webapp.core.words.days import shifted
from webapp.core.words.translation import gettext
from webapp.experts.models import Expert
from webapp.experts.recurrence import Looks, Rule, TooManyDaysError

if TYPE_CHECKING:
    from icalendar import Component

# So many months are shown at once.
MONTHS = 6
LARGEST_FILE = 300_000
MEDIA_TYPE = "text/calendar; charset=utf-8"
_DAY = timedelta(days=1)
# The library keeps time zones for the whole process, so one file is read at a time.
_ONE_FILE = threading.Lock()
Period = tuple[date, date]


@dataclass(frozen=True)
class Mission:
    """A mission for which days of an expert are booked."""

    title: str
    start: date
    end: date


@dataclass(frozen=True)
class Month:
    """A month with its weeks from Monday to Sunday; a day of another month is None."""

    first: date
    weeks: list[list[date | None]]


class CalendarError(ValueError):
    """A file that is no calendar."""


def months(first: date) -> list[Month]:
    """Return the months that are shown at once, that of a day first."""
    return [_month(shifted(first, number)) for number in range(MONTHS)]


def _month(first: date) -> Month:
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    days = [[day if day.month == first.month else None for day in week] for week in weeks]
    return Month(first, days)


def is_off(expert: Expert, day: date) -> bool:
    """Tell whether a day is one on which the expert is not available."""
    return any(row.start <= day <= row.end for row in expert.unavailable)


def write(expert: Expert, now: datetime) -> bytes:
    """Return the days off as a file; it names neither the expert nor a reason."""
    from icalendar import Calendar

    made = Calendar()
    made.add("prodid", "-//RSSRP expert matching//EN")
    made.add("version", "2.0")
    for event in events_of(expert, now):
        made.add_component(event)
    return bytes(made.to_ical())


def events_of(expert: Expert, now: datetime) -> "Iterator[Component]":
    """Yield the days off as events of a calendar."""
    from icalendar import Event

    for row in expert.unavailable:
        event = Event()
        event.add("uid", f"unavailable-{row.id}@rssrp")
        event.add("dtstamp", now)
        event.add("dtstart", row.start)
        event.add("dtend", row.end + _DAY)
        event.add("summary", gettext("Not available"))
        yield event


def read(data: bytes, first: date, last: date) -> list[Period]:
    """Return the days from `first` to `last` that events of a file take, joined where they touch.

    Of an event nothing is read but its days. One that is marked as free time takes none; of one
    that comes again each time is read, and the first alone where its rule is not (`Rule.read`).
    Raises CalendarError for what is no calendar, or has more rules than can be followed.
    """
    if len(data) > LARGEST_FILE:
        raise CalendarError("too large")
    events, looks = _events_in(data), Looks()
    moved: dict[str, set[date]] = {}
    for event in events:
        moved.setdefault(_name_of(event), set()).update(_dates(event, "recurrence-id"))
    try:
        found = [
            period for event in events for period in _times_of(event, moved, first, last, looks)
        ]
    except TooManyDaysError as error:
        raise CalendarError("too many rules") from error
    return _joined((max(start, first), min(end, last)) for start, end in found if end >= first)


def _times_of(
    event: "Component", moved: Mapping[str, set[date]], first: date, last: date, looks: Looks
) -> Iterator[Period]:
    """Yield the days of each time that an event takes place, but for those that were called off or
    that another event of the file has in its place."""
    days = _known_days_of(event)
    if days is None:
        return
    length = days[1] - days[0]
    off = moved[_name_of(event)] | _dates(event, "exdate")
    if _dates(event, "recurrence-id") or days[0] not in off:
        yield days
    for rule in _rules_of(event):
        earliest = first - min(length, first - date.min)
        for start in rule.days(days[0], earliest, last, looks):
            if start not in off:
                yield start, start + min(length, date.max - start)


def _rules_of(event: "Component") -> list[Rule]:
    from icalendar.error import BrokenCalendarProperty

    found = event.get("rrule", [])
    rules = []
    for written in found if isinstance(found, list) else [found]:
        try:
            rule = Rule.read(dict(written))
        except (BrokenCalendarProperty, ValueError, TypeError):
            continue
        if rule is not None:
            rules.append(rule)
    return rules


def _name_of(event: "Component") -> str:
    return str(event.get("uid", ""))


def _dates(event: "Component", name: str) -> set[date]:
    """Return the days that a property of an event names, such as those on which it is off."""
    from icalendar.error import BrokenCalendarProperty

    found = event.get(name, [])
    days: set[date] = set()
    for one in found if isinstance(found, list) else [found]:
        try:
            values = [value.dt for value in getattr(one, "dts", None) or [one]]
        except (AttributeError, BrokenCalendarProperty):
            continue
        days.update(_day(value) for value in values if isinstance(value, date))
    return days


def _events_in(data: bytes) -> "list[Component]":
    from icalendar import Calendar
    from icalendar.timezone import tzp

    with _ONE_FILE:
        try:
            return list(Calendar.from_ical(data).walk("VEVENT"))
        # What the library raises for a broken file depends on where it stumbles: a time zone is
        # looked for as a file, and a name that stands twice is taken for a text.
        except Exception as error:
            raise CalendarError(str(error)) from error
        finally:
            # It would keep the time zones of this file, and read those of the same name in others
            # by them.
            tzp.use_default()


def _known_days_of(event: "Component") -> Period | None:
    """Return the days of an event; None where they lie before the first year or after the last."""
    try:
        return _days_of(event)
    except OverflowError:
        return None


def _days_of(event: "Component") -> Period | None:
    if str(event.get("transp", "")).upper() == "TRANSPARENT":
        return None
    start, end, length = (_value(event, name) for name in ("dtstart", "dtend", "duration"))
    if not isinstance(start, date):
        return None
    if end is None and isinstance(length, timedelta):
        end = start + length
    first, last = _day(start), _day(end) if isinstance(end, date) else _day(start)
    # The end of whole days, and one at midnight, is the day after.
    at_midnight = not isinstance(end, datetime) or (end.hour, end.minute) == (0, 0)
    if isinstance(end, date) and at_midnight and last > first:
        last -= _DAY
    return (first, last) if last >= first else None


def _value(event: "Component", name: str) -> object:
    """Return a moment or a length of an event; None where it has none, or a broken one."""
    from icalendar.error import BrokenCalendarProperty

    try:
        return getattr(event.get(name), "dt", None)
    except BrokenCalendarProperty:
        return None


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _joined(periods: Iterable[Period]) -> list[Period]:
    joined: list[Period] = []
    for start, end in sorted(period for period in periods if period[0] <= period[1]):
        if joined and start <= joined[-1][1] + _DAY:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def with_more(there: Iterable[Period], more: Iterable[Period]) -> list[Period]:
    """Return periods with further ones, joined where they overlap or touch."""
    return _joined([*there, *more])
