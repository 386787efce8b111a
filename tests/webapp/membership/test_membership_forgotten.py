"""Forgotten passwords are set anew by a link, which is sent to those who can sign in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import listening, reading, writing
from tests.links import links_to
from tests.pages import Pages
from webapp.accounts import operations
from webapp.accounts.models import Account
from webapp.core.db import db
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.messages.letters import Letter
from webapp.platform_settings.queries import get_settings

EMAIL = "nova@example.org"
GOOD = "maslina vrbas kajak"


@pytest.fixture
def links(app: Flask, outbox: list[Any]) -> Callable[[str], list[str]]:
    """Return a function that gives the links in all mails to an address."""
    return links_to(app, outbox)


@pytest.fixture
def person(app: Flask) -> Account:
    """Return somebody who has joined."""
    with writing(app) as session:
        return factories.account(session, Role.REQUESTER, email=EMAIL)


@pytest.mark.both_databases
def test_a_forgotten_password_is_set_anew_once(
    app: Flask, person: Account, visitor: Callable[[], Pages], links: Any
) -> None:
    signed_in = visitor().sign_in(person)
    page = visitor().get("/password").submit("Send me a link", {"E-mail address": EMAIL.upper()})
    assert "If there is an account" in page.text
    (link,) = links(EMAIL)
    pages = visitor()
    pages.get(link).submit("Set the password", {"New password": GOOD})
    signed_in.get("/requests", status=302)
    pages.sign_in(EMAIL, GOOD)
    visitor().get(link, status=410)
    page = (
        visitor().get("/login").submit("Sign in", {"email": EMAIL, "password": factories.PASSWORD})
    )
    assert "not right" in page.text


@pytest.mark.both_databases
@pytest.mark.parametrize("whose", ["their own", "somebody else's"])
def test_a_forgotten_password_is_set_in_a_browser_in_which_somebody_has_signed_in(
    app: Flask, person: Account, visitor: Callable[[], Pages], links: Any, whose: str
) -> None:
    """What it counts is counted beside it, and its own session ends with all others."""
    visitor().get("/password").submit("Send me a link", {"E-mail address": EMAIL})
    (link,) = links(EMAIL)
    pages = visitor()
    if whose == "their own":
        pages.sign_in(person)
    else:
        with writing(app) as session:
            other = factories.account(session, Role.REQUESTER)
        pages.come_in(other)
    pages.get(link).submit("Set the password", {"New password": GOOD})
    visitor().sign_in(EMAIL, GOOD)
    pages.get("/requests", status=302 if whose == "their own" else 200)


def test_a_link_to_a_new_password_is_good_for_an_hour(
    person: Account, visitor: Callable[[], Pages], links: Any, clock: Any
) -> None:
    visitor().get("/password").submit("Send me a link", {"E-mail address": EMAIL})
    (link,) = links(EMAIL)
    clock.shift(timedelta(hours=1) - timedelta(minutes=1))
    opened = visitor().get(link)
    clock.shift(timedelta(minutes=2))
    visitor().get(link, status=410)
    opened.submit("Set the password", {"New password": GOOD}, status=410)


def test_nobody_learns_whether_an_address_is_known(
    person: Account, visitor: Callable[[], Pages], links: Any
) -> None:
    answers = [
        visitor().get("/password").submit("Send me a link", {"E-mail address": email})
        for email in (EMAIL, "nobody@example.org")
    ]
    assert answers[0].text == answers[1].text
    assert len(links(EMAIL)) == 1
    assert links("nobody@example.org") == []


WORK = {
    "forgotten": ("/password", "Send me a link", "E-mail address", {}),
    "asked for": ("/ask-for-an-account", "Send", "Your e-mail address at work", {
        "Your name": "Nova Osoba", "Institution": "Ministry", "Jurisdiction": "SRB",
        "What do you want to ask the platform for?": "Two weeks of advice",
    }),
}  # fmt: skip


@pytest.mark.both_databases
@pytest.mark.parametrize("what", WORK)
def test_as_much_is_done_for_an_address_that_nobody_has(
    app: Flask, person: Account, visitor: Callable[[], Pages], what: str
) -> None:
    """Compared is the work and not the clock: what the database is told, and which mails are put
    into words."""
    with writing(app) as session:
        get_settings(session).accounts_on_request = True
    address, button, label, values = WORK[what]

    def work_for(email: str) -> tuple[list[str], int]:
        page, told = visitor().get(address), list[str]()
        with (
            app.app_context(),
            listening(db.engine, "before_cursor_execute", lambda *of: told.append(of[2])),
            mock.patch.object(Letter, "mail_body", return_value="") as mail_body,
        ):
            page.submit(button, {**values, label: email}, status=303)
        return told, mail_body.call_count

    work_for("the.first@example.org")
    told, mails = work_for(EMAIL)
    assert (told, mails) == work_for("nobody@example.org")
    assert any("audit_event" in statement for statement in told)


def test_what_was_asked_for_too_long_ago_is_not_answered(
    app: Flask, person: Account, visitor: Callable[[], Pages], links: Any, clock: Any
) -> None:
    """Such as when the job worker has stood still: whoever asked has gone on."""
    visitor().get("/password").submit("Send me a link", {"E-mail address": EMAIL})
    clock.shift(timedelta(hours=2))
    assert links(EMAIL) == []


def test_a_link_that_is_asked_for_twice_is_sent_once_and_works(
    person: Account, visitor: Callable[[], Pages], links: Any
) -> None:
    page = visitor().get("/password")
    for _click in range(2):
        page.submit("Send me a link", {"E-mail address": EMAIL})
    (link,) = links(EMAIL)
    visitor().get(link)


def test_no_more_than_three_links_an_hour_go_to_one_address(
    person: Account, visitor: Callable[[], Pages], links: Any, clock: Any
) -> None:
    for number in range(1, 6):
        clock.shift(timedelta(minutes=2))
        visitor().get("/password").submit("Send me a link", {"E-mail address": EMAIL})
        assert len(links(EMAIL)) == min(number, 3)


def test_the_link_begins_with_the_address_of_the_configuration(
    app: Flask, person: Account, visitor: Callable[[], Pages], outbox: list[Any], links: Any
) -> None:
    pages = visitor()
    form = pages.get("/password").form("Send me a link")
    pages.client.post(
        form.action,
        data={**form.values, "email": [EMAIL]},
        headers={"X-Forwarded-Host": "evil.example.org"},
    )
    links(EMAIL)
    assert app.config["PLATFORM_URL"] in outbox[0].body
    assert "evil" not in outbox[0].body


def change_password(account: Account) -> None:
    operations.set_password(factories.work(db.session, account), account, "another hash")


def end_sessions(account: Account) -> None:
    operations.end_sessions(factories.work(db.session, account), account)


def disable_for_a_moment(account: Account) -> None:
    admin = factories.work(db.session, factories.account(db.session, Role.ADMINISTRATOR))
    operations.disable(admin, account)
    operations.reactivate(admin, account)


def change_address(account: Account) -> None:
    account.email = "elsewhere@example.org"


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "act", [change_password, end_sessions, disable_for_a_moment, change_address]
)
def test_a_link_that_was_asked_for_before_does_not_outlive_what_shuts_others_out(
    act: Callable[[Account], None],
    app: Flask,
    person: Account,
    visitor: Callable[[], Pages],
    links: Any,
) -> None:
    visitor().get("/password").submit("Send me a link", {"E-mail address": EMAIL})
    (link,) = links(EMAIL)
    opened = visitor().get(link)
    with writing(app) as session:
        act(session.get_one(Account, person.id))
    visitor().get(link, status=410)
    assert opened.submit("Set the password", {"New password": GOOD}, status=410)
    with reading(app) as session:
        assert session.query(AuditEvent).filter_by(action=Action.PASSWORD_CHANGED).count() == (
            act is change_password
        )


def test_the_log_says_whether_a_link_to_a_new_password_was_sent(
    app: Flask, person: Account, visitor: Callable[[], Pages], links: Any
) -> None:
    with writing(app) as session:
        disabled = factories.account(session, Role.REQUESTER)
        invited = factories.account(session, Role.REQUESTER)
        disabled.active, invited.joined_at = False, None
    said = set()
    for email in (EMAIL, disabled.email, invited.email, "nobody@example.org"):
        page = visitor().get("/password").submit("Send me a link", {"E-mail address": email})
        said.add(page.text)
        assert len(links(email)) == (email == EMAIL)
    assert len(said) == 1
    with reading(app) as session:
        events = session.execute(
            sa.select(AuditEvent.action, AuditEvent.subject_id)
            .where(AuditEvent.action.like("password link%"))
            .order_by(AuditEvent.id)
        ).all()
    assert [tuple(event) for event in events] == [
        (Action.PASSWORD_LINK_ASKED, person.id),
        (Action.PASSWORD_LINK_SENT, person.id),
        (Action.PASSWORD_LINK_ASKED, disabled.id),
        (Action.PASSWORD_LINK_NOT_SENT, disabled.id),
        (Action.PASSWORD_LINK_ASKED, invited.id),
        (Action.PASSWORD_LINK_NOT_SENT, invited.id),
        (Action.PASSWORD_LINK_ASKED, None),
    ]
