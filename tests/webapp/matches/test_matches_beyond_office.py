"""What no coordinator who is here may do waits for administrators, who are told and can mend it."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.core import clock, invariants
from webapp.core.errors import ForbiddenError
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState
from webapp.expertise_requests.waiting import Side
from webapp.experts.models import ExpertState
from webapp.matches import operations
from webapp.matches.models import Match, MatchState
from webapp.matches.work_queue import beyond_office, waiting
from webapp.matches.work_queue.waiting import Kind
from webapp.matches.workflow import MatchStep
from webapp.messages import reminders
from webapp.messages.models import Notice
from webapp.platform_settings.queries import get_settings

ALONE = "is the only coordinator at present"
NOBODY = "No coordinator who is here may do what comes next"


def first_of(session: Session, match: Match) -> tuple[Kind, Side]:
    """Return what the request of a match waits for, and for whom."""
    session.flush()
    task = waiting.list_tasks(session, [match.request], clock.today())[match.request_id][0]
    return task.kind, task.side


def put_forward(session: Session, coordinator: Account) -> Match:
    """Return a released expert whom this coordinator has put forward, with four eyes on."""
    get_settings(session).four_eyes = True
    return factories.match(session, MatchState.RELEASED, coordinator=coordinator)


@pytest.mark.both_databases
def test_the_approval_of_a_coordinator_s_own_choice_waits_for_an_administrator(
    session: Session,
) -> None:
    only = factories.account(session, Role.COORDINATOR)
    match = put_forward(session, only)
    for_administrator = (Kind.FIND_COORDINATOR, Side.ADMINISTRATOR)
    assert first_of(session, match) == for_administrator
    with pytest.raises(ForbiddenError):
        operations.take(factories.work(session, only), match, MatchStep.APPROVE)
    assert list(invariants.run(session)) == []
    other = factories.account(session, Role.COORDINATOR)
    assert first_of(session, match) == (Kind.APPROVE, Side.OFFICE)
    other.active = False
    assert first_of(session, match) == for_administrator
    get_settings(session).four_eyes = False
    assert first_of(session, match) == (Kind.APPROVE, Side.OFFICE)


def test_what_is_every_coordinator_s_own_waits_for_an_administrator(session: Session) -> None:
    house = factories.organisation(session)
    both = [Role.COORDINATOR, Role.REQUESTER]
    asker = factories.account(session, *both, organisation_id=house.id)
    request = factories.request(session, RequestState.SUBMITTED, requester=asker)
    request.organisation_id = house.id
    session.flush()
    found = waiting.list_tasks(session, [request], clock.today())[request.id]
    assert [task.side for task in found] == [Side.ADMINISTRATOR]
    factories.account(session, Role.COORDINATOR)
    found = waiting.list_tasks(session, [request], clock.today())[request.id]
    assert [(task.kind, task.side) for task in found] == [(Kind.READ, Side.OFFICE)]


def test_without_any_coordinator_requests_wait_for_an_administrator(session: Session) -> None:
    request = factories.request(session, RequestState.SUBMITTED)
    session.flush()
    (task,) = waiting.list_tasks(session, [request], clock.today())[request.id]
    assert task.side is Side.ADMINISTRATOR


def test_who_can_act_is_waited_for_before_an_administrator(session: Session) -> None:
    only = factories.account(session, Role.COORDINATOR)
    match = put_forward(session, only)
    match.request.experts_needed = 2
    factories.match(session, MatchState.INVITED, request=match.request, coordinator=only)
    session.flush()
    kinds = [
        task.kind
        for task in waiting.list_tasks(session, [match.request], clock.today())[match.request_id]
    ]
    assert kinds == [Kind.ANSWER, Kind.FIND_COORDINATOR]


def test_all_who_are_concerned_read_that_nobody_can_approve(
    app: Flask, visitor: Callable[[], Pages], sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        only = factories.account(session, Role.COORDINATOR, name="Ana Primer")
        administrator = factories.account(session, Role.ADMINISTRATOR)
        match = put_forward(session, only)
        reference = match.request.reference
    ours, theirs = visitor().come_in(only), visitor().come_in(administrator)
    assert NOBODY in ours.get(f"/matches/{match.id}").text
    assert "an administrator lets in one who may" in ours.get("/queue").text
    assert reference in theirs.get("/accounts").text
    assert f"Ana Primer {ALONE}" in theirs.get("/settings").text
    for _ in range(2):
        with app.app_context():
            reminders.send_due()
    with reading(app) as session:
        told = session.query(Notice).filter(Notice.account_id == administrator.id).all()
        assert [row.words["subject"]["facts"]["reference"] for row in told] == [reference]
    sign_in_as(Role.COORDINATOR)
    assert NOBODY not in ours.get(f"/matches/{match.id}").text
    assert reference not in theirs.get("/accounts").text
    assert ALONE not in theirs.get("/settings").text


def test_before_a_second_coordinator_is_disabled_it_says_whom_nobody_could_approve(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        get_settings(session).four_eyes = True
        factories.account(session, Role.COORDINATOR, name="Ana Primer")
        other = factories.account(session, Role.COORDINATOR).id
    page = sign_in_as(Role.ADMINISTRATOR).get(f"/accounts/{other}/disable")
    assert "Ana Primer would be the only coordinator" in page.text


def test_profiles_that_no_coordinator_may_vet_are_counted(session: Session) -> None:
    house = factories.organisation(session)
    roles = [Role.COORDINATOR, Role.NOMINATING_AUTHORITY]
    factories.account(session, *roles, organisation_id=house.id)
    expert = factories.expert(session, state=ExpertState.NOMINATED)
    factories.make_official(session, expert, house.id)
    session.flush()
    assert beyond_office.count_profiles(session) == 1
    factories.account(session, Role.COORDINATOR)
    assert beyond_office.count_profiles(session) == 0
