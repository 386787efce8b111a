"""Days off as a calendar by month, and as iCalendar files out and in."""

import io
import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import example, given
from hypothesis import strategies as st

from tests import factories
from tests.databases import writing
from tests.pages import Page, Pages
from tests.webapp.experts.test_experts_profile_pages import Person
from webapp.core import clock
from webapp.core.words.days import shifted
from webapp.expertise_requests.models import RequestState
from webapp.experts import calendar
from webapp.experts.models import Expert, UnavailablePeriod
from webapp.experts.recurrence import Looks, Rule, TooManyDaysError
from webapp.matches.models import MatchState

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
    ("lines", "days"),
    [
        (("RRULE:FREQ=DAILY;COUNT=3",), "0301 0302 0303"),
        (("RRULE:FREQ=DAILY;INTERVAL=10;UNTIL=20270325",), "0301 0311 0321"),
        (("RRULE:FREQ=WEEKLY;COUNT=3",), "0301 0308 0315"),
        (("RRULE:FREQ=WEEKLY;BYDAY=MO,TH;COUNT=4",), "0301 0304 0308 0311"),
        (("RRULE:FREQ=WEEKLY;INTERVAL=2;UNTIL=20270401T000000Z",), "0301 0315 0329"),
        (("RRULE:FREQ=MONTHLY;COUNT=3",), "0301 0401 0501"),
        (("RRULE:FREQ=MONTHLY;BYDAY=1MO;COUNT=3",), "0301 0405 0503"),
        (("RRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=2",), "0301 0326 0430"),
        (("RRULE:FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=2",), "0301 0331 0430"),
        (("RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2",), "0301 0331 0430"),
        (("RRULE:FREQ=YEARLY;BYMONTH=3,6;COUNT=2",), "0301 0601"),
        (("RRULE:FREQ=YEARLY;BYDAY=20MO;COUNT=1",), "0301 0517"),
        (("RRULE:FREQ=DAILY;COUNT=3", "EXDATE;VALUE=DATE:20270302"), "0301 0303"),
        (("RRULE:FREQ=HOURLY;COUNT=30",), "0301"),
        (("RRULE:FREQ=YEARLY;BYYEARDAY=100",), "0301"),
        (("RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",), "0301"),
        (("RRULE:FREQ=SOON",), "0301"),
        (("RRULE:FREQ=DAILY;UNTIL=P1D",), "0301"),
        (("RRULE:FREQ=DAILY;UNTIL=120000",), "0301"),
        (("RRULE:FREQ=DAILY;UNTIL=20270303/20270305",), "0301"),
        (("RRULE:FREQ=DAILY;INTERVAL=" + "9" * 30,), "0301"),
    ],
)
def test_an_event_that_comes_again_is_read_each_time(lines: tuple[str, ...], days: str) -> None:
    until = date(2027, 12, 31)
    found = calendar.read(event("DTSTART;VALUE=DATE:20270301", *lines), FIRST, until)
    single = [
        start + timedelta(days=number)
        for start, end in found
        for number in range((end - start).days + 1)
    ]
    assert [f"{day:%m%d}" for day in single] == days.split()


def test_a_rule_without_an_end_goes_to_the_end_of_what_is_asked_for() -> None:
    began = "DTSTART;VALUE=DATE:20010101"
    daily = calendar.read(event(began, "RRULE:FREQ=DAILY"), FIRST, LAST)
    assert daily == [(FIRST, LAST)]
    weekly = calendar.read(event(began, "DURATION:P2D", "RRULE:FREQ=WEEKLY"), FIRST, LAST)
    # Each is two days long, from a Monday on.
    assert (weekly[0], len(weekly)) == ((date(2027, 1, 4), date(2027, 1, 5)), 104)


def test_a_time_that_was_moved_takes_its_new_days_alone() -> None:
    lines = ("UID:1", "DTSTART;VALUE=DATE:20270301", "RRULE:FREQ=WEEKLY;COUNT=3")
    other = ("UID:1", "RECURRENCE-ID;VALUE=DATE:20270308", "DTSTART;VALUE=DATE:20270310")
    body = [line for one in (lines, other) for line in ("BEGIN:VEVENT", *one, "END:VEVENT")]
    whole = HEAD + "".join(f"{line}\r\n" for line in body) + TAIL
    found = calendar.read(whole.encode(), FIRST, LAST)
    assert [start.day for start, _end in found] == [1, 10, 15]


