"""Whoever has a second factor shows it as well where they are asked again who they are: a session
and the password alone give nobody new recovery codes, and make nobody an administrator."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.authenticator import Authenticator
from tests.ceremonies import add, code_of, set_up_codes, show_again
from tests.databases import reading
from tests.factories import PASSWORD
from tests.pages import Page, Pages
from tests.webapp.membership.test_membership_security import codes_on, secret_of
from webapp.accounts.models import Account
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent

pytestmark = pytest.mark.both_databases
WRONG = "The password or the code is not right"


@pytest.fixture
def with_codes(
    app: Flask, coordinator: Account, visitor: Callable[[], Pages], clock: Any
) -> tuple[Pages, list[str]]:
    """Return a session that was left open of somebody with an application, and recovery codes."""
    pages = visitor().sign_in(coordinator)
    codes = codes_on(set_up_codes(app, pages))
    clock.shift(timedelta(minutes=16))
    return pages, codes


def again(pages: Pages, code: str, password: str = PASSWORD, status: int | None = None) -> Page:
    """Show again who one is on the way to other recovery codes."""
    page = pages.get("/account/security").submit("Make new recovery codes")
    return page.submit("Go on", {"password": password, "code": code}, status=status)


def test_the_password_alone_is_not_enough_where_there_is_an_application(
    app: Flask, with_codes: tuple[Pages, list[str]]
) -> None:
    pages, codes = with_codes
    for code in ("", "000000", "0000-0000-0000"):
        assert WRONG in again(pages, code, status=200).text
    assert WRONG in again(pages, codes[0], "not the password", status=200).text
    assert pages.get("/account/password").heading == "Please show that it is you"
    with reading(app) as session:
        failed = sa.select(AuditEvent).where(AuditEvent.action == Action.SIGN_IN_FAILED)
        assert len(session.scalars(failed).all()) == 4


def test_a_code_or_a_recovery_code_is_enough_beside_the_password_and_counts_once(
    app: Flask, with_codes: tuple[Pages, list[str]], clock: Any
) -> None:
    pages, codes = with_codes
    for code in (code_of(app, secret_of(app)), codes[0]):
        assert again(pages, code).url == "/account/security"
        clock.shift(timedelta(minutes=16) if code == codes[0] else timedelta())
        pages.get("/account/password")
        if code != codes[0]:
            page = pages.get("/verify").submit("Go on", {"password": PASSWORD, "code": code})
            assert WRONG in page.text
            clock.shift(timedelta(minutes=16))
    assert WRONG in again(pages, codes[0], status=200).text


def test_codes_cannot_be_guessed_where_it_is_shown_again(
    app: Flask, with_codes: tuple[Pages, list[str]]
) -> None:
    pages, _codes = with_codes
    for _ in range(5):
        again(pages, "000000", status=200)
    again(pages, code_of(app, secret_of(app)), status=429)


def test_whoever_has_a_passkey_alone_is_asked_for_it_or_for_a_recovery_code(
    app: Flask, coordinator: Account, visitor: Callable[[], Pages], clock: Any
) -> None:
    pages = visitor().sign_in(coordinator)
    passkey: Authenticator = add(pages)
    clock.shift(timedelta(minutes=16))
    page = pages.get("/account/password")
    assert page.url.startswith("/wan-verify")
    page = page.follow("Use my password instead").submit("Go on", {"password": PASSWORD})
    assert WRONG in page.text
    assert show_again(pages, passkey, then="/account/password").heading != page.heading
