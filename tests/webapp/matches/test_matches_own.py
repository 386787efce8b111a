"""Nobody decides on what is their own, and with four eyes nobody alone."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.factories.matching import PATHS
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.core import invariants
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.record.reasons import ReasonKind
from webapp.core.roles import Role
from webapp.expertise_requests import operations as requests
from webapp.expertise_requests import rules as request_rules
from webapp.expertise_requests.models import RequestState
from webapp.expertise_requests.workflow import WORKFLOW as REQUEST_STEPS
from webapp.experts import operations as experts
from webapp.experts.models import ExpertState
from webapp.experts.workflow import WORKFLOW as PROFILE_STEPS
from webapp.experts.workflow import ExpertStep
from webapp.matches import operations, rules
from webapp.matches.candidates import CONSIDERED
from webapp.matches.models import Match, MatchState
from webapp.matches.work_queue.worklist import worklist
from webapp.matches.workflow import WORKFLOW, MatchStep
from webapp.messages.models import OutboxMessage
from webapp.platform_settings.forms import SettingsForm
from webapp.platform_settings.queries import get_settings

# An administrator has no other role.
EVERYTHING = tuple(role for role in Role if role is not Role.ADMINISTRATOR)
OWN = "This is your own, so somebody else decides on it."
BY_COORDINATORS = [name for name in WORKFLOW if WORKFLOW[name].by is Role.COORDINATOR]


@pytest.fixture
def everybody(session: Session) -> Account:
    """Return somebody who has every role."""
    return factories.account(session, *EVERYTHING)


@pytest.mark.parametrize("state", PATHS)
@pytest.mark.parametrize("whose", [Role.EXPERT, Role.REQUESTER])
def test_nobody_takes_a_step_in_another_role_with_a_match_of_their_own(
    session: Session, everybody: Account, state: MatchState, whose: Role
) -> None:
    if whose is Role.EXPERT:
        match = factories.match(session, state, expert=factories.expert(session, person=everybody))
    else:
        request = factories.request(session, RequestState.ACCEPTED, requester=everybody)
        match = factories.match(session, state, request=request)
    work = factories.work(session, everybody)
    for name in WORKFLOW:
        if WORKFLOW[name].by is not whose and match.state in WORKFLOW[name].sources:
            with pytest.raises(ForbiddenError):
                operations.take(work, match, name, factories.grounds(WORKFLOW[name]))
    offered = {name for role in Role for name in rules.possible_steps(match, work.actor, role)}
    assert {WORKFLOW[name].by for name in offered} <= {whose}
    if offered:
        name = offered.pop()
        operations.take(work, match, name, factories.grounds(WORKFLOW[name]))


def test_nobody_puts_themselves_on_a_shortlist_nor_anybody_for_a_request_of_their_own(
    session: Session, everybody: Account
) -> None:
    work = factories.work(session, everybody)
    wanted = factories.request(session, RequestState.ACCEPTED)
    me = factories.expert(session, person=everybody)
    mine = factories.request(session, RequestState.ACCEPTED, requester=everybody)
    for request, expert in ((wanted, me), (mine, factories.expert(session))):
        with pytest.raises(ForbiddenError, match=OWN):
            operations.shortlist(work, request, expert, factories.PLACING)
    colleague = factories.work(session, factories.account(session, Role.COORDINATOR))
    with pytest.raises(ConflictError, match="is one of those who ask"):
        operations.shortlist(colleague, mine, me, factories.PLACING)


@pytest.mark.parametrize("state", RequestState)
def test_nobody_decides_on_a_request_of_their_own(
    session: Session, everybody: Account, state: RequestState
) -> None:
    request = factories.request(session, state, requester=everybody)
    work = factories.work(session, everybody)
    for name in REQUEST_STEPS:
        if REQUEST_STEPS[name].by is Role.COORDINATOR:
            with pytest.raises(ForbiddenError, match=OWN):
                requests.take(work, request, name, factories.grounds(REQUEST_STEPS[name]))
    offered = request_rules.possible_steps(work.actor, request)
    assert {REQUEST_STEPS[name].by for name in offered} <= {Role.REQUESTER}


@pytest.mark.parametrize("state", RequestState)
def test_nobody_decides_on_a_request_of_their_organisation(
    session: Session, everybody: Account, state: RequestState
) -> None:
    ours = factories.organisation(session)
    colleague = factories.account(session, Role.REQUESTER, organisation_id=ours.id)
    request = factories.request(session, state, requester=colleague)
    decisions = [name for name in REQUEST_STEPS if REQUEST_STEPS[name].by is Role.COORDINATOR]
    outside = request_rules.possible_steps(factories.actor(everybody), request)
    assert {REQUEST_STEPS[name].by for name in outside} <= {Role.COORDINATOR}
    everybody.organisation_id = ours.id
    work = factories.work(session, everybody)
    assert request_rules.possible_steps(work.actor, request) == []
    for name in decisions:
        with pytest.raises(ForbiddenError, match="your organisation's"):
            requests.take(work, request, name, factories.grounds(REQUEST_STEPS[name]))
    # Members in other roles ask for nothing, so they decide as before.
    assert request_rules.possible_steps(factories.actor(everybody, Role.COORDINATOR), request) == [
        name for name in outside if name in decisions
    ]


def test_nobody_handles_experts_for_their_organisation(
    session: Session, everybody: Account
) -> None:
    ours = factories.organisation(session)
    colleague = factories.account(session, Role.REQUESTER, organisation_id=ours.id)
    request = factories.request(session, RequestState.ACCEPTED, requester=colleague)
    match = factories.match(session, MatchState.RELEASED, request=request)
    everybody.organisation_id = ours.id
    work = factories.work(session, everybody)
    assert rules.possible_steps(match, work.actor, Role.COORDINATOR) == []
    with pytest.raises(ForbiddenError, match="your organisation's"):
        operations.take(work, match, MatchStep.APPROVE)
    stranger = factories.work(session, factories.account(session, Role.COORDINATOR))
    me = factories.expert(session, person=everybody)
    with pytest.raises(ConflictError, match="one of those who ask"):
        operations.shortlist(stranger, request, me, factories.PLACING)


@pytest.mark.parametrize("state", ExpertState)
def test_nobody_decides_on_a_profile_of_their_own(
    session: Session, everybody: Account, state: ExpertState
) -> None:
    expert = factories.expert(session, person=everybody, state=state)
    work = factories.work(session, everybody)
    for name in PROFILE_STEPS:
        # To leave the roster, and to come back to it, is everybody's own to decide.
        if PROFILE_STEPS[name].by is Role.EXPERT:
            continue
        with pytest.raises(ForbiddenError, match=OWN):
            experts.take(work, expert, name, factories.grounds(PROFILE_STEPS[name]))


def test_nobody_is_proposed_by_themselves_not_even_among_others(
    session: Session, everybody: Account
) -> None:
    request = factories.request(session, RequestState.ACCEPTED)
    me = factories.expert(session, person=everybody)
    factories.match(session, MatchState.APPROVED, request=request)
    factories.match(session, MatchState.APPROVED, request=request, expert=me)
    with pytest.raises(ForbiddenError, match=str(CONSIDERED)):
        operations.propose(factories.work(session, everybody), request)


def test_pages_offer_nothing_on_what_is_ones_own_and_say_why(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        everybody = factories.account(session, *EVERYTHING)
        me = factories.expert(session, person=everybody)
        request = factories.request(session, RequestState.ACCEPTED)
        match = factories.match(session, MatchState.APPROVED, request=request, expert=me)
        july = date(2031, 7, 7)
        other = factories.request(session, RequestState.ACCEPTED, start=july, end=july)
        mine = factories.request(session, RequestState.ACCEPTED, requester=everybody)
    pages = visitor().come_in(everybody)
    page = pages.get(f"/matches/{match.id}")
    assert OWN in page.text
    assert "End this match" not in page.text
    assert f"/requests/{request.id}/propose" not in page.response.text
    proposal = pages.get(f"/requests/{request.id}/propose")
    assert OWN in proposal.text
    assert 'method="post" action="/requests' not in proposal.response.text
    ranking = pages.get(f"/requests/{other.id}/matches")
    assert "This is you" in ranking.text
    assert f"/requests/{other.id}/matches/{me.id}" not in ranking.response.text
    pages.post(f"/requests/{other.id}/matches/{me.id}", {}, status=403)
    pages.get(f"/requests/{mine.id}/matches", status=403)
    profile = pages.get(f"/roster/{me.id}")
    assert "This profile is your own" in profile.text
    pages.post(
        f"/matches/{match.id}/cancel",
        {"cancel-kind": "other", "cancel-reason": "Mine."},
        status=403,
    )
    queue = pages.get("/queue")
    assert OWN in queue.text


def test_with_four_eyes_whoever_put_an_expert_forward_does_not_approve(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        first = factories.account(session, Role.COORDINATOR)
        second = factories.account(session, Role.COORDINATOR)
        match = factories.match(session, MatchState.RELEASED, coordinator=first)
    pages = visitor().come_in(first)
    assert "Approve" in pages.get(f"/matches/{match.id}").text
    with writing(app) as session:
        get_settings(session).four_eyes = True
    page = pages.get(f"/matches/{match.id}")
    assert "You put" in page.text
    assert f"/matches/{match.id}/approve" not in page.response.text
    refused = pages.post(f"/matches/{match.id}/approve", {}, status=403)
    assert "a colleague has to approve" in refused.text
    with reading(app) as session:
        stored = session.get_one(Match, match.id)
        assert stored.state is MatchState.RELEASED
        tasks = worklist(session, factories.actor(first))
        assert [str(task.note) for task in tasks.theirs if task.match] == [
            f"You put {stored.expert.name} forward, and the platform asks for four eyes: a"
            " colleague has to approve."
        ]
        tasks = worklist(session, factories.actor(second))
        assert [str(task.note) for task in tasks.ours if task.match] == [
            f"{first.name} put this expert forward, so somebody else approves."
        ]
    visitor().come_in(second).post(f"/matches/{match.id}/approve", {}, status=302)


@pytest.mark.parametrize("state", [MatchState.AVAILABLE, MatchState.RELEASED])
def test_four_eyes_are_what_their_setting_says(session: Session, state: MatchState) -> None:
    """Whoever shortlisted is refused in words and approves nothing; both can propose after it."""
    first = factories.account(session, Role.COORDINATOR)
    second = factories.account(session, Role.COORDINATOR)
    get_settings(session).four_eyes = True
    match = factories.match(session, state, coordinator=first)
    approve, why = MatchStep.APPROVE, factories.grounds(WORKFLOW[MatchStep.APPROVE])
    with pytest.raises(ForbiddenError, match="a colleague has to approve"):
        operations.take(factories.work(session, first), match, approve, why)
    assert (match.state, match.booked_days) == (state, [])
    operations.take(factories.work(session, second), match, approve, why)
    operations.propose(factories.work(session, first), match.request)
    assert match.state is MatchState.PROPOSED
    said = str(SettingsForm.four_eyes.kwargs["description"])
    assert said.startswith("Whoever puts an expert on the shortlist, or takes one up again, does")
    assert "a colleague does, and either of the two proposes" in said


def test_whoever_takes_an_expert_up_again_has_put_them_forward(session: Session) -> None:
    first = factories.account(session, Role.COORDINATOR)
    second = factories.account(session, Role.COORDINATOR)
    match = factories.match(session, MatchState.CANCELLED, coordinator=first)
    assert match.put_forward_by == first.id
    operations.take(
        factories.work(session, second),
        match,
        MatchStep.RECONSIDER,
        factories.grounds(text="Dates moved."),
    )
    assert match.put_forward_by == second.id


@pytest.mark.both_databases
def test_who_is_suspended_leaves_all_that_is_not_over(app: Flask) -> None:
    states = (MatchState.SELECTED, MatchState.PROPOSED, MatchState.SHORTLISTED)
    with writing(app) as session:
        expert = factories.expert(session)
        made = []
        for number, state in enumerate(states):
            start = date(2031, 5, 5) + timedelta(weeks=number)
            request = factories.request(session, RequestState.ACCEPTED, start=start, end=start)
            made.append(factories.match(session, state, expert=expert, request=request))
        work = factories.work(session, factories.account(session, Role.COORDINATOR))
        colleague = factories.account(session, Role.COORDINATOR)
        experts.take(
            work, expert, ExpertStep.SUSPEND, factories.grounds(text="Under investigation.")
        )
        assert {match.state for match in made} == {MatchState.CANCELLED}
        assert {match.reason.kind for match in made if match.reason} == {ReasonKind.LEFT_ROSTER}
        assert made[0].request.state is RequestState.PROPOSED
        session.flush()
        fell_out = OutboxMessage.subject.like("%: an expert fell out")
        told = {mail.account_id for mail in session.query(OutboxMessage).filter(fell_out)}
        requesters = {match.request.requester_id for match in made}
        assert told & requesters == {match.request.requester_id for match in made[:2]}
        assert colleague.id in told
        assert work.actor.id not in told
    with reading(app) as session:
        assert invariants.run(session) == []


def test_who_is_suspended_keeps_the_missions_that_are_past(app: Flask, clock: Any) -> None:
    with writing(app) as session:
        match = factories.match(session, MatchState.SELECTED)
    clock.move_to(datetime(2031, 6, 1, tzinfo=UTC))
    with writing(app) as session:
        work = factories.work(session, factories.account(session, Role.COORDINATOR))
        stored = session.get_one(Match, match.id)
        experts.take(
            work, stored.expert, ExpertStep.SUSPEND, factories.grounds(text="Under investigation.")
        )
        assert stored.state is MatchState.SELECTED
    with reading(app) as session:
        assert invariants.run(session) == []


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        ("UPDATE expertise_request SET experts_needed = 2", "with 1 selected of the 2"),
        ("UPDATE expertise_request SET state = 'proposed'", "with 1 selected of the 1"),
        ("UPDATE expert SET state = 'suspended'", "its expert is “suspended”"),
    ],
)
def test_a_state_that_nothing_leads_out_of_is_found(app: Flask, spoil: str, fault: str) -> None:
    with writing(app) as session:
        factories.match(session, MatchState.SELECTED)
    with writing(app) as session:
        assert invariants.run(session) == []
        session.execute(sa.text(spoil))
    with reading(app) as session:
        found = invariants.run(session)
    # That the request then waits for nobody, or says what was not agreed, is found as well.
    besides = ("waits for nobody", "what version 1 does not say")
    assert [fault in one for one in found if not any(map(one.count, besides))] == [True]


def test_one_text_in_two_drafts_that_nobody_has_edited_is_found(app: Flask) -> None:
    with writing(app) as session:
        requester = factories.account(session, Role.REQUESTER)
        first = factories.request(session, requester=requester, security="")
        second = factories.request(session, requester=requester, security="Another text.")
    with writing(app) as session:
        assert invariants.run(session) == []
        session.execute(sa.text("UPDATE expertise_request SET security = ''"))
    with reading(app) as session:
        (found,) = invariants.run(session)
        assert found.startswith(f"draft {second.id} says the same as draft {first.id}")


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.REQUESTER])
@pytest.mark.parametrize("state", PATHS)
def test_who_acts_for_an_authority_takes_no_other_step_with_its_officials(
    session: Session, role: Role, state: MatchState
) -> None:
    authority = factories.organisation(session)
    official = factories.expert(session)
    factories.make_official(session, official, authority.id)
    person = factories.account(
        session, Role.NOMINATING_AUTHORITY, role, organisation_id=authority.id
    )
    asks = {"requester": person} if role is Role.REQUESTER else {}
    request = factories.request(session, RequestState.ACCEPTED, **asks)
    match = factories.match(session, state, request=request, expert=official)
    work = factories.work(session, person)
    for name in WORKFLOW:
        if WORKFLOW[name].by is role and match.state in WORKFLOW[name].sources:
            with pytest.raises(ForbiddenError, match="your organisation's"):
                operations.take(work, match, name, factories.grounds(WORKFLOW[name]))
    assert rules.possible_steps(match, work.actor, role) == []


def test_an_expert_answers_also_where_they_act_for_their_authority(session: Session) -> None:
    authority = factories.organisation(session)
    person = factories.account(
        session, Role.NOMINATING_AUTHORITY, Role.EXPERT, organisation_id=authority.id
    )
    official = factories.expert(session, person=person)
    factories.make_official(session, official, authority.id)
    match = factories.match(session, MatchState.INVITED, expert=official)
    work = factories.work(session, person)
    operations.take(work, match, MatchStep.ACCEPT)
    assert match.state is MatchState.AVAILABLE
