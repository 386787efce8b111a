"""Days off as a calendar by month, and as iCalendar files out and in."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import example, given
from hypothesis import strategies as st

from tests.pages import Page, Pages
from tests.webapp.experts.test_experts_profile_pages import Person
from webapp.core import clock
from webapp.experts import calendar
from webapp.experts.models import Expert, UnavailablePeriod

FIRST, LAST = date(2027, 1, 1), date(2028, 12, 31)
HEAD, TAIL = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//\r\n", "END:VCALENDAR\r\n"


def event(*lines: str) -> bytes:
    """Return a calendar of one event."""
    body = "".join(f"{line}\r\n" for line in ("BEGIN:VEVENT", "UID:1", *lines, "END:VEVENT"))
    return f"{HEAD}{body}{TAIL}".encode()


@pytest.mark.parametrize(
    ("lines", "days"),
    [
        (("DTSTART;VALUE=DATE:20270301", "DTEND;VALUE=DATE:20270304"), [(1, 3)]),
        (("DTSTART;VALUE=DATE:20270301",), [(1, 1)]),
        (("DTSTART;VALUE=DATE:20270301", "DURATION:P2D"), [(1, 2)]),
        (("DTSTART:20270301T080000Z", "DTEND:20270302T170000Z"), [(1, 2)]),
        (("DTSTART:20270301T080000Z", "DTEND:20270302T000000Z"), [(1, 1)]),
        (("DTSTART;TZID=Europe/Sarajevo:20270301T080000", "DURATION:PT2H"), [(1, 1)]),
        (("DTSTART;VALUE=DATE:20270301", "TRANSP:TRANSPARENT"), []),
        (("DTSTART;VALUE=DATE:20270305", "DTEND;VALUE=DATE:20270301"), []),
        (("DTSTART:soon",), []),
        (("DTSTART;VALUE=DATE:20200301",), []),
        (("DTSTART;VALUE=DATE:20990301",), []),
        (("SUMMARY:nothing else",), []),
    ],
)
def test_days_of_an_event_are_read(lines: tuple[str, ...], days: list[tuple[int, int]]) -> None:
    found = calendar.read(event(*lines), FIRST, LAST)
    assert found == [(date(2027, 3, one), date(2027, 3, last)) for one, last in days]


@pytest.mark.parametrize(
    "data", [b"", b"text", b"\xff\xfe\0", b"BEGIN:VCALENDAR", b"BEGIN:VEVENT\n" * 2000]
)
def test_what_is_no_calendar_is_refused(data: bytes) -> None:
    with pytest.raises(calendar.CalendarError):
        calendar.read(data, FIRST, LAST)


@pytest.mark.parametrize("zone", ["Europe", "Nowhere/Atall", "x" * 300, "\u00e9" * 200])
def test_a_time_zone_that_is_none_is_no_fault_of_the_platform(zone: str) -> None:
    try:
        found = calendar.read(event(f"DTSTART;TZID={zone}:20270301T080000"), FIRST, LAST)
    except calendar.CalendarError:
        return
    assert found == [(date(2027, 3, 1), date(2027, 3, 1))]


# Lines of calendars as programs write them, and as they come broken: out of place, twice, cut off.
_LINES = (
    "BEGIN:VTIMEZONE", "END:VTIMEZONE", "TZID:A", "TZID:Europe/Sarajevo", "TZID;VALUE=PERIOD:A/B",
    "TZID;VALUE=RECUR:FREQ=DAILY", "BEGIN:STANDARD", "END:STANDARD", "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200", "DTSTART:20261025T030000", "DTSTART;VALUE=DATE:20270301",
    "DTSTART;TZID=A:20270301T080000", "DTEND:20270302T170000Z", "DTEND;VALUE=DATE:20270101",
    "DURATION:P2D", "DURATION:-PT2H", "RRULE:FREQ=YEARLY;UNTIL=20270301", "TRANSP:TRANSPARENT",
    "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VALARM", "END:VALARM", "END:VCALENDAR", "X-ODD;A=B:",
    "DTSTART;VALUE=PERIOD:20270301T080000Z/PT2H", "DTSTART:", ";:", "EXDATE:20270301,soon",
)  # fmt: skip


@given(st.lists(st.sampled_from(_LINES), max_size=14))
@example(["BEGIN:VTIMEZONE", "TZID:A", "TZID:B", "BEGIN:STANDARD", "END:STANDARD", "END:VTIMEZONE"])
@example(["BEGIN:STANDARD", "END:VTIMEZONE", "BEGIN:VEVENT", "END:VEVENT"])
def test_whatever_lines_a_calendar_has_it_is_read_or_refused(lines: list[str]) -> None:
    whole = ["BEGIN:VCALENDAR", *lines, "END:VCALENDAR"]
    try:
        found = calendar.read("\r\n".join(whole).encode(), FIRST, LAST)
    except calendar.CalendarError:
        return
    assert all(FIRST <= start <= end <= LAST for start, end in found)


def test_no_time_zone_of_one_file_stays_for_the_next() -> None:
    """Each would stay in memory as long as the process lives, and be another person's zone."""
    from icalendar.timezone import tzp

    zone = (
        "BEGIN:VTIMEZONE", "TZID:Office hours", "BEGIN:STANDARD", "DTSTART:19700101T000000",
        "TZOFFSETFROM:+2300", "TZOFFSETTO:+2300", "END:STANDARD", "END:VTIMEZONE",
    )  # fmt: skip
    whole = "\r\n".join(["BEGIN:VCALENDAR", *zone, "END:VCALENDAR", ""]).encode()
    assert calendar.read(whole, FIRST, LAST) == []
    assert tzp.timezone("Office hours") is None


