"""A request is copied, its list read without names, and several experts invited, in browsers."""

import re
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import is_sound, reading, writing
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.matches.models import Match, MatchState

pytestmark = [pytest.mark.browser, pytest.mark.long]


def test_a_copied_request_is_one_draft_after_back_and_a_second_click(
    app: Flask, open_as: Any
) -> None:
    with writing(app) as session:
        # What was sent waits for somebody who can read it.
        factories.account(session, Role.COORDINATOR)
        person = factories.account(session, Role.REQUESTER)
        earlier = factories.request(session, RequestState.SUBMITTED, requester=person)
    page = open_as(person)
    page.goto(f"/requests/{earlier.id}")
    page.get_by_role("button", name="Copy into a new draft").click()
    page.get_by_label("Title").wait_for()
    page.go_back()
    page.get_by_role("button", name="Copy into a new draft").dblclick()
    page.get_by_text("You have stored this very text before").wait_for()
    with reading(app) as session:
        assert session.query(ExpertiseRequest).count() == 2
    assert is_sound(app)


def test_experts_are_chosen_without_names_and_invited_together_once(
    app: Flask, open_as: Any
) -> None:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        request = factories.request(session, RequestState.ACCEPTED, coordinator=office)
        experts = [factories.expert(session) for _ in range(3)]
    page = open_as(office)
    page.goto(f"/requests/{request.id}/matches")
    page.get_by_role("link", name="Read this list without names").click()
    page.get_by_role("link", name="Show the names").wait_for()
    text = page.locator("main").inner_text()
    assert not [expert.name for expert in experts if expert.name in text]
    for _ in range(2):
        page.get_by_role("button", name="Shortlist Expert at place").first.click()
        page.get_by_role("status").filter(has_text="is on the shortlist").wait_for()
    page.get_by_role("link", name="Invite several at once").click()
    page.get_by_role("button", name="Invite those who are ticked").click()
    page.get_by_role("status").filter(has_text="Invited: ").wait_for()
    page.go_back()
    page.get_by_role("heading", name=re.compile("Invite these experts|Nobody to invite")).wait_for()
    if page.get_by_role("button", name="Invite those who are ticked").count():
        page.get_by_role("button", name="Invite those who are ticked").click()
        page.get_by_text("is not invited:").first.wait_for()
    with reading(app) as session:
        assert session.query(Match).filter_by(state=MatchState.INVITED).count() == 2
    assert is_sound(app)
