"""What tells people to write to SEESAC says where, once administrators have set an address."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.core.roles import Role
from webapp.messages import delivery, operations
from webapp.messages.letters import digest
from webapp.platform_settings.queries import get_contact_address

FIELD, SAVE = "Address at which people reach SEESAC", "Save the settings"
CONTACT = "contact@example.org"
NOT_SET = "No address is set"
SAID = "Questions? Write to SEESAC:"
OF_STRANGERS = ("/", "/privacy", "/login", "/password", "/answer")
GONE = ("/join/nothing", "/answer/nothing")
OF_EXPERTS = ("/profile/consent", "/account/consent", "/my-data")


@pytest.mark.parametrize("typed", ["nobody", "a@b@example.org", "x" * 260 + "@example.org"])
def test_what_is_no_address_is_refused_at_its_field_and_stays_there(
    app: Flask, sign_in_as: Callable[..., Pages], typed: str
) -> None:
    page = sign_in_as(Role.ADMINISTRATOR).get("/settings").submit(SAVE, {FIELD: typed}, status=400)
    assert page.errors["contact_address"]
    assert page.form(SAVE).values["contact_address"] == [typed]
    with reading(app) as session:
        assert get_contact_address(session) == ""


def test_only_administrators_read_that_none_is_set(
    sign_in_as: Callable[..., Pages], visitor: Callable[[], Pages]
) -> None:
    page = sign_in_as(Role.ADMINISTRATOR).get("/settings")
    assert NOT_SET in page.text
    assert not any(SAID in visitor().get(path).text for path in OF_STRANGERS)
    page = page.submit(SAVE, {FIELD: f" {CONTACT.upper()} "})
    assert page.form(SAVE).values["contact_address"] == [CONTACT]
    assert NOT_SET not in page.text
    page = page.submit(SAVE, {FIELD: ""})
    assert NOT_SET in page.text


def test_pages_and_mails_say_to_whom_people_write(
    app: Flask, visitor: Callable[[], Pages], sign_in_as: Callable[..., Pages], outbox: list[Any]
) -> None:
    sign_in_as(Role.ADMINISTRATOR).get("/settings").submit(SAVE, {FIELD: CONTACT})
    with writing(app) as session:
        person = factories.account(session, Role.EXPERT)
        operations.add_mail(factories.work(session), person, digest(1))
    for path in OF_STRANGERS:
        assert f"{SAID} {CONTACT}" in visitor().get(path).text, path
    for path in GONE:
        assert f"{SAID} {CONTACT}" in visitor().get(path, status=410).text, path
    sent = visitor().get("/password").submit("Send me a link", {"E-mail address": person.email})
    assert f"{SAID} {CONTACT}" in sent.text
    pages = visitor().come_in(person)
    for path in OF_EXPERTS:
        assert f"{SAID} {CONTACT}" in pages.get(path).text, path
    with app.app_context():
        delivery.deliver_due()
    assert f"for the Regional Security Sector Reform Platform\n{CONTACT}\n" in outbox[-1].body


def test_the_link_writes_to_the_address_that_is_shown_and_to_no_other(
    visitor: Callable[[], Pages], sign_in_as: Callable[..., Pages]
) -> None:
    asked = "a?bcc=other%40example.org@example.org"
    sign_in_as(Role.ADMINISTRATOR).get("/settings").submit(SAVE, {FIELD: asked})
    page = visitor().get("/")
    assert f"{SAID} {asked}" in page.text
    assert page.links[asked] == "mailto:a%3Fbcc%3Dother%2540example.org@example.org"
