"""Rules that a coordinator meets: a second pair of eyes, and a reason for who comes out of turn."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.browser import steps
from tests.databases import is_sound, reading, writing
from webapp.core.roles import Role
from webapp.core.words.vocabularies import CefrLevel
from webapp.expertise_requests.models import RequestState
from webapp.experts.models import LanguageSkill
from webapp.matches.models import Match, MatchState, OutOfTurn
from webapp.platform_settings.queries import get_settings

pytestmark = [pytest.mark.browser, pytest.mark.long]
EMPTY: dict[str, Any] = {"summary": "", "post": "", "themes": [], "evidence": [], "trainings": []}
WHY = "Served there for a year."


def test_with_four_eyes_a_colleague_approves_and_the_other_window_says_why_not(
    app: Flask, open_as: Any
) -> None:
    with writing(app) as session:
        first, second = (factories.account(session, Role.COORDINATOR) for _ in range(2))
        request = factories.request(session, RequestState.ACCEPTED, coordinator=first)
        match = factories.match(session, MatchState.RELEASED, request=request, coordinator=first)
    proposer = open_as(first)
    proposer.goto(f"/matches/{match.id}")
    proposer.get_by_role("link", name="Approve").click()
    button = proposer.get_by_role("button", name="Approve")
    button.wait_for()
    # Meanwhile an administrator asks for four eyes.
    with writing(app) as session:
        get_settings(session).four_eyes = True
    button.click()
    proposer.locator("main").get_by_text("colleague").first.wait_for()
    with reading(app) as session:
        assert session.get_one(Match, match.id).state is MatchState.RELEASED
    proposer.goto(f"/matches/{match.id}")
    assert proposer.get_by_role("link", name="Approve").count() == 0
    assert "colleague" in proposer.locator(".alert-warning").first.inner_text()
    colleague = open_as(second)
    colleague.goto(f"/matches/{match.id}")
    colleague.get_by_role("link", name="Approve").click()
    colleague.get_by_role("button", name="Approve").dblclick()
    colleague.get_by_text("approved").first.wait_for()
    with reading(app) as session:
        assert session.get_one(Match, match.id).state is MatchState.APPROVED
    assert is_sound(app)


@pytest.mark.parametrize(
    ("facts", "how"),
    [
        (
            lambda: {"languages": [LanguageSkill(language="en", level=CefrLevel.A2)]},
            OutOfTurn.RULED_OUT,
        ),
        (lambda: EMPTY, OutOfTurn.NOTHING),
    ],
)
def test_whoever_is_not_ranked_is_chosen_with_a_reason_that_the_story_shows(
    app: Flask, open_as: Any, facts: Callable[[], dict[str, Any]], how: OutOfTurn
) -> None:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        request = factories.request(session, RequestState.ACCEPTED, coordinator=office)
        factories.expert(session)
        other = factories.expert(session, **facts())
    page = open_as(office)
    page.goto(f"/requests/{request.id}/matches")
    for folded in page.get_by_text("Show who and why").all():
        folded.click()
    steps.link_about(page, "Shortlist all the same", other.name).click()
    page.get_by_role("heading", name="out of turn?").wait_for()
    old = page.context.new_page()
    old.goto(page.url)
    # The browser holds back a form without a reason.
    page.get_by_role("button", name="Shortlist").click()
    assert page.get_by_role("heading", name="out of turn?").is_visible()
    page.locator("select[name$='kind']").select_option("knows place")
    page.get_by_label("In your own words").fill(WHY)
    page.get_by_role("button", name="Shortlist").dblclick()
    steps.said(page, "is on the shortlist")
    old.locator("select[name$='kind']").select_option("knows place")
    old.get_by_role("button", name="Shortlist").click()
    steps.said(old, "is on the shortlist already")
    page.locator("#shortlist").get_by_role("link", name=other.name).click()
    page.get_by_text("Chosen out of turn").wait_for()
    story = page.locator(".timeline").inner_text()
    assert "The expert knows the place or its people" in story
    assert WHY in story
    with reading(app) as session:
        assert session.query(Match).one().out_of_turn is how
    assert is_sound(app)
