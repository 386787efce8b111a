"""A request ends as what it came to: with fewer experts than were asked for, or after a mission."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from webapp.amendments import operations as amendments
from webapp.amendments.workflow import AmendmentStep
from webapp.core import clock as now
from webapp.core import invariants
from webapp.core.errors import ConflictError
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.expertise_requests import obstacles
from webapp.expertise_requests.content import get_content
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.workflow import RequestStep
from webapp.matches import operations, queries, rules
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import MatchStep
from webapp.messages.models import Notice

S = MatchState
BECAUSE = Grounds(ReasonKind.COMMENT, "Fewer are enough.")


def partly_filled(session: Session, wanted: int = 2) -> tuple[ExpertiseRequest, Match]:
    """Make a request for which one of several experts that it wants is selected."""
    start = now.today() + timedelta(days=30)
    request = factories.request(
        session, RequestState.ACCEPTED, start=start, end=start + timedelta(days=2),
        experts_needed=wanted,
    )  # fmt: skip
    return request, factories.match(session, S.SELECTED, request=request)


def count_notices(session: Session, match: Match) -> int:
    session.flush()
    of_expert = sa.select(sa.func.count()).where(Notice.account_id == match.expert.account_id)
    return session.scalar(of_expert) or 0


def test_a_request_is_closed_with_the_experts_who_were_found(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        request, match = partly_filled(session)
        asked = factories.match(session, S.INVITED, request=request)
        told = count_notices(session, match), count_notices(session, asked)
        number, requester = request.id, request.requester
    page = visitor().come_in(office).get(f"/requests/{number}")
    assert "Close without an expert" not in page.text, "an expert goes"
    slug = "close-with-those-selected"
    page.submit(
        "Close with those selected",
        {f"{slug}-kind": "nobody free", f"{slug}-reason": "Nobody else can go."},
    )
    assert "Nobody else can go." in visitor().come_in(requester).get(f"/requests/{number}").text
    with writing(app) as session:
        match, asked = session.get_one(Match, match.id), session.get_one(Match, asked.id)
        assert match.request.state is RequestState.CLOSED
        assert (match.state, asked.state) == (S.SELECTED, S.CANCELLED)
        assert count_notices(session, match) == told[0], "whoever goes still goes"
        assert count_notices(session, asked) == told[1] + 1
        assert invariants.run(session) == []


def test_a_request_is_left_without_an_expert_or_closed_with_some_as_the_selection_has_it(
    session: Session,
) -> None:
    office = factories.account(session, Role.COORDINATOR)
    chosen, _match = partly_filled(session)
    offered = factories.match(session, S.PROPOSED).request
    for request, name in (
        (chosen, RequestStep.LEAVE_UNFILLED),
        (offered, RequestStep.CLOSE_WITH_SELECTED),
    ):
        assert name not in obstacles.list_possible_steps(session, factories.actor(office), request)
        with pytest.raises(ConflictError):
            factories.requests.advance(session, request, name, office)


def test_nobody_withdraws_a_request_for_which_an_expert_has_been_there(
    session: Session, clock: Any
) -> None:
    match = factories.returned_mission(session, clock).match
    told, requester = count_notices(session, match), match.request.requester
    clock.move_to(datetime.now().astimezone() + timedelta(days=5))
    with pytest.raises(ConflictError, match="not withdrawn any more"):
        factories.requests.advance(session, match.request, RequestStep.WITHDRAW, requester)
    possible = obstacles.list_possible_steps(session, factories.actor(requester), match.request)
    assert RequestStep.WITHDRAW not in possible
    assert match.state is S.SELECTED
    assert count_notices(session, match) == told


def agree(session: Session, request: ExpertiseRequest, wanted: int) -> None:
    """Let both sides agree on how many experts are wanted."""
    content = replace(get_content(request), experts_needed=wanted)
    by_requester = factories.work(session, request.requester)
    made = amendments.propose(
        by_requester, request, content, BECAUSE, seen_version=request.tor_version
    )
    office = factories.account(session, Role.COORDINATOR)
    amendments.take(factories.work(session, office), made, AmendmentStep.AGREE)


def test_agreeing_that_those_selected_are_enough_confirms_the_request(session: Session) -> None:
    request, match = partly_filled(session, wanted=3)
    seen = []
    for wanted in (2, 1):
        agree(session, request, wanted)
        seen.append(request.state)
    assert seen == [RequestState.PROPOSED, RequestState.CONFIRMED]
    assert match.state is S.SELECTED
    session.flush()
    assert invariants.run(session) == []


@pytest.mark.parametrize(("wanted", "said"), [(1, "selected already"), (4, "no more than before")])
def test_the_number_of_experts_neither_falls_below_the_selection_nor_rises_again(
    session: Session, wanted: int, said: str
) -> None:
    request, _match = partly_filled(session, wanted=3)
    factories.match(session, S.SELECTED, request=request)
    with pytest.raises(ConflictError, match=said):
        agree(session, request, wanted)


def test_who_was_not_selected_is_taken_up_again_when_a_place_is_free(session: Session) -> None:
    passed = factories.match(session, S.PROPOSED)
    request, office = passed.request, factories.account(session, Role.COORDINATOR)
    chosen = factories.match(session, S.PROPOSED, request=request)
    asks = factories.work(session, request.requester)
    operations.take(asks, passed, MatchStep.PASS_OVER, Grounds(ReasonKind.ANOTHER_EXPERT))
    operations.take(asks, chosen, MatchStep.SELECT)
    assert MatchStep.RECONSIDER not in rules.possible_steps(
        passed, factories.actor(office), Role.COORDINATOR
    )
    goes = factories.work(session, chosen.expert.account)
    operations.take(goes, chosen, MatchStep.FALL_OUT, Grounds(ReasonKind.PERSONAL))
    again = Grounds(ReasonKind.OTHER, "The one who was selected fell out.")
    operations.take(factories.work(session, office), passed, MatchStep.RECONSIDER, again)
    assert passed.state is S.SHORTLISTED
    session.flush()
    assert invariants.run(session) == []


def test_who_is_not_selected_stays_in_reserve_is_told_and_is_let_go_in_the_end(
    app: Flask, visitor: Callable[[], Pages], clock: Any
) -> None:
    with writing(app) as session:
        chosen = factories.match(session, S.PROPOSED)
        request = chosen.request
        kept, passed = (factories.match(session, S.PROPOSED, request=request) for _ in range(2))
        number, requester = chosen.id, request.requester
        address = f"/requests/{request.id}/proposed"
        told = count_notices(session, kept)
    pages = visitor().come_in(requester)
    page = pages.get(f"/proposals/{number}/select")
    assert "stay in reserve and are told so" in page.text
    page.submit("Select")
    with writing(app) as session:
        kept, passed = session.get_one(Match, kept.id), session.get_one(Match, passed.id)
        assert kept.request.state is RequestState.CONFIRMED
        assert kept.state is passed.state is S.ALTERNATE
        assert count_notices(session, kept) == told + 1
        requester_works = factories.work(session, kept.request.requester)
        why = Grounds(ReasonKind.ANOTHER_EXPERT)
        operations.take(requester_works, passed, MatchStep.PASS_OVER, why)
        assert passed.booked_days == []
        first_day = kept.request.start
        assert first_day
        assert invariants.run(session) == []
    assert "In reserve" in pages.get(address).text
    clock.move_to(datetime.combine(first_day, time(12), UTC))
    with writing(app) as session:
        assert [one.id for one in queries.list_reserves(session, now.today())] == [kept.id]
