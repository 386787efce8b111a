"""Who has copied a cookie, a code or a link gets nothing for it from any worker."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import forget_limits, reading, writing
from tests.faults.crowd import CLIENTS, at_once, by_turns, copy_of, is_sound, statuses
from tests.live import Answer, Visitor
from webapp.accounts import operations as accounts
from webapp.accounts.models import Account, AccountSession
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.membership import links
from webapp.membership.models import AccountLink, LinkPurpose
from webapp.messages.models import OutboxMessage

pytestmark = [pytest.mark.attack, pytest.mark.both_databases, pytest.mark.long]
GOOD = "maslina vrbas kajak"


class Town:
    """A server, an administrator at it, and people who can sign in."""

    def __init__(self, app: Flask, url: str) -> None:
        self.app, self.url = app, url
        self.admin = Visitor(url).sign_in(self.account(Role.ADMINISTRATOR))

    def account(self, *roles: Role, **values: Any) -> Account:
        """Return a new account."""
        with writing(self.app) as session:
            return factories.account(session, *roles, **values)

    def decide(self, person: Account, act: str, **values: str) -> None:
        """Let the administrator decide about somebody."""
        token = self.admin.token(f"/accounts/{person.id}")
        answer = self.admin.post(f"/accounts/{person.id}/{act}", {"csrf_token": token, **values})
        assert answer.status in {302, 303}, answer.body

    def age(self, person: Account, *columns: str, by: timedelta) -> None:
        """Move the sessions of somebody in time."""
        with writing(self.app) as session:
            for row in session.scalars(
                sa.select(AccountSession).where(AccountSession.account_id == person.id)
            ):
                for column in columns:
                    setattr(row, column, getattr(row, column) + by)


@pytest.fixture
def town(app: Flask, live_url: str) -> Town:
    """Return people at a server with two workers."""
    return Town(app, live_url)


def sign_out(town: Town, visitor: Visitor, person: Account) -> None:
    answer = visitor.post("/logout", {"csrf_token": visitor.token("/account")})
    assert answer.status == 302


def set_password(town: Town, visitor: Visitor, person: Account) -> None:
    values = {"old_password": factories.PASSWORD, "password": GOOD}
    token = visitor.token("/account/password")
    answer = visitor.post("/account/password", {"csrf_token": token, **values})
    assert answer.status == 303, answer.body
    assert visitor.get("/account").status == 200


def change_roles(town: Town, visitor: Visitor, person: Account) -> None:
    town.decide(person, "roles", roles=Role.EXPERT.value, seen=Role.REQUESTER.value)


def disable(town: Town, visitor: Visitor, person: Account) -> None:
    town.decide(person, "disable")


def end_by_administrator(town: Town, visitor: Visitor, person: Account) -> None:
    town.decide(person, "end-sessions")


def end_by_owner(town: Town, visitor: Visitor, person: Account) -> None:
    elsewhere = Visitor(town.url).sign_in(person)
    token = elsewhere.token("/account/security")
    assert elsewhere.post("/account/sessions/end", {"csrf_token": token}).status == 303
    assert elsewhere.get("/account").status == 200


def leave_unused(town: Town, visitor: Visitor, person: Account) -> None:
    town.age(person, "last_seen_at", by=timedelta(hours=-2))


def grow_old(town: Town, visitor: Visitor, person: Account) -> None:
    town.age(person, "created_at", by=timedelta(hours=-12))


def come_from_tomorrow(town: Town, visitor: Visitor, person: Account) -> None:
    town.age(person, "created_at", "last_seen_at", by=timedelta(days=1))


ENDINGS = (
    *(sign_out, set_password, change_roles, disable, end_by_administrator, end_by_owner),
    *(leave_unused, grow_old, come_from_tomorrow),
)


def look_again(thief: Visitor) -> Answer:
    return copy_of(thief).get("/requests")


def test_a_copied_cookie_is_worth_nothing_in_any_worker_once_its_session_has_ended(
    town: Town, instance: Path, database_url: str
) -> None:
    for ending in ENDINGS:
        person = town.account(Role.REQUESTER)
        visitor = Visitor(town.url).sign_in(person)
        thief = copy_of(visitor)
        token = thief.token("/requests/new")
        assert statuses(by_turns(partial(look_again, thief))) == [200] * 8
        ending(town, visitor, person)
        answers = by_turns(partial(look_again, thief))
        assert statuses(answers) == [302] * 8, ending
        assert all("/login" in answer.headers["Location"] for answer in answers), ending
        # One sentence for every ending: it tells a thief nothing of what its owner knows.
        assert "You were signed out: your session is over." in copy_of(thief).get("/login").body
        values = {"csrf_token": token, "title": "Written by a thief"}
        assert copy_of(thief).post("/requests/new", values).status == 401, ending
    with reading(town.app) as session:
        assert session.scalar(sa.text("SELECT count(*) FROM expertise_request")) == 0
    assert is_sound(instance, database_url)


def test_a_code_that_was_used_is_refused_by_the_other_worker_as_well(
    town: Town, instance: Path, database_url: str
) -> None:
    person = town.account(Role.REQUESTER)
    codes = town.app.extensions["security"].totp_factory
    with town.app.app_context():
        secret = codes.generate_totp_secret()
    with writing(town.app) as session:
        account = session.get_one(Account, person.id)
        accounts.set_authenticator(factories.work(session, account), account, secret)
    waiting = []
    for _ in range(CLIENTS):
        # Of the tries at one moment five are let through, of the passwords before them all.
        forget_limits(town.app)
        visitor = Visitor(town.url).sign_in(person)
        waiting.append((visitor, visitor.token("/tf-validate")))
    with town.app.app_context():
        code = codes.generate_totp_password(secret)
    answers = at_once(
        [(who, "/tf-validate", {"csrf_token": token, "code": code}) for who, token in waiting]
    )
    entered = [who for who, _ in waiting if who.get("/requests").status == 200]
    assert len(entered) == 1, [answer.status for answer in answers]
    with reading(town.app) as session:
        assert session.query(AccountSession).filter_by(account_id=person.id).count() == 1
    assert is_sound(instance, database_url)


def link_of(town: Town, person: Account, purpose: LinkPurpose) -> str:
    """Return what a new link for somebody holds."""
    with writing(town.app) as session:
        account = session.get_one(Account, person.id)
        return links.make(factories.work(session), account, purpose, account.email)


def join(town: Town, token: str) -> list[Answer]:
    """Let eight people answer one invitation at one moment, each in a browser of their own."""
    path = f"/join/{token}"
    values = {"language": "en", "consent": "y", "password": GOOD, "way": "password"}
    return _all_post(town, path, values)


def reset(town: Town, token: str) -> list[Answer]:
    """Let eight people use one link to a new password at one moment."""
    return _all_post(town, f"/password/{token}", {"password": GOOD})


def _all_post(town: Town, path: str, values: dict[str, str]) -> list[Answer]:
    visitors = [Visitor(town.url) for _ in range(CLIENTS)]
    clicks = [(who, path, {"csrf_token": who.token(path), **values}) for who in visitors]
    return at_once(clicks)


@pytest.mark.parametrize(
    ("use", "purpose", "action"),
    [
        (join, LinkPurpose.INVITATION, Action.ACCOUNT_JOINED),
        (reset, LinkPurpose.NEW_PASSWORD, Action.PASSWORD_CHANGED),
    ],
)
def test_of_eight_who_use_one_link_at_one_moment_one_comes_through(
    town: Town,
    use: Callable[[Town, str], list[Answer]],
    purpose: LinkPurpose,
    action: Action,
    instance: Path,
    database_url: str,
) -> None:
    person = town.account(Role.REQUESTER)
    if purpose is LinkPurpose.INVITATION:
        with writing(town.app) as session:
            session.get_one(Account, person.id).joined_at = None
    token = link_of(town, person, purpose)
    answers = use(town, token)
    found = statuses(answers)
    assert found.count(303) == 1, found
    # One worker hashes one password at a time, and says so to those who would wait for long.
    refused = [answer for answer in answers if answer.status != 303]
    assert all("link" in one.body or "try again" in one.body for one in refused)
    assert Visitor(town.url).get(f"/password/{token}").status == 410
    with reading(town.app) as session:
        assert session.query(AccountLink).count() == 0
        assert session.query(AuditEvent).filter_by(action=action).count() == 1
    assert is_sound(instance, database_url)


def test_thirty_wrong_passwords_at_two_workers_lock_the_account_and_send_one_mail(
    town: Town, instance: Path, database_url: str
) -> None:
    person = town.account(Role.REQUESTER)
    visitors = [Visitor(town.url) for _ in range(6)]
    wrong = {"email": person.email, "password": "not the password"}
    found: list[int] = []
    for _ in range(5):
        clicks = [(who, "/login", {"csrf_token": who.token("/login"), **wrong}) for who in visitors]
        found += statuses(at_once(clicks))
    assert set(found) == {200, 429}
    assert found.count(200) <= 5
    stranger = Visitor(town.url)
    values = {**wrong, "password": factories.PASSWORD, "csrf_token": stranger.token("/login")}
    refused = stranger.post("/login", values)
    assert refused.status == 429
    assert re.search("That was too often", refused.body)
    with reading(town.app) as session:
        subjects = [mail.subject for mail in session.query(OutboxMessage)]
    assert len([one for one in subjects if "locked" in str(one)]) == 1
    assert is_sound(instance, database_url)
