"""Nobody decides what their own account may reach: membership is given and taken by others."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from webapp.accounts.models import Account
from webapp.core.errors import ForbiddenError
from webapp.core.roles import Role
from webapp.organisations import operations
from webapp.organisations.models import Organisation

REFUSED = "Nobody decides about their own account"


def sends(page: Page) -> list[str]:
    """Return where the forms of a page are sent."""
    return [form.action for form in page.forms]


def test_an_administrator_joins_and_leaves_no_organisation_by_their_own_hand(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        home = factories.organisation(session)
        own = factories.account(session, Role.ADMINISTRATOR)
        other = factories.account(session, Role.ADMINISTRATOR)
        numbers = home.id, own.id
    address = f"/organisations/{numbers[0]}/members"
    mine, theirs = visitor().come_in(own), visitor().come_in(other)
    refused = mine.post(address, {"email": own.email}, status=403)
    assert REFUSED in refused.text
    theirs.post(address, {"email": own.email})
    person = f"/organisations/people/{numbers[1]}"
    assert f"{address}/{numbers[1]}/remove" not in sends(mine.get(person))
    assert f"{address}/{numbers[1]}/remove" in sends(theirs.get(person))
    mine.post(f"{address}/{numbers[1]}/remove", {}, status=403)
    with reading(app) as session:
        assert session.get_one(Account, numbers[1]).organisation_id == numbers[0]
    theirs.post(f"{address}/{numbers[1]}/remove", {})
    with reading(app) as session:
        assert session.get_one(Account, numbers[1]).organisation_id is None


def test_an_administrator_does_not_close_the_organisation_whose_member_they_are(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        home = factories.organisation(session)
        own = factories.account(session, Role.ADMINISTRATOR, organisation_id=home.id)
        with pytest.raises(ForbiddenError, match=REFUSED):
            operations.close(factories.work(session, own), home)
        other = factories.account(session, Role.ADMINISTRATOR)
        number = home.id
    address = f"/organisations/{number}/close"
    page = visitor().come_in(own).get(address)
    assert "another administrator closes it" in page.text
    visitor().come_in(own).post(address, {}, status=403)
    visitor().come_in(other).post(address, {})
    with reading(app) as session:
        assert session.get_one(Organisation, number).closed_at is not None
