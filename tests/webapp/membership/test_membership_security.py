"""Second factors, recovery codes, one's own password, address and sessions, and the first steps."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.authenticator import Authenticator
from tests.ceremonies import answer, begin_adding, code_of, set_up_codes
from tests.databases import content, forget_limits, reading, writing
from tests.links import deliver, links_to
from tests.pages import Page, Pages
from tests.structure.test_access_matrix import MATRIX, addresses
from webapp.accounts import operations, rules
from webapp.accounts.models import Account, AccountSession, Passkey
from webapp.core.errors import ConflictError
from webapp.core.roles import Role

EMAIL = "vesna@example.org"
GOOD = "maslina vrbas kajak"
# An address without a page of its own leads here, which is among the pages that are tried.
WITHOUT_PAGE = "/account/security"
# By these somebody comes to a second factor.
FIRST_STEPS = {
    "membership.second_factor", "membership.authenticator", "membership.own_password",
    "security.wan_register", "security.wan_register_response", "security.verify",
    "security.wan_verify", "security.wan_verify_response", "security.logout",
    "home.session_seconds",
}  # fmt: skip


def secret_of(app: Flask) -> str:
    """Return the secret that the account keeps."""
    with reading(app) as session:
        return str(session.scalars(sa.select(Account.tf_totp_secret)).first())


def test_the_secrets_of_codes_are_encrypted(
    app: Flask, coordinator: Account, visitor: Callable[[], Pages]
) -> None:
    set_up_codes(app, visitor().sign_in(coordinator))
    stored = json.loads(secret_of(app))
    assert "key" not in stored
    assert {"c", "t"} <= stored["enckey"].keys()


def give_password(pages: Pages) -> Page:
    """Take the first step of a sign-in."""
    return pages.get("/login").submit("Sign in", {"email": EMAIL, "password": factories.PASSWORD})


def test_a_coordinator_without_second_factor_reaches_nothing_else(
    coordinator: Account, visitor: Callable[[], Pages]
) -> None:
    pages = visitor().sign_in(coordinator)
    assert pages.get("/queue").url == "/account/second-factor"
    assert pages.get("/roster").url == "/account/second-factor"
    pages.post("/requests/1/accept", {"version": "1"}, status=403)


@pytest.mark.thorough
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_whoever_needs_a_second_factor_and_has_none_reaches_no_other_page(
    role: Role, app: Flask, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    person = world.first(role)
    pages = visitor().sign_in(person)
    token = pages.own_token()
    with writing(app) as session:
        account = session.get_one(Account, person.id)
        account.demo = False
        factories.consent(session, account)
    before = content(app)
    for address in addresses(app, world):
        # What strangers reach, they reach as well.
        public = "stranger" in set().union(*MATRIX[address.endpoint].values())
        if public or address.endpoint in FIRST_STEPS:
            continue
        forget_limits(app)
        for method in address.methods & {"GET", "POST"}:
            data = {"csrf_token": token} if method == "POST" else None
            answer = pages.client.open(address.url, method=method, data=data)
            # Of what the role may not do at all, that is said first.
            led = answer.headers.get("Location") in {"/account/second-factor", WITHOUT_PAGE}
            assert answer.status_code == 403 or (method == "GET" and led), address
    assert content(app) == before


def test_coordinators_and_administrators_need_a_second_factor() -> None:
    assert {role for role in Role if rules.needs_second_factor({role}, demo=False)} == {
        Role.COORDINATOR,
        Role.ADMINISTRATOR,
    }


@pytest.mark.parametrize("role", Role)
def test_a_second_factor_is_offered_to_everybody_and_asked_of_whoever_has_one(
    role: Role, app: Flask, visitor: Callable[[], Pages], clock: Any
) -> None:
    with writing(app) as session:
        factories.account(session, role, email=EMAIL)
    pages = visitor().sign_in(EMAIL)
    offered = pages.get("/account/security")
    assert {"Set up", "Add a passkey"} <= offered.links.keys()
    pages.get(offered.links["Add a passkey"])
    assert set_up_codes(app, pages).heading == "Your recovery codes"
    clock.shift(timedelta(minutes=1))
    pages = visitor()
    page = give_password(pages)
    assert page.heading == "Your code"
    pages.get("/account", status=302)
    page.submit("Sign in", {"code": code_of(app, secret_of(app))})
    pages.get("/account")


def test_who_has_not_agreed_is_asked_first(app: Flask, visitor: Callable[[], Pages]) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.REQUESTER, demo=False)
    pages = visitor().sign_in(person)
    page = pages.get("/requests")
    assert page.url == "/account/consent"
    page = page.submit("Go on", {}, status=400)
    assert "Without your consent" in page.text
    page = page.submit("Go on", {"consent": True})
    assert page.url == "/requests"


def test_the_demo_s_people_need_neither(app: Flask, sign_in_as: Callable[..., Pages]) -> None:
    assert sign_in_as(Role.COORDINATOR).get("/queue").url == "/queue"


@pytest.mark.both_databases
def test_a_code_of_the_application_is_asked_for_and_works_once(
    app: Flask, coordinator: Account, visitor: Callable[[], Pages], clock: Any
) -> None:
    page = set_up_codes(app, visitor().sign_in(coordinator))
    assert page.heading == "Your recovery codes"
    assert page.follow("I have kept them").url == "/account/security"
    clock.shift(timedelta(minutes=1))
    code = code_of(app, secret_of(app))
    pages = visitor()
    page = give_password(pages)
    assert page.heading == "Your code"
    pages.get("/queue", status=302)
    page = page.submit("Sign in", {"code": code})
    assert page.heading == "Work queue"
    replayed = give_password(visitor()).submit("Sign in", {"code": code})
    assert "has been used" in replayed.text


def test_codes_cannot_be_guessed_by_trying(
    app: Flask, coordinator: Account, visitor: Callable[[], Pages], clock: Any
) -> None:
    set_up_codes(app, visitor().sign_in(coordinator))
    clock.shift(timedelta(minutes=1))
    page = give_password(visitor())
    for _ in range(5):
        page = page.submit("Sign in", {"code": "000000"})
    right = code_of(app, secret_of(app))
    refused = page.submit("Sign in", {"code": right}, status=429)
    assert "too often" in refused.text


@pytest.mark.both_databases
def test_a_recovery_code_opens_the_account_once(
    app: Flask, coordinator: Account, visitor: Callable[[], Pages], clock: Any
) -> None:
    pages = visitor().sign_in(coordinator)
    first = set_up_codes(app, pages)
    page = pages.get("/account/security").submit("Make new recovery codes")
    assert first.text != page.text
    codes = codes_on(page)
    assert len(codes) == 10
    with reading(app) as session:
        stored = str(session.scalars(sa.select(Account.mf_recovery_codes)).all())
        assert codes[0] not in stored
    page = give_password(visitor()).follow("Use a recovery code instead")
    assert page.submit("Sign in", {"code": codes[0]}).heading == "Work queue"
    again = give_password(visitor()).follow("Use a recovery code instead")
    assert "has been used" in again.submit("Sign in", {"code": codes[0]}).text


def codes_on(page: Page) -> list[str]:
    """Return the recovery codes that a page shows."""
    return re.findall("[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}", page.text)


@pytest.mark.parametrize("usage", ["first", "secondary"])
def test_a_passkey_that_is_the_first_second_factor_comes_with_recovery_codes(
    coordinator: Account, visitor: Callable[[], Pages], usage: str
) -> None:
    pages = visitor().sign_in(coordinator)
    form, asked = begin_adding(pages, usage)
    page = answer(pages, form, Authenticator().create(asked))
    assert page.heading == "Your recovery codes"
    codes = codes_on(page)
    assert len(codes) == 10
    assert page.follow("I have kept them").url == "/account/security"
    page = give_password(visitor()).follow("Use a recovery code instead")
    assert page.submit("Sign in", {"code": codes[0]}).heading == "Work queue"
    form, asked = begin_adding(pages, usage, name="Key")
    assert answer(pages, form, Authenticator().create(asked)).status == 302


def test_a_passkey_that_is_refused_brings_no_codes(
    app: Flask, coordinator: Account, visitor: Callable[[], Pages]
) -> None:
    pages = visitor().sign_in(coordinator)
    form, asked = begin_adding(pages)
    stranger = Authenticator(origin="http://localhost.example.org")
    assert not codes_on(answer(pages, form, stranger.create(asked)))
    with reading(app) as session:
        assert session.get_one(Account, coordinator.id).mf_recovery_codes is None


def test_who_has_no_password_reads_how_the_codes_are_used_and_loses_them_with_the_last_factor(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.REQUESTER, email=EMAIL)
    pages = visitor().sign_in(person)
    with writing(app) as session:
        session.get_one(Account, person.id).password_set_at = None
    form, asked = begin_adding(pages)
    page = answer(pages, form, Authenticator().create(asked))
    assert "have a link to a new password sent to you" in page.text
    with writing(app) as session:
        session.get_one(Account, person.id).password_set_at = factories.work(session).now
    pages.get("/account/security").submit("Remove: Phone")
    with reading(app) as session:
        account = session.get_one(Account, person.id)
        assert (account.webauthn, account.mf_recovery_codes) == ([], None)


def test_a_second_factor_that_the_role_needs_cannot_be_removed(
    app: Flask, coordinator: Account, visitor: Callable[[], Pages]
) -> None:
    pages = visitor().sign_in(coordinator)
    set_up_codes(app, pages)
    refused = pages.post("/account/security/no-codes", status=409)
    assert "needs a second factor" in refused.text


def test_the_last_passkey_that_the_role_needs_cannot_be_removed(
    app: Flask, coordinator: Account, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        session.add(
            Passkey(
                user_id=coordinator.id, credential_id=b"1", public_key=b"2", name="telephone",
                sign_count=0, backup_state=False, device_type="single_device", usage="secondary",
                lastuse_datetime=factories.work(session).now,
            )
        )  # fmt: skip
    page = give_password(visitor())
    assert page.heading == "Your passkey as second factor"
    with reading(app) as session:
        account = session.get_one(Account, coordinator.id)
        with pytest.raises(ConflictError, match="needs a second factor"):
            operations.refuse_last_passkey(session, account, "telephone")


def test_changing_how_one_signs_in_asks_again_who_one_is_after_a_while(
    app: Flask, visitor: Callable[[], Pages], clock: Any
) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.REQUESTER, email=EMAIL)
    pages = visitor().sign_in(person)
    clock.shift(timedelta(minutes=16))
    page = pages.get("/account/password")
    assert page.heading == "Please show that it is you"
    wrong = page.submit("Go on", {"password": "wrong"})
    assert "not your password" in wrong.text
    page = wrong.submit("Go on", {"password": factories.PASSWORD})
    assert page.url == "/account/password"


def test_one_s_password_is_changed_with_the_old_one_and_ends_the_other_sessions(
    app: Flask, visitor: Callable[[], Pages], outbox: list[Any]
) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.REQUESTER, email=EMAIL)
    pages, elsewhere = visitor().sign_in(person), visitor().sign_in(person)
    copied = pages.client.get_cookie("session").value  # type: ignore[union-attr]
    page = pages.get("/account/password")
    wrong = page.submit(
        "Set the password", {"Current password": "wrong", "New password": GOOD}, status=400
    )
    assert "not your password" in wrong.text
    page = wrong.submit(
        "Set the password", {"Current password": factories.PASSWORD, "New password": GOOD}
    )
    assert page.url == "/account/security"
    elsewhere.get("/requests", status=302)
    thief = visitor()
    thief.client.set_cookie("session", copied)
    thief.get("/requests", status=302)
    deliver(app)
    assert outbox[0].subject == "How you sign in was changed"
    assert "A password of your account was set or changed." in outbox[0].body
    visitor().sign_in(EMAIL, GOOD)


def test_looking_at_the_form_of_the_password_is_no_try(
    sign_in_as: Callable[..., Pages], clock: Any
) -> None:
    pages = sign_in_as(Role.REQUESTER)
    for number in range(40):
        pages.get(f"/account/password?old_password=a{number}")
    wrong = {"old_password": "not it", "password": "maslina vrbas kajak"}
    for _ in range(10):
        pages.post("/account/password", wrong, status=400)
    pages.post("/account/password", wrong, status=429)
    pages.get("/account/password")


def test_an_address_changes_when_the_link_to_the_new_one_was_opened(
    app: Flask, visitor: Callable[[], Pages], outbox: list[Any]
) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.REQUESTER, email=EMAIL)
    pages = visitor().sign_in(person)
    links = links_to(app, outbox)
    page = pages.get("/account/e-mail")
    new = {"New e-mail address": "new@example.org"}
    refused = page.submit("Send a mail to it", {**new, "Current password": "not it"}, status=400)
    assert "This is not your password." in refused.text
    assert links("new@example.org") == []
    refused.submit("Send a mail to it", {"Current password": factories.PASSWORD})
    (link,) = links("new@example.org")
    with writing(app) as session:
        other = factories.account(session, Role.REQUESTER)
    stranger = visitor().sign_in(other)
    assert stranger.get(link, status=410).heading == "This link does not work any more"
    stranger.post(link, status=410)
    pages.get(link).submit("Confirm the new address")
    assert links(EMAIL) == ["/account"]
    assert "Give the new address once more" in pages.get(link, status=410).text
    pages.post(link, status=410)
    visitor().sign_in("new@example.org")


def test_one_sees_and_ends_one_s_own_sessions_and_nobody_else_s(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.REQUESTER, email=EMAIL)
        other = factories.account(session, Role.REQUESTER)
    here, there, stranger = (visitor().sign_in(one) for one in (person, person, other))
    page = here.get("/account/security")
    assert page.text.count("this one") == 1
    ends = re.compile(r"/account/sessions/\d+/end")
    (other_one,) = [form.action for form in page.forms if ends.fullmatch(form.action)]
    with reading(app) as session:
        foreign = session.scalars(
            sa.select(AccountSession.id).where(AccountSession.account_id == other.id)
        ).one()
    here.post(f"/account/sessions/{foreign}/end", status=404)
    stranger.get("/requests")
    here.post(other_one)
    there.get("/requests", status=302)
    again = visitor().sign_in(person)
    here.get("/account/security").submit("Sign out everywhere else")
    again.get("/requests", status=302)
    here.get("/requests")
    stranger.get("/requests")


def test_a_forged_end_of_sessions_signs_nobody_out(sign_in_as: Callable[..., Pages]) -> None:
    pages = sign_in_as(Role.REQUESTER)
    security = pages.get("/account/security")
    ending = [form.action for form in security.forms if "/account/sessions/" in form.action]
    for address in (*ending, "/account/sessions/end"):
        pages.post(address, token="x.y.z", status=400)
        page = pages.get("/account/security")
        assert page.heading == security.heading
        assert "signed out" not in page.text


def test_another_application_is_set_up_in_the_half_minute_of_a_code_of_the_one_before(
    app: Flask, coordinator: Account, visitor: Callable[[], Pages], clock: Any
) -> None:
    set_up_codes(app, visitor().sign_in(coordinator))
    clock.shift(timedelta(minutes=1))
    page = give_password(pages := visitor())
    before = secret_of(app)
    page.submit("Sign in", {"code": code_of(app, before)})
    set_up_codes(app, pages)
    assert secret_of(app) != before