def test_no_rules_keep_a_process_working() -> None:
    """Of three thousand rules that never come true, some days are looked at and no more."""
    looks = Looks()
    rule = Rule.read({"FREQ": ["DAILY"], "BYMONTH": [2], "BYMONTHDAY": [30]})
    assert rule is not None
    many = itertools.chain.from_iterable(rule.days(FIRST, FIRST, LAST, looks) for _n in range(3000))
    with pytest.raises(TooManyDaysError):
        list(many)
    assert looks.left == -1
    one = ("BEGIN:VEVENT", "DTSTART:20270101", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30")
    body = "".join(f"{line}\r\n" for line in (*one, "END:VEVENT"))
    with pytest.raises(calendar.CalendarError):
        calendar.read(f"{HEAD}{body * 1000}{TAIL}".encode(), FIRST, LAST)


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
    "RRULE:FREQ=DAILY;COUNT=-1", "RRULE:FREQ=MONTHLY;BYDAY=99MO,XX", "RECURRENCE-ID:20270301",
    "RRULE:FREQ=WEEKLY;BYDAY=MO", "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VALARM",
    "END:VALARM", "END:VCALENDAR", "X-ODD;A=B:",
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


def test_later_months_are_turned_to_and_saved_from(person: Person) -> None:
    this = clock.today().replace(day=1)
    page = person.pages.get("/profile/unavailable")
    assert "Earlier" not in page.links
    later = page.follow("Later")
    first = shifted(this, calendar.MONTHS)
    days = [td.get("data-day") for td in later.tree.iter("td") if td.get("data-day")]
    assert days[0] == first.isoformat()
    last = shifted(first, calendar.MONTHS) - timedelta(days=1)
    assert days[-1] == last.isoformat()
    values = {"periods-0-start": last.isoformat(), "periods-0-end": ""}
    refused = later.submit("Save", values, status=400)
    assert [td.get("data-day") for td in refused.tree.iter("td") if td.get("data-day")] == days
    assert "Earlier" in later.links
    assert later.follow("Earlier").url == f"/profile/unavailable?month={this:%Y-%m}"


@pytest.mark.parametrize("length", [0, 9])
def test_a_period_that_begins_on_a_day_that_is_over_is_refused_at_that_day(
    person: Person, length: int
) -> None:
    first = clock.today() - timedelta(days=1)
    typed = {
        "periods-0-start": first.isoformat(),
        "periods-0-end": (first + timedelta(days=length)).isoformat(),
    }
    page = person.pages.get("/profile/unavailable").submit("Save", typed, status=400)
    assert "begin today or later" in page.errors["periods-0-start"]
    assert page.form("Save").values["periods-0-end"] == [typed["periods-0-end"]]
    assert person.stored("unavailable") == []


def test_days_that_are_over_are_none_to_choose_and_a_period_under_way_can_be_changed(
    app: Flask, pages: Pages
) -> None:
    today = clock.today()
    first, last = today - timedelta(days=3), today + timedelta(days=3)
    with writing(app) as session:
        row = UnavailablePeriod(start=first, end=last)
        expert = factories.expert(session, unavailable=[row])
        account = expert.account
    page = pages.come_in(account).get("/profile/unavailable")
    days = [td.get("data-day") for td in page.tree.iter("td") if td.get("data-day")]
    assert days[0] == today.isoformat()
    longer = (last + timedelta(days=1)).isoformat()
    page = page.submit("Save", {"periods-0-end": longer})
    assert "The days on which you are not available are saved." in page.text
    earlier = (first - timedelta(days=1)).isoformat()
    page = pages.get("/profile/unavailable")
    page = page.submit("Save", {"periods-0-start": earlier}, status=400)
    assert "begin today or later" in page.errors["periods-0-start"]


@pytest.mark.parametrize("month", ["soon", "0001-01", "9999-12", "2027-13", "1" * 5000])
def test_a_month_that_is_none_shows_this_one_and_says_so(person: Person, month: str) -> None:
    page = person.pages.get(f"/profile/unavailable?month={month}")
    assert f'data-day="{clock.today().isoformat()}"' in page.response.text
    assert page.errors["month"]


def test_missions_stand_in_the_months_by_title_and_nobody_elses_do(
    app: Flask, pages: Pages
) -> None:
    start = shifted(clock.today(), 2)
    days: dict[str, Any] = {"start": start, "end": start + timedelta(days=2)}
    with writing(app) as session:
        requests = [
            factories.request(session, RequestState.ACCEPTED, title=title, **days)
            for title in ("Mine in spring", "Of somebody else", "Not decided yet")
        ]
        mine = factories.match(session, MatchState.APPROVED, request=requests[0])
        factories.match(session, MatchState.APPROVED, request=requests[1])
        expert, account = mine.expert, mine.expert.account
        factories.match(session, MatchState.AVAILABLE, request=requests[2], expert=expert)
    page = pages.come_in(account).get("/profile/unavailable")
    booked = [td.get("data-day") for td in page.tree.iter("td") if "booked" in td.get("class", "")]
    assert booked == [(start + timedelta(days=number)).isoformat() for number in range(3)]
    assert "Mine in spring" in page.text
    assert "Of somebody else" not in page.text
    assert "Not decided yet" not in page.text
    assert "Mine in spring" not in page.follow("Later").text
