"""Eight clients at two workers press at one moment: what may happen once happens once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests import factories
from tests.databases import reading, writing
from tests.faults.crowd import (
    CLIENTS,
    Office,
    at_once,
    copy_of,
    form_values,
    is_sound,
    presses,
    statuses,
)
from tests.live import Answer, Visitor
from webapp.accounts.models import Account
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts.models import Expert, ExpertState
from webapp.matches import operations as matches
from webapp.matches.models import BookedDay, Match, MatchState
from webapp.membership.models import AccountRequest

pytestmark = [pytest.mark.attack, pytest.mark.both_databases, pytest.mark.long]
APPROVAL = {
    "approve-kind": "other",
    "approve-reason": "Released by letter of the authority.",
}


def test_of_four_selections_at_one_moment_two_fill_the_two_places(
    office: Office, instance: Path, database_url: str
) -> None:
    with writing(office.app) as session:
        request = factories.request(session, RequestState.ACCEPTED, experts_needed=2)
        made = [factories.match(session, MatchState.APPROVED, request=request) for _ in range(4)]
        coordinator = factories.account(session, Role.COORDINATOR)
        matches.propose(factories.work(session, coordinator), request)
        numbers, requester = [match.id for match in made], request.requester
    visitor = office.enters(requester)
    clicks = [presses([copy_of(visitor)], f"/proposals/{n}/select")[0] for n in numbers]
    found = statuses(at_once(clicks))
    assert found == [302, 302, 409, 409]
    with reading(office.app) as session:
        assert session.get_one(ExpertiseRequest, request.id).state is RequestState.CONFIRMED
        assert session.query(Match).filter_by(state=MatchState.SELECTED).count() == 2
    assert is_sound(instance, database_url)


def test_eight_who_invite_and_approve_one_expert_book_their_days_once(
    office: Office, instance: Path, database_url: str
) -> None:
    with writing(office.app) as session:
        expert = factories.expert(session)
        made = [
            factories.match(session, state, expert=expert)
            for state in [MatchState.SHORTLISTED, MatchState.AVAILABLE] * 4
        ]
        numbers = [(match.id, match.state) for match in made]
    clicks = []
    for who, (number, state) in zip(office.staff(Role.COORDINATOR), numbers, strict=True):
        step = "invite" if state is MatchState.SHORTLISTED else "approve"
        values = {} if step == "invite" else APPROVAL
        clicks += presses([who], f"/matches/{number}/{step}", **values)
    assert set(statuses(at_once(clicks))) <= {302, 409}
    with reading(office.app) as session:
        assert session.query(Match).filter_by(state=MatchState.APPROVED).count() == 1
        days = session.scalars(sa.select(BookedDay.day)).all()
        assert len(days) == len(set(days)) == 4
    assert is_sound(instance, database_url)


def test_an_expert_who_is_suspended_while_they_are_approved_is_not_left_approved(
    office: Office, instance: Path, database_url: str
) -> None:
    with writing(office.app) as session:
        expert = factories.expert(session)
        numbers = []
        for week in range(CLIENTS - 1):
            start = date(2031, 5, 5) + timedelta(weeks=week)
            request = factories.request(
                session, RequestState.ACCEPTED, start=start, end=start + timedelta(days=3)
            )
            made = factories.match(session, MatchState.AVAILABLE, expert=expert, request=request)
            numbers.append(made.id)
    suspending, *approving = office.staff(Role.COORDINATOR)
    clicks = presses(
        [suspending],
        f"/roster/{expert.id}/suspend",
        **{"suspend-kind": "other", "suspend-reason": "An inquiry."},
    )
    for who, number in zip(approving, numbers, strict=True):
        clicks += presses([who], f"/matches/{number}/approve", **APPROVAL)
    first, *others = at_once(clicks)
    assert first.status == 302, first.body
    assert set(statuses(others)) <= {302, 409}
    with reading(office.app) as session:
        assert session.get_one(Expert, expert.id).state is ExpertState.SUSPENDED
    assert is_sound(instance, database_url)


def test_one_form_posted_eight_times_is_one_draft(
    office: Office, instance: Path, database_url: str
) -> None:
    (visitor,) = office.staff(Role.REQUESTER, 1)
    values = form_values(visitor, "One form, posted eight times")
    answers = at_once([(copy_of(visitor), "/requests/new", values) for _ in range(CLIENTS)])
    assert set(statuses(answers)) <= {302, 303, 409}
    with reading(office.app) as session:
        assert session.query(ExpertiseRequest).count() == 1
    assert is_sound(instance, database_url)


def test_six_forms_with_one_draft_are_one_draft(
    office: Office, instance: Path, database_url: str
) -> None:
    (visitor,) = office.staff(Role.REQUESTER, 1)
    title = "Six forms with one draft"
    clicks = [(copy_of(visitor), "/requests/new", form_values(visitor, title)) for _ in range(6)]
    assert len({click[2]["form_token"] for click in clicks}) == 6
    found = statuses(at_once(clicks))
    assert len([one for one in found if one < 400]) == 1, found
    with reading(office.app) as session:
        assert session.query(ExpertiseRequest).count() == 1
    assert is_sound(instance, database_url)


def test_eight_who_go_on_writing_are_all_served(
    office: Office, instance: Path, database_url: str
) -> None:
    def write_on(visitor: Visitor) -> list[Answer]:
        forms = (form_values(visitor, f"Draft number {number}") for number in range(6))
        return [visitor.post("/requests/new", form) for form in forms]

    staff = office.staff(Role.REQUESTER)
    with ThreadPoolExecutor(CLIENTS) as crowd:
        answers = [one for many in crowd.map(write_on, staff) for one in many]
    assert statuses(answers) == [302] * 6 * CLIENTS
    assert "did not serve" not in (instance / "server.log").read_text()
    assert is_sound(instance, database_url)


def test_of_eight_who_decide_on_one_request_for_an_account_one_does(
    office: Office, instance: Path, database_url: str
) -> None:
    with writing(office.app) as session:
        number = factories.account_request(session, email="nova@example.org").id
    staff = office.staff(Role.COORDINATOR)
    clicks = presses(staff[:6], f"/accounts/requests/{number}/grant", version=str(number))
    refusals = {f"refuse-{number}-kind": "has account"}
    clicks += presses(staff[6:], f"/accounts/requests/{number}/refuse", **refusals)
    found = statuses(at_once(clicks))
    assert len([one for one in found if one < 400]) == 1, found
    with reading(office.app) as session:
        assert session.query(AccountRequest).count() == 0
        invited = session.query(Account).filter_by(email="nova@example.org").count()
        events = session.query(AuditEvent)
        assert events.filter_by(action=Action.ACCOUNT_INVITED).count() == invited
        assert events.filter_by(action=Action.ACCOUNT_REFUSED).count() == 1 - invited
    assert is_sound(instance, database_url)


def test_what_is_posted_while_its_writer_s_roles_change_is_done_before_or_refused(
    office: Office, instance: Path, database_url: str
) -> None:
    (admin,) = office.staff(Role.ADMINISTRATOR, 1)
    with writing(office.app) as session:
        person = factories.account(session, Role.REQUESTER)
    visitor = office.enters(person)
    forms = [form_values(visitor, f"Draft number {number}") for number in range(CLIENTS - 1)]
    clicks = presses(
        [admin], f"/accounts/{person.id}/roles", roles=Role.EXPERT.value, seen="requester"
    )
    clicks += [(copy_of(visitor), "/requests/new", form) for form in forms]
    changed, *posted = at_once(clicks)
    assert changed.status in {302, 303}, changed.body
    assert set(statuses(posted)) <= {302, 303, 401, 403, 409}
    with reading(office.app) as session:
        events = session.query(AuditEvent)
        ended = events.filter_by(action=Action.ROLES_CHANGED).one().id
        drafts = events.filter_by(actor_id=person.id, subject="expertise_request").all()
        assert all(event.id < ended for event in drafts)
    assert visitor.get("/requests").status == 302
    assert is_sound(instance, database_url)
