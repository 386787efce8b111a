"""Whoever signs in by a passkey alone shows it again for each change of the way in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.authenticator import Authenticator
from tests.ceremonies import add, show_again
from tests.databases import reading, rows, writing
from tests.links import links_to
from tests.pages import Pages
from webapp.accounts.models import Account, Passkey
from webapp.core.roles import Role
from webapp.experts.models import Expert

EMAIL, ASKED = "vesna@example.org", "Please show that it is you"


@pytest.fixture
def role() -> Role:
    """Return as whom somebody signs in."""
    return Role.REQUESTER


@pytest.fixture
def by_passkey_alone(
    app: Flask, visitor: Callable[[], Pages], role: Role
) -> tuple[Pages, Authenticator]:
    """Return somebody without a password who has just signed in, and the passkey."""
    with writing(app) as session:
        person = factories.account(session, role, email=EMAIL)
    pages = visitor().sign_in(person)
    passkey = add(pages)
    with writing(app) as session:
        session.get_one(Account, person.id).password_set_at = None
    return pages, passkey


@pytest.mark.parametrize(
    "address", ["/account/e-mail", "/account/password", "/account/authenticator", "/wan-register"]
)
def test_who_has_no_password_shows_the_passkey_anew_for_each_change_of_the_way_in(
    by_passkey_alone: tuple[Pages, Authenticator], address: str, clock: Any
) -> None:
    pages, passkey = by_passkey_alone
    page = pages.get(address)
    assert page.heading == ASKED
    assert page.url.startswith("/wan-verify")
    assert show_again(pages, passkey, then=address).heading != ASKED
    clock.shift(timedelta(minutes=16))
    assert pages.get(address).heading == ASKED


def test_one_showing_of_the_passkey_is_good_for_one_change(
    app: Flask, by_passkey_alone: tuple[Pages, Authenticator], outbox: list[Any]
) -> None:
    pages, passkey = by_passkey_alone
    new = {"New e-mail address": "new@example.org"}
    page = show_again(pages, passkey, then="/account/e-mail")
    wrong = page.submit("Send a mail to it", {"New e-mail address": "no address"}, status=400)
    wrong.submit("Send a mail to it", new)
    (link,) = links_to(app, outbox)("new@example.org")
    assert pages.get("/account/e-mail").heading == ASKED
    assert pages.post("/account/e-mail", {"email": "other@example.org"}).heading == ASKED
    pages.get(link).submit("Confirm the new address")
    with reading(app) as session:
        assert session.scalars(sa.select(Account.email)).one() == "new@example.org"


@pytest.mark.parametrize("role", [Role.COORDINATOR])
def test_one_showing_of_the_passkey_opens_the_way_in_for_one_person(
    app: Flask, by_passkey_alone: tuple[Pages, Authenticator]
) -> None:
    pages, passkey = by_passkey_alone
    address, button = "/experts/add", "Add to the roster"
    first = {"Name": "Ana Primer", "E-mail address": "ana@example.org"}
    second = {"Name": "Mira Primer", "E-mail address": "mira@example.org"}
    form = pages.get(address)
    assert form.submit(button, first).heading == ASKED
    show_again(pages, passkey, then=address)
    assert form.submit(button, first).heading != ASKED
    assert form.submit(button, second).heading == ASKED
    with reading(app) as session:
        chosen = sa.select(Expert.name).where(Expert.contact_email != "")
        assert session.scalars(chosen).all() == ["Ana Primer"]


@pytest.mark.parametrize("role", [Role.COORDINATOR])
def test_what_is_refused_leaves_the_passkey_that_was_shown_for_it(
    app: Flask, by_passkey_alone: tuple[Pages, Authenticator]
) -> None:
    with writing(app) as session:
        factories.account_request(session, email="ana@example.org", name="Ana Primer")
    pages, passkey = by_passkey_alone
    page = show_again(pages, passkey, then="/accounts/requests")
    button = "Invite as a requester: Ana Primer"
    page = page.submit(button, {"version": []})
    assert "once more since you opened the page" in page.text
    assert "The invitation is on its way" in page.submit(button).text


@pytest.mark.both_databases
def test_a_copy_of_the_cookie_from_before_the_change_is_good_for_no_other_one(
    app: Flask, visitor: Callable[[], Pages], by_passkey_alone: tuple[Pages, Authenticator]
) -> None:
    pages, passkey = by_passkey_alone
    page = show_again(pages, passkey, then="/account/e-mail")
    with pages.client.session_transaction() as mine:
        copy = dict(mine)
    page.submit("Send a mail to it", {"New e-mail address": "new@example.org"})
    kept = rows(app)
    changes = {
        "/account/e-mail": {"email": "thief@example.org"},
        "/wan-register": {"name": "Of the thief", "usage": "first"},
        "/account/security/recovery-codes": {},
    }
    for address, values in changes.items():
        thief = visitor()
        with thief.client.session_transaction() as theirs:
            theirs.update(copy)
        sent = {**values, "csrf_token": thief.own_token()}
        answer = thief.client.post(address, data=sent)
        assert answer.status_code == 409
        assert "show your passkey first" in answer.get_data(as_text=True)
    assert rows(app) == kept


def test_a_button_without_a_page_leads_back_to_it_when_the_passkey_was_shown(
    app: Flask, by_passkey_alone: tuple[Pages, Authenticator]
) -> None:
    pages, passkey = by_passkey_alone
    page = pages.get("/account/security").submit("Make new recovery codes")
    assert page.heading == ASKED
    assert "then press the button again" in page.text
    assert page.url.endswith("next=/account/security")
    page = show_again(pages, passkey, then="/account/security")
    assert page.submit("Make new recovery codes").heading == "Your recovery codes"
    page = pages.get("/account/security").submit("Remove: Phone")
    assert page.heading == ASKED
    assert show_again(pages, passkey, then="/wan-delete").url == "/account/security"
    with reading(app) as session:
        assert session.scalars(sa.select(Passkey)).one()


@pytest.mark.parametrize("usage", ["first", "secondary"])
def test_a_name_that_is_refused_leaves_what_the_passkey_is_for(
    app: Flask, visitor: Callable[[], Pages], usage: str
) -> None:
    """Or who sends it again would have a passkey that opens the account alone."""
    with writing(app) as session:
        person = factories.account(session, Role.REQUESTER)
    pages = visitor().come_in(person)
    assert pages.get("/wan-register").form("Go on").values["usage"] == ["first"]
    page = pages.post("/wan-register", {"name": "Phone <1>", "usage": usage}, status=400)
    form = page.form("Go on")
    assert form.values["usage"] == [usage]
    assert form.values["name"] == ["Phone <1>"]


@pytest.mark.both_databases
def test_tries_of_a_password_are_counted_whatever_happens_to_the_sessions_meanwhile(
    app: Flask, visitor: Callable[[], Pages], clock: Any
) -> None:
    """Ending all other sessions asks for nothing, and gives all that stays another name."""
    with writing(app) as session:
        person = factories.account(session, Role.REQUESTER, email=EMAIL)
    pages = visitor().sign_in(person)
    clock.shift(timedelta(minutes=16))
    for number in range(5):
        pages.post("/verify", {"password": f"wrong password {number}"}, status=200)
        pages.post("/account/sessions/end", {}, status=303)
    pages.post("/verify", {"password": factories.PASSWORD}, status=429)
