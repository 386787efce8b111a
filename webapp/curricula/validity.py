"""Until when a course or a certificate is valid, apart from when it was."""

import calendar
import re
from datetime import date

from webapp.curricula.dates import Period, find_day, find_periods
from webapp.curricula.wordings import phrases, says, words_of

# What finds months leaves out the days of "15 March 2028" and of "2028-03-15".
_DAY = re.compile(r"(?<!\w)(\d{1,2})(?:er|st|nd|rd|th|\.)?\s(?=[^\W\d_])|\d{4}-\d\d-(\d\d)(?!\d)")


def is_expiry(line: str, period: Period) -> bool:
    """Tell whether the words before a date say that something is valid until then."""
    before = tuple(word for word in words_of(line[: period.first]) if not word.isdigit())
    return any(before[-len(phrase) :] == phrase for phrase in phrases("valid"))


def expiry_in(text: str) -> date | None:
    """Return the day until which a text says that something is valid: of a month or a year that
    is told without a day, the last."""
    if not says(text, "valid"):
        return None
    for period in find_periods(text):
        if is_expiry(text, period):
            return _last_day(text, period)
    return find_day(text)


def _last_day(text: str, period: Period) -> date | None:
    if whole := find_day(text[period.first : period.last]):
        return whole
    if period.end is None:
        return None
    year, month = period.end.year, period.end.month
    last = calendar.monthrange(year, month)[1]
    days = _DAY.findall(text, period.first, period.last)
    day = int("".join(days[-1])) if days else last
    return date(year, month, day if 1 <= day <= last else last)