def test_what_is_written_is_read_again_and_tells_no_more() -> None:
    periods = [(date(2027, 3, 1), date(2027, 3, 3)), (date(2027, 5, 5), date(2027, 5, 5))]
    rows = [UnavailablePeriod(id=n, start=a, end=b) for n, (a, b) in enumerate(periods)]
    expert = Expert(name="Ana Primer", unavailable=rows)
    written = calendar.write(expert, datetime(2027, 1, 1, tzinfo=UTC))
    assert calendar.read(written, FIRST, LAST) == periods
    assert b"Ana" not in written


def test_periods_that_touch_are_joined() -> None:
    there = [(date(2027, 3, 1), date(2027, 3, 3))]
    more = [(date(2027, 3, 4), date(2027, 3, 6)), (date(2027, 3, 2), date(2027, 3, 2))]
    assert calendar.with_more(there, more) == [(date(2027, 3, 1), date(2027, 3, 6))]


def test_months_begin_on_mondays_and_hold_each_day_once() -> None:
    months = calendar.months(date(2027, 11, 30))
    assert [(month.first.year, month.first.month) for month in months] == [
        (2027, 11), (2027, 12), (2028, 1), (2028, 2), (2028, 3), (2028, 4),
    ]  # fmt: skip
    for month in months:
        days = [day for week in month.weeks for day in week if day]
        assert days == [month.first + timedelta(days=n) for n in range(len(days))]
        assert all(
            day is None or day.weekday() == n for w in month.weeks for n, day in enumerate(w)
        )


@pytest.fixture
def person(app: Flask, pages: Pages) -> Person:
    return Person(app, pages)


def send(person: Person, data: bytes, status: int = 200) -> Page:
    """Send a calendar file as a browser does."""
    values = {"csrf_token": person.pages.own_token(), "file": (io.BytesIO(data), "a.ics")}
    url = "/profile/unavailable/file"
    answer = person.pages.client.post(url, data=values, content_type="multipart/form-data")
    assert answer.status_code == status
    return person.pages.check(url, answer)


def test_a_file_fills_the_list_and_saving_keeps_it(person: Person) -> None:
    day = clock.today() + timedelta(days=30)
    page = send(person, event(f"DTSTART;VALUE=DATE:{day:%Y%m%d}", "SUMMARY:canary"))
    assert "1 period was read" in page.text
    assert "canary" not in page.text
    assert person.stored("unavailable") == []
    page = page.submit("Save")
    out = person.pages.client.get("/profile/unavailable.ics")
    assert f"DTSTART;VALUE=DATE:{day:%Y%m%d}" in out.get_data(as_text=True)
    assert out.headers["Content-Disposition"].startswith("attachment")
    shown = person.pages.get("/profile/unavailable").text
    assert f"{day.day} not available" in shown


@pytest.mark.parametrize("data", [b"", b"no calendar", b"a" * 300_001])
def test_a_bad_file_is_told_at_its_field(person: Person, data: bytes) -> None:
    page = send(person, data, status=400)
    assert page.errors["file"]


@pytest.mark.parametrize(
    "lines",
    [
        ("DTSTART;VALUE=DATE:20270101", "DURATION:P3000000D"),
        ("DTSTART;VALUE=DATE:00010102", "DURATION:-P3D"),
        ("DTSTART:99991231T230000Z", "DURATION:PT3H"),
    ],
)
def test_an_event_beyond_all_years_takes_no_days(person: Person, lines: tuple[str, ...]) -> None:
    assert calendar.read(event(*lines), date(2027, 1, 1), date(2027, 12, 31)) == []
    send(person, event(*lines))


def test_a_period_beyond_all_years_is_no_calendar(person: Person) -> None:
    page = send(person, event("DTSTART;VALUE=PERIOD:20270101T000000Z/P3000000D"), 400)
    assert "calendar" in page.text
