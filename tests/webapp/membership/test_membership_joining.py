"""People join by an invitation, which works once, or ask for an account."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.links import links_to
from tests.pages import Page, Pages
from webapp.accounts import operations
from webapp.accounts.models import Account, AccountSession
from webapp.core.access import GRANTS, Permission
from webapp.core.errors import ConflictError
from webapp.core.roles import Role
from webapp.membership import granting, queries
from webapp.membership.models import AccountLink, AccountRequest
from webapp.messages.models import Notice, OutboxMessage
from webapp.platform_settings.queries import get_settings

EMAIL = "nova@example.org"
GOOD = "maslina vrbas kajak"
ASKED = {
    "Your name": "Nova Testova",
    "Your e-mail address at work": EMAIL,
    "Institution": "Fictional Ministry",
    "Jurisdiction": "KGZ",
    "What do you want to ask the platform for?": "A trainer",
}
REFUSED = {"Why the request is refused": "has account"}


def invite(admin: Pages, **values: Any) -> Page:
    """Send the form that invites somebody."""
    filled = {
        "Name": "Nova Testova",
        "E-mail address": EMAIL,
        "roles": [Role.REQUESTER.value],
        "Institution": "Fictional Ministry",
        "Jurisdiction": "KGZ",
        **values,
    }
    return admin.get("/accounts/invite").submit("Send the invitation", filled)


def join(pages: Pages, link: str, **values: Any) -> Page:
    """Answer an invitation with a password."""
    filled = {"consent": True, "New password": GOOD, **values}
    return pages.get(link).submit("Join with this password", filled, status=None)


@pytest.fixture
def links(app: Flask, outbox: list[Any]) -> Callable[[str], list[str]]:
    """Return a function that gives the links in all mails to an address."""
    return links_to(app, outbox)


@pytest.mark.both_databases
def test_an_invited_requester_joins_and_begins_at_their_work(
    app: Flask, sign_in_as: Callable[..., Pages], visitor: Callable[[], Pages], links: Any
) -> None:
    admin = sign_in_as(Role.ADMINISTRATOR)
    page = invite(admin)
    assert "has not answered" in page.text
    assert EMAIL in admin.get("/accounts?standing=invited").text
    (link,) = links(EMAIL)
    pages = visitor()
    page = join(pages, link)
    assert page.heading == "Sign in"
    page = page.submit("Sign in", {"email": EMAIL, "password": GOOD})
    assert page.url == "/requests"
    with reading(app) as session:
        account = session.scalars(sa.select(Account).where(Account.email == EMAIL)).one()
        assert account.kinds == {Role.REQUESTER}
        assert account.consent_version
        assert account.last_sign_in_at


def test_a_link_works_once_and_looking_at_it_does_not_use_it_up(
    app: Flask, sign_in_as: Callable[..., Pages], visitor: Callable[[], Pages], links: Any
) -> None:
    invite(sign_in_as(Role.ADMINISTRATOR))
    (link,) = links(EMAIL)
    for _ in range(2):
        visitor().client.head(link)
        visitor().get(link)
    join(visitor(), link)
    page = visitor().get(link, status=410)
    assert "does not work any more" in page.text
    stale = visitor()
    page = stale.post(link, {"password": "another good one 77", "consent": "y"}, status=410)


def test_a_link_is_good_for_seven_days(
    sign_in_as: Callable[..., Pages], visitor: Callable[[], Pages], links: Any, clock: Any
) -> None:
    invite(sign_in_as(Role.ADMINISTRATOR))
    (link,) = links(EMAIL)
    clock.shift(timedelta(days=7) - timedelta(minutes=1))
    visitor().get(link)
    clock.shift(timedelta(minutes=2))
    visitor().get(link, status=410)


def test_a_newer_invitation_makes_the_one_before_worthless(
    sign_in_as: Callable[..., Pages], visitor: Callable[[], Pages], links: Any, clock: Any
) -> None:
    page = invite(sign_in_as(Role.ADMINISTRATOR))
    clock.shift(timedelta(minutes=2))
    page.submit("Send another invitation")
    page.submit("Send another invitation")
    first, second = links(EMAIL)
    visitor().get(first, status=410)
    visitor().get(second)


@pytest.mark.parametrize(
    ("browser", "invited", "read"),
    [("ru", "en", "ru"), ("en-GB", "ru", "en"), ("ja", "ru", "ru"), ("ja", "en", "en")],
)
def test_who_joins_reads_the_language_of_their_browser_else_that_of_the_invitation(
    browser: str,
    invited: str,
    read: str,
    sign_in_as: Callable[..., Pages],
    visitor: Callable[[], Pages],
    links: Any,
) -> None:
    invite(sign_in_as(Role.ADMINISTRATOR), language=invited)
    (link,) = links(EMAIL)
    answer = visitor().client.get(link, headers={"Accept-Language": browser})
    assert f'<html lang="{read}"' in answer.text
    (offered,) = re.findall(r"<option [^>]*selected[^>]*>", answer.text)
    assert f'value="{read}"' in offered


def test_an_invitation_that_was_taken_back_is_worth_nothing(
    sign_in_as: Callable[..., Pages], visitor: Callable[[], Pages], links: Any
) -> None:
    page = invite(sign_in_as(Role.ADMINISTRATOR))
    page.submit("Take the invitation back")
    (link,) = links(EMAIL)
    visitor().get(link, status=410)


def test_nobody_reads_a_link_in_the_database(
    app: Flask, sign_in_as: Callable[..., Pages], links: Any
) -> None:
    invite(sign_in_as(Role.ADMINISTRATOR))
    with reading(app) as session:
        waiting = str(session.scalars(sa.select(OutboxMessage.body)).all())
        assert "/join/" not in waiting
    (link,) = links(EMAIL)
    token = link.rpartition("/")[2]
    with reading(app) as session:
        for table in (OutboxMessage, AccountLink):
            assert all(token not in str(vars(row)) for row in session.scalars(sa.select(table)))


def test_who_joins_is_what_they_were_invited_as_whatever_else_they_send(
    app: Flask, sign_in_as: Callable[..., Pages], visitor: Callable[[], Pages], links: Any
) -> None:
    invite(sign_in_as(Role.ADMINISTRATOR))
    (link,) = links(EMAIL)
    form = visitor().get(link).form("Join with this password")
    more = {
        "roles": "administrator", "role": "administrator", "email": "elsewhere@example.org",
        "name": "Another", "institution": "Another", "organisation_id": "1", "demo": "1",
        "account_id": "1", "version": "9",
    }  # fmt: skip
    sent = {**form.filled({"consent": True, "New password": GOOD}), **more}
    assert form.page.pages.client.post(form.action, data=sent).status_code == 303
    with reading(app) as session:
        account = session.scalars(sa.select(Account).where(Account.email == EMAIL)).one()
        assert account.kinds == {Role.REQUESTER}
        assert (account.name, account.institution) == ("Nova Testova", "Fictional Ministry")
        assert not account.demo
        assert account.organisation_id != 1


def test_without_consent_nobody_joins(
    sign_in_as: Callable[..., Pages], visitor: Callable[[], Pages], links: Any
) -> None:
    invite(sign_in_as(Role.ADMINISTRATOR))
    (link,) = links(EMAIL)
    page = visitor().get(link)
    page = page.submit("Join with this password", {"New password": GOOD}, status=400)
    assert "Without your consent" in page.text


def test_a_known_address_is_refused_at_its_field(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        factories.account(session, Role.EXPERT, email=EMAIL)
    admin = sign_in_as(Role.ADMINISTRATOR)
    page = admin.get("/accounts/invite").submit(
        "Send the invitation",
        {"Name": "N", "E-mail address": EMAIL, "roles": ["expert"], "Institution": "I"},
        status=400,
    )
    assert "There is an account" in page.text


@pytest.fixture
def person(app: Flask) -> Account:
    """Return somebody who has joined."""
    with writing(app) as session:
        return factories.account(session, Role.REQUESTER, email=EMAIL)


def test_who_is_signed_in_learns_whether_a_link_works_before_they_sign_out(
    sign_in_as: Callable[..., Pages], links: Any
) -> None:
    invite(sign_in_as(Role.ADMINISTRATOR))
    (link,) = links(EMAIL)
    pages = sign_in_as(Role.REQUESTER)
    page = pages.get(link, status=409)
    assert page.heading == "You are signed in already"
    pages.post(link, {"way": "passkey"}, status=409)
    page = pages.get("/join/never-sent", status=410)
    assert page.heading == "This link does not work any more"
    assert "You are signed in" in page.text
    assert page.links["Go on"] == "/"
    assert page.links.get("Sign in") is None


def test_strangers_ask_for_an_account_only_where_that_is_allowed(
    app: Flask, visitor: Callable[[], Pages], sign_in_as: Callable[..., Pages], links: Any
) -> None:
    visitor().get("/ask-for-an-account", status=404)
    with writing(app) as session:
        get_settings(session).accounts_on_request = True
    page = visitor().get("/login").follow("Ask for an account").submit("Send", ASKED)
    assert page.heading == "Thank you"
    coordinator = sign_in_as(Role.COORDINATOR)
    page = coordinator.get("/accounts/requests")
    assert "A trainer" in page.text
    page.submit("Invite as a requester: Nova Testova")
    (link,) = links(EMAIL)
    assert link.startswith("/join/")
    with reading(app) as session:
        assert session.scalars(sa.select(AccountRequest)).all() == []


def test_nobody_learns_by_asking_whether_an_address_is_known(
    app: Flask, person: Account, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        get_settings(session).accounts_on_request = True
    texts = []
    for email in (EMAIL, "nobody@example.org"):
        texts.append(
            visitor()
            .get("/ask-for-an-account")
            .submit(
                "Send",
                {"name": "N", "email": email, "institution": "I", "jurisdiction": "KGZ",
                 "reason": "R"},
            )
            .text
        )  # fmt: skip
    assert texts[0] == texts[1]


def test_who_has_an_account_is_granted_no_other_and_the_request_stays_to_be_refused(
    app: Flask, person: Account, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        factories.account_request(session, email=person.email, name="N")
    pages = sign_in_as(Role.COORDINATOR)
    page = pages.get("/accounts/requests").submit("Invite as a requester: N")
    assert "There is an account for" in page.text
    assert "Nobody asks" in page.submit("Refuse and delete", REFUSED).text


def test_those_who_decide_are_told_once_an_hour_that_accounts_are_asked_for(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    may = {role for role, granted in GRANTS.items() if Permission.ACCOUNTS_GRANT in granted}
    assert may == set(granting.DECIDING)
    with writing(app) as session:
        get_settings(session).accounts_on_request = True
        deciding = [factories.account(session, role) for role in granting.DECIDING]
        other = factories.account(session, Role.EXPERT).id
    for number in range(2):
        visitor().get("/ask-for-an-account").submit(
            "Send",
            {"name": "N", "email": f"asks{number}@example.org", "institution": "I",
             "jurisdiction": "KGZ", "reason": "R"},
        )  # fmt: skip
    with reading(app) as session:
        told = list(session.scalars(sa.select(Notice.account_id)))
    assert sorted(told) == sorted(one.id for one in deciding)
    assert other not in told
    for one in deciding:
        assert "asks1@example.org" in visitor().sign_in(one).get("/accounts/requests").text


def test_a_disabled_account_loses_its_session_and_what_was_being_written_is_refused_in_words(
    app: Flask, person: Account, visitor: Callable[[], Pages], sign_in_as: Callable[..., Pages]
) -> None:
    pages = visitor().sign_in(person)
    form = pages.get("/requests/new")
    admin = sign_in_as(Role.ADMINISTRATOR)
    page = admin.get(f"/accounts/{person.id}").follow("Disable …")
    assert "disabled" in page.submit("Disable the account").text
    refused = form.submit("Save as draft", {"Title": "Half a sentence"}, status=401)
    assert "your session is over, and nothing was changed" in refused.text
    assert "What you wrote" in refused.text
    assert "Half a sentence" in refused.text
    # Nothing else is said to whoever was no one here.
    nobody = visitor().post("/requests/new", {"title": "Half a sentence"}, status=401)
    assert "Half a sentence" not in nobody.text
    with reading(app) as session:
        (administrator,) = queries.list_administrators(session)
        assert session.scalars(sa.select(AccountSession.account_id)).all() == [administrator.id]


def test_roles_are_changed_and_the_person_signs_in_again(
    app: Flask, person: Account, visitor: Callable[[], Pages], sign_in_as: Callable[..., Pages]
) -> None:
    pages = visitor().sign_in(person)
    admin = sign_in_as(Role.ADMINISTRATOR)
    page = admin.get(f"/accounts/{person.id}")
    page.submit("Change the roles", {"roles": [Role.EXPERT.value]})
    pages.get("/requests", status=302)
    pages.sign_in(person).get("/profile")


def test_nobody_decides_about_their_own_account(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    admin = sign_in_as(Role.ADMINISTRATOR)
    with reading(app) as session:
        own = queries.list_administrators(session)[0].id
    page = admin.get(f"/accounts/{own}")
    assert "another administrator" in page.text
    for what in ("disable", "end-sessions", "reactivate"):
        admin.post(f"/accounts/{own}/{what}", status=403)
    admin.post(f"/accounts/{own}/roles", {"roles": ["requester"]}, status=403)


def test_the_last_administrator_stays(app: Flask) -> None:
    with reading(app) as session:
        one = factories.account(session, Role.ADMINISTRATOR)
        other = factories.account(session, Role.ADMINISTRATOR)
        operations.disable(factories.work(session, one), other)
        with pytest.raises(ConflictError, match="only administrator"):
            operations.disable(factories.work(session), one)


def test_other_roles_end_an_invitation_and_send_another_one(
    app: Flask, sign_in_as: Callable[..., Pages], visitor: Callable[[], Pages], links: Any
) -> None:
    admin = sign_in_as(Role.ADMINISTRATOR)
    page = invite(admin)
    (before,) = links(EMAIL)
    page = page.submit("Change the roles", {"roles": [Role.COORDINATOR.value]})
    assert "Another invitation is on its way" in page.text
    visitor().get(before, status=410)
    *_, link = links(EMAIL)
    assert link != before
    assert join(visitor(), link).heading == "Sign in"


def test_an_invitation_is_worth_nothing_once_its_account_was_disabled(
    app: Flask, sign_in_as: Callable[..., Pages], visitor: Callable[[], Pages], links: Any
) -> None:
    invite(sign_in_as(Role.ADMINISTRATOR))
    (link,) = links(EMAIL)
    with writing(app) as session:
        account = session.scalars(sa.select(Account).where(Account.email == EMAIL)).one()
        operations.disable(factories.work(session), account)
        operations.reactivate(factories.work(session), account)
    visitor().get(link, status=410)
