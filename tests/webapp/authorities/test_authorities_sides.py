"""Who has acted for an authority decides for nobody else, and the other way round, whatever has
become of roles and membership since."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from tests.structure.test_migrations import downgrade, upgrade
from webapp.accounts import operations as accounts
from webapp.accounts.models import Account
from webapp.core import clock, invariants
from webapp.core.errors import DomainError, ForbiddenError
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.expertise_requests import rules as request_rules
from webapp.expertise_requests import taking_over
from webapp.expertise_requests.models import ActedOn, ExpertiseRequest, RequestState
from webapp.experts import approvals, joining, operations
from webapp.experts.approvals import Wanted
from webapp.experts.joining import Nominee
from webapp.experts.models import ActedOnProfile, Expert, ExpertState
from webapp.experts.standing_tables import Approval
from webapp.experts.standing_workflow import ApprovalStep
from webapp.experts.workflow import ExpertStep
from webapp.matches import operations as matches
from webapp.matches import rules
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import MatchStep
from webapp.organisations import operations as organisations
from webapp.organisations.models import Organisation
from webapp.roster import merging

R, C, N = Role.REQUESTER, Role.COORDINATOR, Role.NOMINATING_AUTHORITY
OTHER_SIDE = "You have acted here for the other side"
SAID = factories.requests.RELEASED
OURS = "This is your organisation's"
WAYS = ("role changed", "organisation left", "both roles at once")
PAIRS = [(first, second) for first in (R, C, N) for second in (R, C, N) if first is not second]
OF_PROFILES = [(C, N), (N, C)]


def sends(page: Page) -> list[str]:
    """Return where the forms of a page are sent."""
    return [form.action for form in page.forms]


class Case:
    """A ministry asks for an authority's official; somebody acts in one role and then another."""

    def __init__(self, app: Flask, first: Role, second: Role, way: str) -> None:
        self.app, self.first, self.second, self.way = app, first, second, way
        with writing(app) as session:
            self.home = {
                role: factories.organisation(session).id for role in (R, N)
            }  # C belongs to no organisation.
            owner = factories.account(session, R, organisation_id=self.home[R])
            roles = {first} if way == "role changed" else {first, second}
            person = factories.account(session, *roles, organisation_id=self.home.get(first))
            colleague = factories.account(session, second, organisation_id=self.home.get(second))
            office = factories.account(session, C)
            request = factories.request(
                session, RequestState.ACCEPTED, requester=owner, coordinator=office
            )
            expert = factories.expert(
                session, authority_id=self.home[N], approved_until=factories.FOR_YEARS
            )
            match = factories.match(
                session, MatchState.AVAILABLE, request=request, expert=expert, coordinator=office
            )
            self.person, self.colleague, self.office = person.id, colleague.id, office.id
            self.administrator = factories.account(session, Role.ADMINISTRATOR).id
            self.expert, self.match, self.request = expert.id, match.id, request.id

    def by(self, session: Session, number: int) -> UnitOfWork:
        return factories.work(session, session.get_one(Account, number))

    def change(self, session: Session) -> None:
        """Let an administrator change what the person may reach."""
        work, person = self.by(session, self.administrator), session.get_one(Account, self.person)
        if self.way == "role changed":
            accounts.change_roles(work, person, {self.second})
        there, wanted = person.organisation_id, self.home.get(self.second)
        if there == wanted or (self.way == "both roles at once" and wanted is None):
            return
        if there:
            organisations.remove_member(work, session.get_one(Organisation, there), person)
        if wanted:
            organisations.add_member(work, session.get_one(Organisation, wanted), person)

    def act(self, session: Session, role: Role, number: int) -> None:
        """Act in a role on the request, as far as the state of the match lets it."""
        work, match = self.by(session, number), session.get_one(Match, self.match)
        if role is R:
            request, why = match.request, factories.grounds(text="On leave.")
            taking_over.take_over(work, request, why, seen_version=request.version)
        elif role is N:
            matches.take(work, match, MatchStep.RELEASE)
        elif match.state is MatchState.RELEASED:
            matches.take(work, match, MatchStep.APPROVE)
        else:
            matches.take(work, match, MatchStep.RECORD_RELEASE, SAID)

    def offered(self, session: Session) -> bool:
        """Tell whether a page offers what the person would do in the second role."""
        person = session.get_one(Account, self.person).as_actor()
        match = session.get_one(Match, self.match)
        if self.second is R:
            return request_rules.can_be_taken_over(person, match.request)
        return bool(rules.possible_steps(match, person, self.second))

    def ask_for_release(self, session: Session, number: int) -> None:
        matches.take(
            self.by(session, number), session.get_one(Match, self.match), MatchStep.ASK_RELEASE
        )


