"""Who is in reserve stands on the request in order, and takes a place that is free at once."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from tests.webapp.matches.test_matches_waiting import at, first_of, propose_two, step
from webapp.accounts.models import Account
from webapp.core import clock, invariants
from webapp.core.roles import Role
from webapp.expertise_requests import operations as requests
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.waiting import Side
from webapp.expertise_requests.workflow import RequestStep
from webapp.experts.models import UnavailablePeriod
from webapp.matches import operations, sweep
from webapp.matches.models import Match, MatchState
from webapp.matches.work_queue import waiting
from webapp.matches.work_queue.waiting import Kind
from webapp.matches.workflow import WORKFLOW, MatchStep
from webapp.messages.models import Notice

S = MatchState


class Case:
    """A confirmed request with two experts in reserve, of whom the second was kept first."""

    def __init__(self, app: Flask, visitor: Callable[[], Pages]) -> None:
        self.app = app
        with writing(app) as session:
            self.office = factories.account(session, Role.COORDINATOR)
            request = factories.request(session, RequestState.ACCEPTED, coordinator=self.office)
            made = [
                factories.match(session, state, request=request, coordinator=self.office)
                for state in (S.PROPOSED, S.PROPOSED, S.PROPOSED)
            ]
            self.person: Account = request.requester
            work = factories.work(session, self.person, Role.REQUESTER)
            for match, step in zip(
                (made[2], made[1], made[0]),
                (MatchStep.KEEP_AS_ALTERNATE, MatchStep.KEEP_AS_ALTERNATE, MatchStep.SELECT),
                strict=True,
            ):
                operations.take(work, match, step)
            made[1].state_since, made[2].state_since = made[2].state_since, made[2].state_since
            made[2].state_since = made[2].state_since.replace(year=2020)
            self.names = [match.expert.name for match in (made[2], made[1])]
            self.ids = [match.id for match in (made[2], made[1])]
            self.selected, self.request_id = made[0].id, request.id
        self.address = f"/requests/{self.request_id}"
        self.requester = visitor().come_in(self.person)
        self.coordinator = visitor().come_in(self.office)

    def fall_out(self) -> None:
        """Let the selected expert say that they cannot go any more."""
        with writing(self.app) as session:
            match = session.get_one(Match, self.selected)
            why = factories.grounds(WORKFLOW[MatchStep.FALL_OUT])
            work = factories.work(session, match.expert.account, Role.EXPERT)
            operations.take(work, match, MatchStep.FALL_OUT, why)


@pytest.fixture
def case(app: Flask, visitor: Callable[[], Pages]) -> Case:
    return Case(app, visitor)


def test_a_confirmed_request_shows_who_is_in_reserve_in_order_and_what_speaks_against_each(
    case: Case,
) -> None:
    with writing(case.app) as session:
        match = session.get_one(Match, case.ids[0])
        days = UnavailablePeriod(start=date(2031, 5, 6), end=date(2031, 5, 6))
        match.expert.unavailable.append(days)
    text = case.coordinator.get(case.address).text
    assert "In reserve" in text
    assert text.index(case.names[0]) < text.index(case.names[1])
    assert "6 May 2031" in text
    asked = case.requester.get(case.address)
    assert "In reserve" in asked.text
    assert "6 May 2031" not in asked.text, "days off are nothing to the requester"
    assert "A place is free" not in asked.text


def test_when_a_selected_expert_falls_out_the_first_in_reserve_is_taken_after_a_question(
    case: Case,
) -> None:
    case.fall_out()
    page = case.requester.get(case.address)
    assert "A place is free" in page.text
    asked = page.follow(f"Select: {case.names[0]}")
    other = page.follow(f"Select: {case.names[1]}")
    with reading(case.app) as session:
        assert session.get_one(Match, case.ids[0]).state is S.ALTERNATE
    asked.submit("Select")
    with reading(case.app) as session:
        assert session.get_one(Match, case.ids[0]).state is S.SELECTED
        request = session.get_one(ExpertiseRequest, case.request_id)
        assert request.state is RequestState.CONFIRMED
        assert invariants.run(session) == []
    # The same button once more, from a page that was open before.
    other.submit("Select", status=409)
    with reading(case.app) as session:
        assert session.get_one(Match, case.ids[1]).state is S.ALTERNATE


def test_a_coordinator_reads_the_reserve_and_selects_nobody(case: Case) -> None:
    case.fall_out()
    page = case.coordinator.get(case.address)
    assert case.names[0] in page.text
    assert not [form for form in page.forms if "/proposals/" in form.action]


def test_who_is_put_in_reserve_while_a_place_is_open_is_decided_on_and_another_is_looked_for(
    session: Session,
) -> None:
    request = factories.request(session, RequestState.ACCEPTED, experts_needed=2)
    chosen, kept = (factories.match(session, S.PROPOSED, request=request) for _one in range(2))

    def tasks() -> list[tuple[Side, Kind]]:
        session.flush()
        found = waiting.list_tasks(session, [request], clock.today())[request.id]
        return [(task.side, task.kind) for task in found]

    work = factories.work(session, request.requester)
    operations.take(work, chosen, MatchStep.SELECT)
    assert tasks()[0] == (Side.REQUESTER, Kind.CHOOSE)
    operations.take(work, kept, MatchStep.KEEP_AS_ALTERNATE)
    assert tasks() == [(Side.OFFICE, Kind.FIND_MORE)]


def test_who_was_kept_in_reserve_by_a_choice_that_is_taken_back_is_chosen_from_again(
    app: Flask, clock: Any
) -> None:
    with writing(app) as session:
        request, chosen, reserve = propose_two(session)
        step(session, chosen, MatchStep.SELECT)
        assert reserve.state is S.ALTERNATE
        clock.shift(timedelta(hours=1))
        step(session, chosen, MatchStep.TAKE_BACK_SELECTION)
        step(session, chosen, MatchStep.PASS_OVER)
        first = first_of(session, request)
        assert (first.kind, first.side) == (Kind.CHOOSE, Side.REQUESTER)
        # Kept in reserve since, they wait for another one.
        clock.shift(timedelta(hours=1))
        reserve.state_since = datetime.now(UTC)
        assert first_of(session, request).kind is Kind.FIND_ANEW


def test_who_is_in_reserve_is_let_go_when_the_mission_begins(app: Flask, clock: Any) -> None:
    with writing(app) as session:
        reserve = factories.match(session, S.ALTERNATE)
        chosen = factories.match(session, S.PROPOSED, request=reserve.request)
        step(session, chosen, MatchStep.SELECT)
        work = factories.work(session, None, Role.COORDINATOR)
        requests.take(work, reserve.request, RequestStep.CLOSE)
        account_id, start = reserve.expert.account_id, reserve.request.start
    with app.app_context():
        assert sweep.let_reserves_go() == 0
    assert start
    clock.move_to(at(start))
    with app.app_context():
        assert sweep.let_reserves_go() == 1
        assert sweep.let_reserves_go() == 0
    with reading(app) as session:
        stored = session.get_one(Match, reserve.id)
        assert (stored.state, stored.booked_days) == (S.CANCELLED, [])
        told = session.query(Notice).filter_by(account_id=account_id).order_by(Notice.id).all()
        assert "no longer needed" in str(told[-1].words["subject"])
        assert invariants.run(session) == []
