"""What changes after it was agreed: terms of reference, who can go, and who is left to ask.

Each step is pressed twice, gone back to, or sent from a page that is older than a change.
"""

from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import is_sound, reading, writing
from webapp.accounts.models import Account
from webapp.amendments.models import Amendment, AmendmentState
from webapp.core.roles import Role
from webapp.expertise_requests import operations as requests
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.workflow import RequestStep
from webapp.matches import operations
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import MatchStep

pytestmark = [pytest.mark.browser, pytest.mark.long]


def test_terms_change_once_whatever_is_pressed_twice_or_sent_from_an_old_page(
    app: Flask, open_as: Any
) -> None:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        request = factories.request(session, RequestState.ACCEPTED, coordinator=office)
        invited = factories.match(session, MatchState.INVITED, request=request)
        people = request.requester, office, invited.expert.account
    requester, coordinator, expert = map(open_as, people)
    requester.goto(f"/requests/{request.id}/amend")
    old = requester.context.new_page()
    old.goto(f"/requests/{request.id}/amend")
    requester.get_by_label("Place").fill("Osh")
    requester.get_by_label("Why it should change").fill("The hall has moved.")
    requester.get_by_role("button", name="Propose the change").dblclick()
    requester.get_by_text("waits for SEESAC").first.wait_for()
    coordinator.goto("/queue")
    coordinator.get_by_role("link", name="Agree to the change of the terms").click()
    coordinator.get_by_role("link", name="See the change").click()
    coordinator.get_by_role("button", name="Agree to the change").dblclick()
    coordinator.get_by_text("agreed", exact=True).first.wait_for()
    coordinator.goto(f"/requests/{request.id}/terms")
    coordinator.get_by_role("link", name="Version 2").wait_for()
    old.get_by_label("Place").fill("Naryn")
    old.get_by_label("Why it should change").fill("Snow.")
    old.get_by_role("button", name="Propose the change").click()
    old.get_by_text("were changed since you opened the page").wait_for()
    assert old.get_by_role("textbox", name="Place").input_value() == "Naryn"
    expert.goto(f"/invitations/{invited.id}")
    expert.get_by_role("heading", name="What has changed since you were invited").wait_for()
    assert "Osh" in expert.locator("ins").first.inner_text()
    with reading(app) as session:
        made = session.query(Amendment).one()
        assert made.state is AmendmentState.AGREED
        assert session.get_one(ExpertiseRequest, request.id).tor_version == 2
    assert is_sound(app)


def test_who_falls_ill_after_closing_is_replaced_from_the_reserve_once(
    app: Flask, open_as: Any
) -> None:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        request = factories.request(session, RequestState.ACCEPTED, coordinator=office)
        ill, ready = (
            factories.match(session, MatchState.PROPOSED, request=request) for _ in range(2)
        )
        person: Account = request.requester
        work = factories.work(session, person, Role.REQUESTER)
        operations.take(work, ready, MatchStep.KEEP_AS_ALTERNATE)
        operations.take(work, ill, MatchStep.SELECT)
        requests.take(factories.work(session, office), request, RequestStep.CLOSE)
        patient = ill.expert.account
    expert, requester = open_as(patient), open_as(person)
    expert.goto(f"/invitations/{ill.id}")
    expert.get_by_text("I can no longer go").first.click()
    expert.get_by_label("Reason").or_(expert.locator("select[name$='kind']")).first.select_option(
        "personal"
    )
    expert.get_by_role("button", name="I can no longer go").click()
    requester.goto(f"/requests/{request.id}")
    requester.get_by_text("A place is free, and you can select").wait_for()
    requester.get_by_role("link", name="Select").click()
    requester.get_by_role("button", name="Select").dblclick()
    requester.get_by_role("heading", name="Experts proposed to you").wait_for()
    requester.go_back()
    with reading(app) as session:
        assert session.get_one(Match, ready.id).state is MatchState.SELECTED
        assert session.get_one(ExpertiseRequest, request.id).state is RequestState.CONFIRMED
    assert is_sound(app)


def test_when_all_have_declined_it_is_a_task_to_find_somebody_else(
    app: Flask, open_as: Any
) -> None:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        request = factories.request(session, RequestState.ACCEPTED, coordinator=office)
        asked = [factories.match(session, MatchState.INVITED, request=request) for _ in range(2)]
        experts = [match.expert.account for match in asked]
    for match, person in zip(asked, experts, strict=True):
        page = open_as(person)
        page.goto(f"/invitations/{match.id}")
        page.get_by_text("No, I cannot go").first.click()
        page.locator("select[name$='kind']").first.select_option("dates")
        page.get_by_role("button", name="No, I cannot go").dblclick()
        page.get_by_text("declined").first.wait_for()
    coordinator, requester = open_as(office), open_as(request.requester)
    coordinator.goto("/queue")
    coordinator.get_by_role("link", name="Nobody is left to select: find somebody else").wait_for()
    requester.goto("/requests")
    requester.get_by_text(
        "The experts who were asked cannot go: SEESAC looks for others."
    ).wait_for()
    assert is_sound(app)
