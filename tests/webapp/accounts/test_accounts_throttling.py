"""Too many tries are refused in words, alike for unknown accounts, and told to the owner."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.links import deliver, links_to
from tests.pages import Page, Pages
from webapp.accounts import operations
from webapp.accounts.models import Account
from webapp.core.db import db
from webapp.core.errors import ConflictError
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role

pytestmark = pytest.mark.thorough

EMAIL, WRONG = "vesna@example.org", "not the password"


@pytest.fixture
def person(app: Flask) -> Account:
    """Return somebody who can sign in."""
    with writing(app) as session:
        return factories.account(session, Role.REQUESTER, email=EMAIL)


def attempt(pages: Pages, email: str = EMAIL, password: str = WRONG) -> Page:
    """Send the form, whatever comes of it."""
    form = pages.get("/login").form("Sign in")
    response = pages.client.post(
        form.action, data=form.filled({"email": email, "password": password})
    )
    return pages.check("/login", response)


@pytest.mark.both_databases
def test_thirty_wrong_passwords_lock_the_account_and_its_owner_is_told_once(
    app: Flask, person: Account, visitor: Callable[[], Pages], outbox: list[Any], clock: Any
) -> None:
    pages = visitor()
    statuses = [attempt(pages).status for _ in range(30)]
    assert statuses == [200] * 5 + [429] * 25
    # The address has to wait for a minute, but then the account is locked yet.
    # The mail tells of an hour, and nobody reads of 61 minutes.
    assert "Please try again in a little more than an hour." in attempt(pages).text
    clock.shift(timedelta(minutes=2))
    refused = attempt(pages, password=factories.PASSWORD)
    assert refused.status == 429
    assert "minutes" in refused.text
    assert int(refused.response.headers["Retry-After"]) > 60
    assert refused.form("Sign in").values["email"] == [EMAIL]
    deliver(app)
    (mail,) = outbox
    assert mail.to == [EMAIL]
    assert "locked for an hour" in mail.subject
    clock.shift(timedelta(hours=1))
    visitor().sign_in(person)


def test_nobody_is_told_of_a_lock_whose_account_is_disabled(
    app: Flask, person: Account, visitor: Callable[[], Pages], outbox: list[Any], clock: Any
) -> None:
    with writing(app) as session:
        session.get_one(Account, person.id).active = False
    pages = visitor()
    statuses = [attempt(pages).status for _ in range(30)]
    assert statuses == [200] * 5 + [429] * 25
    deliver(app)
    assert outbox == []


def test_an_account_that_does_not_exist_is_refused_in_the_same_words(
    person: Account, visitor: Callable[[], Pages], clock: Any
) -> None:
    pages = visitor()
    known = [(page.status, page.text) for page in (attempt(pages) for _ in range(8))]
    unknown = [
        (page.status, page.text)
        for page in (attempt(pages, "nobody@example.org") for _ in range(8))
    ]
    assert known == unknown


def test_the_right_password_makes_up_for_a_few_wrong_ones(
    person: Account, visitor: Callable[[], Pages], clock: Any
) -> None:
    for _ in range(3):
        pages = visitor()
        for _ in range(4):
            assert attempt(pages).status == 200
        pages.sign_in(person)


def test_one_address_tries_no_more_than_thirty_accounts_a_minute(
    visitor: Callable[[], Pages], clock: Any
) -> None:
    pages = visitor()
    statuses = [attempt(pages, f"nobody{n}@example.org").status for n in range(33)]
    assert statuses == [200] * 30 + [429] * 3


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Client-IP"])
def test_nobody_comes_from_another_address_by_saying_so(
    visitor: Callable[[], Pages], clock: Any, header: str
) -> None:
    form = visitor().get("/login").form("Sign in")
    client = form.page.pages.client
    statuses = [
        client.post(
            form.action,
            data=form.filled({"email": f"nobody{n}@example.org", "password": WRONG}),
            headers={header: f"for=203.0.113.{n}" if header == "Forwarded" else f"203.0.113.{n}"},
        ).status_code
        for n in range(31)
    ]
    assert statuses == [200] * 30 + [429]


def test_a_new_password_opens_a_locked_account(
    app: Flask, person: Account, visitor: Callable[[], Pages], outbox: list[Any], clock: Any
) -> None:
    for _ in range(30):
        attempt(visitor())
    visitor().get("/password").submit("Send me a link", {"E-mail address": EMAIL})
    link = links_to(app, outbox)(EMAIL)[-1]
    visitor().get(link).submit("Set the password", {"New password": "maslina vrbas kajak"})
    clock.shift(timedelta(seconds=61))
    visitor().sign_in(EMAIL, "maslina vrbas kajak")


def test_an_address_that_is_refused_makes_the_database_write_nothing(
    app: Flask, visitor: Callable[[], Pages], clock: Any
) -> None:
    pages = visitor()
    form = pages.get("/login").form("Sign in")
    for number in range(30):
        attempt(pages, f"nobody{number}@example.org")
    with app.app_context():
        engine = db.engine
    statements: list[str] = []
    sa.event.listen(
        engine, "before_cursor_execute", lambda _c, _u, said, *_: statements.append(said)
    )
    data = form.filled({"email": EMAIL, "password": WRONG})
    assert pages.client.post(form.action, data=data).status_code == 429
    assert statements
    assert [said for said in statements if not said.startswith(("SELECT", "BEGIN", "PRAGMA"))] == []


def test_what_happens_at_the_door_stands_in_the_log(
    app: Flask, person: Account, visitor: Callable[[], Pages]
) -> None:
    pages = visitor()
    attempt(pages)
    attempt(pages, "nobody@example.org")
    pages.sign_in(person)
    pages.post("/logout")
    with reading(app) as session:
        events = session.scalars(
            sa.select(AuditEvent)
            .where(AuditEvent.subject == "account", AuditEvent.action != Action.ACCOUNT_CREATED)
            .order_by(AuditEvent.id)
        ).all()
        assert [(event.action, event.subject_id) for event in events] == [
            (Action.SIGN_IN_FAILED, person.id),
            (Action.SIGN_IN_FAILED, None),
            (Action.SIGNED_IN, person.id),
            (Action.SIGNED_OUT, person.id),
        ]
        assert all(event.address == "127.0.0.1" for event in events)
        assert WRONG not in str([vars(event) for event in events])


def test_what_is_wrong_after_the_right_password_stands_in_the_log_too(
    app: Flask, person: Account, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        account = session.get_one(Account, person.id)
        secret = app.extensions["security"].totp_factory.generate_totp_secret()
        operations.set_authenticator(factories.work(session, account), account, secret)
    pages = visitor()
    attempt(pages, password=factories.PASSWORD)
    pages.get("/tf-validate").submit("Sign in", {"code": "000000"})
    pages.get("/mf-recovery").submit("Sign in", {"code": "0000-0000-0000"})
    assert count_failures(app, person) == 2


@pytest.mark.parametrize(
    ("page", "button", "field", "status"),
    [
        ("/verify", "Go on", "password", 200),
        ("/account/password", "Set the password", "Current password", 400),
        ("/account/e-mail", "Send a mail to it", "Current password", 400),
    ],
)
def test_a_wrong_password_inside_stands_in_the_log_too(
    app: Flask, person: Account, visitor: Callable[[], Pages], page: str, button: str, field: str,
    status: int,
) -> None:  # fmt: skip
    pages = visitor().sign_in(person)
    filled = {
        "/account/password": {"New password": "maslina vrbas kajak"},
        "/account/e-mail": {"New e-mail address": "new@example.org"},
    }.get(page, {})
    pages.get(page).submit(button, {**filled, field: WRONG}, status=status)
    assert count_failures(app, person) == 1
    with reading(app) as session:
        who = sa.select(AuditEvent.actor_id).where(AuditEvent.action == Action.SIGN_IN_FAILED)
        assert session.scalars(who).all() == [person.id], "it is not somebody who is not signed in"


def count_failures(app: Flask, person: Account) -> int:
    """Return how many sign-ins of somebody have failed, as the log has it."""
    with reading(app) as session:
        failed = sa.select(sa.func.count()).where(
            AuditEvent.action == Action.SIGN_IN_FAILED, AuditEvent.subject_id == person.id
        )
        return session.scalar(failed) or 0


WIDE = str.maketrans({letter: chr(ord(letter) + 0xFEE0) for letter in "example"})
SPELLINGS = [
    EMAIL,
    EMAIL.upper(),
    "vesna@example。org",
    "vesna@ｅxample.org",
    "vesna@eｘａmple.org",
    "vesna@" + "example.org".translate(WIDE),
    "Vesna@EXAMPLE．ORG",
]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_account_is_found_by_every_spelling_of_its_address(
    person: Account, visitor: Callable[[], Pages], spelling: str
) -> None:
    assert attempt(visitor(), spelling, factories.PASSWORD).status == 302


def test_all_spellings_of_an_address_count_as_one(
    person: Account, visitor: Callable[[], Pages], clock: Any
) -> None:
    statuses = [attempt(visitor(), spelling).status for spelling in SPELLINGS]
    assert statuses == [200] * 5 + [429] * 2


def test_nobody_is_invited_twice_by_another_spelling(app: Flask, person: Account) -> None:
    with pytest.raises(ConflictError), writing(app) as session:
        factories.account(session, Role.REQUESTER, email=SPELLINGS[-1])


@pytest.mark.parametrize(
    ("one", "another", "alike"),
    [
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff:ffff:ffff:ffff", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
    ],
)
def test_tries_are_counted_for_a_subnet_of_ipv6_and_an_address_of_ipv4(
    visitor: Callable[[], Pages], clock: Any, one: str, another: str, *, alike: bool
) -> None:
    pages = visitor()
    for number in range(30):
        pages.client.environ_base["REMOTE_ADDR"] = one
        assert attempt(pages, f"nobody{number}@example.org").status == 200
    pages.client.environ_base["REMOTE_ADDR"] = another
    assert attempt(pages, "nobody@example.org").status == (429 if alike else 200)


@pytest.mark.both_databases
def test_an_address_that_no_database_can_hold_is_refused_and_counted_like_any_other(
    visitor: Callable[[], Pages], clock: Any
) -> None:
    pages = visitor()
    statuses = [attempt(pages, "vesna\x00@example.org").status for _ in range(22)]
    assert statuses == [200] * 5 + [429] * 17
