"""What no coordinator who is here may do waits for administrators, who are told and can mend it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.core import clock, invariants
from webapp.core.errors import ForbiddenError
from webapp.core.roles import Role
from webapp.expertise_requests.models import ActedOn, ExpertiseRequest, RequestState
from webapp.expertise_requests.waiting import Side
from webapp.experts.models import ActedOnProfile, Expert, ExpertState
from webapp.matches import approving, operations, sweep, wording
from webapp.matches.invariants import every_open_request_waits_for_somebody
from webapp.matches.models import Match, MatchState
from webapp.matches.work_queue import beyond_office, waiting
from webapp.matches.work_queue.beyond_office import NOBODY_HERE, NOBODY_MAY
from webapp.matches.work_queue.waiting import Kind
from webapp.matches.work_queue.worklist import worklist
from webapp.matches.workflow import MatchStep
from webapp.messages.models import Notice
from webapp.platform_settings.queries import get_settings

ALONE = "is the only coordinator at present"
NOBODY = "No coordinator who is here may do what comes next"


def first_of(session: Session, match: Match) -> tuple[Kind, Side]:
    """Return what the request of a match waits for, and for whom."""
    session.flush()
    task = waiting.list_tasks(session, [match.request], clock.today())[match.request_id][0]
    return task.kind, task.side


def put_forward(
    session: Session, coordinator: Account, state: MatchState = MatchState.RELEASED
) -> Match:
    """Return an expert whom this coordinator has put forward, with four eyes on."""
    get_settings(session).four_eyes = True
    return factories.match(session, state, coordinator=coordinator)


@pytest.mark.both_databases
def test_the_approval_of_a_coordinator_s_own_choice_waits_for_an_administrator(
    session: Session,
) -> None:
    factories.account(session, Role.ADMINISTRATOR)
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


@pytest.mark.parametrize("left_to_do", [{"password": None}, {"demo": False}])
def test_a_coordinator_who_has_not_finished_joining_is_no_second_one(
    session: Session, left_to_do: dict[str, Any]
) -> None:
    only = factories.account(session, Role.COORDINATOR, name="Ana Primer")
    match = put_forward(session, only)
    # Who was invited, or has no second factor yet, reaches no page of a coordinator.
    other = factories.account(session, Role.COORDINATOR, **left_to_do)
    assert first_of(session, match) == (Kind.FIND_COORDINATOR, Side.ADMINISTRATOR)
    assert beyond_office.find(session, clock.today()) is not None
    assert other.name not in str(approving.who_can(session, factories.actor(only), match))
    assert f"Ana Primer {ALONE}" in str(wording.why_nobody_approves(session))
    other.joined_at = other.password_set_at = clock.now()
    other.tf_primary_method = "authenticator"
    assert first_of(session, match) == (Kind.APPROVE, Side.OFFICE)
    assert beyond_office.find(session, clock.today()) is None
    assert other.name in str(approving.who_can(session, factories.actor(only), match))
    assert wording.why_nobody_approves(session) is None


@pytest.mark.parametrize("state", [MatchState.AVAILABLE, MatchState.RELEASED])
@pytest.mark.parametrize("four_eyes", [True, False])
@pytest.mark.parametrize("by_themselves", [True, False])
def test_the_queue_of_the_only_coordinator_and_who_is_waited_for_go_by_one_rule(
    session: Session, four_eyes: bool, by_themselves: bool, state: MatchState
) -> None:
    only, gone = (factories.account(session, Role.COORDINATOR) for _ in range(2))
    match = put_forward(session, only if by_themselves else gone, state)
    get_settings(session).four_eyes, gone.active = four_eyes, False
    _kind, side = first_of(session, match)
    ours = [line.match for line in worklist(session, factories.actor(only)).ours]
    assert (match in ours) is (side is Side.OFFICE)
    # Whoever chose somebody who only said yes still asks for the release.
    is_left = state is MatchState.AVAILABLE
    assert (match in ours) is not (four_eyes and by_themselves and not is_left)


@pytest.mark.parametrize("state", [MatchState.AVAILABLE, MatchState.RELEASED])
def test_the_page_of_a_match_goes_by_the_rule_of_the_queue(
    app: Flask, visitor: Callable[[], Pages], state: MatchState
) -> None:
    with writing(app) as session:
        chooser, other = (factories.account(session, Role.COORDINATOR) for _ in range(2))
        match = put_forward(session, chooser, state)
        number = match.id
    # Whoever chose somebody who only said yes has the release to ask for, and the page of the match
    # says beside it why no approval is offered.
    is_approved_next = state is MatchState.RELEASED
    for person, by_queue, by_page in ((chooser, is_approved_next, True), (other, False, False)):
        pages = visitor().come_in(person)
        assert ("a colleague has to approve" in pages.get("/queue").text) is by_queue
        assert ("a colleague has to approve" in pages.get(f"/matches/{number}").text) is by_page


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


def told(app: Flask, account: Account) -> list[str]:
    """Return what the texts of somebody's notices say, after the worker has looked."""
    with app.app_context():
        sweep.tell_of_beyond_office()
    with reading(app) as session:
        rows = session.query(Notice).filter_by(account_id=account.id).order_by(Notice.id)
        return [row.words["text"]["text"] for row in rows]


