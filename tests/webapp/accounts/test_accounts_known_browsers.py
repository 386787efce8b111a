"""Who tries passwords of others keeps strangers out, and nobody from where they have signed in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Page, Pages
from webapp.accounts import operations
from webapp.accounts.models import Account
from webapp.core.db import db
from webapp.core.limits import LimitCounter
from webapp.core.roles import Role

pytestmark = pytest.mark.thorough

WRONG = "not the password"
NAME = "known-browser"


@pytest.fixture
def person(app: Flask) -> Account:
    """Return somebody who can sign in."""
    with writing(app) as session:
        return factories.account(session, Role.REQUESTER, email="vesna@example.org")


@pytest.fixture
def at_home(person: Account, visitor: Callable[[], Pages]) -> Pages:
    """Return the browser in which the person has signed in once, and out again."""
    pages = visitor().sign_in(person)
    pages.post("/logout")
    return pages


def attempt(pages: Pages, email: str, password: str = WRONG) -> Page:
    """Send the form of the sign-in, whatever comes of it."""
    form = pages.get("/login").form("Sign in")
    sent = form.filled({"email": email, "password": password})
    return pages.check("/login", pages.client.post(form.action, data=sent))


def lock(pages: Pages, email: str) -> None:
    """Try so many passwords that no more are compared, for the address and the network address."""
    for _ in range(30):
        attempt(pages, email)
    assert attempt(pages, email, factories.PASSWORD).status == 429


def cookie(pages: Pages) -> str:
    """Return the cookie by which a browser is known."""
    found = pages.client.get_cookie(NAME)
    assert found
    return found.value


def carrying(pages: Pages, value: str) -> Pages:
    """Give a browser a cookie as if it were known."""
    pages.client.set_cookie(NAME, value)
    return pages


@pytest.mark.both_databases
def test_who_has_signed_in_before_is_not_kept_out_by_others(
    person: Account, at_home: Pages, visitor: Callable[[], Pages], clock: Any
) -> None:
    outsider = visitor()
    lock(outsider, person.email)
    at_home.sign_in(person)
    # What strangers have tried is not forgotten by that.
    assert attempt(outsider, person.email, factories.PASSWORD).status == 429
    clock.shift(timedelta(minutes=2))
    assert attempt(visitor(), person.email, factories.PASSWORD).status == 429


@pytest.mark.both_databases
def test_a_known_browser_is_counted_by_itself(
    person: Account, at_home: Pages, visitor: Callable[[], Pages], clock: Any
) -> None:
    statuses = [attempt(at_home, person.email).status for _ in range(9)]
    assert statuses == [200] * 5 + [429] * 4
    assert attempt(at_home, person.email, factories.PASSWORD).status == 429
    visitor().sign_in(person)
    for _ in range(3):
        clock.shift(timedelta(minutes=2))
        for _ in range(5):
            assert attempt(at_home, person.email).status == 200
    clock.shift(timedelta(minutes=2))
    assert attempt(at_home, person.email, factories.PASSWORD).status == 429


def test_the_right_password_makes_up_for_wrong_ones_in_a_known_browser(
    person: Account, at_home: Pages, clock: Any
) -> None:
    for _ in range(4):
        for _ in range(4):
            assert attempt(at_home, person.email).status == 200
        at_home.sign_in(person)
        at_home.post("/logout")


def test_signing_in_again_and_again_is_bounded_in_known_browsers_too(
    person: Account, at_home: Pages, clock: Any
) -> None:
    for _ in range(30):
        assert attempt(at_home, person.email, factories.PASSWORD).status == 302
        at_home.client.delete_cookie("session")
    assert attempt(at_home, person.email, factories.PASSWORD).status == 429


def test_a_browser_is_known_for_one_account_only(
    app: Flask, person: Account, at_home: Pages, visitor: Callable[[], Pages], clock: Any
) -> None:
    with writing(app) as session:
        other = factories.account(session, Role.EXPERT)
    for email in (other.email, "nobody@example.org"):
        assert [attempt(at_home, email).status for _ in range(6)] == [200] * 5 + [429]
    clock.shift(timedelta(hours=2))
    thief = carrying(visitor(), cookie(visitor().sign_in(other)))
    clock.shift(timedelta(hours=2))
    lock(visitor(), person.email)
    assert attempt(thief, person.email, factories.PASSWORD).status == 429


def test_a_cookie_that_was_made_up_or_changed_makes_nothing_known(
    app: Flask, person: Account, at_home: Pages, visitor: Callable[[], Pages], clock: Any
) -> None:
    good = cookie(at_home)
    session_cookie = at_home.client.get_cookie("session")
    lock(visitor(), person.email)
    for value in ("", "x", "é", good[:-2], good[:40] + "A" + good[41:], "\x00", "x" * 3000,
                  session_cookie.value if session_cookie else "y"):  # fmt: skip
        pages = carrying(visitor(), value)
        assert attempt(pages, person.email, factories.PASSWORD).status == 429, value
    attempt(carrying(visitor(), good), person.email, factories.PASSWORD)
    assert person.email not in good


def test_a_browser_is_known_for_half_a_year(
    person: Account, at_home: Pages, visitor: Callable[[], Pages], clock: Any
) -> None:
    clock.shift(timedelta(days=179))
    lock(visitor(), person.email)
    kept = cookie(at_home)
    assert attempt(at_home, person.email, factories.PASSWORD).status == 302
    clock.shift(timedelta(days=2))
    lock(visitor(), person.email)
    assert attempt(carrying(visitor(), kept), person.email, factories.PASSWORD).status == 429
    renewed = carrying(visitor(), cookie(at_home))
    assert attempt(renewed, person.email, factories.PASSWORD).status == 302


@pytest.mark.parametrize("act", ["password", "disabled", "roles"])
def test_a_new_password_or_a_disabled_account_ends_what_is_known_of_a_browser(
    app: Flask, person: Account, at_home: Pages, visitor: Callable[[], Pages], clock: Any, act: str
) -> None:
    with writing(app) as session:
        factories.account(session, Role.ADMINISTRATOR)
        work = factories.work(session, factories.account(session, Role.ADMINISTRATOR))
        stored = session.get_one(Account, person.id)
        if act == "password":
            operations.set_password(work, stored, stored.password)
        elif act == "roles":
            operations.change_roles(work, stored, [Role.EXPERT])
        else:
            operations.disable(work, stored)
            operations.reactivate(work, stored)
    lock(visitor(), person.email)
    assert attempt(at_home, person.email, factories.PASSWORD).status == 429


def test_whoever_changes_their_password_stays_known_where_they_do_it(
    person: Account, visitor: Callable[[], Pages], clock: Any
) -> None:
    pages, elsewhere = visitor().sign_in(person), visitor().sign_in(person)
    new = "maslina vrbas kajak"
    pages.get("/account/password").submit(
        "Set the password", {"Current password": factories.PASSWORD, "New password": new}
    )
    for browser in (pages, elsewhere):
        browser.client.delete_cookie("session")
    lock(visitor(), person.email)
    assert attempt(pages, person.email, new).status == 302
    assert attempt(elsewhere, person.email, new).status == 429


def test_a_refused_sign_in_makes_no_browser_known(
    person: Account, visitor: Callable[[], Pages]
) -> None:
    pages = visitor()
    attempt(pages, person.email)
    assert pages.client.get_cookie(NAME) is None


def test_a_browser_without_the_cookie_makes_the_database_look_for_nobody(
    app: Flask, person: Account, at_home: Pages, visitor: Callable[[], Pages], clock: Any
) -> None:
    """Statements of the counting are the same for accounts that exist and that do not."""
    with app.app_context():
        engine = db.engine
    said: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda _c, _u, text, *_: said.append(text))
    counted = []
    for pages, email in (
        (visitor(), person.email),
        (visitor(), "nobody@example.org"),
        (at_home, "nobody@example.org"),
        (at_home, "somebody@example.org"),
    ):
        form = pages.get("/login").form("Sign in")
        sent = form.filled({"email": email, "password": WRONG})
        said.clear()
        pages.client.post(form.action, data=sent)
        first = next(i for i, text in enumerate(said) if LimitCounter.__tablename__ in text)
        counted.append([text for text in said[:first] if "fs_uniquifier =" in text])
    assert [len(found) for found in counted] == [0, 0, 1, 1]
