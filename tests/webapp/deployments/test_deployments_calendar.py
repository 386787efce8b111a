"""Deployments stand in the calendar of those they concern, and of nobody else."""

from collections.abc import Callable
from datetime import date

from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from webapp.core.roles import Role
from webapp.deployments.calendar import by_month
from webapp.deployments.models import Deployment
from webapp.expertise_requests.models import RequestState
from webapp.matches import operations
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import MatchStep


def test_a_deployment_across_two_months_stands_in_both_with_its_days() -> None:
    deployment = Deployment(start=date(2031, 5, 30), end=date(2031, 6, 2))
    may, june = by_month([deployment])
    assert [n for n, taken in enumerate(may.lines[0].taken, 1) if taken] == [30, 31]
    assert [n for n, taken in enumerate(june.lines[0].taken, 1) if taken] == [1, 2]
    assert (len(may.weekend), len(june.weekend)) == (31, 30)
    assert may.weekend[2:4] == [True, True], "3 and 4 May 2031 are a weekend"


def test_a_deployment_across_the_turn_of_a_year_is_in_order() -> None:
    months = by_month([Deployment(start=date(2031, 12, 31), end=date(2032, 2, 1))])
    assert [month.first for month in months] == [
        date(2031, 12, 1), date(2032, 1, 1), date(2032, 2, 1)
    ]  # fmt: skip
    assert all(months[1].lines[0].taken)


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
            page = visitor().sign_in(person).get("/deployments")
            assert f"Mission {side}" in page.text
            assert f"Mission {other}" not in page.text
            # It leads on to what the mission is about, which an expert reads as an invitation.
            about = page.follow(f"Mission {side}")
            assert about.heading == f"Mission {side}"
    page = visitor().sign_in(coordinator).get("/deployments")
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
    page = visitor().sign_in(coordinator).get("/deployments")
    calendar, cancelled = page.text.split("Cancelled These do not take place")
    assert "No deployment is planned." in calendar
    assert match.expert.name in cancelled
