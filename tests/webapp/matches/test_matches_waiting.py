"""An open request waits for exactly one side, which everybody reads alike."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.core import clock, invariants
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.expertise_requests import operations as requests
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.waiting import Side
from webapp.expertise_requests.workflow import RequestStep
from webapp.experts import operations as profiles
from webapp.experts.workflow import ExpertStep
from webapp.matches import operations, reminders
from webapp.matches.models import Match, MatchState
from webapp.matches.work_queue import waiting
from webapp.matches.work_queue.waiting import Kind
from webapp.matches.work_queue.worklist import worklist
from webapp.matches.workflow import WORKFLOW, MatchStep
from webapp.messages.models import Notice

S, R = MatchState, RequestState


def at(day: date) -> datetime:
    """Return the noon of a day."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def first_of(session: Session, request: ExpertiseRequest) -> waiting.Task:
    """Return what the request waits for."""
    session.flush()
    return waiting.list_tasks(session, [request], clock.today())[request.id][0]


def step(session: Session, match: Match, name: MatchStep, person: Any = None) -> None:
    """Take a step as whoever takes it."""
    by = WORKFLOW[name].by
    if person is None:
        ours = by is Role.COORDINATOR
        person = factories.account(session, by) if ours else match.request.requester
    why = factories.grounds(WORKFLOW[name]) if match.state in WORKFLOW[name].needs_reason else None
    operations.take(factories.work(session, person, by), match, name, why)


@pytest.mark.parametrize(
    ("state", "side", "kind"),
    [
        (R.DRAFT, Side.REQUESTER, Kind.WRITE),
        (R.SUBMITTED, Side.OFFICE, Kind.READ),
        (R.RETURNED, Side.REQUESTER, Kind.CORRECT),
        (R.ACCEPTED, Side.OFFICE, Kind.FIND),
        (R.MATCHING, Side.OFFICE, Kind.FIND),
        (R.CONFIRMED, Side.OFFICE, Kind.PREPARE),
    ],
)
def test_a_request_waits_for_one_side(
    session: Session, state: RequestState, side: Side, kind: Kind
) -> None:
    factories.account(session, Role.COORDINATOR)
    request = factories.request(session, state)
    first = first_of(session, request)
    assert (first.side, first.kind, first.since) == (side, kind, request.state_since)


def declines(session: Session, request: ExpertiseRequest, kind: ReasonKind, name: str) -> Match:
    """Return an invitation that was declined for a reason."""
    match = factories.match(
        session, S.INVITED, request=request, expert=factories.expert(session, name=name)
    )
    days = (date(2031, 6, 2), date(2031, 6, 13)) if kind is ReasonKind.NOT_THEN else None
    work = factories.work(session, match.expert.account, Role.EXPERT)
    operations.take(work, match, MatchStep.DECLINE, Grounds(kind, "", days))
    return match


