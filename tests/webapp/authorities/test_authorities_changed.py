"""An official who has changed the authority: what the former one did stays its own, and the new one
finds nothing of it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from tests.structure.test_migrations import downgrade, upgrade
from tests.webapp.mission_documents.saving import save
from webapp.accounts import queries as accounts
from webapp.accounts.models import Account
from webapp.core import clock as time
from webapp.core import invariants
from webapp.core.errors import ConflictError, ForbiddenError, NotFoundError
from webapp.core.files.stored_files import read_file
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.deployments import queries as deployments
from webapp.deployments.models import Deployment
from webapp.experts import approvals, joining, standing_queries
from webapp.experts.approvals import Wanted
from webapp.experts.models import Expert, ExpertState
from webapp.experts.standing_tables import Approval, ApprovalState
from webapp.experts.standing_workflow import ApprovalStep
from webapp.matches import operations, releases, rules
from webapp.matches.models import Match, MatchState, ReleaseLetter
from webapp.matches.releases import LetterContent
from webapp.matches.workflow import MatchStep
from webapp.messages.models import Notice
from webapp.mission_checklists import rules as checklists
from webapp.mission_documents import rules as documents
from webapp.mission_documents.models import DocumentKind
from webapp.organisations.models import Organisation
from webapp.roster import merging

N, C = Role.NOMINATING_AUTHORITY, Role.COORDINATOR
S, M = MatchState, MatchStep
WHY = Grounds(ReasonKind.NEEDED_AT_HOME)
LETTER = LetterContent("1/2", date(2026, 11, 20), "Only by train.")
SIGNED = b"%PDF-1.7 the letter of the former authority"


class Case:
    """An official whom one authority has released by a letter, and two members of authorities."""

    def __init__(self, session: Session, state: MatchState = S.RELEASED) -> None:
        self.session = session
        self.office = factories.account(session, C)
        self.former, self.new = (
            factories.account(session, N, organisation_id=factories.organisation(session).id)
            for _ in range(2)
        )
        self.expert = factories.expert(
            session,
            authority_id=self.former.organisation_id,
            approved_until=factories.FOR_YEARS,
        )
        self.match = factories.match(
            session, S.AVAILABLE, expert=self.expert, coordinator=self.office
        )
        operations.take(self.by(self.office), self.match, M.ASK_RELEASE)
        if state is not S.RELEASE_ASKED:
            releases.release(self.by(self.former), self.match, LETTER)
            signed = read_file("secret.pdf", SIGNED)
            releases.add_file(self.by(self.former), self.match, signed)
        if state is S.SELECTED:
            operations.take(self.by(self.office), self.match, M.APPROVE)
            operations.propose(self.by(self.office), self.match.request)
            asker = factories.work(session, self.match.request.requester)
            operations.take(asker, self.match, M.SELECT)
        self.approval = session.scalars(
            sa.select(Approval).where(Approval.expert_id == self.expert.id)
        ).one()

    def by(self, person: Account) -> UnitOfWork:
        return factories.work(self.session, person)

    def move(self, to: int | None) -> None:
        """Let a coordinator say that the expert is another authority's official."""
        home = self.session.get_one(Organisation, to) if to else None
        seen = self.expert.version
        joining.set_standing(self.by(self.office), self.expert, home, "", "", seen_version=seen)

    @property
    def mission(self) -> Deployment:
        found = deployments.find_of_match(self.session, self.match.id)
        assert found
        return found

    def told(self, person: Account) -> list[str]:
        self.session.flush()
        chosen = sa.select(Notice).where(Notice.account_id == person.id).order_by(Notice.id)
        return [str(row.words["subject"]["text"]) for row in self.session.scalars(chosen)]


