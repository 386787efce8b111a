"""Whose a step is, when it can be taken, and what becomes of those who fell out."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.core import invariants
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.record import audit
from webapp.core.roles import Role
from webapp.deployments.models import Deployment, DeploymentState
from webapp.expertise_requests import operations as requests
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.workflow import RequestStep
from webapp.matches import operations, rules
from webapp.matches.models import Match, MatchState
from webapp.matches.work_queue.worklist import worklist
from webapp.matches.workflow import WORKFLOW, MatchStep
from webapp.messages.models import OutboxMessage

S, M = MatchState, MatchStep
ALL = (Role.COORDINATOR, Role.REQUESTER, Role.EXPERT)


def _take(session: Session, match: Match, step: MatchStep) -> None:
    """Take a step as the person whose it is, with a reason where one is needed."""
    by = WORKFLOW[step].by
    person = {
        Role.COORDINATOR: None,
        Role.REQUESTER: match.request.requester,
        Role.EXPERT: match.expert.account,
    }[by] or factories.account(session, by)
    needed = match.state in WORKFLOW[step].needs_reason
    why = factories.grounds(WORKFLOW[step]) if needed else None
    operations.take(factories.work(session, person), match, step, why)


@pytest.mark.both_databases
def test_somebody_who_fell_out_can_be_selected_again(app: Flask) -> None:
    with writing(app) as session:
        match = factories.match(session, S.SELECTED)
        for step in (M.TAKE_BACK, M.RECONSIDER, M.INVITE, M.ACCEPT, M.APPROVE):
            _take(session, match, step)
        operations.propose(factories.work(session, None, Role.COORDINATOR), match.request)
        _take(session, match, M.SELECT)
    with reading(app) as session:
        deployment = session.scalars(sa.select(Deployment)).one()
        assert (deployment.state, deployment.reason) == (DeploymentState.PLANNED, None)
        assert session.scalars(sa.select(ExpertiseRequest)).one().state is RequestState.CONFIRMED
        assert invariants.run(session) == []
        assert audit.verify(session) == []


@pytest.mark.parametrize(
    ("state", "step"),
    [
        (S.INVITED, M.ACCEPT),
        (S.INVITED, M.DECLINE),
        (S.PROPOSED, M.SELECT),
        (S.PROPOSED, M.KEEP_AS_ALTERNATE),
        (S.PROPOSED, M.PASS_OVER),
    ],
)
def test_a_role_gives_no_right_to_what_is_another_persons(
    app: Flask, state: MatchState, step: MatchStep
) -> None:
    with writing(app) as session:
        match = factories.match(session, state)
        other = factories.work(session, factories.account(session, *ALL), *ALL)
        with pytest.raises(ForbiddenError):
            operations.take(other, match, step, factories.grounds(WORKFLOW[step]))
        assert match.state is state


def test_the_state_is_not_told_to_those_who_may_not_act(app: Flask) -> None:
    with writing(app) as session:
        match = factories.match(session, S.INVITED)
        work = factories.work(session, match.request.requester)
        requests.take(
            work, match.request, RequestStep.WITHDRAW, factories.grounds(text="No need any more.")
        )
        with pytest.raises(ForbiddenError):
            operations.take(factories.work(session, match.expert.account), match, M.APPROVE)


@pytest.mark.parametrize("state", [S.SHORTLISTED, S.INVITED, S.AVAILABLE, S.DECLINED, S.CANCELLED])
def test_what_is_offered_can_be_done_and_nothing_else_when_the_request_is_confirmed(
    app: Flask, state: MatchState
) -> None:
    with writing(app) as session:
        chosen = factories.match(session, S.PROPOSED)
        match = factories.match(session, state, request=chosen.request)
        _take(session, chosen, M.SELECT)
        assert chosen.request.state is RequestState.CONFIRMED
        people = (match.expert.account, match.request.requester, factories.account(session, *ALL))
        offered = {
            name
            for person in people
            for role in ALL
            for name in rules.possible_steps(match, factories.actor(person, *ALL), role)
        }
        for step in WORKFLOW:
            if not WORKFLOW[step].offered or match.state not in WORKFLOW[step].sources:
                continue
            if step in offered:
                with session.begin_nested() as inside:
                    _take(session, match, step)
                    inside.rollback()
                session.refresh(match)
            else:
                with pytest.raises(ConflictError):
                    _take(session, match, step)


def test_choices_are_made_only_while_the_page_offers_them(app: Flask) -> None:
    with writing(app) as session:
        chosen = factories.match(session, S.APPROVED)
        other = factories.match(session, S.APPROVED, request=chosen.request)
        operations.propose(factories.work(session, None, Role.COORDINATOR), chosen.request)
        _take(session, chosen, M.SELECT)
        possible = rules.possible_steps(
            other, factories.actor(other.request.requester), Role.REQUESTER
        )
        assert possible == [M.PASS_OVER], "who is in reserve need not stay there"
        for step in (M.SELECT, M.KEEP_AS_ALTERNATE):
            with pytest.raises(ConflictError):
                _take(session, other, step)


def test_the_queue_names_no_task_that_cannot_be_done(app: Flask) -> None:
    with writing(app) as session:
        chosen = factories.match(session, S.PROPOSED)
        factories.match(session, S.SHORTLISTED, request=chosen.request)
        invited = factories.match(session, S.INVITED, request=chosen.request)
        _take(session, chosen, M.SELECT)
        coordinator = factories.actor(factories.account(session, Role.COORDINATOR))
        found = worklist(session, coordinator)
        # Who was invited cannot say yes any more, and can be told so.
        assert [task.match for task in found.ours + found.theirs if task.match] == [invited]
        assert M.CANCEL in rules.possible_steps(invited, coordinator, Role.COORDINATOR)
        assert [str(task.what) for task in found.later] == [
            "Prepare the journey of the experts; close the request shortly before it"
        ]


@pytest.mark.parametrize("closed", [False, True])
def test_the_requester_is_told_of_an_expert_who_fell_out(app: Flask, *, closed: bool) -> None:
    with writing(app) as session:
        match = factories.match(session, S.SELECTED)
        if closed:
            work = factories.work(session, None, Role.COORDINATOR)
            requests.take(work, match.request, RequestStep.CLOSE)
        _take(session, match, M.TAKE_BACK)
        session.flush()
        subjects = session.scalars(
            sa.select(OutboxMessage.subject).where(
                OutboxMessage.account_id == match.request.requester_id
            )
        ).all()
        assert [words for words in subjects if "an expert fell out" in words]


def test_a_request_that_ends_tells_of_no_expert_who_fell_out(app: Flask) -> None:
    with writing(app) as session:
        match = factories.match(session, S.PROPOSED)
        work = factories.work(session, match.request.requester)
        requests.take(
            work, match.request, RequestStep.WITHDRAW, factories.grounds(text="No need any more.")
        )
        assert match.state is S.CANCELLED
        session.flush()
        subjects = session.scalars(sa.select(OutboxMessage.subject)).all()
        assert not [words for words in subjects if "an expert fell out" in words]


def test_a_refused_approval_shows_what_is_stored(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        expert = factories.expert(session)
        factories.match(session, S.APPROVED, expert=expert)
        number = factories.match(session, S.AVAILABLE, expert=expert).id
    pages = sign_in_as(Role.COORDINATOR)
    values = {"approve-kind": "other", "approve-reason": "Released by letter."}
    page = pages.post(f"/matches/{number}/approve", values, status=409)
    assert "has just been approved for another mission" in page.text
    assert "Ask for the release" in page.text
    assert "End this match and tell the requester" not in page.text


@pytest.mark.both_databases
def test_a_reason_that_nobody_asked_for_is_not_kept(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        number = factories.match(session, S.SHORTLISTED).id
    pages = sign_in_as(Role.COORDINATOR)
    pages.post(
        f"/matches/{number}/invite", {"invite-kind": "other", "invite-reason": "a\x00b \x07"}
    )
    with reading(app) as session:
        match = session.get_one(Match, number)
        assert (match.state, match.reason) == (S.INVITED, None)
        event = session.query(audit.AuditEvent).filter_by(action="match: invite").one()
        assert not event.reason


def test_a_request_that_has_ended_with_somebody_waiting_is_not_sound(app: Flask) -> None:
    with writing(app) as session:
        match = factories.match(session, S.INVITED)
        match.request.state = RequestState.WITHDRAWN
        session.flush()
        assert any("for a request that is “withdrawn”" in line for line in invariants.run(session))
