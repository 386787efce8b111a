"""Who decides on something that somebody else has decided on in the meantime is told."""

from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.links import links_to
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.core.errors import ConflictError
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.membership import granting, links, recovery
from webapp.membership.models import AccountLink, AccountRequest

EMAIL = "nova@example.org"


def grant(work: UnitOfWork, asked: AccountRequest) -> None:
    granting.grant_account(work, asked, asked.id)


def refuse(work: UnitOfWork, asked: AccountRequest) -> None:
    granting.refuse_account(work, asked, Grounds(ReasonKind.OUTSIDE))


@pytest.mark.both_databases
@pytest.mark.parametrize("decide", [grant, refuse])
def test_who_decides_on_a_request_for_an_account_after_somebody_else_is_told(
    app: Flask, decide: Callable[[UnitOfWork, AccountRequest], object]
) -> None:
    with writing(app) as session:
        asked = factories.account_request(session, email=EMAIL)
    with writing(app) as session:
        refuse(factories.work(session), session.merge(asked))
    # What somebody has read who opened the page before.
    with writing(app) as session:
        session.add(asked)
        with pytest.raises(ConflictError, match="Somebody else has decided"):
            decide(factories.work(session), asked)


def test_a_role_that_was_taken_away_meanwhile_is_not_given_back_by_an_older_page(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.COORDINATOR)
        ones = [factories.account(session, Role.ADMINISTRATOR) for _ in range(2)]
    first, second = (visitor().sign_in(one) for one in ones)
    address, button = f"/accounts/{person.id}", "Change the roles"
    seen = second.get(address)
    first.get(address).submit(button, {"roles": ["expert"]})
    shown = seen.submit(button, {"roles": ["coordinator", "requester"]}, status=409)
    assert "Somebody else has changed these roles" in shown.text
    assert shown.form(button).values["roles"] == ["expert"]
    with reading(app) as session:
        assert session.get_one(Account, person.id).kinds == {Role.EXPERT}
    shown.submit(button, {"roles": ["expert", "requester"]})
    with reading(app) as session:
        assert session.get_one(Account, person.id).kinds == {Role.EXPERT, Role.REQUESTER}


def test_somebody_who_has_no_role_can_be_given_one(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        person, admin = factories.account(session), factories.account(session, Role.ADMINISTRATOR)
    page = visitor().sign_in(admin).get(f"/accounts/{person.id}")
    page.submit("Change the roles", {"roles": ["expert"]})
    with reading(app) as session:
        assert session.get_one(Account, person.id).kinds == {Role.EXPERT}


@pytest.mark.postgres
def test_a_link_to_an_address_that_is_given_up_at_this_moment_sets_no_password(
    app: Flask, visitor: Callable[[], Pages], outbox: list[Any]
) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.REQUESTER)
        before, email = person.password, person.email
        recovery.send_password_link(factories.work(session, person), person)
    (path,) = links_to(app, outbox)(email)
    page = visitor().get(path)

    def give_it_up(work: UnitOfWork, link: AccountLink) -> bool:
        """Have the owner's other page committed before the account can be locked."""
        with writing(app) as session:
            session.get_one(Account, person.id).email = "fresh@example.org"
        return delete(work, link)

    delete = links._delete
    fields = [name for name in page.form("Set the password").values if "password" in name]
    with mock.patch.object(links, "_delete", give_it_up):
        refused = page.submit(
            "Set the password", dict.fromkeys(fields, "a long enough phrase of mine"), status=409
        )
    assert "too old" in refused.text
    with reading(app) as session:
        assert session.get_one(Account, person.id).password == before
