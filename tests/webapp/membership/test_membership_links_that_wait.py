"""A link that was asked for before others were shut out of an account, and leaves only afterwards,
opens nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.links import links_to
from tests.pages import Pages
from webapp.accounts import operations as accounts
from webapp.accounts.models import Account
from webapp.core.db import db
from webapp.core.roles import Role
from webapp.membership import operations, recovery
from webapp.membership.rules import LostFactor

OWN, NEW = "nova@example.org", "elsewhere@example.org"
Act = Callable[[Account], None]


@pytest.fixture
def links(app: Flask, outbox: list[Any]) -> Callable[[str], list[str]]:
    """Return a function that delivers and gives the links in all mails to an address."""
    return links_to(app, outbox)


def _own(account: Account) -> Any:
    return factories.work(db.session, account)


def _office() -> Any:
    return factories.work(db.session, factories.account(db.session, Role.ADMINISTRATOR))


def ask_for_a_password(_account: Account) -> None:
    """Ask as a stranger does: the job worker makes the link later."""
    recovery.ask_for_password_link(factories.work(db.session), OWN)


def be_sent_a_password(account: Account) -> None:
    """Be sent a link by whoever runs the platform, which waits in the outbox."""
    recovery.send_password_link(factories.work(db.session), account)


def ask_for_an_address(account: Account) -> None:
    """Ask for a new address, to which the link goes."""
    operations.ask_for_new_address(_own(account), account, NEW)


def be_invited_again(account: Account) -> None:
    """Be sent another invitation by somebody who has not joined."""
    account.joined_at = None
    operations.send_invitation(_office(), account)


def change_the_password(account: Account) -> None:
    """Set another password, which ends all sessions."""
    accounts.set_password(_own(account), account, "another hash")


def end_all_sessions(account: Account) -> None:
    """End all sessions, of which there need not be one."""
    accounts.end_sessions(_own(account), account)


def lose_the_second_factor(account: Account) -> None:
    """Have the second factor taken off by an administrator, which sends no link to a password
    where there is one."""
    account.tf_primary_method = "authenticator"
    recovery.reset_second_factor(_office(), account, next(iter(LostFactor)))


def be_disabled_for_a_moment(account: Account) -> None:
    """Be disabled and let in again before the link has left."""
    accounts.disable(_office(), account)
    accounts.reactivate(_office(), account)


SHUT_OUT = (
    change_the_password, end_all_sessions, lose_the_second_factor, be_disabled_for_a_moment,
)  # fmt: skip


@pytest.mark.both_databases
@pytest.mark.parametrize("act", SHUT_OUT)
@pytest.mark.parametrize("ask", [ask_for_a_password, be_sent_a_password, ask_for_an_address])
def test_a_link_that_leaves_after_others_were_shut_out_opens_nothing(
    ask: Act, act: Act, app: Flask, visitor: Callable[[], Pages], links: Any
) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.REQUESTER, email=OWN)
    for done in (ask, act):
        with writing(app) as session:
            done(session.get_one(Account, person.id))
    reader = visitor().come_in(person)
    leading_in = [
        link for link in (*links(OWN), *links(NEW)) if link.startswith(("/password/", "/account/e"))
    ]
    # The one that is made only when it is sent is not made at all.
    assert len(leading_in) == (ask is not ask_for_a_password)
    for link in leading_in:
        (visitor() if link.startswith("/password/") else reader).get(link, status=410)


@pytest.mark.both_databases
@pytest.mark.parametrize("act", [end_all_sessions, be_disabled_for_a_moment])
def test_an_invitation_that_leaves_after_its_account_was_shut_opens_nothing(
    act: Act, app: Flask, visitor: Callable[[], Pages], links: Any
) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.REQUESTER, email=OWN, password=None)
    for done in (be_invited_again, act):
        with writing(app) as session:
            done(session.get_one(Account, person.id))
    first, *later = links(OWN)
    visitor().get(first, status=410)
    # Whoever has not joined yet is sent another one; whose account was closed is not.
    assert len(later) == (act is end_all_sessions)
    for link in later:
        visitor().get(link)


@pytest.mark.both_databases
def test_a_password_that_is_asked_for_afterwards_is_answered(
    app: Flask, visitor: Callable[[], Pages], links: Any
) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.REQUESTER, email=OWN)
    for done in (ask_for_a_password, end_all_sessions, ask_for_a_password):
        with writing(app) as session:
            done(session.get_one(Account, person.id))
    (link,) = links(OWN)
    visitor().get(link)
