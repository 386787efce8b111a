"""Days and periods as curricula write them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from webapp.curricula.wordings import fold, months, phrases, words_of

_YEAR = r"(?P<year>(?:19[5-9]|20[0-4])\d)"
_DATE = re.compile(
    rf"""(?<![\d\w])(?:
        (?P<day>\d{{1,2}})\s?[./-]\s?(?P<month_of_day>\d{{1,2}})\s?[./-]\s?{_YEAR}
      | {_YEAR.replace("year", "year_first")}[-/](?P<month_after>0[1-9]|1[0-2])(?:-\d\d)?
      | Q(?P<quarter>[1-4])[\s/-]{_YEAR.replace("year", "year_of_quarter")}
      | (?P<month>\d{{1,2}})\s?[./-]\s?{_YEAR.replace("year", "year_of_month")}
      | (?:\d{{1,2}}(?:er|st|nd|rd|th|\.)?\s?
            (?:(?P<days>[-–—/]|[^\W\d_]{{1,5}})\s?\d{{1,2}}\.?)?\s)?
        (?:(?P<name_first>[^\W\d_]{{3,12}})\.?\s?[-–—/]\s?(?:\d{{1,2}}\.?\s)?)?
        (?P<name>[^\W\d_]{{3,12}})\.?[,\s]\s?(?:de\s)?{_YEAR.replace("year", "year_of_name")}
      | {_YEAR.replace("year", "year_alone")}
    )(?![\d\w])""",
    re.VERBOSE,
)
# Words that belong to a year: "2012. godine", "2012 г.".
_AFTER_YEAR = frozenset(
    map(
        fold,
        [
            "godine",
            "godina",
            "godini",
            "god",
            "g",
            "год",
            "года",
            "году",
            "годы",
            "гг",
            "г",
            "р",
            "рр",
            "роки",
            "року",
            "рік",
            "vitit",
        ],
    )
)
# Two words are no longer.
_LONGEST_LEAD = 80
_DASH = re.compile(r"[-–—−‒]")


# Months of years in two digits, told from days by the slash between and by a second one, or by what
# goes on: "09/14 - 12/16", "03/18 - present".
_SHORT = r"(0?[1-9]|1[0-2])/(\d\d)(?![\d/])"
_SHORT_PERIOD = re.compile(rf"(?<![\d/]){_SHORT}(\s?[-–—]\s?)(?:{_SHORT}|(?=[^\W\d]))")
# "Jan. '08"
_SHORT_YEAR = re.compile(r"([^\W\d_]{3,12})(\.?\s?)['’](\d\d)(?!\d)")
# The last year of which two digits tell in this century.
_LATEST = 49


@dataclass(frozen=True)
class Period:
    """A period within a line, from its first to its last month; without an end it goes on.

    `first` and `last` are where its words begin and end. `is_range` says that two ends are told.
    """

    start: date
    end: date | None
    first: int
    last: int
    is_range: bool


@dataclass(frozen=True)
class _Moment:
    """A date as it is written; `last_month` is another one where it tells of several months, and
    `is_whole` says that it has a first and a last day itself."""

    year: int
    month: int | None
    first: int
    last: int
    last_month: int | None = None
    is_whole: bool = False


def find_periods(line: str) -> list[Period]:
    """Return the periods that a line tells of, in order. Source: how people write them."""
    moments = [moment for found in _dates(line) if (moment := _moment(found))]
    periods, at = [], 0
    while at < len(moments):
        one = moments[at]
        other = moments[at + 1] if at + 1 < len(moments) else None
        if other and _joins(line[one.last : other.first]) and _in_order(one, other):
            periods.append(_period(line, one, other))
            at += 1
        elif (last := _present_after(line, one.last)) is not None:
            periods.append(Period(_start(one), None, _opening(line, one), last, is_range=True))
        elif _is_since(line, one) and not one.is_whole:
            periods.append(Period(_start(one), None, _opening(line, one), one.last, is_range=True))
        else:
            periods.append(_period(line, one, one))
        at += 1
    return periods


def with_whole_years(text: str) -> str:
    """Return a text in which the years of periods that shorten them to two digits are written out,
    unless what stands behind one is no word for what goes on."""

    def whole(found: re.Match[str]) -> str:
        if not found[4] and not _goes_on(text[found.end() : found.end() + _LONGEST_LEAD]):
            return found[0]
        end = f"{found[4]}/{_in_full(found[5])}" if found[4] else ""
        return f"{found[1]}/{_in_full(found[2])}{found[3]}{end}"

    return _SHORT_PERIOD.sub(whole, _SHORT_YEAR.sub(_with_whole_year, text))


def _with_whole_year(found: re.Match[str]) -> str:
    is_date = _month_named(found[1].casefold()) is not None
    return f"{found[1]}{found[2]}{_in_full(found[3])}" if is_date else found[0]


def _in_full(year: str) -> str:
    return f"20{year}" if int(year) <= _LATEST else f"19{year}"


def _goes_on(rest: str) -> bool:
    words = words_of(rest)
    return any(words[: len(phrase)] == phrase for phrase in phrases("present"))


def find_day(line: str) -> date | None:
    """Return the last day that is written in a line as day, month and year."""
    day = None
    for found in _DATE.finditer(line):
        if found["day"]:
            try:
                day = date(int(found["year"]), int(found["month_of_day"]), int(found["day"]))
            except ValueError:
                continue
    return day


def _dates(line: str) -> Iterator[re.Match[str]]:
    """Yield the dates of a line, without a word before one that is no month and no season."""
    at = 0
    while found := _DATE.search(line, at):
        if found["name"] and not _is_month_or_season(found["name"].casefold()):
            found = _DATE.match(line, found.start("year_of_name")) or found
        yield found
        at = found.end()


def _is_month_or_season(name: str) -> bool:
    return _month_named(name) is not None or words_of(name) in phrases("season")


def _moment(found: re.Match[str]) -> _Moment | None:
    year = next(int(v) for k, v in found.groupdict().items() if k.startswith("year") and v)
    first, last = found.span()
    if quarter := found["quarter"]:
        end = 3 * int(quarter)
        return _Moment(year, end - 2, first, last, end)
    if found["name"]:
        return _named(found, year)
    written = found["month_of_day"] or found["month_after"] or found["month"]
    month = int(written) if written else None
    if month is not None and not 1 <= month <= 12:
        return None
    if found["month_after"] and found[0][4] == "/" and month == (year + 1) % 100:
        # "2011/12" is a school year.
        return _Moment(year, None, first, last)
    return _Moment(year, month, first, last, month)


def _named(found: re.Match[str], year: int) -> _Moment:
    """Return a date whose month is named, perhaps with a first month, or days, before it."""
    last, name = found.end(), found["name"].casefold()
    month = _month_named(name)
    if month is None:
        # A season.
        return _Moment(year, None, found.start("name"), last)
    before = found["name_first"]
    begins = _month_named(before.casefold()) if before else month
    if begins is None:
        begins, first = month, found.start("name")
    else:
        first = found.start()
    return _Moment(year, begins, first, last, month, bool(found["days"]) or begins != month)


@lru_cache(maxsize=5_000)
def _month_named(word: str) -> int | None:
    """Return the number of a month by its name, be it in another case: "marta", "septembra"."""
    if known := months().get(word):
        return known
    for name, number in months().items():
        # A short name has to be there as a whole: a major is no day of May.
        stem = name if len(name) < 5 else name[:-2]
        most = 1 if len(name) < 5 else 2
        if word.startswith(stem) and abs(len(word) - len(name)) <= most:
            return number
    return None


def _in_order(one: _Moment, other: _Moment) -> bool:
    return (one.year, one.month or 1) <= (other.year, other.last_month or other.month or 12)


def _start(moment: _Moment) -> date:
    return date(moment.year, moment.month or 1, 1)


def _period(line: str, one: _Moment, other: _Moment) -> Period:
    end = date(other.year, other.last_month or other.month or 12, 1)
    return Period(_start(one), end, _opening(line, one), other.last, is_range=one is not other)


def _without_year_words(text: str) -> tuple[str, ...]:
    return tuple(word for word in words_of(text) if word not in _AFTER_YEAR)


def _joins(between: str) -> bool:
    """Tell whether what stands between two moments makes them one period."""
    if len(between) > 25 or re.search(r"[;,]", between):
        return False
    words = _without_year_words(between)
    return words in phrases("until") or (not words and bool(_DASH.search(between)))


def _present_after(line: str, at: int) -> int | None:
    """Return where "to this day" ends if it stands right behind a moment."""
    rest = line[at : at + 60]
    words = _without_year_words(rest)
    for joint in ((), *phrases("until")):
        for phrase in phrases("present"):
            if words[: len(joint) + len(phrase)] == (*joint, *phrase) and (
                joint or _DASH.search(rest[:12])
            ):
                return at + _end_of(rest, phrase[-1])
    # "2015 –" with nothing behind it goes on as well.
    ends = re.match(r"\s*+\.?\s*+[-–—]\s*$", line[at:])
    return at + ends.end() if ends else None


def _end_of(text: str, word: str) -> int:
    for found in re.finditer(r"\w+\.?", text):
        if fold(found[0].rstrip(".")) == word:
            return found.end()
    return len(text)


def _words_leading_to(line: str, moment: _Moment) -> tuple[str, ...]:
    """Return the words before a moment where they are two at most, which is how "since" is said."""
    # Of a long line nothing else is looked at: a page without line breaks has thousands of dates.
    words = words_of(line[: moment.first]) if moment.first <= _LONGEST_LEAD else ()
    return words if len(words) <= 2 else ()


def _is_since(line: str, moment: _Moment) -> bool:
    before = _words_leading_to(line, moment)
    return any(before[-len(phrase) :] == phrase for phrase in phrases("since"))


def _opening(line: str, moment: _Moment) -> int:
    """Return where the words that lead to a moment begin, such as "from"."""
    return 0 if _words_leading_to(line, moment) in phrases("since") else moment.first
