"""Joining two profiles makes no decision of somebody one on themselves."""

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.accounts import operations as accounts
from webapp.accounts.models import Account, RoleRow
from webapp.core import clock, invariants
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.record import audit
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.expertise_requests import rules as request_rules
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts import approvals, joining, sides
from webapp.experts import operations as profiles
from webapp.experts import rules as profile_rules
from webapp.experts.approvals import Wanted
from webapp.experts.joining import Nominee
from webapp.experts.models import Expert, ExpertState
from webapp.experts.standing_tables import Approval, ApprovalState, ProfileMerge
from webapp.experts.standing_workflow import ApprovalStep
from webapp.experts.workflow import ExpertStep
from webapp.matches import operations
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import WORKFLOW, MatchStep
from webapp.membership import operations as membership
from webapp.roster import merging

pytestmark = [pytest.mark.both_databases, pytest.mark.thorough]

E, C, N, Q = Role.EXPERT, Role.COORDINATOR, Role.NOMINATING_AUTHORITY, Role.REQUESTER
NAME = "Jelena Zgled"


def join(session: Session, kept: Expert, gone: Expert) -> None:
    audit.seal(session)  # Whatever was done before has become true.
    work = factories.work(session, factories.account(session, C))
    merging.join(work, kept, gone, (), seen=(kept.version, gone.version))


def refuse(session: Session, kept: Expert, gone: Expert, words: str) -> None:
    """Look that the two cannot be joined in either way, for a reason."""
    for pair in ((kept, gone), (gone, kept)):
        with pytest.raises(ConflictError, match=words):
            join(session, *pair)


def official(session: Session) -> tuple[Account, Expert, Account]:
    """Return somebody who acts for an authority and is its expert, and a colleague there."""
    home = factories.organisation(session).id
    person = factories.account(session, E, N, organisation_id=home, name=NAME)
    until = factories.FOR_YEARS
    own = factories.expert(
        session, person=person, name=NAME, authority_id=home, approved_until=until
    )
    return person, own, factories.account(session, N, organisation_id=home)


def test_nobody_is_approved_by_themselves_through_a_second_profile(session: Session) -> None:
    person, own, colleague = official(session)
    nominee = Nominee(f"{NAME} (I)", jurisdiction="MNE")
    wanted = Wanted(clock.today(), date(2040, 1, 1))
    second = joining.nominate(factories.work(session, person), nominee, wanted)
    with pytest.raises(ConflictError, match="nobody approves themselves"):
        join(session, own, second)
    row = session.scalars(sa.select(Approval).where(Approval.expert_id == second.id)).one()
    why = Grounds(ReasonKind.MISTAKE)
    approvals.withdraw(factories.work(session, colleague), row, ApprovalStep.WITHDRAW, why)
    approvals.grant(factories.work(session, colleague), second, ApprovalStep.GRANT, wanted)
    join(session, own, second)
    given = session.scalars(
        sa.select(Approval).where(
            Approval.expert_id == own.id, Approval.state == ApprovalState.GRANTED
        )
    )
    assert all(one.granted_by != person.id for one in given)
    assert invariants.run(session) == []


def test_nor_by_an_account_that_closes(session: Session) -> None:
    """The profile that is kept was approved with the account of the one that ends."""
    person, own, _colleague = official(session)
    kept = factories.expert(session, signs_in=False, name=NAME, authority_id=own.authority_id)
    wanted = Wanted(clock.today(), date(2040, 1, 1))
    approvals.grant(factories.work(session, person), kept, ApprovalStep.GRANT, wanted)
    refuse(session, kept, own, "nobody approves themselves")


def test_an_approval_that_has_ended_is_history(session: Session) -> None:
    person, own, colleague = official(session)
    second = factories.expert(session, signs_in=False, name=NAME, authority_id=own.authority_id)
    for by, until in ((person, clock.today()), (colleague, date(2040, 1, 1))):
        wanted = Wanted(clock.today(), until)
        approvals.grant(factories.work(session, by), second, ApprovalStep.GRANT, wanted)
    row = session.scalars(sa.select(Approval).where(Approval.granted_by == person.id)).one()
    row.starts, row.until = date(2020, 1, 1), date(2020, 12, 31)
    session.flush()
    join(session, own, second)
    assert invariants.run(session) == []


def two_of_a_coordinator(session: Session) -> tuple[Account, Expert, Expert]:
    """Return a coordinator who is an expert, too, with their profile and another one of theirs
    that has no account."""
    person = factories.account(session, E, C, name=NAME)
    own = factories.expert(session, person=person, name=NAME)
    return person, own, factories.expert(session, signs_in=False, name=NAME)