@pytest.mark.thorough
@pytest.mark.both_databases
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_who_has_acted_on_a_request_in_one_role_does_not_in_another(
    app: Flask, first: Role, second: Role, way: str
) -> None:
    case = Case(app, first, second, way)
    with writing(app) as session:
        # Of coordinators the question itself is the act.
        case.ask_for_release(session, case.person if first is C else case.office)
        if first is not C:
            case.act(session, first, case.person)
    with writing(app) as session:
        case.change(session)
    with reading(app) as session:
        assert not case.offered(session)
        with pytest.raises(DomainError):
            case.act(session, second, case.person)
    with writing(app) as session:
        case.act(session, second, case.colleague)
    with reading(app) as session:
        assert invariants.run(session) == []


class Vetting(Case):
    """Somebody new is put forward for the roster, vetted and approved."""

    def act(self, session: Session, role: Role, number: int) -> None:
        work = self.by(session, number)
        expert = session.get(Expert, self.expert)
        if expert is None or expert.state is ExpertState.ACTIVE:
            approval = Wanted(clock.today(), factories.FOR_YEARS)
            self.expert = joining.nominate(work, Nominee("Ivo Nominated"), approval).id
        elif role is C:
            operations.take(work, expert, ExpertStep.START_SCREENING)
        else:
            wanted = Wanted(clock.today(), factories.FOR_YEARS, letter="2/3")
            approvals.grant(work, expert, ApprovalStep.GRANT, wanted)


@pytest.mark.thorough
@pytest.mark.both_databases
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("first", "second"), OF_PROFILES)
def test_who_has_put_somebody_forward_does_not_vet_them_nor_the_other_way_round(
    app: Flask, first: Role, second: Role, way: str
) -> None:
    case = Vetting(app, first, second, way)
    with writing(app) as session:
        if first is C:
            nominating = factories.account(session, N, organisation_id=case.home[N])
            case.act(session, N, nominating.id)
        case.act(session, first, case.person)
    with writing(app) as session:
        case.change(session)
    refused = OURS if way == "both roles at once" and second is C else OTHER_SIDE
    with reading(app) as session, pytest.raises(ForbiddenError, match=refused):
        case.act(session, second, case.person)
    with writing(app) as session:
        case.act(session, second, case.colleague)
    with reading(app) as session:
        assert invariants.run(session) == []


def became(session: Session, number: int, *roles: Role) -> Account:
    """Return a person whom an administrator has given other roles, and taken out of everything."""
    person = session.get_one(Account, number)
    work = factories.work(session, factories.account(session, Role.ADMINISTRATOR))
    accounts.change_roles(work, person, set(roles))
    if person.organisation_id:
        home = session.get_one(Organisation, person.organisation_id)
        organisations.remove_member(work, home, person)
    return person


STEPS: dict[str, Callable[[UnitOfWork, Expert], Any]] = {
    "screen": lambda work, expert: operations.take(work, expert, ExpertStep.START_SCREENING),
    "note the consent": lambda work, expert: joining.note_consent(work, expert, SAID),
    "move": lambda work, expert: joining.set_standing(
        work, expert, None, "", "", seen_version=expert.version
    ),
    "record an approval": lambda work, expert: approvals.grant(
        work, expert, ApprovalStep.RECORD,
        Wanted(clock.today(), factories.FOR_YEARS, letter="2/3"),
    ),
    "join": lambda work, expert: merging.join(
        work, expert, other := factories.expert(work.session, signs_in=False), (),
        seen=(expert.version, other.version),
    ),
}  # fmt: skip


@pytest.mark.parametrize("step", STEPS)
def test_who_has_nominated_somebody_takes_no_step_with_them_for_seesac(
    app: Flask, step: str
) -> None:
    with writing(app) as session:
        home = factories.organisation(session).id
        person = factories.account(session, N, organisation_id=home)
        expert = joining.nominate(factories.work(session, person), Nominee("Ivo Nominated"))
        numbers = person.id, expert.id
    with writing(app) as session:
        person, expert = became(session, numbers[0], C), session.get_one(Expert, numbers[1])
        with pytest.raises(ForbiddenError, match=OTHER_SIDE):
            STEPS[step](factories.work(session, person), expert)


