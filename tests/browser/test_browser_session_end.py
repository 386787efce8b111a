"""In a real browser a session ends while somebody writes: they are warned, and lose nothing."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest

pytestmark = [pytest.mark.browser, pytest.mark.long]
TITLE = "Training of investigators in firearms tracing"


@pytest.fixture(autouse=True)
def short_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let sessions of the server end after eight seconds without a request."""
    monkeypatch.setenv("SESSION_IDLE_MINUTES", str(8 / 60))


@pytest.fixture
def writer(app: Flask) -> str:
    """Return the address of somebody who writes requests."""
    with writing(app) as session:
        return factories.account(session, Role.REQUESTER).email


@pytest.fixture
def page(short_sessions: None, writer: str, browser_page: Any) -> Any:
    """Return a browser at the form of a new request."""
    browser_page.set_default_timeout(15_000)
    browser_page.goto("/login")
    sign_in(browser_page, writer)
    browser_page.get_by_role("button", name="Sign out").wait_for()
    browser_page.goto("/requests/new")
    return browser_page


def sign_in(page: Any, email: str) -> None:
    """Fill in the page for sign-in."""
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_what_was_typed_is_found_again_and_saved(app: Flask, page: Any, writer: str) -> None:
    page.get_by_label("Title").fill(TITLE)
    page.get_by_role("alert").filter(has_text="ends in a few minutes").wait_for()
    page.get_by_role("alert").filter(has_text="What you wrote on this page is not lost").wait_for()
    page.get_by_role("button", name="Save as draft").click()
    page.get_by_text("What you wrote is kept for an hour").wait_for()
    sign_in(page, writer)
    page.get_by_role("heading", name="Your text is kept").wait_for()
    assert page.get_by_text(TITLE).first.is_visible()
    page.get_by_role("button", name="Go on with your text").click()
    page.get_by_text("Nothing of it is saved or sent yet").wait_for()
    assert page.get_by_label("Title").input_value() == TITLE
    page.get_by_role("button", name="Save as draft").click()
    page.get_by_role("heading", name=TITLE).wait_for()
    with reading(app) as session:
        assert session.scalars(sa.select(ExpertiseRequest.title)).all() == [TITLE]


def test_somebody_who_reads_stays_signed_in(page: Any) -> None:
    for _ in range(12):
        page.mouse.wheel(0, 40)
        page.wait_for_timeout(1000)
    assert page.locator("#session-end").inner_text() == ""
    page.goto("/requests")
    assert page.get_by_role("heading", name="My requests").is_visible()


def test_the_button_of_the_warning_keeps_the_session(page: Any) -> None:
    warning = page.get_by_role("alert").filter(has_text="ends in a few minutes")
    warning.wait_for()
    page.get_by_role("button", name="Stay signed in").focus()
    page.keyboard.press("Enter")
    warning.wait_for(state="detached")
    page.wait_for_timeout(5000)
    page.goto("/requests")
    assert page.get_by_role("heading", name="My requests").is_visible()


def test_another_page_of_the_same_person_keeps_this_one_from_warning(page: Any) -> None:
    other = page.context.new_page()
    for _ in range(5):
        other.goto("/requests")
        page.wait_for_timeout(2000)
        assert page.locator("#session-end").inner_text() == ""
