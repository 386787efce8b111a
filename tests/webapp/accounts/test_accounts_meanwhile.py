"""What ends a session or changes a password at the very moment in which it is used."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_security import hash_password

from tests import factories
from tests.authenticator import Authenticator
from tests.ceremonies import add, answer, begin_adding, set_up_codes
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.accounts import hashing, operations, throttling
from webapp.accounts.models import Account, AccountSession, Passkey
from webapp.core import transactions
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.expertise_requests.models import ExpertiseRequest

pytestmark = pytest.mark.both_databases
EMAIL, NEW = "vesna@example.org", "maslina vrbas kajak"
Change = Callable[[UnitOfWork, Account], object]


def disable(work: UnitOfWork, account: Account) -> None:
    operations.disable(work, account)


def end_sessions(work: UnitOfWork, account: Account) -> None:
    operations.end_all_of(work, account)


def give_other_roles(work: UnitOfWork, account: Account) -> None:
    operations.change_roles(work, account, [Role.EXPERT])


def set_other_password(work: UnitOfWork, account: Account) -> None:
    operations.set_password(work, account, hash_password(NEW))


@pytest.fixture
def person(app: Flask) -> Account:
    """Return somebody who can sign in."""
    with writing(app) as session:
        return factories.account(session, Role.REQUESTER, email=EMAIL)


@pytest.fixture
def meanwhile(
    app: Flask, person: Account, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Any, str, Change], None]:
    """Return a function that lets a change be committed just before a function is called."""

    def commit(change: Change) -> None:
        with writing(app) as session:
            change(factories.work(session), session.get_one(Account, person.id))

    def arrange(module: Any, name: str, change: Change) -> None:
        usual, left = getattr(module, name), [change]

        def first_the_change(*args: Any, **kwargs: Any) -> Any:
            if left:
                with ThreadPoolExecutor(1) as elsewhere:
                    elsewhere.submit(partial(commit, left.pop())).result(60)
            return usual(*args, **kwargs)

        monkeypatch.setattr(module, name, first_the_change)

    return arrange


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        (end_sessions, 409, "Your session was ended while this was on its way"),
        (set_other_password, 409, "Your session was ended while this was on its way"),
        (give_other_roles, 403, "Your account has no permission for this page"),
        (disable, 401, "This page is for people who have signed in"),
    ],
)
def test_what_was_sent_in_a_session_that_ends_meanwhile_changes_nothing(
    app: Flask,
    person: Account,
    pages: Pages,
    change: Change,
    status: int,
    said: str,
    meanwhile: Any,
) -> None:
    pages.sign_in(person)
    form = pages.get("/requests/new")
    meanwhile(transactions, "begin_writing", change)
    answer = form.submit("Save as draft", {"Title": "What I had typed meanwhile"}, status=status)
    assert said in answer.text
    if status == 409:
        assert "What I had typed meanwhile" in answer.text
    with reading(app) as session:
        assert session.query(ExpertiseRequest).count() == 0
    pages.get("/requests", status=302)


@pytest.mark.parametrize("change", [disable, set_other_password])
def test_a_password_that_is_no_good_any_more_when_it_was_compared_signs_nobody_in(
    app: Flask, person: Account, pages: Pages, change: Change, meanwhile: Any
) -> None:
    form = pages.get("/login")
    meanwhile(throttling, "forgive", change)
    answer = form.submit("Sign in", {"email": EMAIL, "password": factories.PASSWORD})
    assert answer.heading == "Sign in"
    with reading(app) as session:
        assert session.query(AccountSession).count() == 0
    if change is set_other_password:
        answer = pages.get("/login").submit("Sign in", {"email": EMAIL, "password": NEW})
        assert answer.url == "/requests"


def test_a_session_that_ends_meanwhile_does_not_go_on_by_a_new_password(
    app: Flask, person: Account, pages: Pages, meanwhile: Any
) -> None:
    pages.sign_in(person)
    form = pages.get("/account/password")
    meanwhile(hashing, "hash_password", end_sessions)
    values = {"Current password": factories.PASSWORD, "New password": NEW}
    answer = form.submit("Set the password", values, status=409)
    assert "Your session was ended" in answer.text
    pages.get("/requests", status=302)
    pages.sign_in(person)


def test_who_has_given_an_old_password_alone_has_to_give_the_new_one(
    app: Flask, person: Account, visitor: Callable[[], Pages]
) -> None:
    with app.app_context():
        secret = app.extensions["security"].totp_factory.generate_totp_secret()
    with writing(app) as session:
        account = session.get_one(Account, person.id)
        operations.set_authenticator(factories.work(session, account), account, secret)
    pages = visitor()
    page = pages.get("/login").submit("Sign in", {"email": EMAIL, "password": factories.PASSWORD})
    assert page.heading == "Your code"
    with writing(app) as session:
        set_other_password(factories.work(session), session.get_one(Account, person.id))
    with app.app_context():
        code = app.extensions["security"].totp_factory.generate_totp_password(secret)
    page.submit("Sign in", {"code": code})
    pages.get("/requests", status=302)
    with reading(app) as session:
        assert session.scalars(sa.select(AccountSession.id)).all() == []


def test_a_session_that_ends_meanwhile_does_not_go_on_by_ending_all_others(
    person: Account, visitor: Callable[[], Pages], meanwhile: Any
) -> None:
    visitor().sign_in(person)
    pages = visitor().sign_in(person)
    page = pages.get("/account/security")
    meanwhile(transactions, "begin_writing", end_sessions)
    page.submit("Sign out everywhere else", {}, status=401)
    pages.get("/requests", status=302)


def test_a_code_that_another_worker_takes_meanwhile_is_refused(
    app: Flask, person: Account, monkeypatch: pytest.MonkeyPatch, clock: Any
) -> None:
    codes = app.extensions["security"].totp_factory
    with app.app_context():
        secret = codes.generate_totp_secret()
        code = codes.generate_totp_password(secret)

    def take() -> bool:
        with writing(app) as session:
            return bool(codes.verify_totp(code, secret, session.get_one(Account, person.id)))

    assert take()
    # Whoever has read the account before that was committed knows of no code that was used.
    monkeypatch.setattr(codes, "get_last_counter", lambda _account: None)
    assert not take()


@pytest.mark.parametrize("first", ["passkey", "codes"])
def test_what_was_begun_before_the_first_passkey_adds_none_beside_it(
    app: Flask, person: Account, visitor: Callable[[], Pages], first: str
) -> None:
    """Somebody has a copy of the cookie from before there was anything to show anew."""
    pages, copy = visitor().sign_in(person), visitor()
    for cookie in (pages.client._cookies or {}).values():
        copy.client.set_cookie(cookie.key, cookie.value)
    form, asked = begin_adding(copy, name="Another")
    if first == "passkey":
        add(pages)
    else:
        set_up_codes(app, pages)
    answer(copy, form, Authenticator().create(asked))
    with reading(app) as session:
        assert session.query(Passkey).count() == (first == "passkey")