def test_who_has_nominated_somebody_reads_the_profile_and_decides_nothing(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        home = factories.organisation(session).id
        person = factories.account(session, N, organisation_id=home)
        expert = joining.nominate(factories.work(session, person), Nominee("Ivo Nominated"))
        became(session, person.id, C)
        colleague = factories.account(session, C)
        number = expert.id
    address = f"/roster/{number}"
    own, other = (visitor().come_in(one).get(address) for one in (person, colleague))
    assert f"{address}/start-screening" in sends(other)
    assert f"{address}/notes" in sends(other)
    assert not [one for one in sends(own) if one.startswith(address)]
    assert OTHER_SIDE in own.text


def test_who_has_vetted_an_official_reads_that_a_colleague_approves_and_releases(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, C, N, "role changed")
    with writing(app) as session:
        person, expert = session.get_one(Account, case.person), session.get_one(Expert, case.expert)
        work = factories.work(session, person)
        operations.take(work, expert, ExpertStep.SUSPEND, factories.grounds(text="A doubt."))
        operations.take(work, expert, ExpertStep.REACTIVATE)
    with writing(app) as session:
        match = factories.match(
            session, MatchState.AVAILABLE, expert=session.get_one(Expert, case.expert)
        )
        matches.take(case.by(session, case.office), match, MatchStep.ASK_RELEASE)
        case.change(session)
        number = match.id
        acting = {case.home[N]: [session.get_one(Account, case.person).as_actor()]}
        assert rules.list_who_release(match, acting) == []
        people = session.get_one(Account, case.colleague), session.get_one(Account, case.person)
    for address in (f"/officials/{case.expert}", f"/releases/{number}"):
        offered, read = (visitor().come_in(one).get(address) for one in people)
        assert [one for one in sends(offered) if one.startswith(address)]
        assert not [one for one in sends(read) if one.startswith(address)]
        assert OTHER_SIDE in read.text


def test_who_has_released_for_a_request_is_offered_nobody_for_its_shortlist(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, N, C, "role changed")
    with writing(app) as session:
        number = factories.expert(session).id
        case.ask_for_release(session, case.office)
        case.act(session, N, case.person)
        case.change(session)
        people = session.get_one(Account, case.colleague), session.get_one(Account, case.person)
    address = f"/requests/{case.request}/matches"
    offered, read = (visitor().come_in(one).get(address) for one in people)
    one = f"{address}/{number}?"
    assert [to for to in sends(offered) + offered.addresses if to.startswith(one)]
    assert not [to for to in sends(read) + read.addresses if to.startswith(one)]
    assert OTHER_SIDE in read.text


def test_an_expert_who_has_released_a_colleague_for_a_request_answers_for_themselves(
    app: Flask,
) -> None:
    case = Case(app, N, Role.EXPERT, "both roles at once")
    with writing(app) as session:
        case.ask_for_release(session, case.office)
        case.act(session, N, case.person)
        person, request = (
            session.get_one(Account, case.person), session.get_one(ExpertiseRequest, case.request)
        )  # fmt: skip
        expert = factories.expert(session, person=person)
        match = factories.match(session, MatchState.INVITED, request=request, expert=expert)
        matches.take(factories.work(session, person), match, MatchStep.ACCEPT)
        assert match.state is MatchState.AVAILABLE


def test_a_release_that_a_coordinator_records_from_a_letter_is_an_act_of_seesac(app: Flask) -> None:
    case = Case(app, C, N, "role changed")
    with writing(app) as session:
        case.ask_for_release(session, case.office)
        case.act(session, C, case.person)
        request = session.get_one(ExpertiseRequest, case.request)
        assert (case.person, C) in {(act.account_id, act.side) for act in request.acted}
        case.act(session, C, case.person)
        assert session.get_one(Match, case.match).state is MatchState.APPROVED


def test_a_coordinator_brings_nobody_into_the_hands_of_their_own_authority(app: Flask) -> None:
    with writing(app) as session:
        home = factories.organisation(session)
        both = factories.account(session, C, N, organisation_id=home.id)
        expert = factories.expert(session)
        with pytest.raises(ForbiddenError, match=OURS):
            joining.set_standing(
                factories.work(session, both), expert, home, "", "", seen_version=expert.version
            )


def test_a_joined_profile_keeps_who_has_put_it_forward(app: Flask) -> None:
    with writing(app) as session:
        home = factories.organisation(session).id
        person = factories.account(session, N, organisation_id=home)
        gone = joining.nominate(factories.work(session, person), Nominee("Ivo Nominated"))
        kept = factories.expert(session)
        office = factories.work(session, factories.account(session, C))
        merging.join(office, kept, gone, (), seen=(kept.version, gone.version))
        assert (person.id, N) in {(act.account_id, act.side) for act in kept.acted}
    with reading(app) as session:
        assert invariants.run(session) == []


@pytest.mark.thorough
@pytest.mark.both_databases
def test_an_upgrade_reads_from_the_log_who_has_acted_for_authorities(app: Flask) -> None:
    case = Vetting(app, N, C, "role changed")
    with writing(app) as session:
        case.ask_for_release(session, case.office)
        released = Case.act
        released(case, session, N, case.person)
        case.act(session, N, case.person)
        case.act(session, C, case.colleague)
        rows = sa.select(Approval.granted_by).where(Approval.expert_id == case.expert)
        assert session.scalars(rows).all() == [case.person]
    before = _kept(app)
    downgrade(app, "0071")
    upgrade(app)
    assert _kept(app) == before
    assert (case.person, N) in {row[1:] for row in before[0]}
    assert {(case.expert, case.person, N), (case.expert, case.colleague, C)} <= before[1]
    with reading(app) as session:
        assert invariants.run(session) == []


def _kept(app: Flask) -> tuple[set[Any], set[Any]]:
    with reading(app) as session:
        of_requests = sa.select(ActedOn.request_id, ActedOn.account_id, ActedOn.side)
        of_profiles = sa.select(
            ActedOnProfile.expert_id, ActedOnProfile.account_id, ActedOnProfile.side
        )
        return {*map(tuple, session.execute(of_requests))}, {
            *map(tuple, session.execute(of_profiles))
        }
