"""Deployments stand in the calendar of those they concern, and of nobody else."""

from collections.abc import Callable
from datetime import date

import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from webapp.core.roles import Role
from webapp.deployments.calendar import Bar, Window, by_month, chart
from webapp.deployments.models import Deployment
from webapp.expertise_requests.models import RequestState
from webapp.experts.models import Expert, UnavailablePeriod
from webapp.matches import operations
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import MatchStep


def test_a_deployment_across_two_months_stands_in_both_with_its_days() -> None:
    deployment = Deployment(start=date(2031, 5, 30), end=date(2031, 6, 2))
    may, june = by_month([deployment], Window.of(date(2031, 5, 17)))
    assert [n for n, taken in enumerate(may.lines[0].taken, 1) if taken] == [30, 31]
    assert [n for n, taken in enumerate(june.lines[0].taken, 1) if taken] == [1, 2]
    assert (len(may.weekend), len(june.weekend)) == (31, 30)
    assert may.weekend[2:4] == [True, True], "3 and 4 May 2031 are a weekend"


def test_a_deployment_across_the_turn_of_a_year_is_in_order() -> None:
    long = Deployment(start=date(2031, 12, 31), end=date(2032, 4, 1))
    months = by_month([long], Window.of(date(2031, 12, 1)))
    assert [month.first for month in months] == [
        date(2031, 12, 1), date(2032, 1, 1), date(2032, 2, 1)
    ]  # fmt: skip
    assert all(months[1].lines[0].taken)


def test_a_window_of_months_begins_and_ends_with_whole_ones() -> None:
    window = Window.of(date(2031, 11, 17))
    assert (window.first, window.last) == (date(2031, 11, 1), date(2032, 1, 31))
    assert (window.earlier, window.later) == (date(2031, 8, 1), date(2032, 2, 1))
    shares = [window.share(day) for day in (date(2031, 1, 1), window.first, date(2032, 2, 1))]
    assert shares == [0, 0, 100]


def test_the_chart_has_a_row_a_person_and_cuts_what_lies_outside() -> None:
    first, second = (Expert(id=number, name=str(number)) for number in (1, 2))
    rows = chart(
        [
            _mission(first, date(2031, 4, 20), date(2031, 5, 10)),
            _mission(first, date(2031, 6, 1), date(2031, 6, 1)),
            _mission(second, date(2031, 7, 31), date(2031, 8, 20)),
        ],
        Window.of(date(2031, 5, 1)),
        off={1: [(date(2031, 5, 1), date(2031, 7, 31)), (date(2031, 8, 1), date(2031, 8, 2))]},
        held={2: [(date(2031, 4, 1), date(2031, 4, 30))]},
    )
    assert [len(row.missions) for row in rows] == [2, 1]
    bars = [bar for row in rows for _mission, bar in row.missions]
    assert [(bar.left, bar.width) for bar in bars] == [(0, 10.87), (33.7, 1.08), (98.91, 1.09)]
    assert rows[0].off == [Bar(0, 100)], "what lies after the window is left out"
    assert rows[1].held == []


def _mission(expert: Expert, start: date, end: date) -> Deployment:
    return Deployment(match=Match(expert=expert), start=start, end=end)


def test_the_page_shows_the_months_asked_for_and_else_those_of_the_next_mission(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        asked = factories.request(
            session, RequestState.ACCEPTED, start=date(2031, 3, 3), end=date(2031, 3, 10),
            title="Mission in spring", jurisdiction="KGZ",
        )  # fmt: skip
        expert = factories.expert(
            session, unavailable=[UnavailablePeriod(start=date(2031, 4, 1), end=date(2031, 4, 9))]
        )
        factories.match(session, MatchState.SELECTED, request=asked, expert=expert)
    pages = visitor().come_in(office)
    page = pages.get("/deployments")
    assert "Who is where, March 2031 to May 2031" in page.text
    assert "8 March 2031, Kyrgyzstan: International Women's Day" in page.text
    assert len(page.tree.findall(".//*[@class='chart-off']")) == 1
    assert "Mission in spring" not in page.follow("Later").text
    assert "Mission in spring" in page.follow("Earlier").follow("Later").text
    assert "No deployment is planned" in pages.get("/deployments?month=2030-01").text
    for wrong in ("2031-13", "1950-01", "soon", "9" * 400, "\0"):
        assert "Mission in spring" in pages.get("/deployments", query={"month": wrong}).text


def test_days_held_and_days_off_are_for_coordinators(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        person = factories.account(session, Role.EXPERT)
        expert = factories.expert(
            session,
            person=person,
            unavailable=[UnavailablePeriod(start=date(2031, 4, 1), end=date(2031, 4, 9))],
        )
        for state, day in ((MatchState.SELECTED, 3), (MatchState.APPROVED, 20)):
            asked = factories.request(
                session, RequestState.ACCEPTED,
                start=date(2031, 3 + day // 20 * 2, day), end=date(2031, 3 + day // 20 * 2, day),
            )  # fmt: skip
            factories.match(session, state, request=asked, expert=expert)
        requester = (
            session.scalars(sa.select(Match).where(Match.state == MatchState.SELECTED))
            .one()
            .request.requester
        )
    shown = {
        reader.id: [
            len(
                visitor().come_in(reader).get("/deployments").tree.findall(f".//*[@class='{name}']")
            )
            for name in ("chart-mission", "chart-held", "chart-off")
        ]
        for reader in (office, person, requester)
    }
    assert shown == {office.id: [1, 1, 1], person.id: [1, 0, 0], requester.id: [1, 0, 0]}


def test_each_sees_the_deployments_that_concern_them(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        people = {}
        for side in ("one", "other"):
            requester = factories.account(session, Role.REQUESTER)
            account = factories.account(session, Role.EXPERT)
            factories.match(
                session,
                MatchState.SELECTED,
                request=factories.request(
                    session, RequestState.ACCEPTED, requester=requester, title=f"Mission {side}"
                ),
                expert=factories.expert(session, person=account),
            )
            people[side] = (requester, account)
        coordinator = factories.account(session, Role.COORDINATOR)
    for side, (requester, account) in people.items():
        other = "other" if side == "one" else "one"
        for person in (requester, account):
            page = visitor().come_in(person).get("/deployments")
            assert f"Mission {side}" in page.text
            assert f"Mission {other}" not in page.text
            # It leads on to what the mission is about, which an expert reads as an invitation.
            about = page.follow(f"Mission {side}")
            assert about.heading == f"Mission {side}"
    page = visitor().come_in(coordinator).get("/deployments")
    assert "Mission one" in page.text
    assert "Mission other" in page.text


def test_a_cancelled_selection_takes_its_deployment_out_and_opens_the_request_again(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        match = factories.match(session, MatchState.SELECTED)
        assert match.request.state is RequestState.CONFIRMED
        coordinator = factories.account(session, Role.COORDINATOR)
    with writing(app) as session:
        match = session.get_one(Match, match.id)
        work = factories.work(session, coordinator)
        operations.take(work, match, MatchStep.TAKE_BACK, factories.grounds(text="Ill."))
        assert match.request.state is RequestState.PROPOSED
    page = visitor().come_in(coordinator).get("/deployments")
    calendar, cancelled = page.text.split("Cancelled These do not take place")
    assert "No deployment is planned" in calendar
    assert match.expert.name in cancelled
