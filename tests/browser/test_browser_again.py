"""Each step of the whole way, whatever becomes of its press: pressed twice, gone back to, sent from
an older page or lost on the way it counts once, and its person reads how it stands.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import forget_limits, is_sound, reading, writing
from webapp.accounts.models import Account
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.deployments.models import Deployment
from webapp.expertise_requests.models import RequestState
from webapp.matches.models import MatchState

pytestmark = [pytest.mark.browser, pytest.mark.long]
S, R = MatchState, RequestState


@dataclass(frozen=True)
class Before:
    """Whose turn it is, where the button is, and what it is about."""

    person: Account
    address: str
    name: str = ""


@dataclass(frozen=True)
class Step:
    """How a step is taken in a browser: what stands before it, what is filled in, which button,
    how the log calls it, and what its person reads of the thing afterwards."""

    make: Callable[[Session], Before]
    button: str
    action: str
    reads: str
    fill: Callable[[Any], None] = lambda _page: None


def _of_request(state: RequestState, path: str, role: Role) -> Callable[[Session], Before]:
    def make(session: Session) -> Before:
        office = factories.account(session, Role.COORDINATOR)
        made = factories.request(session, state, coordinator=office)
        person = made.requester if role is Role.REQUESTER else office
        return Before(person, path.format(made.id))

    return make


def _of_match(state: MatchState, path: str, role: Role) -> Callable[[Session], Before]:
    def make(session: Session) -> Before:
        office = factories.account(session, Role.COORDINATOR)
        member = factories.account(session, Role.NOMINATING_AUTHORITY)
        member.organisation_id = factories.organisation(session).id
        expert = factories.expert(session)
        factories.make_official(session, expert, member.organisation_id)
        made = factories.match(session, state, expert=expert, coordinator=office)
        people = {
            Role.COORDINATOR: office,
            Role.EXPERT: expert.account,
            Role.REQUESTER: made.request.requester,
            Role.NOMINATING_AUTHORITY: member,
        }
        person = people[role]
        assert person
        return Before(person, path.format(match=made.id, request=made.request_id), expert.name)

    return make


def _to_be_shortlisted(session: Session) -> Before:
    office = factories.account(session, Role.COORDINATOR)
    request = factories.request(session, R.ACCEPTED, coordinator=office)
    expert = factories.expert(session)
    return Before(office, f"/requests/{request.id}/matches", expert.name)


def _to_be_cleared(session: Session) -> Before:
    before = _of_match(S.SELECTED, "", Role.COORDINATOR)(session)
    mission = session.scalars(sa.select(Deployment).order_by(Deployment.id.desc())).first()
    assert mission
    factories.settle(session, mission)
    return Before(before.person, f"/deployments/{mission.id}")


def _write_letter(page: Any) -> None:
    page.get_by_label("Number of the letter").fill("5/31")
    page.get_by_label("Day of the letter").fill(datetime.now(UTC).date().isoformat())


def _say_why(page: Any) -> None:
    page.get_by_label("Why you propose this expert").fill("Has taught it for years.")
    summary = page.get_by_label("Summary in the requester's language")
    if summary.count() and not summary.input_value():
        summary.fill("Serves in this field, and has taught it.")


STEPS = {
    "sending": Step(
        _of_request(R.DRAFT, "/requests/{}/submit", Role.REQUESTER),
        "Send to SEESAC", "request: submit", "submitted",
    ),
    "accepting": Step(
        _of_request(R.SUBMITTED, "/requests/{}", Role.COORDINATOR),
        "Accept the terms of reference", "request: accept", "accepted",
    ),
    "shortlisting": Step(
        _to_be_shortlisted, "Shortlist {name}", "match: shortlist", "shortlisted",
    ),
    "inviting": Step(
        _of_match(S.SHORTLISTED, "/matches/{match}", Role.COORDINATOR),
        "Invite", "match: invite", "invited",
    ),
    "answering": Step(
        _of_match(S.INVITED, "/invitations/{match}/accept", Role.EXPERT),
        "Yes, I am available", "match: accept", "available",
    ),
    "asking for the release": Step(
        _of_match(S.AVAILABLE, "/matches/{match}", Role.COORDINATOR),
        "Ask for the release", "match: ask for release", "release asked",
    ),
    "releasing": Step(
        _of_match(S.RELEASE_ASKED, "/releases/{match}", Role.NOMINATING_AUTHORITY),
        "Release for this mission", "match: release", "released", _write_letter,
    ),
    "approving": Step(
        _of_match(S.RELEASED, "/matches/{match}/approve", Role.COORDINATOR),
        "Approve", "match: approve", "approved",
    ),
    "proposing": Step(
        _of_match(S.APPROVED, "/requests/{request}/propose", Role.COORDINATOR),
        "Propose to the requester", "request: propose", "proposed", _say_why,
    ),
    "selecting": Step(
        _of_match(S.PROPOSED, "/proposals/{match}/select", Role.REQUESTER),
        "Select", "match: select", "selected",
    ),
    "clearing": Step(_to_be_cleared, "Clear for departure", "deployment: clear", "cleared"),
    "closing": Step(
        _of_request(R.CONFIRMED, "/requests/{}/close", Role.COORDINATOR),
        "Close the request", "request: close", "Closed the request",
    ),
}  # fmt: skip


@dataclass
class Desk:
    """A person at a page with a button, and the same page in another tab."""

    page: Any
    step: Step
    before: Before

    def open(self, page: Any) -> Any:
        """Open the page, and fill in what the step needs."""
        page.goto(self.before.address)
        if self.button(page).count():
            self.step.fill(page)
        return page

    def button(self, page: Any) -> Any:
        """Return the button of the step."""
        name = self.step.button.format(name=self.before.name)
        return page.get_by_role("button", name=name, exact=True).first

    def press(self, page: Any) -> None:
        """Press the button, if it is there, and wait for what comes."""
        if self.button(page).count():
            with page.expect_navigation(wait_until="load"):
                self.button(page).click()


def twice(desk: Desk) -> Any:
    """Press the button twice, faster than the page can go."""
    page = desk.open(desk.page)
    desk.button(page).dblclick()
    page.get_by_text(desk.step.reads).first.wait_for()
    return page


def back(desk: Desk) -> Any:
    """Press it, go back, and press it again if it is still there."""
    page = desk.open(desk.page)
    desk.press(page)
    page.go_back()
    if desk.button(page).count():
        desk.step.fill(page)
    desk.press(page)
    return page


def from_an_older_page(desk: Desk) -> Any:
    """Press it in one tab, and then in another that was opened before."""
    older = desk.open(desk.page.context.new_page())
    desk.press(desk.open(desk.page))
    desk.press(older)
    return older


def lost_before_it_arrived(desk: Desk) -> Any:
    """Press it while the connection is gone, and again when it is there."""
    page = desk.open(desk.page)
    _lose(desk, page, lambda route: route.abort())
    desk.press(desk.open(page))
    return page


def answer_lost(desk: Desk) -> Any:
    """Press it so that it arrives and its answer is lost; look anew, press where it still is."""
    older = desk.open(desk.page.context.new_page())
    page = desk.open(desk.page)

    def lose_answer(route: Any) -> None:
        route.fetch(max_redirects=0)
        route.abort()

    _lose(desk, page, lose_answer)
    desk.press(desk.open(page))
    desk.press(older)
    return older


def _lose(desk: Desk, page: Any, how: Callable[[Any], None]) -> None:
    """Press the button while whatever is sent is lost somewhere."""

    def lose(route: Any) -> None:
        if route.request.method == "POST":
            how(route)
        else:
            route.continue_()

    page.route("**/*", lose)
    with page.expect_event("requestfailed"):
        desk.button(page).click(no_wait_after=True)
    page.wait_for_function("location.protocol === 'chrome-error:'")
    page.unroute("**/*")


@pytest.mark.parametrize("name", STEPS)
def test_a_step_counts_once_whatever_becomes_of_its_press(
    app: Flask, open_as: Any, name: str
) -> None:
    step = STEPS[name]
    for way in (twice, back, from_an_older_page, lost_before_it_arrived, answer_lost):
        forget_limits(app)
        with writing(app) as session:
            before = step.make(session)
            last = session.scalar(sa.select(sa.func.max(AuditEvent.id))) or 0
        page = way(Desk(open_as(before.person), step, before))
        said = page.locator("main").inner_text()
        assert step.reads in said, (way.__name__, said)
        with reading(app) as session:
            events = sa.select(AuditEvent).where(
                AuditEvent.id > last, AuditEvent.action == step.action
            )
            assert len(session.scalars(events).all()) == 1, way.__name__
    assert is_sound(app)