@pytest.mark.both_databases
def test_the_former_authority_reads_its_letter_and_the_new_one_finds_none(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        case = Case(session)
        case.move(case.new.organisation_id)
        number, expert_id, name = case.match.id, case.expert.id, case.expert.name
    former, new = (visitor().come_in(one) for one in (case.former, case.new))
    page = former.get("/officials").follow(f"{name}: {case.match.request.title}")
    assert page.url == f"/releases/{number}"
    assert "1/2" in page.text
    assert "not your official any more" in page.text
    assert former.client.get(f"/releases/{number}/letter").data == SIGNED
    former.get(f"/officials/{expert_id}", status=404)
    addresses = new.get("/officials").addresses
    assert f"/officials/{expert_id}" in addresses
    assert f"/releases/{number}" not in addresses
    unknown = new.get("/releases/999", status=404)
    for address in (f"/releases/{number}", f"/releases/{number}/letter"):
        assert new.get(address, status=404).text == unknown.text
    assert save(new, f"/matches/{number}/nomination-letter").status_code == 404
    with reading(app) as session:
        assert invariants.run(session) == []


@pytest.mark.both_databases
def test_the_new_authority_neither_reads_nor_withdraws_what_the_former_one_approved(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        case = Case(session)
        case.approval.letter = "05/2-7 of the former one"
        case.move(case.new.organisation_id)
        expert_id, number = case.expert.id, case.approval.id
    new = visitor().come_in(case.new)
    page = new.get(f"/officials/{expert_id}")
    assert "05/2-7" not in page.text
    assert f"/officials/{expert_id}/approvals/{number}/withdraw" not in page.addresses
    address = f"/officials/{expert_id}/approvals/{number}/withdraw"
    missing = f"/officials/{expert_id}/approvals/999/withdraw"
    assert new.post(address, {}, status=404).text == new.post(missing, {}, status=404).text
    with writing(app) as session:
        row, member = session.get_one(Approval, number), case.new
        expert = session.get_one(Expert, expert_id)
        with pytest.raises(NotFoundError):
            standing_queries.get_own_approval(session, expert, number)
        with pytest.raises(ForbiddenError):
            approvals.withdraw(factories.work(session, member), row, ApprovalStep.WITHDRAW, WHY)
    with reading(app) as session:
        assert session.get_one(Approval, number).state is ApprovalState.GRANTED


def test_a_withdrawal_that_is_recorded_is_told_to_whose_approval_it_was(session: Session) -> None:
    case = Case(session)
    case.move(case.new.organisation_id)
    before = len(case.told(case.new))
    step, why = ApprovalStep.RECORD_WITHDRAWAL, Grounds(ReasonKind.IN_WRITING)
    approvals.withdraw(case.by(case.office), case.approval, step, why)
    told = case.told(case.former)[-1]
    assert told == "SEESAC has recorded that an approval of yours is withdrawn"
    assert len(case.told(case.new)) == before
    last = session.scalars(
        sa.select(Notice.path).where(Notice.account_id == case.former.id).order_by(Notice.id.desc())
    ).first()
    assert last == "/officials"


def test_a_mission_that_the_change_ends_stays_the_former_authoritys_to_read(
    session: Session,
) -> None:
    case = Case(session, S.SELECTED)
    case.move(case.new.organisation_id)
    former, new = factories.actor(case.former), factories.actor(case.new)
    assert deployments.get_of_official(session, former, case.mission.id) is case.mission
    with pytest.raises(NotFoundError):
        deployments.get_of_official(session, new, case.mission.id)
    assert deployments.list_of_officials(session, new) == []
    assert checklists.side_of(new, case.mission) is None
    assert not documents.sides_of(new, case.mission)
    assert any("is not needed any more" in one for one in case.told(case.former))
    assert not any(case.match.request.reference in one for one in case.told(case.new))


def test_a_mission_that_is_over_stays_the_former_authoritys_and_its_thanks_too(
    session: Session, clock: Any
) -> None:
    mission = factories.returned_mission(session, clock)
    former, new = (
        factories.account(session, N, organisation_id=factories.organisation(session).id)
        for _ in range(2)
    )
    factories.make_official(session, mission.match.expert, former.organisation_id)
    mission.match.expert.authority_id = new.organisation_id
    thanks = DocumentKind.THANKS_AUTHORITY
    session.refresh(mission.match)
    assert documents.can_read(factories.actor(former), mission, thanks)
    assert not documents.can_read(factories.actor(new), mission, thanks)


def test_who_was_asked_before_the_change_answers_no_more_and_nobody_else_does(
    session: Session,
) -> None:
    case = Case(session, S.RELEASE_ASKED)
    case.move(None)
    assert case.match.state is S.RELEASE_ASKED
    acting = accounts.list_acting(session, N)
    assert case.former.organisation_id in acting
    assert rules.list_who_release(case.match, acting) == []
    with pytest.raises(ConflictError, match="not the official of the authority"):
        releases.release(case.by(case.former), case.match, LETTER)
    assert releases.get_asked(session, factories.actor(case.former), case.match.id) is case.match
    assert invariants.run(session) == []


def test_what_was_asked_of_the_former_authority_ends_also_where_the_new_one_has_approved_before(
    session: Session,
) -> None:
    case = Case(session)
    session.add(Approval(
        expert_id=case.expert.id, organisation_id=case.new.organisation_id,
        state_since=time.now(), starts=time.today(), until=factories.FOR_YEARS,
    ))  # fmt: skip
    session.flush()
    case.move(case.new.organisation_id)
    assert case.expert.state is ExpertState.ACTIVE
    assert case.match.state is S.CANCELLED
    assert invariants.run(session) == []


def test_the_new_authority_that_is_asked_for_the_same_mission_never_reads_the_letter_of_the_former(
    session: Session,
) -> None:
    case = Case(session)
    case.move(case.new.organisation_id)
    wanted = Wanted(time.today(), factories.FOR_YEARS)
    approvals.grant(case.by(case.new), case.expert, ApprovalStep.GRANT, wanted)
    operations.take(
        case.by(case.office), case.match, M.RECONSIDER, Grounds(ReasonKind.RELEASED_AFTER_ALL)
    )
    operations.take(case.by(case.office), case.match, M.INVITE)
    operations.take(factories.work(session, case.expert.account), case.match, M.ACCEPT)
    operations.take(case.by(case.office), case.match, M.ASK_RELEASE)
    assert releases.get_asked(session, factories.actor(case.new), case.match.id) is case.match
    assert releases.find_letter(session, case.match) is None
    assert releases.find_file(session, case.match) is None
    releases.release(case.by(case.new), case.match, LETTER)
    letter = releases.find_letter(session, case.match)
    assert letter
    assert letter.organisation_id == case.new.organisation_id
    assert invariants.run(session) == []


def test_joining_two_profiles_brings_the_authority_no_letter_of_another_one(
    session: Session,
) -> None:
    case = Case(session)
    case.move(None)
    other = factories.expert(
        session,
        signs_in=False,
        authority_id=case.new.organisation_id,
        approved_until=factories.FOR_YEARS,
    )
    seen = (case.expert.version, other.version)
    merging.join(case.by(case.office), case.expert, other, (), seen=seen)
    assert case.expert.authority_id == case.new.organisation_id
    former, new = factories.actor(case.former), factories.actor(case.new)
    assert releases.get_asked(session, former, case.match.id) is case.match
    with pytest.raises(NotFoundError):
        releases.get_asked(session, new, case.match.id)
    assert list(releases.list_asked(session, new)) == []
    own = standing_queries.list_own_approvals(session, case.expert)
    assert {row.organisation_id for row in own} == {case.new.organisation_id}
    assert invariants.run(session) == []


def test_the_check_finds_an_approval_that_another_authority_has_withdrawn(app: Flask) -> None:
    with writing(app) as session:
        case = Case(session)
        approvals.withdraw(case.by(case.former), case.approval, ApprovalStep.WITHDRAW, WHY)
        case.move(case.new.organisation_id)
    with writing(app) as session:
        assert invariants.run(session) == []
        row = session.get_one(Approval, case.approval.id)
        row.organisation_id = case.new.organisation_id
    with reading(app) as session:
        found = " ".join(invariants.run(session))
        assert f"approval {case.approval.id} was withdrawn by another authority" in found


def test_the_check_finds_a_letter_of_another_authority_than_was_asked(session: Session) -> None:
    case = Case(session)
    assert invariants.run(session) == []
    letter = session.scalars(sa.select(ReleaseLetter)).one()
    letter.organisation_id = case.new.organisation_id
    session.flush()
    assert "a letter of another authority" in " ".join(invariants.run(session))
    # As processes of the version before leave it.
    session.execute(sa.update(Match).values(authority_id=None))
    letter.organisation_id = None
    session.flush()
    assert invariants.run(session) == []


@pytest.mark.both_databases
def test_an_upgrade_knows_from_the_log_of_whom_a_release_was_asked(app: Flask) -> None:
    with writing(app) as session:
        moved, stays = Case(session), Case(session)
        never = factories.match(session, S.AVAILABLE)
    with writing(app) as session:
        expert = session.get_one(Expert, moved.expert.id)
        home = session.get_one(Organisation, moved.new.organisation_id)
        work = factories.work(session, moved.office)
        joining.set_standing(work, expert, home, "", "", seen_version=expert.version)
    downgrade(app, "0070")
    upgrade(app)
    with reading(app) as session:
        for case in (moved, stays):
            asked = case.former.organisation_id
            assert session.get_one(Match, case.match.id).authority_id == asked
            of_it = sa.select(ReleaseLetter).where(ReleaseLetter.match_id == case.match.id)
            assert session.scalars(of_it).one().organisation_id == asked
        assert session.get_one(Match, never.id).authority_id is None
        assert invariants.run(session) == []
