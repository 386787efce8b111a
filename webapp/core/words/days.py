"""Days and months as people write them, in the digits of any script.

The year stands first or last. Where slashes or hyphens separate day and month and both could be
either, nothing is guessed: a mission on 5 November must not become one on 11 May.
"""

import re
from datetime import date

from babel.dates import get_day_names, get_month_names

from webapp.core.words.language import SOURCE_LANGUAGE, current_language
from webapp.core.words.text_rules import cleaned_line

_YEAR_FIRST = re.compile(r"(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})\.?")
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})([-/.])(?P<month>\d{1,2})\2(?P<year>\d{4})\.?")
_DAY_NAMED = re.compile(r"(?P<day>\d{1,2})\.?(?P<name>[^\W\d_]+)(?P<year>\d{4})\.?")
_MONTHS = (
    re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})\.?"),
    re.compile(r"(?P<month>\d{1,2})[-/.](?P<year>\d{4})\.?"),
    re.compile(r"(?P<name>[^\W\d_]+)(?P<year>\d{4})\.?"),
)


def read_day(written: str) -> date:
    """Return the day that is written; raise ValueError if it is none, or may be another."""
    closed = _closed_up(written)
    found = _first_match(closed, (_YEAR_FIRST, _DAY_FIRST, _DAY_NAMED))
    day = date(int(found["year"]), _month_of(found), int(found["day"]))
    if found.re is _DAY_FIRST and found[2] != "." and day.day <= 12 and day.day != day.month:
        raise ValueError(f"{written!r} may be two days")
    return day


def read_month(written: str) -> date:
    """Return the first day of the month that is written; raise ValueError if it is none."""
    found = _first_match(_closed_up(written), _MONTHS)
    return date(int(found["year"]), _month_of(found), 1)


def shifted(first: date, months: int) -> date:
    """Return the first day of the month that is so many months after that of `first`."""
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)


def days_of_week() -> list[tuple[str, str]]:
    """Return the short and the full names of the days from Monday on, in the current language."""
    short, full = (
        get_day_names(width, "stand-alone", current_language()) for width in ("short", "wide")
    )
    return [(short[number], full[number]) for number in range(7)]


def _closed_up(written: str) -> str:
    return re.sub(r"\s", "", cleaned_line(written))


def _first_match(written: str, forms: tuple[re.Pattern[str], ...]) -> re.Match[str]:
    for form in forms:
        if found := form.fullmatch(written):
            return found
    raise ValueError(f"{written[:40]!r} is not written as a day or a month")


def _month_of(found: re.Match[str]) -> int:
    named = found.groupdict().get("name")
    return _month_named(named.casefold()) if named else int(found["month"])


def _month_named(name: str) -> int:
    for language in (current_language(), SOURCE_LANGUAGE):
        for context in ("format", "stand-alone"):
            for number, known in get_month_names("wide", context, language).items():
                if known.casefold() == name:
                    return int(number)
    raise ValueError(f"{name[:40]!r} is no month")
