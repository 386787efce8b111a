"""A button of an older page does nothing again that a colleague has undone since."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from webapp.accounts.models import Account
from webapp.core import clock, invariants
from webapp.core.actor import SYSTEM
from webapp.core.db import db
from webapp.core.record.audit import AuditHead
from webapp.core.roles import Role
from webapp.core.workflows import older_pages
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts.models import Expert, ExpertState
from webapp.matches import inviting
from webapp.matches.models import Match, MatchState
from webapp.membership import operations as membership
from webapp.my_data import operations as my_data
from webapp.themes.models import Theme

SignIn = Callable[..., Pages]
SUSPENDED = {"suspend-kind": "to be checked"}
REFUSED = "A step was taken here after you opened the page."


def suspend(page: Page, status: int | None = None) -> Page:
    return page.submit("Suspend", SUSPENDED, status=status)


def state_of(app: Flask, number: int) -> ExpertState:
    with reading(app) as session:
        return session.get_one(Expert, number).state


def match_state(app: Flask, number: int) -> MatchState:
    with reading(app) as session:
        return session.get_one(Match, number).state


@pytest.fixture
def colleagues(sign_in_as: SignIn) -> tuple[Pages, Pages]:
    return sign_in_as(Role.COORDINATOR), sign_in_as(Role.COORDINATOR)


def test_a_step_that_was_undone_is_not_taken_again_from_the_page_before(
    app: Flask, colleagues: tuple[Pages, Pages]
) -> None:
    with writing(app) as session:
        number = factories.expert(session).id
    one, other = colleagues
    before = one.get(f"/roster/{number}")
    suspend(one.get(f"/roster/{number}"))
    other.get(f"/roster/{number}").submit("Reactivate")
    told = {"suspend-kind": "other", "suspend-reason": "Two accounts of one event."}
    again = before.submit("Suspend", told, status=409)
    assert REFUSED in again.text
    assert "Two accounts of one event." in again.text
    assert state_of(app, number) is ExpertState.ACTIVE
    # The page that says so is a new one: who means it decides anew.
    suspend(again)
    assert state_of(app, number) is ExpertState.SUSPENDED


def test_what_others_did_otherwise_since_hinders_nobody(
    app: Flask, colleagues: tuple[Pages, Pages]
) -> None:
    with writing(app) as session:
        number, neighbour = factories.expert(session).id, factories.expert(session).id
    one, other = colleagues
    before = one.get(f"/roster/{number}")
    suspend(other.get(f"/roster/{neighbour}"))
    suspend(before)
    assert state_of(app, number) is ExpertState.SUSPENDED


def test_a_match_that_was_taken_up_again_is_not_ended_again_from_the_page_before(
    app: Flask, colleagues: tuple[Pages, Pages]
) -> None:
    with writing(app) as session:
        number = factories.match(session, MatchState.INVITED).id
    one, other = colleagues
    before = one.get(f"/matches/{number}")
    took_up_again(other, number)
    assert match_state(app, number) is MatchState.SHORTLISTED
    assert REFUSED in before.submit("End this match", CANCELLED, status=409).text
    assert match_state(app, number) is MatchState.SHORTLISTED


CANCELLED = {"cancel-kind": "other", "cancel-reason": "Not needed."}
INVITE, PROPOSE = "Invite those who are ticked", "Propose to the requester"


def took_up_again(pages: Pages, number: int) -> None:
    """Let a colleague end a match, and take it up again."""
    pages.get(f"/matches/{number}").submit("End this match", CANCELLED)
    pages.get(f"/matches/{number}").submit("Take up again", {"reconsider-kind": "mistake"})


def test_nobody_is_invited_again_among_others_from_the_page_before(
    app: Flask, colleagues: tuple[Pages, Pages]
) -> None:
    with writing(app) as session:
        first = factories.match(session)
        second = factories.match(session, request=first.request)
        numbers, page = [first.id, second.id], f"/requests/{first.request_id}/invite"
    one, other = colleagues
    before = one.get(page)
    other.get(page).submit(INVITE, {"match": [numbers[0]]})
    took_up_again(other, numbers[0])
    again = before.submit(INVITE, {"match": numbers}, status=409)
    assert REFUSED in again.text
    with reading(app) as session:
        # The other one is not invited either: what was sent is refused as a whole.
        states = {row.state for row in session.query(Match)}
        assert (states, invariants.run(session)) == ({MatchState.SHORTLISTED}, [])


def test_what_goes_on_after_such_a_refusal_is_not_stored(
    app: Flask, monkeypatch: pytest.MonkeyPatch, colleagues: tuple[Pages, Pages]
) -> None:
    """Whoever catches the refusal and goes on would store a step that nobody is told of."""
    with writing(app) as session:
        match = factories.match(session)
        number, page = match.id, f"/requests/{match.request_id}/invite"
    one, other = colleagues
    before = one.get(page)
    other.get(page).submit(INVITE, {"match": [number]})
    took_up_again(other, number)
    monkeypatch.setattr(inviting, "DoneSinceError", ZeroDivisionError)
    assert REFUSED in before.submit(INVITE, {"match": [number]}, status=409).text
    with reading(app) as session:
        assert session.get_one(Match, number).state is MatchState.SHORTLISTED
        assert invariants.run(session) == []


def test_what_follows_from_another_decision_hinders_no_new_one(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    """To select somebody confirms the request, and to take that back opens it again."""
    with writing(app) as session:
        match = factories.match(session, MatchState.PROPOSED)
        number, request, owner = match.id, match.request_id, match.request.requester
    one, other = visitor().come_in(owner), visitor().come_in(owner)
    before = one.get(f"/requests/{request}")
    way, back = (f"/proposals/{number}/{step}" for step in ("select", "take-back-the-selection"))
    other.get(way).submit("Select", action=way)
    again = other.get(back)
    (kind,) = (name for name in again.form(action=back).values if name.endswith("kind"))
    again.submit("Take the selection back", {kind: "mistake"}, action=back)
    why = {"withdraw-kind": "mistake", "withdraw-reason": ""}
    before.submit("Withdraw the request", why, status=302)
    with reading(app) as session:
        assert session.get_one(ExpertiseRequest, request).state is RequestState.WITHDRAWN


def test_nobody_is_proposed_whose_match_was_ended_since_the_page_before(
    app: Flask, colleagues: tuple[Pages, Pages]
) -> None:
    with writing(app) as session:
        match = factories.match(session, MatchState.APPROVED)
        number, page = match.id, f"/requests/{match.request_id}/propose"
    one, other = colleagues
    before = one.get(page)
    took_up_again(other, number)
    with writing(app) as session:
        # As when the expert was asked, released and approved once more.
        session.get_one(Match, number).state = MatchState.APPROVED
    assert (
        REFUSED
        in before.submit(PROPOSE, {"Why you propose this expert": "She can."}, status=409).text
    )
    assert match_state(app, number) is MatchState.APPROVED


def test_a_consent_that_was_taken_back_is_not_noted_again_from_the_page_before(
    app: Flask, colleagues: tuple[Pages, Pages]
) -> None:
    with writing(app) as session:
        number = factories.expert(
            session, signs_in=False, state=ExpertState.SCREENING, consented_at=None,
            consent_version=None,
        ).id  # fmt: skip
    one, other = colleagues
    before = one.get(f"/roster/{number}")
    noted = other.get(f"/roster/{number}")
    noted.submit("Note the consent", consent_of(noted))
    with writing(app) as session:
        my_data.withdraw_consent(factories.work(session, SYSTEM), session.get_one(Expert, number))
    assert REFUSED in before.submit("Note the consent", consent_of(before), status=409).text
    with reading(app) as session:
        assert session.get_one(Expert, number).consented_at is None


def consent_of(page: Page) -> dict[str, str]:
    """Return how somebody has agreed, as the form asks for it."""
    form = page.form("Note the consent")
    kind = next(name for name in form.values if name.endswith("kind"))
    words = next(name for name in form.values if name.endswith("reason"))
    return {kind: "other", words: "By telephone."}


class Approver:
    """Somebody who approves an official, of the authority or of SEESAC, by their own page."""

    def __init__(self, pages: Pages, expert: int, role: Role) -> None:
        ours = role is Role.NOMINATING_AUTHORITY
        self.pages = pages
        self.address = f"/officials/{expert}" if ours else f"/roster/{expert}"
        self.approves = "Approve" if ours else "Record the approval"
        self.withdraws = (
            "Withdraw the approval" if ours else "Record that the approval is withdrawn"
        )
        self.until = {"approval-until": (clock.today() + timedelta(days=400)).isoformat()}
        if not ours:
            self.until["approval-letter"] = "12/2026"

    def page(self) -> Page:
        return self.pages.get(self.address)

    def approve(self, page: Page, status: int | None = None) -> Page:
        return page.submit(self.approves, self.until, status=status)

    def withdraw(self, page: Page, status: int | None = None) -> Page:
        names = [name for name in page.form(self.withdraws).values if "approval" in name]
        why = {name: "left service" if "kind" in name else "" for name in names}
        return page.submit(self.withdraws, why, status=status)


@pytest.mark.thorough
@pytest.mark.parametrize("before_approved", [False, True])
@pytest.mark.parametrize("other", [Role.NOMINATING_AUTHORITY, Role.COORDINATOR])
@pytest.mark.parametrize("by", [Role.NOMINATING_AUTHORITY, Role.COORDINATOR])
def test_an_approval_that_was_withdrawn_is_not_given_again_from_the_page_before(
    app: Flask, visitor: Callable[[], Pages], by: Role, other: Role, before_approved: bool
) -> None:
    """Whoever gave and withdrew it meanwhile, and also if it was given before the page."""
    with writing(app) as session:
        house = factories.organisation(session)
        expert = factories.expert(session, approved_until=None)
        expert.authority_id = house.id
        people = {
            role: [factories.account(session, role) for _ in range(2)]
            for role in (Role.NOMINATING_AUTHORITY, Role.COORDINATOR)
        }
        for person in people[Role.NOMINATING_AUTHORITY]:
            person.organisation_id = house.id
        number = expert.id
    one = Approver(visitor().come_in(people[by][0]), number, by)
    colleague = Approver(visitor().come_in(people[other][1]), number, other)
    if before_approved:
        colleague.approve(colleague.page())
        before = one.page()
    else:
        before = one.page()
        colleague.approve(colleague.page())
    colleague.withdraw(colleague.page())
    assert REFUSED in one.approve(before, status=409).text
    with reading(app) as session:
        until_now = session.get_one(Expert, number).approved_until
        assert until_now is not None
        assert until_now < clock.today()
    # Nor is what was approved anew since withdrawn by who saw the approval before it.
    colleague.approve(colleague.page())
    before = one.page()
    colleague.withdraw(colleague.page())
    colleague.approve(colleague.page())
    one.withdraw(before, status=409)


@pytest.fixture
def administrators(sign_in_as: SignIn) -> tuple[Pages, Pages]:
    return sign_in_as(Role.ADMINISTRATOR), sign_in_as(Role.ADMINISTRATOR)


def is_open(app: Flask, number: int) -> bool:
    with reading(app) as session:
        return session.get_one(Account, number).active


def test_an_account_is_neither_opened_nor_closed_again_from_a_page_before(
    app: Flask, administrators: tuple[Pages, Pages]
) -> None:
    with writing(app) as session:
        number = factories.account(session, Role.REQUESTER).id
    one, other = administrators
    page, question = f"/accounts/{number}", f"/accounts/{number}/disable"
    to_close = one.get(question)
    other.get(question).submit("Disable the account")
    to_open = one.get(page)
    other.get(page).submit("Enable again")
    assert REFUSED in to_close.submit("Disable the account", status=409).text
    assert is_open(app, number)
    other.get(question).submit("Disable the account")
    assert REFUSED in to_open.submit("Enable again", status=409).text
    assert not is_open(app, number)


def test_roles_and_invitations_are_not_changed_again_from_a_page_before(
    app: Flask, administrators: tuple[Pages, Pages]
) -> None:
    with writing(app) as session:
        number = factories.account(session, Role.REQUESTER).id
        invited = membership.invite(
            factories.work(session, factories.account(session, Role.ADMINISTRATOR)),
            email="nova@example.org", name="Nova Testova", roles=[Role.EXPERT], institution="",
            jurisdiction=None, language="en",
        ).id  # fmt: skip
    one, other = administrators
    page, both = f"/accounts/{number}", {"roles": ["requester", "coordinator"]}
    before = one.get(page)
    other.get(page).submit("Change the roles", both)
    other.get(page).submit("Change the roles", {"roles": ["requester"]})
    assert REFUSED in before.submit("Change the roles", both, status=409).text
    page, revoke = f"/accounts/{invited}", "Take the invitation back"
    before = one.get(page)
    other.get(page).submit(revoke)
    other.get(page).submit("Enable again")
    assert REFUSED in before.submit(revoke, status=409).text
    assert is_open(app, invited)


def test_nobody_is_taken_out_of_an_organisation_or_let_in_again_from_a_page_before(
    app: Flask, administrators: tuple[Pages, Pages]
) -> None:
    with writing(app) as session:
        house = factories.organisation(session)
        person = factories.account(session, Role.REQUESTER, organisation_id=house.id)
        neighbour = factories.account(session, Role.REQUESTER, organisation_id=house.id)
        number, address, organisation = person.id, {"email": person.email}, house.id
        of_neighbour = f"/organisations/people/{neighbour.id}"
    one, other = administrators
    page, members, out = (
        f"/organisations/people/{number}", f"/organisations/{organisation}",
        "Take out of the organisation",
    )  # fmt: skip
    before, neighbour_page = one.get(page), one.get(of_neighbour)
    other.get(page).submit(out)
    to_add = one.get(members)
    other.get(members).submit("Add as a member", address)
    assert REFUSED in before.submit(out, status=409).text
    other.get(page).submit(out)
    assert REFUSED in to_add.submit("Add as a member", address, status=409).text
    with reading(app) as session:
        assert session.get_one(Account, number).organisation_id is None
    # Another member is another matter, though it is the same organisation of which the log tells.
    neighbour_page.submit(out, status=302)


def test_a_theme_is_not_retired_again_from_the_page_before(
    app: Flask, administrators: tuple[Pages, Pages]
) -> None:
    with reading(app) as session:
        code = session.query(Theme).filter_by(retired=False).first().code  # type: ignore[union-attr]
    one, other = administrators
    before = one.get(f"/themes/{code}")
    other.get(f"/themes/{code}").submit("Offer it no more")
    other.get(f"/themes/{code}").submit("Offer it again")
    again = before.submit("Offer it no more", status=409)
    assert REFUSED in again.text
    assert (
        again.form("Save the name").values["label"] == before.form("Save the name").values["label"]
    )


@pytest.mark.parametrize("no_position", ["", "-1", "9" * 30, "later"])
def test_a_form_that_does_not_say_when_it_was_drawn_is_judged_by_the_state_alone(
    app: Flask, colleagues: tuple[Pages, Pages], no_position: str
) -> None:
    with writing(app) as session:
        number = factories.expert(session).id
    page = colleagues[0].get(f"/roster/{number}")
    page.submit("Suspend", {**SUSPENDED, "drawn_at": no_position}, status=302)
    assert state_of(app, number) is ExpertState.SUSPENDED


def test_what_was_given_up_in_between_keeps_the_moment_of_a_page(app: Flask) -> None:
    """A savepoint that is rolled back ends no transaction."""
    with app.test_request_context():
        db.session.scalar(sa.select(AuditHead.event_id))
        before = older_pages._drawn_at()
        nested = db.session.begin_nested()
        nested.rollback()
        assert older_pages._drawn_at() == before
        db.session.rollback()
        assert older_pages._drawn_at()
