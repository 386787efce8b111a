"""Whoever is asked anew who they are, after they have sent something, is told that nothing is done
yet, and finds what they wrote again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.ended_sessions import number_kept
from tests.pages import Form, Page, Pages
from webapp.accounts.models import Account
from webapp.core.roles import Role
from webapp.kept_texts import rules

ASKED = "Please show that it is you"
LATER = timedelta(minutes=20)


@pytest.fixture
def pages(app: Flask, visitor: Callable[[], Pages]) -> Pages:
    """Return an administrator who has just signed in."""
    with writing(app) as session:
        administrator = factories.account(session, Role.ADMINISTRATOR)
    return visitor().sign_in(administrator)


def show_who(asked: Page) -> Page:
    assert asked.heading == ASKED
    return asked.submit("Go on", {"Password": factories.PASSWORD})


def back_in_form(asked: Page, button: str) -> Form:
    """Show who one is, and go back to the form with what was written."""
    assert "Nothing is done yet. What you wrote is kept" in asked.text
    kept = show_who(asked)
    assert kept.heading == "Your text is kept"
    form = kept.form("Go on with your text")
    page = kept.pages.post(form.action, form.filled({}), token=None)
    assert "Nothing of it is saved or sent yet" in page.text
    return page.form(button)


@pytest.mark.both_databases
def test_an_invitation_waits_for_its_writer_and_leaves_when_it_is_sent_again(
    app: Flask, pages: Pages, clock: Any
) -> None:
    written = {
        "name": "Vesna Kos",
        "email": "vesna@example.org",
        "roles": ["expert"],
        "institution": "Ministry",
    }
    invite = pages.get("/accounts/invite").form("Send the invitation")
    clock.shift(LATER)
    sent = invite.filled({}) | written | {"roles": ["expert"]}
    asked = pages.post(invite.action, sent, token=None)
    form = back_in_form(asked, "Send the invitation")
    assert form.values["name"] == ["Vesna Kos"]
    assert form.values["email"] == ["vesna@example.org"]
    assert form.values["roles"] == ["expert"]
    assert number_kept(app) == 1
    assert "The invitation is on its way." in form.page.submit("Send the invitation").text
    assert number_kept(app) == 0


def test_roles_that_were_ticked_are_ticked_again(app: Flask, pages: Pages, clock: Any) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.EXPERT)
    form = pages.get(f"/accounts/{person.id}").form("Change the roles")
    clock.shift(LATER)
    asked = pages.post(form.action, form.filled({}) | {"roles": ["coordinator"]}, token=None)
    form = back_in_form(asked, "Change the roles")
    assert form.values["roles"] == ["coordinator"]
    assert "The roles are changed." in form.page.submit("Change the roles").text


def test_the_address_of_a_new_member_is_written_once(app: Flask, pages: Pages, clock: Any) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.REQUESTER)
        house = factories.organisation(session).id
    page = pages.get(f"/organisations/{house}")
    clock.shift(LATER)
    asked = page.submit("Add as a member", {"email": person.email})
    form = back_in_form(asked, "Add as a member")
    assert form.values["email"] == [person.email]
    assert "is a member now" in form.page.submit("Add as a member").text


def test_settings_are_read_freely_and_saved_as_they_were_chosen(pages: Pages, clock: Any) -> None:
    clock.shift(LATER)
    page = pages.get("/settings")
    assert page.heading == "Settings"
    form = back_in_form(page.submit("Save the settings", {"rest_days": "77"}), "Save the settings")
    assert form.values["rest_days"] == ["77"]
    assert "The settings are saved." in form.page.submit("Save the settings").text


def test_a_button_without_words_is_to_be_pressed_again(
    app: Flask, pages: Pages, clock: Any
) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.EXPERT)
        person.active = False
    page = pages.get(f"/accounts/{person.id}")
    clock.shift(LATER)
    asked = page.submit("Enable again")
    assert "Nothing is done yet. Please show that it is you, and then press" in asked.text
    assert number_kept(app) == 0
    assert "The person can sign in again." in show_who(asked).submit("Enable again").text
    with reading(app) as session:
        assert session.get_one(Account, person.id).active


def test_who_only_opens_a_page_has_sent_nothing(pages: Pages, clock: Any) -> None:
    clock.shift(LATER)
    asked = pages.get("/accounts/invite")
    assert asked.heading == ASKED
    assert "Nothing is done yet" not in asked.text


def test_a_forged_form_and_one_that_is_too_large_leave_nothing(
    app: Flask, pages: Pages, clock: Any
) -> None:
    form = pages.get("/accounts/invite").form("Send the invitation")
    clock.shift(LATER)
    sent = form.filled({}) | {"name": ["Vesna Kos"]}
    pages.post(form.action, sent, token="forged", status=400)
    assert number_kept(app) == 0
    large = sent | {"institution": ["a" * rules.LARGEST_TYPED]}
    asked = pages.post(form.action, large)
    assert "and then press the button again" in asked.text
    assert number_kept(app) == 0
