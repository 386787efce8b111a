"""Once somebody has been erased nothing names them, and nothing brings them back."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, rows, writing
from tests.factories import missions
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.core.clock import now as told_at
from webapp.core.db import db, empty_log_of_writes
from webapp.core.errors import ConflictError
from webapp.core.files.stored_files import read_file
from webapp.core.record.reasons import Grounds, ReasonKind, Removed
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts import approvals, joining, telling
from webapp.experts.approvals import Wanted
from webapp.experts.models import (
    Expert,
    ExpertState,
)
from webapp.experts.standing_tables import PhoneCall
from webapp.experts.standing_workflow import ApprovalStep
from webapp.experts.wording import MEANINGS
from webapp.kept_texts import operations as kept_texts
from webapp.kept_texts.models import KeptText
from webapp.matches import operations as matches
from webapp.matches.models import MatchState
from webapp.matches.workflow import MatchStep
from webapp.membership import operations as membership
from webapp.mission_reports import operations as reports
from webapp.mission_reports.models import MissionReportFile, Side
from webapp.my_data import operations
from webapp.organisations import operations as organisations
from webapp.roster import merging
from webapp.roster import operations as roster

pytestmark = pytest.mark.thorough

Visitor = Callable[[], Pages]
SignIn = Callable[[Role], Pages]
NAME = "Zdravka Quillfeather"


def erase(app: Flask, number: int) -> None:
    """Erase the person of an account, by themselves."""
    with writing(app) as session:
        own = session.get_one(Account, number)
        operations.erase(factories.work(session, own), own)


@pytest.mark.both_databases
def test_what_was_typed_into_a_profile_goes_with_it_where_the_account_stays(app: Flask) -> None:
    how: dict[str, Any] = {"secrets": [app.config["SECRET_KEY"]], "now": told_at()}
    with writing(app) as session:
        both = factories.account(session, Role.EXPERT, Role.COORDINATOR)
        expert = factories.expert(session, person=both)
        for path in ("/profile/about", "/requests/7/notes"):
            kept_texts.keep(session, both.id, path, [("text", "Some words.")], **how)
        operations.part_from_account(factories.work(session), expert)
        operations.erase(factories.work(session), expert)
    with reading(app) as session:
        assert session.scalars(sa.select(KeptText.path)).all() == ["/requests/7/notes"]


@pytest.mark.both_databases
def test_what_a_coordinator_typed_of_a_profile_goes_with_it(app: Flask) -> None:
    how: dict[str, Any] = {"secrets": [app.config["SECRET_KEY"]], "now": told_at()}
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        expert, other = (factories.expert(session, person=None) for _number in range(2))
        pages = [f"/roster/{one.id}/write/about" for one in (expert, other)]
        for path in pages:
            kept_texts.keep(session, office.id, path, [("summary", "Some words.")], **how)
        operations.erase(factories.work(session), expert)
        assert session.scalars(sa.select(KeptText.path)).all() == pages[1:]


@pytest.mark.both_databases
@pytest.mark.parametrize("written", [NAME, f"Col. {NAME.upper()}, extension 12"])
def test_terms_of_reference_name_nobody_who_was_erased(app: Flask, written: str) -> None:
    with writing(app) as session:
        own = factories.account(session, Role.REQUESTER, name=NAME)
        accepted = factories.request(
            session, RequestState.ACCEPTED, requester=own, focal_point=written
        )
        # A colleague has become the focal point since those terms were accepted.
        changed = factories.request(
            session, RequestState.ACCEPTED, requester=own, focal_point=written
        )
        changed.focal_point = "Somebody Else"
        session.flush()
    erase(app, own.id)
    assert "quillfeather" not in repr(rows(app)).lower()
    with reading(app) as session:
        kept = session.get_one(ExpertiseRequest, changed.id)
        assert kept.focal_point == "Somebody Else"
        assert kept.terms[0].content["title"] == kept.title
        assert session.get_one(ExpertiseRequest, accepted.id).focal_point == ""


@pytest.mark.both_databases
@pytest.mark.parametrize("was_sent", [True, False])
def test_no_report_that_was_not_sent_tells_of_an_erased_expert(
    app: Flask, visitor: Visitor, clock: time_machine.Traveller, was_sent: bool
) -> None:
    told = replace(missions.ANSWERS, done=f"{NAME} taught us.")
    with writing(app) as session:
        made = missions.returned_mission(session, clock)
        number, requester = made.id, made.match.request.requester
        report = missions.report(session, made, Side.REQUESTER, told, sent=was_sent)
        if was_sent:
            office = factories.account(session, Role.COORDINATOR)
            reports.give_back(factories.work(session, office), made, Side.REQUESTER)
        row = read_file(f"{NAME}.pdf", b"%PDF-1.7 x").columns()
        session.add(
            MissionReportFile(report_id=report.id, added_by=requester.id, added_at=told_at(), **row)
        )
        expert_id = made.match.expert_id
    theirs = visitor().come_in(requester)
    before = theirs.get(f"/deployments/{number}/reports/requester")
    with writing(app) as session:
        expert = session.get_one(Expert, expert_id)
        operations.erase(factories.work(session, expert.account), expert)
    assert NAME not in repr(rows(app))
    refused = before.submit("Save the draft", status=409)
    assert "nothing more is written about this mission" in refused.text
    refused.submit("Save the draft", status=409)
    assert NAME not in repr(rows(app))


def test_the_file_of_the_database_holds_nothing_of_who_was_erased(app: Flask) -> None:
    """SQLite leaves what is deleted where it stood, unless it is told to write over it."""
    with writing(app) as session:
        own = factories.account(session, Role.EXPERT, name=NAME)
        factories.expert(session, person=own, summary=f"{NAME} has taught. " * 200)
    erase(app, own.id)
    with app.app_context():
        with db.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1
        file = Path(str(db.engine.url.database))
        log = file.with_name(f"{file.name}-wal")
        assert NAME.encode() in log.read_bytes()
        # The job worker does it each minute.
        empty_log_of_writes()
    assert NAME.encode() not in file.read_bytes() + log.read_bytes()


@pytest.mark.parametrize("act", ["reactivate", "disable", "resend"])
def test_nothing_brings_an_erased_account_back(app: Flask, sign_in_as: SignIn, act: str) -> None:
    with writing(app) as session:
        number = factories.account(session, Role.ADMINISTRATOR).id
        factories.account(session, Role.ADMINISTRATOR)
    erase(app, number)
    pages = sign_in_as(Role.ADMINISTRATOR)
    page = pages.get(f"/accounts/{number}")
    assert page.heading == f"#{number} erased"
    assert not [form for form in page.forms if f"/accounts/{number}" in form.action]
    refused = pages.post(f"/accounts/{number}/{act}", status=409)
    values = {"roles": "administrator", "seen_roles": ""}
    assert "was erased" in pages.post(f"/accounts/{number}/roles", values, status=409).text
    assert act == "resend" or "was erased" in refused.text
    with reading(app) as session:
        gone = session.get_one(Account, number)
        assert (gone.active, gone.kinds) == (False, frozenset())


def test_an_organisation_takes_in_nobody_who_was_erased(app: Flask) -> None:
    with writing(app) as session:
        number = factories.account(session, Role.REQUESTER).id
        theirs = factories.organisation(session)
    erase(app, number)
    with writing(app) as session:
        gone = session.get_one(Account, number)
        with pytest.raises(ConflictError):
            organisations.add_member(factories.work(session), session.merge(theirs), gone)


def test_the_profile_of_somebody_erased_can_be_opened(app: Flask, sign_in_as: SignIn) -> None:
    with writing(app) as session:
        expert = factories.expert(session)
        account = expert.account_id
    assert account is not None
    erase(app, account)
    page = sign_in_as(Role.COORDINATOR).get(f"/roster/{expert.id}")
    assert page.heading == f"#{expert.id} erased"
    assert "only the number is left" in page.text
    assert "Record the approval" not in page.text
    assert "Address for the invitation" not in page.text


def note_consent(work: UnitOfWork, expert: Expert) -> None:
    joining.note_consent(work, expert, Grounds(ReasonKind.BY_TELEPHONE))


def approve(work: UnitOfWork, expert: Expert) -> None:
    until = told_at().date() + timedelta(days=9)
    approvals.grant(work, expert, ApprovalStep.RECORD, Wanted(told_at().date(), until, "", NAME))


def change_contact(work: UnitOfWork, expert: Expert) -> None:
    joining.set_standing(
        work, expert, None, "zdravka@example.org", "+382 1", seen_version=expert.version
    )


def write_note(work: UnitOfWork, expert: Expert) -> None:
    roster.write_note(work, expert, NAME)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "write", [note_consent, approve, change_contact, membership.invite_expert, write_note]
)
@pytest.mark.parametrize("way", ["erased", "joined with another profile"])
def test_nothing_is_written_about_somebody_who_was_erased(
    app: Flask, write: Callable[[UnitOfWork, Expert], object], way: str
) -> None:
    with writing(app) as session:
        coordinator = factories.account(session, Role.COORDINATOR)
        expert = factories.expert(session, name=NAME)
        kept = factories.expert(session, name=NAME)
        if way == "erased":
            operations.erase(factories.work(session, expert.account), expert)
        else:
            seen = (kept.version, expert.version)
            merging.join(factories.work(session, coordinator), kept, expert, [], seen=seen)
    before = rows(app)
    with writing(app) as session:
        work = factories.work(session, session.get_one(Account, coordinator.id))
        with pytest.raises(ConflictError, match="was erased"):
            write(work, session.get_one(Expert, expert.id))
    assert rows(app) == before


def test_nobody_is_told_by_telephone_who_was_erased(app: Flask) -> None:
    with writing(app) as session:
        expert = factories.expert(session)
        operations.erase(factories.work(session, expert.account), expert)
        telling.let_be_called(factories.work(session, None), expert, _("Mission"))
        session.flush()
        assert session.scalars(sa.select(PhoneCall)).all() == []


def test_every_state_of_a_profile_is_put_into_words() -> None:
    assert set(MEANINGS) == set(ExpertState)


@pytest.mark.both_databases
def test_the_account_that_was_closed_by_joining_is_the_same_persons(app: Flask) -> None:
    with writing(app) as session:
        kept, gone = factories.expert(session, name=NAME), factories.expert(session, name=NAME)
        stranger = factories.expert(session)
        both = {kept.account_id, gone.account_id}
        for expert in (gone, stranger):
            match = factories.match(session, MatchState.INVITED, expert=expert)
            work = factories.work(session, expert.account)
            matches.take(work, match, MatchStep.DECLINE, Grounds(ReasonKind.OTHER, "My father."))
        merging.join(coordinator_of(session), kept, gone, [], seen=(kept.version, gone.version))
    with writing(app) as session:
        own = session.get_one(Expert, kept.id).account
        assert own is not None
        found: defaultdict[str, list[Any]] = defaultdict(list)
        for section in operations.copy(factories.work(session, own), own):
            found[section.rule.table.__tablename__].extend(section.rows)
        assert {row["id"] for row in found["account"]} == both
        assert [row["text"] for row in found["reason"] if row["text"]] == ["My father."]
        assert membership.remove_texts(coordinator_of(session), own) == Removed(1, 0)
        operations.erase(factories.work(session, own), own)
        assert all(session.get_one(Account, number).is_erased for number in both)
        assert not session.get_one(Account, stranger.account_id).is_erased


def coordinator_of(session: Session) -> UnitOfWork:
    """Return the work of somebody at SEESAC."""
    return factories.work(session, factories.account(session, Role.COORDINATOR))
