"""An authority is asked for an official, and releases them by a letter or refuses with a reason.

What each side reads of it, whatever is pressed twice, without a connection or on an old page.
"""

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.browser import phones, steps
from tests.databases import is_sound, reading, writing
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState
from webapp.matches.models import Match, MatchState, ReleaseLetter

pytestmark = [pytest.mark.browser, pytest.mark.both_databases, pytest.mark.long]
WHY = "The unit has nobody else in these weeks."


@dataclass
class Asked:
    """A match whose authority is to be asked, and who stands on which side of it."""

    match: int
    name: str
    title: str
    office: Account
    official: Account
    expert: Account
    requester: Account


@pytest.fixture
def asked(app: Flask) -> Asked:
    """Let an expert of an authority with a member on the platform say yes."""
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        official = factories.account(session, Role.NOMINATING_AUTHORITY)
        official.organisation_id = factories.organisation(session).id
        request = factories.request(session, RequestState.ACCEPTED, coordinator=office)
        match = factories.match(session, MatchState.AVAILABLE, request=request, coordinator=office)
        factories.make_official(session, match.expert, official.organisation_id)
        person = match.expert.account
        assert person
        return Asked(
            match.id, match.expert.name, request.title, office, official, person, request.requester
        )


def ask(page: Any, asked: Asked) -> None:
    """Ask for the release, at first without a connection."""
    page.goto(f"/matches/{asked.match}")
    steps.press_without_connection(page, "Ask for the release")
    page.get_by_role("button", name="Ask for the release").dblclick()
    page.get_by_text("release asked").first.wait_for()


def open_release(page: Any, asked: Asked) -> None:
    """Find the release among what waits for the authority."""
    steps.open_menu(page, "My officials")
    page.get_by_role("link", name=asked.name).first.click()
    page.get_by_role("heading", name=f"Release of {asked.name}").wait_for()


def state(app: Flask, asked: Asked) -> MatchState:
    """Return where the match stands."""
    with reading(app) as session:
        return session.get_one(Match, asked.match).state


def test_a_release_by_a_letter_is_given_once_and_read_by_those_it_concerns(
    app: Flask, open_as: Any, asked: Asked
) -> None:
    coordinator, official = open_as(asked.office), open_as(asked.official)
    official.set_viewport_size(phones.PHONE)
    official.add_init_script(phones.NOTE_WIDTH)
    ask(coordinator, asked)
    open_release(official, asked)
    old = official.context.new_page()
    old.goto(official.url)
    official.get_by_label("Number of the letter").fill("5/31")
    # The day is missing: what was typed stays.
    official.get_by_role("button", name="Release for this mission").click()
    official.locator(".field-error").first.wait_for()
    assert official.get_by_label("Number of the letter").input_value() == "5/31"
    official.get_by_label("Day of the letter").fill(clock.today().isoformat())
    official.get_by_label("Conditions").fill("Back by Friday.")
    official.get_by_label("The signed letter").set_input_files(
        {"name": "Letter.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 signed"}
    )
    official.get_by_role("button", name="Release for this mission").dblclick()
    official.get_by_text("released").first.wait_for()
    official.goto(f"/releases/{asked.match}")
    official.get_by_role("link", name="Letter.pdf").wait_for()
    # The window that still asks is told that it was answered.
    old.get_by_text("Do not release").first.click()
    old.locator("select[name$='kind']").select_option("dates")
    old.get_by_role("button", name="Do not release").click()
    old.locator(".alert-danger").first.wait_for()
    assert state(app, asked) is MatchState.RELEASED
    coordinator.goto(f"/matches/{asked.match}")
    coordinator.get_by_text("Released by letter 5/31").wait_for()
    coordinator.get_by_text("Back by Friday.").wait_for()
    expert, requester = open_as(asked.expert), open_as(asked.requester)
    steps.open_menu(expert, "Invitations")
    expert.get_by_role("link", name=asked.title).click()
    expert.get_by_text("released").first.wait_for()
    assert "Back by Friday." not in expert.locator("main").inner_text()
    steps.open_menu(requester, "My requests")
    requester.get_by_role("link", name=asked.title).click()
    # Nobody is proposed yet, so nobody is named.
    assert asked.name not in requester.locator("main").inner_text()
    with reading(app) as session:
        assert session.query(ReleaseLetter).count() == 1
    assert phones.wide_pages(official) == []
    assert is_sound(app)


def test_a_refusal_is_told_to_expert_and_seesac_and_the_requester_reads_that_seesac_looks_on(
    app: Flask, open_as: Any, asked: Asked
) -> None:
    coordinator, official = open_as(asked.office), open_as(asked.official)
    ask(coordinator, asked)
    open_release(official, asked)
    official.get_by_text("Do not release").first.click()
    official.locator("select[name$='kind']").select_option("needed at home")
    official.get_by_label("In your own words").fill(WHY)
    official.get_by_role("button", name="Do not release").dblclick()
    official.get_by_text("refused").first.wait_for()
    # A page from before leads nowhere and says so.
    official.go_back()
    official.reload()
    official.get_by_text("refused").first.wait_for()
    assert official.get_by_role("button", name="Do not release").count() == 0
    assert state(app, asked) is MatchState.REFUSED
    steps.open_menu(coordinator, "Work queue")
    coordinator.get_by_role("link", name="Nobody is left to select: find somebody else").wait_for()
    coordinator.goto(f"/matches/{asked.match}")
    coordinator.get_by_text(WHY).first.wait_for()
    coordinator.get_by_text("Needed in their own service").first.wait_for()
    expert, requester = open_as(asked.expert), open_as(asked.requester)
    expert.goto(f"/invitations/{asked.match}")
    expert.get_by_text(WHY).first.wait_for()
    steps.open_menu(requester, "My requests")
    requester.get_by_text("SEESAC looks for others").first.wait_for()
    requester.get_by_role("link", name=asked.title).click()
    text = requester.locator("main").inner_text()
    assert asked.name not in text
    assert WHY not in text
    assert is_sound(app)
