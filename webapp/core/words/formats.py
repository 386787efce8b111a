"""Days, periods, moments, lengths of time and numbers as people of the current language write."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal
from babel.units import format_unit

from webapp.core.words.language import SOURCE_LANGUAGE, current_locale


def day_name(value: date | None) -> str:
    """Return a day written out: 5 November 2018."""
    if value is None:
        return ""
    locale = current_locale()
    # English is written as in the region and not as in America.
    form = "d MMMM y" if locale.language == SOURCE_LANGUAGE else "long"
    return format_date(value, form, locale=locale)


def _day_of_year(value: date) -> str:
    locale = current_locale()
    if locale.language == SOURCE_LANGUAGE:
        return format_date(value, "d MMMM", locale=locale)
    return format_skeleton("MMMMd", value, locale=locale)


def month_name(value: date) -> str:
    """Return the month of a day: November 2018."""
    return format_skeleton("yMMMM", value, locale=current_locale())


def moment_name(value: datetime | None) -> str:
    """Return a moment: 5 November 2018, 14:03 UTC."""
    return f"{day_name(value.date())}, {value:%H:%M} UTC" if value else ""


def period_name(start: date | None, end: date | None) -> str:
    """Return a period of days, as short as it can be without doubt: 5–6 November 2018."""
    if start is None or end is None:
        return day_name(start or end)
    if start == end:
        return day_name(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{day_name(end)}"
    if start.year == end.year:
        return f"{_day_of_year(start)} – {day_name(end)}"
    return f"{day_name(start)} – {day_name(end)}"


def periods_name(periods: Iterable[tuple[date, date]]) -> str:
    """Return periods of days one after the other: 5–6 November 2018, 9 November 2018."""
    return ", ".join(period_name(start, end) for start, end in periods)


def duration_name(value: timedelta) -> str:
    """Return a length of time in the largest unit that says it exactly: 2 hours, 90 minutes."""
    minutes = value // timedelta(minutes=1)
    lengths = {"day": 24 * 60, "hour": 60, "minute": 1}
    unit = next(unit for unit, length in lengths.items() if minutes % length == 0)
    return str(format_unit(minutes // lengths[unit], unit, locale=current_locale()))


def number_name(value: float | Decimal) -> str:
    """Return a number with its thousands set apart: 10,245; of an amount of money the cents too."""
    form = "#,##0.00" if isinstance(value, Decimal) else None
    return format_decimal(value, form, locale=current_locale())
