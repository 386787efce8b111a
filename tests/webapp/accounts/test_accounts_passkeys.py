"""A passkey opens the account that it was added to, where that was asked for, and once."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import cbor2
import pytest
import sqlalchemy as sa
from flask import Flask
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from tests import factories
from tests.authenticator import Authenticator
from tests.ceremonies import (
    add,
    answer,
    begin_adding,
    begin_signing_in,
    ceremony,
    show_again,
)
from tests.databases import reading, writing
from tests.links import deliver
from tests.pages import Pages
from webapp.accounts.models import Account, AccountSession, Passkey
from webapp.core import invariants
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role

pytestmark = pytest.mark.both_databases


@pytest.fixture
def people(app: Flask) -> tuple[Account, Account]:
    """Return two people who can sign in."""
    with writing(app) as session:
        return (
            factories.account(session, Role.REQUESTER, email="vesna@example.org"),
            factories.account(session, Role.REQUESTER, email="nova@example.org"),
        )


def is_in(pages: Pages, account: Account) -> bool:
    """Tell whether somebody is signed in as the owner of this account."""
    page = pages.check("/account", pages.client.get("/account"))
    return page.status == 200 and account.email in page.text


def give_password(pages: Pages, account: Account) -> None:
    """Take the first step of a sign-in with two."""
    values = {"email": account.email, "password": factories.PASSWORD}
    pages.get("/login").submit("Sign in", values, status=None)


def count(app: Flask, account: Account) -> int:
    """Return how many passkeys an account has."""
    with reading(app) as session:
        chosen = sa.select(sa.func.count()).where(Passkey.user_id == account.id)
        return session.scalar(chosen) or 0


def test_a_passkey_signs_in_alone_and_its_answer_counts_once(
    people: tuple[Account, Account], visitor: Callable[[], Pages]
) -> None:
    passkey = add(visitor().sign_in(people[0]))
    pages = visitor()
    form, asked = begin_signing_in(pages)
    said = passkey.get(asked)
    answer(pages, form, said)
    assert is_in(pages, people[0])
    pages.post("/logout")
    answer(pages, form, said)
    assert not is_in(pages, people[0])


def test_an_answer_counts_in_no_other_session(
    people: tuple[Account, Account], visitor: Callable[[], Pages]
) -> None:
    passkey = add(visitor().sign_in(people[0]))
    form, asked = begin_signing_in(visitor())
    elsewhere = visitor()
    begin_signing_in(elsewhere)
    answer(elsewhere, form, passkey.get(asked))
    assert not is_in(elsewhere, people[0])


def test_a_counter_that_goes_back_is_refused(
    people: tuple[Account, Account], visitor: Callable[[], Pages]
) -> None:
    passkey = add(visitor().sign_in(people[0]))
    passkey.count += 10
    pages = visitor()
    form, asked = begin_signing_in(pages)
    answer(pages, form, passkey.get(asked))
    assert is_in(pages, people[0])
    copied = visitor()
    passkey.count -= 5
    form, asked = begin_signing_in(copied)
    answer(copied, form, passkey.get(asked))
    assert not is_in(copied, people[0])


def test_after_a_password_only_its_owner_s_passkey_goes_on(
    people: tuple[Account, Account], visitor: Callable[[], Pages]
) -> None:
    victim, thief = people
    stolen = add(visitor().sign_in(victim), "secondary", verifies=False)
    own = add(visitor().sign_in(thief), "secondary", verifies=False)
    pages = visitor()
    give_password(pages, thief)
    form, asked = begin_signing_in(pages)
    answer(pages, form, stolen.get(asked))
    assert not is_in(pages, victim)
    assert not is_in(pages, thief)
    pages = visitor()
    give_password(pages, victim)
    form, asked = begin_signing_in(pages)
    answer(pages, form, own.get(asked))
    assert not is_in(pages, victim)
    pages = visitor()
    give_password(pages, victim)
    form, asked = begin_signing_in(pages)
    answer(pages, form, stolen.get(asked))
    assert is_in(pages, victim)


@pytest.mark.parametrize("demo", [True, False])
def test_where_the_role_needs_a_second_factor_the_password_is_followed_by_whichever_passkey(
    app: Flask, visitor: Callable[[], Pages], demo: bool
) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.COORDINATOR, demo=demo)
        factories.consent(session, person)
    passkey = add(visitor().sign_in(person))
    pages = visitor()
    give_password(pages, person)
    assert is_in(pages, person) == demo
    if not demo:
        form, asked = begin_signing_in(pages)
        answer(pages, form, passkey.get(asked))
        assert is_in(pages, person)


def test_a_passkey_that_is_a_second_factor_does_not_sign_in_alone(
    people: tuple[Account, Account], visitor: Callable[[], Pages]
) -> None:
    passkey = add(visitor().sign_in(people[0]), "secondary")
    pages = visitor()
    form, asked = begin_signing_in(pages)
    answer(pages, form, passkey.get(asked))
    assert not is_in(pages, people[0])


def test_a_passkey_that_is_opened_by_nobody_does_not_sign_in_alone(
    people: tuple[Account, Account], visitor: Callable[[], Pages]
) -> None:
    passkey = add(visitor().sign_in(people[0]))
    passkey.verifies = False
    pages = visitor()
    form, asked = begin_signing_in(pages)
    answer(pages, form, passkey.get(asked))
    assert not is_in(pages, people[0])


@pytest.mark.parametrize("act", ["removed", "disabled"])
def test_a_passkey_that_is_removed_while_it_is_asked_opens_nothing(
    app: Flask, people: tuple[Account, Account], visitor: Callable[[], Pages], act: str
) -> None:
    passkey = add(visitor().sign_in(people[0]))
    pages = visitor()
    form, asked = begin_signing_in(pages)
    with writing(app) as session:
        if act == "removed":
            session.execute(sa.delete(Passkey))
        else:
            session.get_one(Account, people[0].id).active = False
    answer(pages, form, passkey.get(asked))
    assert not is_in(pages, people[0])
    with reading(app) as session:
        # The other one is of whoever added the passkey.
        assert session.scalar(sa.select(sa.func.count()).select_from(AccountSession)) == 1


@pytest.mark.parametrize("disabled", [True, False])
def test_a_session_of_a_disabled_account_is_a_fault_of_the_database(
    app: Flask, people: tuple[Account, Account], visitor: Callable[[], Pages], disabled: bool
) -> None:
    visitor().sign_in(people[0])
    with writing(app) as session:
        session.get_one(Account, people[0].id).active = not disabled
    with reading(app) as session:
        found = [f"account {people[0].id} is disabled and has a session"] if disabled else []
        assert invariants.run(session) == found


def test_no_passkey_is_added_to_a_session_that_was_stolen_a_while_ago(
    app: Flask, people: tuple[Account, Account], visitor: Callable[[], Pages], clock: Any
) -> None:
    """The thief begins in an account of their own, and sends the answer in the stolen session."""
    victim, thief = people
    stolen = visitor().sign_in(victim)
    clock.shift(timedelta(minutes=30))
    stolen.post("/wan-register", {"name": "Phone", "usage": "first"}, status=302)
    form, asked = begin_adding(visitor().sign_in(thief))
    answer(stolen, form, Authenticator().create(asked))
    assert count(app, victim) == 0


def test_a_passkey_of_another_account_is_not_added_again(
    app: Flask, people: tuple[Account, Account], visitor: Callable[[], Pages]
) -> None:
    passkey = add(visitor().sign_in(people[0]))
    pages = visitor().sign_in(people[1])
    form, asked = begin_adding(pages)
    answer(pages, form, passkey.create(asked))
    assert (count(app, people[0]), count(app, people[1])) == (1, 0)


def test_an_answer_for_another_website_is_refused(
    people: tuple[Account, Account], visitor: Callable[[], Pages]
) -> None:
    passkey = add(visitor().sign_in(people[0]))
    passkey.origin = "http://localhost.example.org"
    pages = visitor()
    form, asked = begin_signing_in(pages)
    answer(pages, form, passkey.get(asked))
    assert not is_in(pages, people[0])


def test_what_was_asked_after_a_password_does_not_sign_in_alone(
    people: tuple[Account, Account], visitor: Callable[[], Pages]
) -> None:
    """The thief has a key of the victim, which wants a code, and an account of their own."""
    victim, thief = people
    stolen = add(visitor().sign_in(victim))
    add(visitor().sign_in(thief), "secondary")
    stolen.verifies = False
    pages = visitor()
    give_password(pages, thief)
    form, asked = begin_signing_in(pages)
    pages.get("/login")
    answer(pages, form, stolen.get(asked))
    assert not is_in(pages, victim)


@pytest.mark.parametrize("step", ["wan-register", "wan-signin", "wan-verify"])
def test_an_answer_is_taken_at_the_address_that_asked_and_nowhere_else(
    app: Flask, people: tuple[Account, Account], visitor: Callable[[], Pages], step: str
) -> None:
    pages = visitor().sign_in(people[0])
    passkey = add(pages)
    asking = {
        "wan-register": lambda: begin_adding(pages, name="Another"),
        "wan-verify": lambda: ceremony(pages.post("/wan-verify", {}, status=200)),
        "wan-signin": lambda: begin_signing_in(visitor()),
    }
    form, asked = asking[step]()
    said = passkey.create(asked) if step == "wan-register" else passkey.get(asked)
    token = form.action.rpartition("/")[2]
    for elsewhere in asking.keys() - {step}:
        who = visitor() if elsewhere == "wan-signin" else pages
        values = {"credential": [said], "csrf_token": [who.own_token()]}
        page = who.client.post(f"/{elsewhere}/{token}", data=values)
        assert 300 <= page.status_code < 400
    assert count(app, people[0]) == 1


EXTENSIONS = [
    "x" * 300, {"credProps": {"rk": True}}, "\0", "\ud800", [1], 5, True, "not json", '"credProps"',
]  # fmt: skip


@pytest.mark.parametrize("said", EXTENSIONS, ids=range(len(EXTENSIONS)))
def test_what_a_browser_says_beside_the_passkey_is_not_kept(
    app: Flask, people: tuple[Account, Account], visitor: Callable[[], Pages], said: object
) -> None:
    pages = visitor().sign_in(people[0])
    form, asked = begin_adding(pages)
    sent = json.loads(Authenticator().create(asked))
    answer(pages, form, json.dumps({**sent, "extensions": said}))
    assert count(app, people[0]) == 1
    pages.get("/account/security")
    show_again(pages, add(pages, name="Second"), then="/wan-register")


BROKEN = [
    {"fmt": "packed", "attStmt": {"alg": -7, "sig": b"x", "x5c": [b"no certificate"]}},
    {"fmt": "packed", "attStmt": {"alg": -7, "sig": b"x", "x5c": [5]}},
    {"fmt": "fido-u2f", "attStmt": {"sig": b"x", "x5c": [b"no certificate"]}},
    {"fmt": "android-safetynet", "attStmt": {"ver": "1", "response": b"a.b.c"}},
    {"fmt": "tpm", "attStmt": {"ver": "2.0", "alg": -257, "x5c": [b"x"], "certInfo": b"x"}},
    {"fmt": "apple", "attStmt": {"x5c": [b"x"]}},
    {"fmt": [], "attStmt": 5},
]  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN, ids=range(len(BROKEN)))
def test_what_no_good_passkey_answers_is_refused_in_words(
    app: Flask,
    people: tuple[Account, Account],
    visitor: Callable[[], Pages],
    broken: dict[str, Any],
) -> None:
    pages = visitor().sign_in(people[0])
    form, asked = begin_adding(pages)
    sent = json.loads(Authenticator().create(asked))
    attested = cbor2.loads(base64url_to_bytes(sent["response"]["attestationObject"]))
    said = cbor2.dumps({**attested, **broken})
    sent["response"]["attestationObject"] = bytes_to_base64url(said)
    page = answer(pages, form, json.dumps(sent))
    assert page.status == 302
    assert "The passkey was not added." in pages.get("/account/security").text
    assert count(app, people[0]) == 0


def failures(app: Flask) -> list[int | None]:
    """Return of which accounts the log tells that a sign-in failed."""
    with reading(app) as session:
        chosen = sa.select(AuditEvent.subject_id).where(AuditEvent.action == Action.SIGN_IN_FAILED)
        return list(session.scalars(chosen))


@pytest.mark.parametrize("wrong", ["counter", "origin", "finger", "signature"])
@pytest.mark.parametrize("way", ["alone", "after a password", "shown anew"])
def test_an_answer_that_was_refused_stands_in_the_log(
    app: Flask, people: tuple[Account, Account], visitor: Callable[[], Pages], way: str, wrong: str
) -> None:
    pages = visitor().sign_in(people[0])
    passkey = add(pages, "secondary" if way == "after a password" else "first")
    if way == "shown anew":
        form, asked = ceremony(pages.post("/wan-verify", {}, status=200))
    else:
        pages = visitor()
        if way == "after a password":
            give_password(pages, people[0])
        form, asked = begin_signing_in(pages)
    break_it(app, passkey, wrong)
    answer(pages, form, passkey.get(asked))
    allowed = wrong == "finger" and way == "after a password"
    assert failures(app) == ([] if allowed else [people[0].id])


def break_it(app: Flask, passkey: Authenticator, wrong: str) -> None:
    """Let a passkey answer what is not to be accepted."""
    passkey.verifies = wrong != "finger"
    if wrong == "origin":
        passkey.origin = "http://elsewhere.example.org"
    if wrong == "signature":
        passkey.key = Authenticator().key
    if wrong == "counter":
        with writing(app) as session:
            session.execute(sa.update(Passkey).values(sign_count=100))


def test_passkeys_are_tried_a_few_times_after_a_password_and_its_owner_is_told_once(
    app: Flask,
    people: tuple[Account, Account],
    visitor: Callable[[], Pages],
    outbox: list[Any],
    clock: Any,
) -> None:
    passkey = add(visitor().sign_in(people[0]), "secondary")
    deliver(app)
    outbox.clear()
    pages = visitor()
    give_password(pages, people[0])
    passkey.origin = "http://elsewhere.example.org"
    statuses = []
    for _ in range(8):
        form, asked = begin_signing_in(pages)
        statuses.append(answer(pages, form, passkey.get(asked)).status)
    assert statuses == [302] * 5 + [429] * 3
    deliver(app)
    (mail,) = outbox
    assert mail.to == [people[0].email]
    assert "Wrong codes after your password" in mail.subject


def test_whoever_sends_many_wrong_answers_keeps_no_owner_out_and_fills_no_log(
    app: Flask, people: tuple[Account, Account], visitor: Callable[[], Pages], clock: Any
) -> None:
    passkey = add(visitor().sign_in(people[0]))
    stranger = visitor()
    # An answer of the right key for something else; the log knows whose key it is.
    for _ in range(32):
        form, asked = begin_signing_in(stranger)
        said = passkey.get({**asked, "challenge": "something else"})
        assert answer(stranger, form, said).status == 302
    assert failures(app) == [people[0].id] * 30
    pages = visitor()
    form, asked = begin_signing_in(pages)
    answer(pages, form, passkey.get(asked))
    assert is_in(pages, people[0])
