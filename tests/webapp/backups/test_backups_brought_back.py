"""Whom a restored backup brings back is named, and what they had taken back is done again."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.accounts import operations as accounts
from webapp.accounts.models import Account, AccountSession
from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.record.reasons import Grounds, Reason, ReasonKind
from webapp.core.roles import Role
from webapp.experts import approvals, joining, standing_queries
from webapp.experts import operations as profiles
from webapp.experts.models import Expert, ExpertState
from webapp.experts.standing_workflow import ApprovalStep
from webapp.experts.workflow import ExpertStep
from webapp.membership import operations as membership
from webapp.membership import recovery
from webapp.membership.models import AccountLink
from webapp.my_data import operations as my_data
from webapp.organisations import operations as organisations
from webapp.organisations.models import Organisation
from webapp.roster import merging

Run = Callable[..., Result]


@pytest.mark.both_databases
def test_whoever_was_erased_since_is_named_and_no_session_of_then_goes_on(
    app: Flask, sign_in_as: Callable[..., Pages], run: Run, tmp_path: Path
) -> None:
    sign_in_as(Role.COORDINATOR)
    with writing(app) as session:
        expert = factories.expert(session)
        assert session.query(AccountSession).count() == 1
    assert run("backup", tmp_path / "made").exit_code == 0
    with writing(app) as session:
        my_data.erase(factories.work(session, SYSTEM), session.get_one(Expert, expert.id))
    result = run("restore", tmp_path / "made", "--replace")
    assert f"personal-data erase {expert.id}" in result.output
    with reading(app) as session:
        assert session.query(AccountSession).count() == 0


@pytest.mark.both_databases
def test_what_people_took_back_on_their_own_pages_is_named_and_done_again(
    app: Flask, run: Run, tmp_path: Path
) -> None:
    with writing(app) as session:
        coordinator = factories.account(session, Role.COORDINATOR)
        erased, left, returned, doubted = (factories.expert(session) for _ in range(4))
        requester = factories.account(session, Role.REQUESTER)
        gone = factories.expert(session, signs_in=False, name=erased.name, jurisdiction="MNE")
        erased.jurisdiction = "MNE"
        _suspend(session, coordinator, doubted)
    assert run("backup", tmp_path / "made").exit_code == 0
    with writing(app) as session:
        kept, other = session.get_one(Expert, erased.id), session.get_one(Expert, gone.id)
        cora = factories.work(session, session.get_one(Account, coordinator.id))
        merging.join(cora, kept, other, [], seen=(kept.version, other.version))
        for number in (erased.account_id, requester.id):
            person = session.get_one(Account, number)
            my_data.erase(factories.work(session, person), person)
        for number in (left.id, returned.id):
            expert = session.get_one(Expert, number)
            profiles.take(factories.work(session, expert.account), expert, ExpertStep.LEAVE)
    with writing(app) as session:
        expert = session.get_one(Expert, returned.id)
        joining.consent(factories.work(session, expert.account), expert)
        membership.remove_texts(
            factories.work(session, SYSTEM), session.get_one(Expert, doubted.id)
        )
        newer = factories.account(session, Role.REQUESTER)
        my_data.erase(factories.work(session, newer), newer)
    said = run("restore", tmp_path / "made", "--replace").output
    assert f"all as before now: {returned.id}. Decide again" in said
    again = [line.rpartition("wsgi ")[2] for line in said.splitlines() if "Do again" in line]
    assert again == [
        f"personal-data erase {gone.id}",
        f"personal-data erase account:{erased.account_id}",
        f"personal-data erase account:{requester.id}",
        f"personal-data withdraw-consent {left.id}",
        f"accounts remove-texts-of-profile {doubted.id}",
    ]
    for command in again:
        result = run(*command.split(), *(["--yes"] if "erase" in command else []))
        assert result.exit_code == 0, result.output
    with reading(app) as session:
        assert session.get_one(Account, requester.id).is_erased
        for number in (erased.id, gone.id):
            assert session.get_one(Expert, number).state is ExpertState.ERASED
        assert session.get_one(Expert, left.id).consented_at is None
        assert session.get_one(Expert, returned.id).state is ExpertState.ACTIVE
        assert not session.scalar(sa.select(Reason.text).where(Reason.person_id == doubted.id))


def _suspend(session: Session, coordinator: Account, expert: Expert) -> None:
    grounds = Grounds(ReasonKind.OTHER, "Something is doubted.")
    profiles.take(factories.work(session, coordinator), expert, ExpertStep.SUSPEND, grounds)


@pytest.mark.both_databases
def test_who_was_shut_out_since_is_named_and_no_link_of_then_lets_anybody_in(
    app: Flask, run: Run, tmp_path: Path
) -> None:
    with writing(app) as session:
        closed, changed, other = (factories.account(session, Role.COORDINATOR) for _ in range(3))
        back = factories.account(session, Role.REQUESTER)
        with_codes, used = (factories.account(session, Role.REQUESTER).id for _ in range(2))
        work = factories.work(session, SYSTEM)
        recovery.send_password_link(work, other)
        gone = factories.account(session, Role.REQUESTER)
        numbers = [closed.id, changed.id, other.id, back.id, gone.id]
    assert run("backup", tmp_path / "made").exit_code == 0
    with writing(app) as session:
        work = factories.work(session, SYSTEM)
        one, two, three, four, five = (session.get_one(Account, number) for number in numbers)
        accounts.disable(work, five)
        my_data.erase(work, five)
        accounts.disable(work, one)
        accounts.change_roles(work, two, [Role.REQUESTER])
        accounts.set_password(work, three, three.password)
        accounts.note_recovery_codes(work, session.get_one(Account, with_codes))
        audit.record(work, Action.RECOVERY_CODE_USED, session.get_one(Account, used))
        accounts.disable(work, four)
        accounts.reactivate(work, four)
    said = run("restore", tmp_path / "made", "--replace").output
    assert f"accounts deactivate account:{numbers[0]}" in said
    assert f"accounts set-roles account:{numbers[1]} requester" in said
    # In the order of their numbers as they are written.
    named = ", ".join(f"account:{number}" for number in (numbers[2], with_codes, used))
    assert f"opens them again: {named}. Close" in said
    assert f"deactivate account:{numbers[3]}" not in said
    assert f"erase account:{numbers[4]}" in said
    assert f"deactivate account:{numbers[4]}" not in said
    # Whoever lost these lines with the terminal does it once more.
    again = run("restore", tmp_path / "made", "--replace").output
    assert [line for line in again.splitlines() if "again: " in line] == [
        line for line in said.splitlines() if "again: " in line
    ]
    with reading(app) as session:
        assert session.query(AccountLink).count() == 0


@pytest.mark.both_databases
def test_who_was_taken_out_of_an_organisation_since_is_named_and_taken_out_again(
    app: Flask, run: Run, tmp_path: Path
) -> None:
    with writing(app) as session:
        house, closing = (factories.organisation(session) for _ in range(2))
        out, back, moved = (
            factories.account(session, Role.REQUESTER, organisation_id=house.id) for _ in range(3)
        )
        elsewhere = factories.organisation(session).id
        of_closed = factories.account(session, Role.REQUESTER, organisation_id=closing.id)
        numbers = [out.id, back.id, moved.id, of_closed.id]
    assert run("backup", tmp_path / "made").exit_code == 0
    with writing(app) as session:
        work = factories.work(session, SYSTEM)
        people = [session.get_one(Account, number) for number in numbers]
        for person in people[:3]:
            organisations.remove_member(work, session.get_one(Organisation, house.id), person)
        organisations.add_member(work, session.get_one(Organisation, house.id), people[1])
        organisations.add_member(work, session.get_one(Organisation, elsewhere), people[2])
        organisations.close(work, session.get_one(Organisation, closing.id))
    said = run("restore", tmp_path / "made", "--replace").output
    again = [line.rpartition("wsgi ")[2] for line in said.splitlines() if "Do again" in line]
    assert again == [
        f"accounts leave-organisation account:{number}"
        for number in (numbers[0], numbers[2], numbers[3])
    ]
    for command in again:
        assert run(*command.split()).exit_code == 0
        assert "a member of no organisation" in run(*command.split()).output
    with reading(app) as session:
        members = session.query(Account.id).filter(Account.organisation_id.is_not(None)).all()
        assert [row.id for row in members] == [numbers[1]]


@pytest.mark.both_databases
def test_of_who_keeps_an_account_the_profile_alone_is_erased_again(
    app: Flask, run: Run, tmp_path: Path
) -> None:
    with writing(app) as session:
        both = factories.account(session, Role.EXPERT, Role.COORDINATOR)
        expert = factories.expert(session, person=both)
        numbers = expert.id, both.id
    assert run("backup", tmp_path / "made").exit_code == 0
    with writing(app) as session:
        work = factories.work(session, SYSTEM)
        erased = session.get_one(Expert, numbers[0])
        my_data.part_from_account(work, erased)
        my_data.erase(work, erased)
        accounts.disable(work, session.get_one(Account, numbers[1]))
    said = run("restore", tmp_path / "made", "--replace").output
    again = [line.rpartition("wsgi ")[2] for line in said.splitlines() if "Do again" in line]
    assert again == [
        f"personal-data erase {numbers[0]} --keep-account",
        f"accounts deactivate account:{numbers[1]}",
    ]
    assert run(*again[0].split(), "--yes").exit_code == 0
    with reading(app) as session:
        assert session.get_one(Expert, numbers[0]).state is ExpertState.ERASED
        assert not session.get_one(Account, numbers[1]).is_erased
    refused = run("personal-data", "erase", f"account:{numbers[1]}", "--keep-account", "--yes")
    assert refused.exit_code == 2


@pytest.mark.both_databases
def test_a_joining_that_a_restore_undid_names_nobody_else_for_what_is_done_after_it(
    app: Flask, run: Run, tmp_path: Path
) -> None:
    with writing(app) as session:
        coordinator = factories.account(session, Role.COORDINATOR)
        one = factories.expert(session, jurisdiction="MNE")
        other = factories.expert(session, signs_in=False, name=one.name, jurisdiction="MNE")
    assert run("backup", tmp_path / "made").exit_code == 0
    with writing(app) as session:
        office = factories.work(session, session.get_one(Account, coordinator.id))
        pair = session.get_one(Expert, one.id), session.get_one(Expert, other.id)
        merging.join(office, *pair, [], seen=(pair[0].version, pair[1].version))
    assert run("restore", tmp_path / "made", "--replace").exit_code == 0
    with writing(app) as session:
        my_data.erase(factories.work(session, SYSTEM), session.get_one(Expert, one.id))
    said = run("restore", tmp_path / "made", "--replace").output
    assert f"personal-data erase {one.id}" in said
    assert said.count("Do again") == 1


@pytest.mark.both_databases
def test_what_was_done_after_an_older_backup_came_back_is_named_for_a_newer_one(
    app: Flask, run: Run, tmp_path: Path
) -> None:
    """The two histories part before the end of the newer backup, and their numbers go on alike."""
    with writing(app) as session:
        expert = factories.expert(session)
    assert run("backup", tmp_path / "older").exit_code == 0
    with writing(app) as session:
        lost = [factories.account(session, Role.REQUESTER).id for _ in range(8)]
    assert run("backup", tmp_path / "newer").exit_code == 0
    assert run("restore", tmp_path / "older", "--replace").exit_code == 0
    with writing(app) as session:
        other = factories.account(session, Role.REQUESTER)
        # The number of somebody whom only the newer backup has is nobody else's.
        assert other.id > max(lost)
        my_data.erase(factories.work(session, SYSTEM), session.get_one(Expert, expert.id))
        my_data.erase(factories.work(session, SYSTEM), other)
    said = run("restore", tmp_path / "newer", "--replace").output
    assert f"personal-data erase {expert.id}" in said
    assert said.count("Do again") == 1
    assert (
        f"personal-data erase {expert.id}" in run("restore", tmp_path / "newer", "--replace").output
    )


@pytest.mark.both_databases
def test_who_left_before_a_consent_was_noted_is_named_and_leaves_again(
    app: Flask, run: Run, tmp_path: Path
) -> None:
    with writing(app) as session:
        number = factories.expert(
            session, signs_in=False, state=ExpertState.SCREENING, consented_at=None,
            consent_version=None,
        ).id  # fmt: skip
    assert run("backup", tmp_path / "made").exit_code == 0
    with writing(app) as session:
        my_data.withdraw_consent(factories.work(session, SYSTEM), session.get_one(Expert, number))
    said = run("restore", tmp_path / "made", "--replace").output
    assert f"personal-data withdraw-consent {number}" in said
    assert run("personal-data", "withdraw-consent", number).exit_code == 0
    with reading(app) as session:
        assert session.get_one(Expert, number).state is ExpertState.WITHDRAWN


@pytest.mark.both_databases
def test_who_was_not_to_be_sent_as_before_is_named_by_what_was_decided_last(
    app: Flask, run: Run, tmp_path: Path
) -> None:
    with writing(app) as session:
        house, other = (factories.organisation(session).id for _ in range(2))
        people = [factories.expert(session) for _ in range(7)]
        for person in people:
            factories.make_official(session, person, house)
        numbers = [one.id for one in people]
        suspended, back, off, vetted, unapproved, renewed, moved = numbers
    assert run("backup", tmp_path / "made").exit_code == 0
    why = Grounds(ReasonKind.OTHER, "Two accounts of one event.")
    with writing(app) as session:
        work = factories.work(session, factories.account(session, Role.COORDINATOR))
        by_number = {number: session.get_one(Expert, number) for number in numbers}
        for number in (suspended, back):
            profiles.take(work, by_number[number], ExpertStep.SUSPEND, why)
        profiles.take(work, by_number[back], ExpertStep.REACTIVATE)
        for number in (off, vetted):
            profiles.take(work, by_number[number], ExpertStep.TAKE_OFF, why)
        # It is screened anew, and stands active and approved in the backup.
        profiles.take(work, by_number[vetted], ExpertStep.TAKE_UP)
        for number in (unapproved, renewed):
            (row,) = standing_queries.list_approvals(session, number)
            approvals.withdraw(work, row, ApprovalStep.RECORD_WITHDRAWAL, why)
        until = clock.today() + timedelta(days=400)
        wanted = approvals.Wanted(clock.today(), until, letter="12/2026")
        approvals.grant(work, by_number[renewed], ApprovalStep.RECORD, wanted)
        joining.set_standing(
            work, by_number[moved], session.get_one(Organisation, other), "m@example.org", "",
            seen_version=by_number[moved].version,
        )  # fmt: skip
    said = run("restore", tmp_path / "made", "--replace").output
    (line,) = (line for line in said.splitlines() if "Decide again" in line)
    named = suspended, off, vetted, unapproved, renewed, moved
    assert f": {', '.join(map(str, named))}. Decide" in line
