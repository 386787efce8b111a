"""Who has lost a second factor gets in again by the hand of another, and nobody else does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from tests import factories
from tests.ceremonies import add, code_of, set_up_codes
from tests.databases import reading, writing
from tests.links import deliver, links_to
from tests.pages import Page, Pages
from webapp.accounts.models import Account
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.messages.models import Notice

EMAIL = "vesna@example.org"
GOOD = "maslina vrbas kajak"
TAKEN_OFF = "The second factor is taken off"


@pytest.fixture
def owner(app: Flask, coordinator: Account, visitor: Callable[[], Pages]) -> Pages:
    """Return the browser of a coordinator who has an application, a passkey and recovery codes."""
    pages = visitor().sign_in(coordinator)
    set_up_codes(app, pages)
    add(pages)
    return pages


def take_off(admin: Pages, account: Account, why: str = "stolen") -> Page:
    """Do what an administrator does for somebody who has called."""
    page = admin.get(f"/accounts/{account.id}").follow("Second factor lost …")
    return page.submit("Take it off", {"Why it is taken off": why})


def stored(app: Flask, account: Account) -> Account:
    """Return the account as it is now."""
    with reading(app) as session:
        found = session.get_one(Account, account.id)
        assert found.kinds  # Its roles and passkeys are read while the database can be asked.
        assert found.webauthn is not None
        session.expunge_all()
        return found


@pytest.mark.both_databases
def test_another_administrator_takes_off_a_second_factor_that_is_lost(
    app: Flask, coordinator: Account, owner: Pages, sign_in_as: Callable[[Role], Pages],
    visitor: Callable[[], Pages], outbox: list[Any],
) -> None:  # fmt: skip
    before = stored(app, coordinator)
    assert before.tf_totp_secret
    assert before.mf_recovery_codes
    assert before.webauthn
    assert TAKEN_OFF in take_off(sign_in_as(Role.ADMINISTRATOR), coordinator).text
    after = stored(app, coordinator)
    assert (after.tf_primary_method, after.tf_totp_secret, after.tf_last_counter) == (None,) * 3
    assert (after.mf_recovery_codes, after.webauthn) == (None, [])
    assert owner.get("/queue").heading == "Sign in"
    deliver(app)
    (mail,) = (mail for mail in outbox if "was taken off" in mail.subject)
    assert mail.to == [EMAIL]
    # The password lets in, and to nothing but a new second factor.
    pages = visitor().sign_in(coordinator)
    assert pages.get("/queue").url == "/account/second-factor"
    set_up_codes(app, pages)
    pages.get("/queue")


def test_the_log_says_why_and_the_owner_reads_that_it_was_done(
    app: Flask, coordinator: Account, owner: Pages, sign_in_as: Callable[[Role], Pages]
) -> None:
    take_off(sign_in_as(Role.ADMINISTRATOR), coordinator)
    with reading(app) as session:
        event = session.scalars(
            sa.select(AuditEvent).where(AuditEvent.action == Action.SECOND_FACTOR_RESET)
        ).one()
        told = session.scalars(sa.select(Notice.path).where(Notice.account_id == coordinator.id))
        assert (event.subject_id, event.details) == (coordinator.id, {"why": "stolen"})
        assert event.actor_id not in {None, coordinator.id}
        assert told.all()[-1] == "/account/security"


def test_a_sign_in_that_waits_for_its_code_ends_with_the_second_factor(
    app: Flask, coordinator: Account, owner: Pages, sign_in_as: Callable[[Role], Pages],
    visitor: Callable[[], Pages], clock: Any,
) -> None:  # fmt: skip
    secret = str(stored(app, coordinator).tf_totp_secret)
    clock.shift(timedelta(minutes=1))
    pages = visitor()
    pages.get("/login").submit("Sign in", {"email": EMAIL, "password": factories.PASSWORD})
    take_off(sign_in_as(Role.ADMINISTRATOR), coordinator)
    pages.client.post(
        "/tf-validate", data={"code": code_of(app, secret), "csrf_token": pages.own_token()}
    )
    assert pages.get("/queue").heading == "Sign in"


def test_who_has_signed_in_by_a_passkey_alone_is_sent_a_link_to_a_password(
    app: Flask, coordinator: Account, owner: Pages, sign_in_as: Callable[[Role], Pages],
    visitor: Callable[[], Pages], outbox: list[Any],
) -> None:  # fmt: skip
    with writing(app) as session:
        session.get_one(Account, coordinator.id).password_set_at = None
    page = sign_in_as(Role.ADMINISTRATOR).get(f"/accounts/{coordinator.id}/second-factor")
    assert "is sent a link to a password" in page.text
    page.submit("Take it off", {"Why it is taken off": "broken"})
    (link,) = [one for one in links_to(app, outbox)(EMAIL) if one.startswith("/password/")]
    visitor().get(link).submit("Set the password", {"New password": GOOD})
    assert visitor().sign_in(EMAIL, GOOD).get("/queue").url == "/account/second-factor"


def test_a_reason_is_needed_and_nothing_happens_without_one(
    app: Flask, coordinator: Account, owner: Pages, sign_in_as: Callable[[Role], Pages]
) -> None:
    page = sign_in_as(Role.ADMINISTRATOR).get(f"/accounts/{coordinator.id}/second-factor")
    assert page.submit("Take it off", status=400).errors["why"] == "Please choose one."
    assert stored(app, coordinator).has_second_factor
    owner.get("/queue")


def test_nobody_takes_off_their_own_second_factor_nor_one_that_is_not_there(
    app: Flask, sign_in_as: Callable[[Role], Pages]
) -> None:
    admin = sign_in_as(Role.ADMINISTRATOR)
    with writing(app) as session:
        own = session.scalars(sa.select(Account.id)).one()
        other = factories.account(session, Role.EXPERT)
    admin.get(f"/accounts/{own}/second-factor", status=403)
    admin.post(f"/accounts/{own}/second-factor", {"why": "lost"}, status=403)
    assert "Second factor lost" not in admin.get(f"/accounts/{other.id}").text
    refused = admin.post(f"/accounts/{other.id}/second-factor", {"why": "lost"}, status=409)
    assert "has no second factor" in refused.text


def test_a_session_that_was_left_open_is_not_enough(
    app: Flask, coordinator: Account, owner: Pages, sign_in_as: Callable[[Role], Pages], clock: Any
) -> None:
    admin = sign_in_as(Role.ADMINISTRATOR)
    clock.shift(timedelta(minutes=16))
    assert admin.get(f"/accounts/{coordinator.id}/second-factor").url.startswith("/verify")
    admin.post(f"/accounts/{coordinator.id}/second-factor", {"why": "lost"}, status=302)
    assert stored(app, coordinator).has_second_factor


@pytest.fixture
def run(app: Flask) -> Callable[..., Result]:
    """Return a function that runs a command about accounts."""

    def invoke(*words: str) -> Result:
        with app.app_context():
            return app.test_cli_runner().invoke(args=["accounts", *words])

    return invoke


def test_the_only_administrator_gets_in_again_by_a_command(
    app: Flask, coordinator: Account, owner: Pages, run: Callable[..., Result]
) -> None:
    said = run("reset-second-factor", EMAIL)
    assert said.exit_code == 0, said.output
    assert "has no second factor any more" in said.output
    assert not stored(app, coordinator).has_second_factor
    assert owner.get("/queue").heading == "Sign in"
    again = run("reset-second-factor", EMAIL, "--why", "broken")
    assert (again.exit_code, "has no second factor." in again.output) == (1, True)


def test_a_command_sends_a_link_to_a_new_password_or_says_why_not(
    app: Flask, coordinator: Account, run: Callable[..., Result], visitor: Callable[[], Pages],
    outbox: list[Any],
) -> None:  # fmt: skip
    assert run("send-password-link", EMAIL).exit_code == 0
    (link,) = links_to(app, outbox)(EMAIL)
    assert "sent a moment ago" in run("send-password-link", EMAIL).output
    visitor().get(link).submit("Set the password", {"New password": GOOD})
    assert "There is no account" in run("send-password-link", "nobody@example.org").output
    with writing(app) as session:
        session.get_one(Account, coordinator.id).active = False
    refused = run("send-password-link", EMAIL)
    assert (refused.exit_code, "Nobody can sign in" in refused.output) == (1, True)
