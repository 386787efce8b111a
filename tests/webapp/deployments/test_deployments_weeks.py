"""The months of the calendar as weeks: each stretch of days in the right cells, with its words."""

from collections.abc import Callable
from datetime import date

from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from webapp.core.roles import Role
from webapp.core.words.public_holidays import Holiday
from webapp.deployments.calendar import Known, Window
from webapp.deployments.models import Deployment
from webapp.deployments.weeks import Kind, Stretch, by_weeks, stretches_of
from webapp.expertise_requests.models import RequestState
from webapp.experts.models import Expert, UnavailablePeriod
from webapp.matches.models import MatchState

MAY = Window.of(date(2031, 5, 1))
EXPERT = Expert(id=1, name="One")


def _lanes(*stretches: Stretch, week: int = 0) -> list[list[tuple[int, bool]]]:
    """Return the cells of a week of May 2031 by their days, and whether they are taken."""
    lanes = by_weeks(MAY, stretches)[0].weeks[week].lanes
    return [[(cell.days, cell.stretch is not None) for cell in lane] for lane in lanes]


def _away(first: int, last: int, kind: Kind = Kind.MISSION) -> Stretch:
    return Stretch(kind, date(2031, 5, first), date(2031, 5, last), EXPERT)


def test_weeks_run_from_monday_to_sunday_and_have_their_numbers() -> None:
    may, june, july = by_weeks(MAY, [])
    assert [month.first.month for month in (may, june, july)] == [5, 6, 7]
    assert [week.number for week in may.weeks] == [18, 19, 20, 21, 22]
    assert may.weeks[0].days == [None, None, None, *(date(2031, 5, n) for n in (1, 2, 3, 4))]
    january = by_weeks(Window.of(date(2027, 1, 1)), [])[0]
    assert january.weeks[0].number == 53, "the first days of 2027 are of the last week of 2026"


def test_a_stretch_covers_its_days_in_each_week_and_the_others_are_free() -> None:
    # The 1st is a Thursday.
    assert _lanes(_away(2, 6)) == [[(4, False), (3, True)]]
    assert _lanes(_away(2, 6), week=1) == [[(2, True), (5, False)]]
    assert _lanes(_away(2, 6), week=2) == []


def test_what_spans_two_months_is_cut_where_a_month_ends() -> None:
    stretch = Stretch(Kind.MISSION, date(2031, 5, 30), date(2031, 6, 2), EXPERT)
    may, june, july = by_weeks(MAY, [stretch])
    last, first = may.weeks[-1].lanes[0], june.weeks[0].lanes[0]
    assert [cell.days for cell in last] == [4, 2, 1], "30 and 31 May are Friday and Saturday"
    assert [cell.days for cell in first] == [6, 1], "1 June is a Sunday"
    assert not any(week.lanes for week in july.weeks)


def test_stretches_share_a_lane_where_they_do_not_meet_and_only_with_their_kind() -> None:
    assert _lanes(_away(5, 6), _away(8, 9), week=1) == [
        [(2, True), (1, False), (2, True), (2, False)]
    ]
    assert len(_lanes(_away(5, 6), _away(6, 9), week=1)) == 2
    lanes = by_weeks(MAY, [_away(5, 6, Kind.OFF), _away(8, 9)])[0].weeks[1].lanes
    assert [cell.stretch.kind for lane in lanes for cell in lane if cell.stretch] == [
        Kind.MISSION, Kind.OFF
    ]  # fmt: skip


def test_a_holiday_stands_once_for_all_who_have_it_and_once_for_days_on_end() -> None:
    days = [Holiday(date(2031, 5, n), code, "Labor Day") for n in (1, 2) for code in ("MKD", "SRB")]
    other = Holiday(date(2031, 5, 2), "ALB", "Labor Day")
    found = stretches_of([], Known({}, {}, {}, {1: [*days, days[0]], 2: days[:2]}))
    assert [(one.start.day, one.end.day, one.jurisdictions) for one in found] == [
        (1, 2, ("MKD", "SRB"))
    ]
    apart = stretches_of([], Known({}, {}, {}, {1: [*days, other]}))
    assert [(one.start.day, one.jurisdictions) for one in apart] == [
        (1, ("MKD", "SRB")), (2, ("ALB", "MKD", "SRB"))
    ]  # fmt: skip
    week = by_weeks(MAY, found)[0].weeks[0]
    assert week.closed == {date(2031, 5, 1), date(2031, 5, 2)}


def test_missions_days_held_and_days_off_of_the_experts_are_stretches() -> None:
    mission = Deployment(start=date(2031, 5, 5), end=date(2031, 5, 6))
    period = (date(2031, 5, 8), date(2031, 5, 9))
    found = stretches_of(
        [EXPERT], Known({1: [mission]}, {1: [period]}, {1: [period], 2: [period]}, {})
    )
    assert [(one.kind, one.start.day, one.mission) for one in found] == [
        (Kind.MISSION, 5, mission), (Kind.HELD, 8, None), (Kind.OFF, 8, None)
    ]  # fmt: skip


def test_the_page_says_the_days_in_tables_with_names_of_days(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR, language="ru")
        asked = factories.request(
            session, RequestState.ACCEPTED, start=date(2031, 3, 3), end=date(2031, 3, 10),
            jurisdiction="MKD",
        )  # fmt: skip
        expert = factories.expert(
            session,
            name="Ana Example",
            jurisdiction="SRB",
            unavailable=[UnavailablePeriod(start=date(2031, 4, 1), end=date(2031, 4, 9))],
        )
        factories.match(session, MatchState.SELECTED, request=asked, expert=expert)
    page = visitor().come_in(office).get("/deployments")
    tables = page.tree.findall(".//table[@class='weeks']")
    months = [(table.findtext("caption") or "").split()[0] for table in tables]
    assert months == ["Март", "Апрель", "Май"]
    heads = [head.get("abbr") for head in tables[0].findall("thead/tr/th")]
    assert heads[1:] == [
        "понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"
    ]  # fmt: skip
    cells = [
        cell
        for cell in tables[0].iter("td")
        if cell.find("div[@class='stretch mission']") is not None
    ]
    assert [cell.get("colspan") for cell in cells] == ["7", None], "3 to 10 March"
    assert "Ana Example: дни недоступности 1–6 апреля" in page.text
    assert "День труда Сербия" in page.text
