"""Whoever is invited comes to a first page on which they can begin, and whoever waits is seen."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.ceremonies import add
from tests.databases import reading, writing
from tests.links import links_to
from tests.pages import Pages
from tests.webapp.membership.test_membership_joining import ASKED, EMAIL, GOOD, invite, join
from webapp.accounts.models import Account, Passkey
from webapp.core.roles import Role
from webapp.platform_settings.queries import get_settings

AUTHORITY = Role.NOMINATING_AUTHORITY


@pytest.fixture
def links(app: Flask, outbox: list[Any]) -> Callable[[str], list[str]]:
    """Return a function that gives the links in all mails to an address."""
    return links_to(app, outbox)


def test_whoever_is_invited_for_an_authority_acts_for_it_from_the_beginning(
    app: Flask, sign_in_as: Callable[..., Pages], visitor: Callable[[], Pages], links: Any
) -> None:
    with writing(app) as session:
        ministry = factories.organisation(session, "Fictional Ministry of Works")
    admin = sign_in_as(Role.ADMINISTRATOR)
    form = {
        "Name": "Nova Testova",
        "E-mail address": EMAIL,
        "roles": [AUTHORITY.value],
        "Institution": "Fictional Ministry",
        "Jurisdiction": "KGZ",
    }
    page = admin.get("/accounts/invite")
    page = page.submit("Send the invitation", form, status=400)
    assert "Please choose for which authority they act." in page.text
    assert page.form("Send the invitation").values["name"] == ["Nova Testova"]
    page = page.submit("Send the invitation", {"Organisation": str(ministry.id)})
    assert "Fictional Ministry of Works" in page.text
    pages = visitor()
    page = join(pages, links(EMAIL)[-1])
    page.submit("Sign in", {"email": EMAIL, "password": GOOD})
    page = pages.get("/officials")
    assert "You act for no authority yet" not in page.text
    page.follow("Nominate an official")


def test_an_administrator_sees_who_acts_for_no_authority(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        alone = factories.account(session, AUTHORITY)
        other = factories.account(session, Role.REQUESTER)
    admin = sign_in_as(Role.ADMINISTRATOR)
    page = admin.get(f"/accounts/{alone.id}")
    assert "acts for no authority yet" in page.text
    assert page.follow("choose one, and add them there").url == "/organisations"
    assert "acts for no authority yet" not in admin.get(f"/accounts/{other.id}").text


def test_a_passkey_of_whoever_has_no_password_signs_in_alone_whatever_is_asked(
    app: Flask, sign_in_as: Callable[..., Pages], visitor: Callable[[], Pages], links: Any
) -> None:
    """One that is asked for after a password would open nothing where there is none."""
    invite(sign_in_as(Role.ADMINISTRATOR))
    pages = visitor()
    page = pages.get(links(EMAIL)[-1])
    page = page.submit("Join with a passkey instead", {"consent": True})
    assert "What it is for" not in page.text
    add(pages, "secondary")
    with reading(app) as session:
        assert session.scalars(sa.select(Passkey.usage)).all() == ["first"]
        account = session.scalars(sa.select(Account).where(Account.email == EMAIL)).one()
        assert account.password_set_at is None
    assert pages.get("/").url == "/requests"


def test_a_request_for_an_account_waits_in_the_queue(
    app: Flask, visitor: Callable[[], Pages], sign_in_as: Callable[..., Pages]
) -> None:
    coordinator = sign_in_as(Role.COORDINATOR)
    assert "for an account" not in coordinator.get("/queue").text
    with writing(app) as session:
        get_settings(session).accounts_on_request = True
    visitor().get("/ask-for-an-account").submit("Send", ASKED)
    page = coordinator.get("/queue")
    page = page.follow("1 request for an account: grant or refuse it")
    page.submit("Invite as a requester: Nova Testova")
    assert "for an account" not in coordinator.get("/queue").text