def considered(
    session: Session, state: MatchState, by: Account, request: ExpertiseRequest | None = None
) -> Match:
    """Return the match of somebody who has no account any more, decided on by a coordinator."""
    expert = factories.expert(session, name=NAME)
    match = factories.match(session, state, expert=expert, coordinator=by, request=request)
    expert.account = None
    session.flush()
    return match


DECIDED = "decided with an account of the same person"


@pytest.mark.parametrize("state", [MatchState.INVITED, MatchState.APPROVED, MatchState.SELECTED])
def test_nobody_is_sent_by_themselves_through_a_second_profile(
    session: Session, state: MatchState
) -> None:
    person, own, _second = two_of_a_coordinator(session)
    match = considered(session, state, person)
    refuse(session, own, match.expert, DECIDED)


def test_one_act_of_many_is_enough_and_what_colleagues_did_stands_against_nothing(
    session: Session,
) -> None:
    person, own, _second = two_of_a_coordinator(session)
    colleague = factories.account(session, C)
    match = considered(session, MatchState.AVAILABLE, colleague)
    why = factories.grounds(WORKFLOW[MatchStep.APPROVE])
    operations.take(factories.work(session, person), match, MatchStep.APPROVE, why)
    refuse(session, own, match.expert, DECIDED)
    ends = factories.grounds()
    operations.take(factories.work(session, colleague), match, MatchStep.CANCEL, ends)
    join(session, own, match.expert)
    again = Grounds(ReasonKind.OTHER, "Needed after all.")
    operations.take(factories.work(session, colleague), match, MatchStep.RECONSIDER, again)
    assert (match.expert_id, match.state) == (own.id, MatchState.SHORTLISTED)
    audit.seal(session)
    assert invariants.run(session) == []


def test_who_was_put_forward_by_themselves_alone_is_refused_too(session: Session) -> None:
    person, own, second = two_of_a_coordinator(session)
    factories.match(session, expert=second).put_forward_by = person.id
    session.flush()
    refuse(session, own, second, DECIDED)


def test_what_experts_answer_is_no_decision_on_themselves(session: Session) -> None:
    own = factories.expert(session, name=NAME)
    kept = factories.expert(session, signs_in=False, name=NAME)
    factories.match(session, MatchState.AVAILABLE, expert=own)
    join(session, kept, own)
    assert invariants.run(session) == []


@pytest.mark.parametrize("own_organisation", [True, False])
def test_nobody_answers_a_request_of_their_own_through_a_second_profile(
    session: Session, own_organisation: bool
) -> None:
    request = factories.request(session, RequestState.ACCEPTED)
    person = request.requester
    if own_organisation:
        request.organisation_id = factories.organisation(session).id
        person = factories.account(session, E, Q, organisation_id=request.organisation_id)
    own = factories.expert(session, person=person, name=NAME)
    colleague = factories.account(session, C)
    match = considered(session, MatchState.APPROVED, colleague, request)
    refuse(session, own, match.expert, "is one of those who ask for")
    ends = factories.grounds()
    operations.take(factories.work(session, colleague), match, MatchStep.CANCEL, ends)
    join(session, own, match.expert)
    assert invariants.run(session) == []


def test_nobody_lets_themselves_onto_the_roster_through_a_second_profile(session: Session) -> None:
    person, own, _second = two_of_a_coordinator(session)
    fresh = factories.expert(session, signs_in=False, name=NAME, state=ExpertState.SCREENING)
    fresh.consented_at = clock.now()
    profiles.take(factories.work(session, person), fresh, ExpertStep.ACTIVATE)
    with pytest.raises(ConflictError, match="was let onto the roster"):
        join(session, fresh, own)
    join(session, own, fresh)
    assert own.state is ExpertState.ACTIVE
    assert invariants.run(session) == []


