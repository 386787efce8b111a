"""Whoever signs in by a passkey is led to pages of the platform, and to no others."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests import factories
from tests.ceremonies import add, begin_signing_in
from tests.databases import writing
from tests.pages import Pages
from tests.webapp.accounts.test_accounts_passkeys import is_in
from webapp.accounts.models import Account
from webapp.core.roles import Role


@pytest.fixture
def person(app: Flask) -> Account:
    with writing(app) as session:
        return factories.account(session, Role.REQUESTER)


@pytest.mark.parametrize("foreign", ["https://evil.example", "//evil.example/roster"])
def test_the_answer_of_a_passkey_leads_nowhere_else(
    person: Account, visitor: Callable[[], Pages], foreign: str
) -> None:
    passkey = add(visitor().sign_in(person))
    pages = visitor()
    form, asked = begin_signing_in(pages)
    sent = {
        **form.values, "credential": [passkey.get(asked)], "next": [foreign],
        "csrf_token": [pages.own_token()],
    }  # fmt: skip
    led = pages.client.post(form.action, data=sent, query_string={"next": foreign})
    assert led.status_code == 302
    assert "evil" not in led.headers["Location"]
    assert is_in(pages, person)
