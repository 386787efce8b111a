"""Signing in: who gets in, what strangers learn, and where people are led afterwards."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask_security import core, forms, hash_password, utils

from tests import factories
from tests.databases import CHEAP_HASH, forget_limits, reading, writing
from tests.factories import PASSWORD
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.core.roles import Role

FOREIGN = (
    "//evil.example.org",
    "/\\evil.example.org",
    "\\\\evil.example.org",
    "https:evil.example.org",
    "https://evil.example.org/",
    "///evil.example.org",
    "javascript:alert(1)",
    "https://localhost@evil.example.org",
)
UNREADABLE = ("//[", "https://[::1", "//evil℀.com", "/\\[")


@pytest.fixture
def person(app: Flask) -> Account:
    """Return somebody with an account."""
    with writing(app) as session:
        return factories.account(session, Role.COORDINATOR)


def sign_in(pages: Pages, email: str, password: str = PASSWORD, query: str = "") -> tuple[int, str]:
    """Send the form of the sign-in page; return the status and where it leads."""
    pages.get("/login")
    answer = pages.client.post(
        f"/login{query}",
        data={"email": email, "password": password, "csrf_token": pages.own_token()},
    )
    return answer.status_code, answer.headers.get("Location", "")


def test_an_unknown_account_and_a_wrong_password_get_the_same_answer(
    person: Account, visitor: Callable[[], Pages]
) -> None:
    texts = set()
    for email, password in (
        (person.email, "not the password"),
        ("nobody@example.org", PASSWORD),
    ):
        page = visitor()
        page.get("/login")
        answer = page.post("/login", {"email": email, "password": password}, status=200)
        assert "The address or the password is not right" in answer.text
        texts.add(answer.text)
    assert len(texts) == 1


def test_an_address_in_capitals_signs_in_as_well(person: Account, pages: Pages) -> None:
    assert sign_in(pages, person.email.upper())[0] == 302


PASTED = [" {}", "{} ", "{}\n", "\r\n{}\t", "\u00a0{}\u00a0", "\ufeff{}", " {}\u200b "]


@pytest.mark.parametrize("around", PASTED)
def test_a_password_is_taken_with_what_was_pasted_around_it(
    person: Account, pages: Pages, around: str
) -> None:
    assert sign_in(pages, person.email, around.format(PASSWORD))[0] == 302


@pytest.mark.parametrize("around", ["\u200f{}", "{}\u2060", "\u00a0{} ", "\n{}\r\n", "{}\u200b\t"])
def test_an_address_is_taken_with_what_was_pasted_around_it(
    person: Account, pages: Pages, around: str
) -> None:
    assert sign_in(pages, around.format(person.email))[0] == 302


def test_a_password_that_has_blanks_itself_is_tried_as_it_was_typed(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with app.app_context():
        kept = hash_password(f" {PASSWORD} ")
    with writing(app) as session:
        person = factories.account(session, Role.COORDINATOR)
        person.password = kept
    assert sign_in(visitor(), person.email, f" {PASSWORD} ")[0] == 302
    assert sign_in(visitor(), person.email, PASSWORD)[0] == 200


@pytest.mark.parametrize("within", ["a {}", "{}\u200bx", "{}{}"])
def test_a_password_is_not_changed_within(person: Account, pages: Pages, within: str) -> None:
    assert sign_in(pages, person.email, within.format(PASSWORD, PASSWORD))[0] == 200
    inside = f"{PASSWORD[:4]} {PASSWORD[4:]}"
    assert sign_in(pages, person.email, inside)[0] == 200


@pytest.mark.parametrize(
    "password", ["not the password", " not the password ", "   ", "\u200b", ""]
)
def test_an_unknown_account_costs_as_many_hashes_as_a_known_one(
    person: Account, pages: Pages, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    def hashes_for(email: str) -> int:
        made: list[str] = []
        with monkeypatch.context() as patch:
            for module in (forms, utils):
                patch.setattr(module, "hash_password", made.append)
            patch.setattr(core, "verify_and_update_password", lambda p, _user: made.append(p))
            status, _ = sign_in(pages, email, password)
        assert status == 200
        return len(made)

    known, unknown = hashes_for(person.email), hashes_for("nobody@example.org")
    assert known == unknown
    assert (known == 2) == (password == " not the password ")


def test_no_text_is_cut_at_sign_in(person: Account, pages: Pages) -> None:
    long = "x" * 10_000
    page = pages.get("/login").submit(
        "Sign in", {"E-mail address": f"{long}@example.org", "Password": long}, status=200
    )
    assert page.form("Sign in").values["email"] == [f"{long}@example.org"]


def test_a_disabled_account_does_not_get_in(app: Flask, person: Account, pages: Pages) -> None:
    with writing(app) as session:
        session.get_one(Account, person.id).active = False
    assert sign_in(pages, person.email)[0] == 200
    assert pages.client.get("/queue").status_code == 302


@pytest.mark.parametrize("target", FOREIGN)
def test_sign_in_leads_nowhere_else(person: Account, pages: Pages, target: str) -> None:
    status, location = sign_in(pages, person.email, query=f"?next={target}")
    assert status == 302, "the password is right, whatever the link says"
    assert is_ours(location)


def is_ours(location: str) -> bool:
    """Tell whether a browser that is led there stays on the platform."""
    # Browsers take a backslash for a slash.
    led = urlsplit(location.replace("\\", "/"))
    return (led.scheme, led.netloc) in {("", ""), ("http", "localhost")}


def test_showing_again_who_one_is_leads_nowhere_else(
    app: Flask, person: Account, pages: Pages
) -> None:
    token = pages.sign_in(person).own_token()
    for target in (*FOREIGN, "/roster"):
        forget_limits(app)
        answer = pages.client.post(
            "/verify",
            query_string={"next": target},
            data={"password": PASSWORD, "next": target, "csrf_token": token},
        )
        assert answer.status_code == 302, target
        assert is_ours(answer.headers.get("Location", "")), target
    assert answer.headers["Location"] == "/roster"


@pytest.mark.parametrize("target", UNREADABLE)
def test_a_target_that_cannot_be_read_is_refused(
    person: Account, pages: Pages, target: str
) -> None:
    assert pages.client.get("/login", query_string={"next": target}).status_code == 400
    token = pages.own_token()
    answer = pages.client.post(
        "/login",
        data={
            "email": person.email,
            "password": PASSWORD,
            "next": target,
            "csrf_token": token,
        },
    )
    assert answer.status_code == 400
    assert pages.client.get("/queue").status_code == 302, "nobody is signed in"


def test_a_part_without_a_name_is_refused(pages: Pages) -> None:
    body = b"--x\r\nContent-Disposition: form-data\r\n\r\nvalue\r\n--x--\r\n"
    answer = pages.client.post("/login", data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 400


def test_people_are_led_back_to_the_page_they_asked_for(person: Account, pages: Pages) -> None:
    answer = pages.client.get("/roster?q=a")
    assert answer.headers["Location"].startswith("/login?next=")
    _, location = sign_in(pages, person.email, query="?next=/roster")
    assert location.endswith("/roster")


def test_signing_out_needs_a_token_and_ends_the_session(person: Account, pages: Pages) -> None:
    sign_in(pages, person.email)
    pages.client.post("/logout")
    assert pages.get("/queue").heading, "a forged sign-out changes nothing"
    pages.post("/logout")
    assert pages.client.get("/queue").status_code == 302


def test_passwords_are_kept_as_argon2id_hashes_only(app: Flask, person: Account) -> None:
    with reading(app) as session:
        kept = session.get_one(Account, person.id).password
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept


def test_a_hash_that_was_cheaper_than_hashes_are_now_is_renewed_by_the_sign_in(
    app: Flask, person: Account, make_app: Callable[..., Flask]
) -> None:
    dearer = make_app(SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS={**CHEAP_HASH, "argon2__time_cost": 3})
    assert sign_in(Pages(dearer), person.email)[0] == 302
    with reading(app) as session:
        kept = session.get_one(Account, person.id).password
    assert kept != person.password
    assert ",t=3," in kept
    assert sign_in(Pages(app), person.email)[0] == 302


def test_no_bearer_token_is_issued_or_accepted(person: Account, pages: Pages) -> None:
    pages.get("/login")
    answer = pages.client.post(
        "/login?include_auth_token",
        headers={"Accept": "application/json"},
        data={"email": person.email, "password": PASSWORD, "csrf_token": pages.own_token()},
    )
    assert "token" not in answer.headers.get("Content-Type", "") + answer.text
    with pages.app.test_request_context():
        token = person.get_auth_token()
    stranger = pages.app.test_client()
    assert stranger.get("/queue", headers={"Authentication-Token": token}).status_code == 302
    assert stranger.get("/queue", query_string={"auth_token": token}).status_code == 302


def test_nobody_stays_signed_in_by_an_extra_field(person: Account, pages: Pages) -> None:
    pages.get("/login")
    answer = pages.client.post(
        "/login",
        data={
            "email": person.email,
            "password": PASSWORD,
            "remember": "y",
            "csrf_token": pages.own_token(),
        },
    )
    assert answer.status_code == 302
    assert "remember_token" not in str(answer.headers)


@pytest.mark.parametrize("target", FOREIGN)
def test_a_passkey_is_asked_for_whatever_a_link_says(pages: Pages, target: str) -> None:
    token = pages.own_token()
    answer = pages.client.post(
        "/wan-signin", query_string={"next": target}, data={"next": target, "csrf_token": token}
    )
    assert answer.status_code == 200
    assert "data-passkey" in answer.get_data(as_text=True)