def test_the_page_says_it_before_anybody_joins(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        person, own, _second = two_of_a_coordinator(session)
        second = considered(session, MatchState.APPROVED, person).expert
    coordinator = sign_in_as(C)
    page = coordinator.get(f"/roster/{own.id}/join/{second.id}")
    assert DECIDED in page.text
    assert "Join the two profiles" not in page.text
    answer = coordinator.client.post(
        f"/roster/{own.id}/join/{second.id}",
        data={"csrf_token": coordinator.own_token(), "sure": "y"},
    )
    assert answer.status_code == 409
    with reading(app) as session:
        assert session.get_one(Expert, second.id).state is ExpertState.ACTIVE


def test_a_profile_gets_no_account_that_was_there_before(session: Session) -> None:
    """Whoever is invited to a profile has decided on nothing with that account yet."""
    person, _own, second = two_of_a_coordinator(session)
    second.contact_email = person.email
    with pytest.raises(ConflictError, match="There is an account for"):
        membership.invite_expert(factories.work(session, factories.account(session, C)), second)
    assert second.account_id is None


def test_check_finds_whoever_has_decided_on_themselves(session: Session) -> None:
    person, own, _second = two_of_a_coordinator(session)
    match = considered(session, MatchState.APPROVED, person)
    asked = factories.match(session, MatchState.INVITED)
    listed = factories.match(session)
    fresh = factories.expert(session, signs_in=False, state=ExpertState.SCREENING)
    fresh.consented_at = clock.now()
    profiles.take(factories.work(session, person), fresh, ExpertStep.ACTIVATE)
    home = factories.organisation(session).id
    approved = factories.expert(session, authority_id=home, approved_until=factories.FOR_YEARS)
    audit.seal(session)
    assert invariants.run(session) == []
    row = session.scalars(sa.select(Approval).where(Approval.expert_id == approved.id)).one()
    row.granted_by = approved.account_id
    for one in (asked, listed):
        assert one.expert.account
        one.request.requester = one.expert.account
    own.account = None
    session.flush()
    match.expert.account = person
    session.flush()
    faults = invariants.run(session)
    assert f"approval {row.id} was given by the expert whom it is of" in faults
    assert f"match {match.id} is “approved” and decided by its own expert" in faults
    assert f"match {asked.id} is “invited” and of somebody who asks" in faults
    assert not any(f"match {listed.id} is" in fault for fault in faults)
    match.expert.account = None
    session.flush()
    fresh.account = person
    session.flush()
    found = f"expert {fresh.id} has let themselves onto the roster"
    assert found in invariants.run(session)


@pytest.mark.parametrize("role", [C, Q, N])
def test_one_person_has_one_account(session: Session, role: Role) -> None:
    other = factories.account(session, E, role, name=NAME)
    gone = factories.expert(session, person=other, name=NAME)
    kept = factories.expert(session, name=NAME)
    with pytest.raises(ConflictError, match="has two accounts"):
        join(session, kept, gone)
    # The other way round nobody loses anything, and one account is left.
    join(session, gone, kept)
    session.expire_all()
    closed = session.scalars(sa.select(ProfileMerge.account_id)).one()
    assert other.kinds == {E, role}
    assert invariants.run(session) == []
    with pytest.raises(ConflictError, match="theirs is another one"):
        opened_again(session, closed)
    assert not session.get_one(Account, closed).active


def opened_again(session: Session, number: int | None) -> None:
    work = factories.work(session, factories.account(session, Role.ADMINISTRATOR))
    accounts.reactivate(work, session.get_one(Account, number))


def test_what_was_done_with_the_account_that_closes_was_done_by_the_same_person(
    session: Session,
) -> None:
    asked = factories.request(session, RequestState.ACCEPTED)
    author = asked.requester
    author.roles = list(session.scalars(sa.select(RoleRow).where(RoleRow.name == E)))
    gone = factories.expert(session, person=author, name=NAME)
    person, own, _second = two_of_a_coordinator(session)
    match = factories.match(session, MatchState.AVAILABLE)
    match.request = asked
    join(session, own, gone)
    session.expire_all()
    assert not author.active
    with pytest.raises(ForbiddenError, match="acted here for the other side"):
        operations.take(factories.work(session, person), match, MatchStep.APPROVE)
    with pytest.raises(ForbiddenError):
        request_rules.check_looks_for_experts(person.as_actor(), asked)


def two_accounts_of_before(session: Session, role: Role) -> tuple[Account, Expert]:
    """Return an account that lost its profile when joining left it open, and the profile."""
    other = factories.account(session, role, name=NAME)
    gone = factories.expert(session, signs_in=False, name=NAME)
    kept = factories.expert(session, name=NAME)
    join(session, kept, gone)
    session.scalars(sa.select(ProfileMerge)).one().account_id = other.id
    sides.write(session, [(kept.id, other.id, E)])
    session.flush()
    session.expire_all()
    return other, kept


def test_check_finds_who_has_two_accounts(session: Session) -> None:
    other, kept = two_accounts_of_before(session, C)
    assert invariants.run(session) == [
        f"account {other.id} is open, and its person, expert {kept.id}, has another account"
    ]


@pytest.mark.parametrize("role", [C, Q])
def test_with_the_account_that_lost_its_profile_nobody_decides_on_themselves_either(
    session: Session, role: Role
) -> None:
    other, kept = two_accounts_of_before(session, role)
    if role is C:
        match = factories.match(session, MatchState.AVAILABLE, expert=kept)
        with pytest.raises(ForbiddenError, match="This is your own"):
            operations.take(factories.work(session, other), match, MatchStep.APPROVE)
        assert profile_rules.is_of(other.as_actor(), kept)
        assert not profile_rules.is_own(other.as_actor(), kept)
        return
    request = factories.request(session, RequestState.ACCEPTED, requester=other)
    with pytest.raises(ConflictError, match="one of those who ask"):
        factories.match(session, MatchState.SHORTLISTED, request=request, expert=kept)
