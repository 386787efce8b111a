"""Whom to call in an emergency: written by the expert, read by SEESAC while the mission lasts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.ended_sessions import send_too_late, sign_in_again
from tests.pages import Pages
from webapp.core import clock as today_is
from webapp.core import invariants
from webapp.core.errors import ForbiddenError
from webapp.core.record import audit, personal_data, reasons
from webapp.core.record.audit import AuditEvent
from webapp.core.record.personal_data import Whose
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.deployments.models import Deployment, DeploymentState
from webapp.experts.models import ProfileView
from webapp.matches.models import MatchState
from webapp.mission_contacts import operations, sweep
from webapp.mission_contacts.content import ContactContent
from webapp.mission_contacts.models import MissionContact
from webapp.mission_contacts.personal_data import RULES
from webapp.my_data import operations as my_data

TYPED = {
    "Whom to call in an emergency": "marked-name", "Telephone": "+381 555 76 33",
    "Who this is to you": "marked-relation", "What you do not eat": "marked-diet",
}  # fmt: skip
MARKS = ("marked-name", "555 76 33", "marked-relation", "marked-diet")
S = DeploymentState


class Case:
    """A mission for which its expert has said whom to call."""

    def __init__(self, app: Flask, visitor: Callable[[], Pages]) -> None:
        self.app, self.visitor = app, visitor
        with writing(app) as session:
            self.office = factories.account(session, Role.COORDINATOR)
            match = factories.match(session, MatchState.SELECTED, coordinator=self.office)
            authority = factories.account(session, Role.NOMINATING_AUTHORITY)
            home = factories.organisation(session).id
            authority.organisation_id = match.expert.authority_id = match.authority_id = home
            self.number = session.query(Deployment).one().id
            self.expert_id, self.expert = match.expert_id, match.expert.account
            self.others = [
                match.request.requester, authority, factories.account(session, Role.EXPERT),
                factories.account(session, Role.REQUESTER),
                factories.account(session, Role.ADMINISTRATOR),
            ]  # fmt: skip
        self.pages = visitor().come_in(self.expert)
        self.seesac = visitor().come_in(self.office)
        self.address = f"/deployments/{self.number}/contact"

    def write(self) -> None:
        self.pages.get(f"/deployments/{self.number}").follow("Emergency contact and food")
        self.pages.get(f"{self.address}/write").submit("Save", TYPED)

    def set_state(self, state: DeploymentState, days_ago: int = 0) -> None:
        with writing(self.app) as session:
            mission = session.get_one(Deployment, self.number)
            if state in {S.CANCELLED, S.CURTAILED}:
                work = factories.work(session, self.office)
                about = mission.match.expert.tells_of
                mission.reason = reasons.keep(work, Grounds(ReasonKind.PERSONAL), about)
            mission.state = state
            mission.state_since = today_is.now() - timedelta(days=days_ago)

    def set_end(self, days_ago: int) -> None:
        with writing(self.app) as session:
            mission = session.get_one(Deployment, self.number)
            mission.end = today_is.today() - timedelta(days=days_ago)
            mission.start = mission.end - timedelta(days=3)

    def kept(self) -> int:
        with reading(self.app) as session:
            return session.query(MissionContact).count()


@pytest.fixture
def case(app: Flask, visitor: Callable[[], Pages]) -> Case:
    return Case(app, visitor)


def test_seesac_reads_whom_to_call_while_the_mission_lasts_and_the_expert_sees_it(
    case: Case,
) -> None:
    assert "Nothing is written yet" in case.seesac.get(case.address).text
    case.write()
    for state in (S.PLANNED, S.CLEARED, S.DEPLOYED):
        case.set_state(state)
        text = case.seesac.get(case.address).text
        assert all(mark in text for mark in MARKS)
        case.seesac.get(f"{case.address}/write", status=404)
    with reading(case.app) as session:
        views = session.scalars(
            sa.select(ProfileView).where(ProfileView.page == "mission_contacts.show")
        ).all()
        assert {(view.account_id, view.expert_id) for view in views} == {
            (case.office.id, case.expert_id)
        }
    for state in set(S) - {S.PLANNED, S.CLEARED, S.DEPLOYED}:
        case.set_state(state)
        for pages in (case.seesac, case.pages):
            pages.get(case.address, status=404)
            assert "Emergency contact" not in pages.get(f"/deployments/{case.number}").text


@pytest.mark.parametrize(
    ("typed", "said"), [("12", "digits, blanks"), ("011 555 76 33", "international code")]
)
def test_a_number_that_cannot_be_dialled_from_abroad_is_refused_at_its_field(
    case: Case, typed: str, said: str
) -> None:
    page = case.pages.get(f"{case.address}/write")
    page = page.submit("Save", {**TYPED, "Telephone": typed}, status=400)
    assert said in page.errors["telephone"]
    assert case.kept() == 0


def test_nobody_else_finds_whom_to_call_or_reads_it_anywhere(case: Case) -> None:
    case.write()
    for person in filter(None, case.others):
        pages = case.visitor().come_in(person)
        for path in (case.address, f"{case.address}/write"):
            answer = pages.client.get(path)
            assert answer.status_code in {403, 404}
            assert not any(mark in answer.text for mark in MARKS)
    shown = case.seesac.get(f"/deployments/{case.number}").text
    assert not any(mark in shown for mark in MARKS), "each look is one of its own"
    with reading(case.app) as session:
        logged = " ".join(str(row.details) for row in session.scalars(sa.select(AuditEvent)))
        assert not any(mark in logged for mark in MARKS)


def test_nobody_writes_it_for_an_expert_who_can(case: Case) -> None:
    with writing(case.app) as session:
        mission = session.get_one(Deployment, case.number)
        for person in [case.office, *filter(None, case.others)]:
            with pytest.raises(ForbiddenError):
                operations.write(
                    factories.work(session, session.merge(person)), mission,
                    ContactContent("Somebody", "1"), seen_version=0,
                )  # fmt: skip
        audit.forget(session)


def test_seesac_writes_down_what_an_expert_without_an_account_says(case: Case) -> None:
    with writing(case.app) as session:
        account = session.get_one(Deployment, case.number).match.expert.account
        assert account
        account.active = False
    page = case.seesac.get(case.address).follow("Say whom to call").submit("Save", TYPED)
    assert "Written down by SEESAC" in page.text


@pytest.mark.both_databases
def test_whom_to_call_is_erased_a_day_after_the_mission(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor)
    case.write()
    for state, days, left in (
        (S.DEPLOYED, 9, 1), (S.RETURNED, 0, 1), (S.RETURNED, 3, 1), (S.CANCELLED, 2, 0),
    ):  # fmt: skip
        case.set_state(state, days)
        if days == 3:
            with reading(app) as session:
                (fault,) = [one for one in invariants.run(session) if "emergency" in one]
                assert fault.startswith(f"deployment {case.number} is over")
            continue
        with app.app_context():
            sweep.erase_due()
        assert case.kept() == left


@pytest.mark.both_databases
def test_whom_to_call_is_erased_a_week_after_the_last_day_though_nobody_notes_the_return(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor)
    case.write()
    for state in (S.PLANNED, S.DEPLOYED):
        case.set_state(state, 30)
        case.set_end(7)
        assert "555 76 33" in case.seesac.get(case.address).text
        case.set_end(8)
        for pages in (case.seesac, case.pages):
            pages.get(case.address, status=404)
            pages.get(f"{case.address}/write", status=404)
            assert "Emergency contact" not in pages.get(f"/deployments/{case.number}").text
    for days, left in ((7, 1), (8, 0)):
        case.set_end(days)
        with app.app_context():
            sweep.erase_due()
        assert case.kept() == left


def test_a_contact_that_stays_long_after_the_last_day_is_found(case: Case) -> None:
    case.write()
    for days, found in ((8, 0), (9, 1)):
        case.set_end(days)
        with reading(case.app) as session:
            faults = [one for one in invariants.run(session) if "emergency" in one]
            assert len(faults) == found


def test_a_form_that_is_older_than_another_change_is_refused_and_shows_what_is_stored(
    case: Case,
) -> None:
    page = case.pages.get(f"{case.address}/write")
    case.write()
    page = page.submit("Save", {**TYPED, "Telephone": "+381 112 00"}, status=409)
    assert "555 76 33" in page.text
    assert "+381 112 00" in page.response.text


def test_what_was_typed_is_kept_when_the_session_has_ended(case: Case) -> None:
    form = case.pages.get(f"{case.address}/write").form("Save")
    sign_in = send_too_late(form, {form.name_of(label): said for label, said in TYPED.items()})
    assert not any(mark in sign_in.text for mark in MARKS)
    assert "marked-diet" in sign_in_again(sign_in, case.expert).response.text


def test_the_copy_holds_it_and_erasing_takes_it(case: Case, clock: Any) -> None:
    case.write()
    with writing(case.app) as session:
        expert = session.get_one(Deployment, case.number).match.expert
        account_id = expert.account_id
        copy = personal_data.sections(session, Whose(account_id, expert.id))
        (rows,) = (one.rows for one in copy if one.rule in RULES)
        assert [row["name"] for row in rows] == ["marked-name"]
        assert expert.account
        my_data.erase(factories.work(session, expert.account), expert)
    assert case.kept() == 0
