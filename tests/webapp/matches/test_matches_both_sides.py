"""A request names the one side for which it waits, and what the others have to do meanwhile."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from webapp.core import clock
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState
from webapp.expertise_requests.waiting import Side
from webapp.matches import bookings
from webapp.matches.models import Match, MatchState
from webapp.matches.work_queue.whose_turn import who_is_awaited

S = MatchState
CHOOSE = "Read about the experts proposed and choose."


def test_what_a_requester_can_do_stands_beside_what_the_request_waits_for(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        request = factories.request(session, RequestState.ACCEPTED, experts_needed=3)
        for state in (S.PROPOSED, S.INVITED, S.INVITED):
            factories.match(session, state, request=request, coordinator=office)
        session.flush()
        (waits,) = who_is_awaited(session, [request]).values()
        assert waits.side is Side.EXPERT
        # Two who were asked the same are one thing to wait for, which is not said twice.
        assert [(one.side, str(one.next_step)) for one in waits.beside] == [
            (Side.REQUESTER, CHOOSE)
        ]
    page = visitor().come_in(request.requester).get(f"/requests/{request.id}").text
    assert "Waits for the answer of an expert." in page
    assert page.count(CHOOSE) == 1
    page = visitor().come_in(office).get(f"/requests/{request.id}").text
    assert "Something is to be done besides by: the requester." in page


def test_a_requester_reads_by_when_names_are_due(app: Flask, visitor: Callable[[], Pages]) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED)
        request.names_by = clock.today() + timedelta(days=9)
    page = visitor().come_in(request.requester).get(f"/requests/{request.id}").text
    assert "You asked for names by" in page


def test_another_mission_of_an_expert_is_named_with_the_days_that_it_has(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        expert = factories.expert(session)
        other = factories.match(session, S.SELECTED, expert=expert, coordinator=office)
        agreed = other.request.start
        assert agreed is not None
        start = agreed + timedelta(days=400)
        bookings.move(factories.work(session, office), other, start, start)
        here = factories.match(session, S.INVITED, expert=expert, coordinator=office)
    page = visitor().come_in(office).get(f"/matches/{here.id}").text
    assert f"{start:%Y}" in page.partition("Also considered for")[2].partition("What happened")[0]


@pytest.mark.parametrize(("number", "told"), [(1, "1 expert, alone"), (3, "3 experts, together")])
def test_an_invitation_says_how_many_go(
    app: Flask, visitor: Callable[[], Pages], number: int, told: str
) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED, experts_needed=number)
        match = factories.match(session, S.INVITED, request=request)
    assert told in visitor().come_in(match.expert.account).get(f"/invitations/{match.id}").text


def test_what_is_remarked_of_rest_goes_by_the_days_that_the_mission_has(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        expert = factories.expert(session)
        before = factories.match(session, S.SELECTED, expert=expert, coordinator=office)
        agreed = before.request.end
        assert agreed is not None
        first = agreed + timedelta(days=10)
        asked = factories.request(
            session, RequestState.ACCEPTED, coordinator=office, start=first, end=first
        )
        here = factories.match(
            session, S.SELECTED, request=asked, expert=expert, coordinator=office
        )
    pages = visitor().come_in(office)
    assert "less than the usual rest" in pages.get(f"/matches/{here.id}").text
    with writing(app) as session:
        later = first + timedelta(days=200)
        found = session.get_one(Match, here.id)
        bookings.move(factories.work(session, office), found, later, later)
    assert "less than the usual rest" not in pages.get(f"/matches/{here.id}").text