def test_who_would_go_on_other_days_stands_in_the_queue_until_enough_are_considered(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        request = factories.request(session, R.ACCEPTED)
        declines(session, request, ReasonKind.SUBJECT, "Ana Druga")
        assert first_of(session, request).kind is Kind.FIND_ANEW
        interested = declines(session, request, ReasonKind.NOT_THEN, "Boris Junski")
        declines(session, request, ReasonKind.SUBJECT, "Cveta Treta")
        task = first_of(session, request)
        assert (task.kind, task.side) == (Kind.ASK_FOR_OTHER_DAYS, Side.OFFICE)
        assert (task.interested, task.match) == (interested, None)
    queue = sign_in_as(Role.COORDINATOR).get("/queue")
    (line,) = [
        words
        for words in queue.links
        if "Boris Junski declined, and would go on other days" in words
    ]
    assert "13 June 2031" in line
    assert queue.links[line] == f"/requests/{request.id}/matches"
    with writing(app) as session:
        request = session.get_one(ExpertiseRequest, request.id)
        other = factories.match(session, S.INVITED, request=request)
        assert first_of(session, request).kind is Kind.ANSWER
        step(session, other, MatchStep.CANCEL)
        assert first_of(session, request).kind is Kind.ASK_FOR_OTHER_DAYS
        request.start, request.end = date(2031, 6, 3), date(2031, 6, 5)
        assert first_of(session, request).kind is Kind.CONSIDER_AGAIN
        later = declines(session, request, ReasonKind.NOT_THEN, "Dunja Kasna")
        assert later.reason
        later.reason.first_day, later.reason.last_day = date(2032, 6, 1), date(2032, 6, 9)
        task = first_of(session, request)
        assert (task.kind, task.interested) == (
            Kind.CONSIDER_AGAIN, session.get_one(Match, interested.id),
        )  # fmt: skip
        profiles.take(
            factories.work(session, factories.account(session, Role.COORDINATOR)),
            later.expert, ExpertStep.SUSPEND, factories.grounds(),
        )  # fmt: skip
        work = factories.work(session, factories.account(session, Role.COORDINATOR))
        boris = session.get_one(Match, interested.id).expert
        profiles.take(work, boris, ExpertStep.SUSPEND, factories.grounds())
        assert first_of(session, request).kind is Kind.FIND_ANEW


def test_nobody_is_told_to_consider_themselves_again(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.COORDINATOR, Role.EXPERT, name="Boris Junski")
        expert = factories.expert(session, person=person, name="Boris Junski")
        office = factories.account(session, Role.COORDINATOR)
        match = factories.match(session, S.INVITED, expert=expert, coordinator=office)
        work = factories.work(session, person, Role.EXPERT)
        days = (date(2031, 6, 2), date(2031, 6, 13))
        operations.take(work, match, MatchStep.DECLINE, Grounds(ReasonKind.NOT_THEN, "", days))
    assert "Boris Junski" in visitor().come_in(office).get("/queue").text
    own = visitor().come_in(person).get("/queue")
    assert "consider" not in " ".join(one for one in own.links if "Boris Junski" in one)
    assert any("find somebody else" in words for words in own.links)


@pytest.mark.parametrize("state", [S.INVITED, S.AVAILABLE, S.RELEASE_ASKED, S.RELEASED, S.APPROVED])
def test_who_was_asked_before_all_places_were_filled_is_a_task_until_they_are_told(
    session: Session, state: MatchState
) -> None:
    request = factories.request(session, R.ACCEPTED)
    chosen = factories.match(session, S.PROPOSED, request=request)
    asked = factories.match(session, state, request=request)
    listed = factories.match(session, S.SHORTLISTED, request=request)
    step(session, chosen, MatchStep.SELECT)
    assert request.state is R.CONFIRMED
    tasks = waiting.list_tasks(session, [request], clock.today())[request.id]
    assert [(task.side, task.kind, task.match) for task in tasks] == [
        (Side.OFFICE, Kind.LET_GO, asked),
        (Side.OFFICE, Kind.PREPARE, None),
    ]
    step(session, asked, MatchStep.CANCEL)
    assert first_of(session, request).kind is Kind.PREPARE
    assert listed.state is S.SHORTLISTED


@pytest.mark.parametrize(
    ("state", "side", "kind"),
    [
        (S.SHORTLISTED, Side.OFFICE, Kind.INVITE),
        (S.INVITED, Side.EXPERT, Kind.ANSWER),
        (S.AVAILABLE, Side.OFFICE, Kind.DECIDE),
        (S.DECLINED, Side.OFFICE, Kind.FIND_ANEW),
        (S.RELEASE_ASKED, Side.OFFICE, Kind.ASK_BY_LETTER),
        (S.RELEASED, Side.OFFICE, Kind.APPROVE),
        (S.REFUSED, Side.OFFICE, Kind.FIND_ANEW),
        (S.APPROVED, Side.OFFICE, Kind.PROPOSE),
        (S.PROPOSED, Side.REQUESTER, Kind.CHOOSE),
        (S.ALTERNATE, Side.OFFICE, Kind.FIND),
        (S.NOT_SELECTED, Side.OFFICE, Kind.FIND_ANEW),
        (S.CANCELLED, Side.OFFICE, Kind.FIND_ANEW),
    ],
)
def test_a_request_for_one_expert_waits_as_its_match_stands(
    session: Session, state: MatchState, side: Side, kind: Kind
) -> None:
    match = factories.match(session, state)
    first, began = first_of(session, match.request), match.request if kind is Kind.FIND else match
    assert (first.side, first.kind, first.since) == (side, kind, began.state_since)


def test_an_authority_on_the_platform_is_waited_for(session: Session) -> None:
    ministry = factories.organisation(session)
    factories.account(session, Role.NOMINATING_AUTHORITY, organisation_id=ministry.id)
    expert = factories.expert(session, authority_id=ministry.id)
    match = factories.match(session, S.RELEASE_ASKED, expert=expert)
    assert first_of(session, match.request).side is Side.AUTHORITY


@pytest.mark.parametrize("role", [Role.EXPERT, Role.REQUESTER])
def test_an_authority_is_not_waited_for_where_the_only_one_there_would_judge_their_own(
    session: Session, role: Role
) -> None:
    ministry = factories.organisation(session)
    both = factories.account(session, role, Role.NOMINATING_AUTHORITY, organisation_id=ministry.id)
    expert = factories.expert(
        session, authority_id=ministry.id, person=both if role is Role.EXPERT else None
    )
    request = factories.request(
        session, R.ACCEPTED, requester=both if role is Role.REQUESTER else None
    )
    match = factories.match(session, S.RELEASE_ASKED, expert=expert, request=request)
    first = first_of(session, request)
    assert (first.side, first.kind) == (Side.OFFICE, Kind.ASK_BY_LETTER)
    assert list(reminders.find_releases(session, match.reply_by or clock.today())) == []
    assert invariants.run(session) == []
    colleague = factories.account(session, Role.NOMINATING_AUTHORITY, organisation_id=ministry.id)
    first = first_of(session, request)
    assert (first.side, first.kind) == (Side.AUTHORITY, Kind.RELEASE)
    reminded = reminders.find_releases(session, match.reply_by or clock.today())
    assert [one.account_id for one in reminded] == [colleague.id]


def test_an_authority_whose_only_member_can_sign_in_no_more_is_asked_by_letter(
    session: Session,
) -> None:
    ministry = factories.organisation(session)
    member = factories.account(session, Role.NOMINATING_AUTHORITY, organisation_id=ministry.id)
    expert = factories.expert(session, authority_id=ministry.id)
    match = factories.match(session, S.RELEASE_ASKED, expert=expert)
    member.active = False
    assert first_of(session, match.request).kind is Kind.ASK_BY_LETTER


def test_an_expert_without_an_account_is_a_task_of_ours(session: Session) -> None:
    expert = factories.expert(session, signs_in=False)
    match = factories.match(session, S.INVITED, expert=expert)
    first = first_of(session, match.request)
    assert (first.side, first.kind) == (Side.OFFICE, Kind.ASK_BY_TELEPHONE)


def test_a_request_without_an_owner_is_a_task_of_ours(session: Session) -> None:
    request = factories.request(session, R.RETURNED)
    request.requester.active = False
    assert first_of(session, request).kind is Kind.FIND_OWNER


def test_those_proposed_are_enough_or_we_look_for_more(session: Session) -> None:
    request = factories.request(session, R.ACCEPTED, experts_needed=2)
    first = factories.match(session, S.PROPOSED, request=request)
    assert first_of(session, request).kind is Kind.FIND_MORE
    invited = factories.match(session, S.INVITED, request=request)
    assert first_of(session, request).kind is Kind.ANSWER
    step(session, invited, MatchStep.DECLINE, invited.expert.account)
    assert first_of(session, request).kind is Kind.FIND_MORE
    factories.match(session, S.PROPOSED, request=request)
    assert first_of(session, request).kind is Kind.CHOOSE
    step(session, first, MatchStep.SELECT)
    assert first_of(session, request).kind is Kind.CHOOSE


def test_who_is_on_the_shortlist_besides_is_nobody_s_task(session: Session) -> None:
    match = factories.match(session, S.INVITED)
    spare = factories.match(session, S.SHORTLISTED, request=match.request)
    tasks = waiting.list_tasks(session, [match.request], clock.today())[match.request_id]
    assert [task.kind for task in tasks] == [Kind.ANSWER]
    step(session, match, MatchStep.DECLINE, match.expert.account)
    assert first_of(session, match.request).match is spare


def test_the_only_invited_expert_declines_and_everybody_reads_who_acts(
    app: Flask, sign_in_as: Callable[..., Pages], visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        request = factories.match(session, S.DECLINED).request
        requester = request.requester
    office = sign_in_as(Role.COORDINATOR)
    assert "Nobody is left to select: find somebody else" in office.get("/queue").text
    assert "waits for SEESAC since" in office.get("/requests/all").text
    assert "waits for SEESAC since" in office.get(f"/requests/{request.id}").text
    pages = visitor().come_in(requester)
    for url in ("/requests", f"/requests/{request.id}"):
        text = pages.get(url).text
        assert "Waits for SEESAC. The experts who were asked cannot go" in text


def test_the_requester_reads_that_an_expert_is_awaited_and_not_whom(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        match = factories.match(session, S.INVITED)
        requester, name = match.request.requester, match.expert.name
    text = visitor().come_in(requester).get(f"/requests/{match.request_id}").text
    assert "Waits for the answer of an expert." in text
    assert name not in text


def test_closing_is_urged_near_the_first_day(app: Flask, clock: Any) -> None:
    with writing(app) as session:
        match = factories.match(session, S.SELECTED)
        coordinator = factories.account(session, Role.COORDINATOR)
        found = worklist(session, factories.actor(coordinator))
        assert (len(found.ours), len(found.later)) == (0, 1)
        start = match.request.start
    assert start
    clock.move_to(at(start - timedelta(days=7)))
    with reading(app) as session:
        found = worklist(session, factories.actor(coordinator))
        closing = "Close the request when the experts are on their way"
        # Beside it stands the mission itself, which is to be prepared and cleared by now.
        assert closing in [str(line.what) for line in found.ours]
        assert {line.request for line in found.ours} == {found.ours[0].request}
        assert not found.later


def propose_two(session: Session) -> tuple[ExpertiseRequest, Match, Match]:
    """Return a request for one expert with two who are proposed for it."""
    chosen = factories.match(session, S.APPROVED)
    reserve = factories.match(session, S.APPROVED, request=chosen.request)
    operations.propose(factories.work(session, None, Role.COORDINATOR), chosen.request)
    return chosen.request, chosen, reserve


@pytest.mark.parametrize("closed", [False, True])
def test_a_selected_expert_who_falls_out_reopens_the_request_and_reserves_are_offered(
    app: Flask, visitor: Callable[[], Pages], *, closed: bool
) -> None:
    with writing(app) as session:
        request, chosen, reserve = propose_two(session)
        step(session, reserve, MatchStep.KEEP_AS_ALTERNATE)
        step(session, chosen, MatchStep.SELECT)
        if closed:
            requests.take(
                factories.work(session, None, Role.COORDINATOR), request, RequestStep.CLOSE
            )
        step(session, chosen, MatchStep.TAKE_BACK)
        session.flush()
        assert request.state is R.PROPOSED
        assert first_of(session, request).kind is Kind.CHOOSE
        told = (
            session.query(Notice)
            .filter_by(account_id=request.requester_id)
            .order_by(Notice.id)
            .all()
        )
        assert told[-1].path == f"/requests/{request.id}/proposed"
        assert "fell out" in str(told[-1].words["subject"])
        assert invariants.run(session) == []
    page = visitor().come_in(request.requester).get(f"/requests/{request.id}/proposed")
    assert reserve.expert.name in page.text
    page.pages.post(f"/proposals/{reserve.id}/select", {})
    with reading(app) as session:
        assert session.get_one(Match, reserve.id).state is S.SELECTED
        assert session.get_one(ExpertiseRequest, request.id).state is R.CONFIRMED


def test_a_request_that_nobody_went_for_waits_for_seesac_to_end_it(app: Flask, clock: Any) -> None:
    with writing(app) as session:
        match = factories.match(session, S.SELECTED)
        work = factories.work(session, None, Role.COORDINATOR)
        requests.take(work, match.request, RequestStep.CLOSE)
    assert match.request.end
    clock.move_to(at(match.request.end + timedelta(days=1)))
    with writing(app) as session:
        stored = session.get_one(Match, match.id)
        step(session, stored, MatchStep.TAKE_BACK)
        assert stored.request.state is R.PROPOSED
        assert first_of(session, stored.request).side is Side.OFFICE


def test_check_finds_a_request_that_waits_for_nobody(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(app) as session:
        request = factories.match(session, S.DECLINED).request
    with app.app_context(), reading(app) as session:
        assert invariants.run(session) == []
        monkeypatch.setattr(waiting, "list_tasks", lambda *_arguments: {})
        assert invariants.run(session) == [
            f"request {request.id} is “matching” and waits for nobody"
        ]