def test_administrators_are_told_once_a_day_of_all_of_it(app: Flask, clock: Any) -> None:
    # An hour from now is today, whenever the tests run.
    clock.move_to(datetime.now(UTC).replace(hour=9) + timedelta(days=1))
    with writing(app) as session:
        administrator = factories.account(session, Role.ADMINISTRATOR)
        only = factories.account(session, Role.COORDINATOR)
        put_forward(session, only)
    may_not, not_here = (str(one) for one in (NOBODY_MAY, NOBODY_HERE))
    assert told(app, administrator) == [may_not]
    with writing(app) as session:
        put_forward(session, session.get_one(Account, only.id))
    clock.shift(sweep.EVERY)
    assert told(app, administrator) == [may_not]
    with writing(app) as session:
        session.get_one(Account, only.id).active = False
    clock.shift(timedelta(days=1))
    assert told(app, administrator) == [may_not, not_here]


def test_the_open_requests_are_read_once_an_hour(app: Flask, clock: Any) -> None:
    with writing(app) as session:
        administrator = factories.account(session, Role.ADMINISTRATOR)
    assert told(app, administrator) == []
    with writing(app) as session:
        factories.request(session, RequestState.SUBMITTED)
    clock.shift(sweep.EVERY - timedelta(minutes=1))
    assert told(app, administrator) == []
    clock.shift(timedelta(minutes=1))
    assert told(app, administrator) == [str(NOBODY_HERE)]


def test_where_nobody_is_a_coordinator_the_page_of_accounts_says_so(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        factories.request(session, RequestState.SUBMITTED)
    page = sign_in_as(Role.ADMINISTRATOR).get("/accounts")
    assert str(NOBODY_HERE) in page.text
    assert "is the own of each coordinator" not in page.text


@pytest.mark.parametrize(("coordinators", "read"), [(1, True), (2, False)])
def test_as_many_statements_find_thirty_as_ten(
    session: Session, coordinators: int, read: bool
) -> None:
    people = [factories.account(session, Role.COORDINATOR) for _number in range(coordinators)]

    def count(more: int) -> list[str]:
        for _number in range(more):
            put_forward(session, people[0])
        session.flush()
        session.expire_all()
        with listening(session) as said:
            found = beyond_office.find(session, clock.today())
        assert bool(found) is read
        return said

    of_ten, of_thirty = count(10), count(20)
    assert len(of_ten) == len(of_thirty)
    assert (len(of_ten) > 4) is read, of_ten


@contextmanager
def listening(session: Session) -> Iterator[list[str]]:
    """Collect the statements that the database is given meanwhile."""
    said: list[str] = []
    engine = session.get_bind()

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(" ".join(statement.split()))

    sa.event.listen(engine, "before_cursor_execute", note)
    yield said
    sa.event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    "state",
    [ActedOn, ActedOnProfile, ExpertiseRequest, Expert],
)
def test_two_coordinators_of_whom_one_has_acted_for_others_are_looked_at(
    session: Session, state: type
) -> None:
    first, second = (factories.account(session, Role.COORDINATOR) for _number in range(2))
    match = factories.match(session, MatchState.INVITED)
    session.flush()
    assert beyond_office._count_unbound(session, [first, second]) == 2
    if state is ActedOn:
        session.add(ActedOn(request_id=match.request_id, account_id=first.id, side=Role.REQUESTER))
    elif state is ActedOnProfile:
        row = {"expert_id": match.expert_id, "account_id": first.id}
        session.add(ActedOnProfile(**row, side=Role.NOMINATING_AUTHORITY))
    elif state is ExpertiseRequest:
        match.request.requester = first
    else:
        match.expert.account = first
    session.flush()
    assert beyond_office._count_unbound(session, [first, second]) == 1


@pytest.mark.both_databases
def test_who_is_considered_decides_nothing_though_they_are_no_expert_any_more(
    session: Session,
) -> None:
    former = factories.account(session, Role.COORDINATOR)
    match = factories.match(session, MatchState.SHORTLISTED, coordinator=former)
    assert first_of(session, match) == (Kind.INVITE, Side.OFFICE)
    for_whom = factories.match(
        session, MatchState.SHORTLISTED, request=match.request, coordinator=former
    )
    for_whom.expert.account = former
    assert first_of(session, match) == (Kind.FIND_COORDINATOR, Side.ADMINISTRATOR)


def faults(session: Session) -> list[str]:
    """Return what the check finds of open requests."""
    session.flush()
    return list(every_open_request_waits_for_somebody(session))


def test_the_check_asks_the_steps_themselves_whether_a_coordinator_may(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    match = put_forward(session, factories.account(session, Role.COORDINATOR))
    factories.account(session, Role.ADMINISTRATOR)
    assert faults(session) == []
    monkeypatch.setattr(waiting, "_may_be_done", lambda *_arguments: True)
    waits = f"request {match.request_id} waits for a side ({Side.OFFICE}) where nobody can act"
    assert faults(session) == [waits]
    factories.account(session, Role.COORDINATOR)
    assert faults(session) == []


def test_the_check_finds_what_waits_for_an_administrator_where_there_is_none(
    session: Session,
) -> None:
    request = factories.request(session, RequestState.SUBMITTED)
    session.flush()
    waits = f"request {request.id} waits for a side ({Side.ADMINISTRATOR}) where nobody can act"
    assert faults(session) == [waits]
    factories.account(session, Role.ADMINISTRATOR)
    assert faults(session) == []


def test_profiles_that_no_coordinator_may_vet_are_counted(session: Session) -> None:
    house = factories.organisation(session)
    roles = [Role.COORDINATOR, Role.NOMINATING_AUTHORITY]
    factories.account(session, *roles, organisation_id=house.id)
    expert = factories.expert(session, state=ExpertState.NOMINATED)
    factories.make_official(session, expert, house.id)
    session.flush()
    found = beyond_office.find(session, clock.today())
    assert found
    assert (found.references, found.profiles) == ([], 1)
    factories.account(session, Role.COORDINATOR)
    assert beyond_office.find(session, clock.today()) is None
