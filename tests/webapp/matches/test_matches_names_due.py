"""Before the proposal all is due by the latest day for names, which the queue counts down."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from webapp.core import clock
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.matches.models import MatchState
from webapp.matches.work_queue import waiting

R, S = RequestState, MatchState


def in_days(number: int) -> date:
    return clock.today() + timedelta(days=number)


def due(session: Session, request: ExpertiseRequest) -> list[date]:
    session.flush()
    return [task.due for task in waiting.list_tasks(session, [request], clock.today())[request.id]]


@pytest.mark.parametrize("state", [R.SUBMITTED, R.RETURNED, R.ACCEPTED, R.MATCHING])
def test_before_the_proposal_nothing_is_due_later_than_the_names(
    session: Session, state: RequestState
) -> None:
    request = factories.request(session, state)
    assert due(session, request) != [in_days(2)], "without such a day it is due later"
    request.names_by = in_days(2)
    assert due(session, request) == [in_days(2)]


@pytest.mark.parametrize("state", [S.INVITED, S.AVAILABLE, S.RELEASED, S.APPROVED])
def test_so_are_the_steps_with_each_expert(session: Session, state: MatchState) -> None:
    request = factories.match(session, state).request
    request.names_by = in_days(1)
    assert due(session, request) == [in_days(1)]


def test_a_day_that_leaves_time_changes_nothing(session: Session) -> None:
    request = factories.request(session, R.SUBMITTED)
    before = due(session, request)
    request.names_by = in_days(60)
    assert due(session, request) == before


@pytest.mark.parametrize("state", [R.PROPOSED, R.CONFIRMED])
def test_once_somebody_is_proposed_the_day_binds_nothing(
    session: Session, state: RequestState
) -> None:
    request = factories.request(session, state)
    before = due(session, request)
    request.names_by = in_days(-3)
    assert due(session, request) == before


@pytest.mark.parametrize(
    ("days", "told"),
    [(1, "in 1 day"), (3, "in 3 days"), (0, "names are due today"), (-2, "names were due on")],
)
def test_the_queue_counts_the_days_down_and_marks_the_day_that_is_past(
    app: Flask, sign_in_as: Callable[..., Pages], days: int, told: str
) -> None:
    with writing(app) as session:
        request = factories.request(session, R.ACCEPTED)
        request.names_by = in_days(days)
    page = sign_in_as(Role.COORDINATOR).get("/queue")
    assert told in page.text
    # It began today, and so was not to be done before, whenever the names were due.
    assert "was due on" not in page.text


def test_nothing_is_due_before_it_began_to_wait(session: Session) -> None:
    request = factories.request(session, R.ACCEPTED)
    request.names_by = in_days(-3)
    assert due(session, request) == [in_days(0)]
    request.state_since -= timedelta(days=2)
    assert due(session, request) == [in_days(-2)]


def test_an_answer_is_awaited_by_the_day_that_was_told(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    """Whoever was invited knows nothing of the day for names."""
    with writing(app) as session:
        match = factories.match(session, S.INVITED)
        match.request.names_by, match.reply_by = in_days(1), in_days(4)
    text = sign_in_as(Role.COORDINATOR).get("/queue").text
    assert f"an answer is awaited by {in_days(4).day} " in text
