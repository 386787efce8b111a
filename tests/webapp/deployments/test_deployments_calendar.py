"""Deployments stand in the calendar of those they concern, and of nobody else."""

from collections.abc import Callable
from datetime import date

import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from webapp.core.roles import Role
from webapp.core.words.public_holidays import Holiday
from webapp.deployments.calendar import Bar, Known, Window, chart, holidays_of
from webapp.deployments.models import Deployment
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts.models import Expert, UnavailablePeriod
from webapp.matches import operations
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import MatchStep


def test_a_window_of_months_begins_and_ends_with_whole_ones() -> None:
    window = Window.of(date(2031, 11, 17))
    assert (window.first, window.last) == (date(2031, 11, 1), date(2032, 1, 31))
    assert (window.earlier, window.later) == (date(2031, 8, 1), date(2032, 2, 1))
    shares = [window.share(day) for day in (date(2031, 1, 1), window.first, date(2032, 2, 1))]
    assert shares == [0, 0, 100]


def test_the_chart_has_a_row_a_person_and_cuts_what_lies_outside() -> None:
    first, second, free = (Expert(id=number, name=str(number)) for number in (1, 2, 3))
    known = Known(
        missions={
            1: [
                Deployment(start=date(2031, 4, 20), end=date(2031, 5, 10)),
                Deployment(start=date(2031, 6, 1), end=date(2031, 6, 1)),
            ],
            2: [Deployment(start=date(2031, 7, 31), end=date(2031, 8, 20))],
        },
        off={1: [(date(2031, 5, 1), date(2031, 7, 31)), (date(2031, 8, 1), date(2031, 8, 2))]},
        held={2: [(date(2031, 4, 1), date(2031, 4, 30))]},
        holidays={3: [Holiday(date(2031, 5, 1), code, "A day") for code in ("SRB", "MKD")]},
    )
    rows = chart([second, first, free], Window.of(date(2031, 5, 1)), known)
    assert [(row.expert, len(row.missions)) for row in rows] == [(second, 1), (first, 2), (free, 0)]
    bars = [bar for row in rows for _mission, bar in row.missions]
    assert [(bar.left, bar.width) for bar in bars] == [(98.91, 1.09), (0, 10.87), (33.7, 1.08)]
    assert rows[1].off == [Bar(0, 100)], "what lies after the window is left out"
    assert rows[0].held == []
    assert rows[2].holidays == [Bar(0, 1.09)], "a day is marked once, whoever celebrates it"


def test_holidays_are_those_at_home_and_while_away_those_there() -> None:
    expert = Expert(id=1, jurisdiction="SRB")
    asked = ExpertiseRequest(jurisdiction="KGZ")
    away = Deployment(
        match=Match(expert=expert, request=asked), start=date(2031, 2, 24), end=date(2031, 3, 9)
    )
    days = {
        (one.jurisdiction, one.day.isoformat())
        for one in holidays_of(expert, [away], Window.of(date(2031, 3, 1)))
    }
    assert ("SRB", "2031-05-01") in days, "at home on every day of the window"
    assert ("KGZ", "2031-03-08") in days
    assert ("KGZ", "2031-03-21") not in days, "the mission is over"
    assert ("KGZ", "2031-02-23") not in days


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
    assert "International Women's Day Kyrgyzstan 8 March 2031" in page.text
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


def test_an_expert_reads_their_missions_above_the_calendar_and_the_office_below_it(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    """The order of the page is the one seen, in a narrow window, too, and that of the keys."""
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        person = factories.account(session, Role.EXPERT)
        factories.match(
            session, MatchState.SELECTED, expert=factories.expert(session, person=person)
        )
    for reader, is_first in ((person, True), (office, False)):
        tree = visitor().come_in(reader).get("/deployments").tree
        places = [
            one.get("id") for one in tree.iter() if one.get("id") in ("month", "missions-title")
        ]
        assert places == (["missions-title", "month"] if is_first else ["month", "missions-title"])


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
