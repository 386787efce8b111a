"""Whoever is taken out of an organisation while something is on its way does it not as a member."""

from collections.abc import Callable
from unittest import mock

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.core.db import begin_writing
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.organisations import operations
from webapp.organisations.models import Organisation


def take_out(work: UnitOfWork, house: Organisation, person: Account) -> None:
    operations.remove_member(work, house, person)


def close(work: UnitOfWork, house: Organisation, _person: Account) -> None:
    operations.close(work, house)


@pytest.mark.both_databases
@pytest.mark.parametrize("change", [take_out, close])
def test_nothing_is_stored_of_somebody_who_was_taken_out_while_it_was_on_its_way(
    app: Flask,
    visitor: Callable[[], Pages],
    change: Callable[[UnitOfWork, Organisation, Account], None],
) -> None:
    with writing(app) as session:
        house = factories.organisation(session)
        person = factories.account(session, Role.REQUESTER, organisation_id=house.id)
    page = visitor().come_in(person).get("/requests/new")
    begins = "webapp.core.transactions.begin_writing"

    def after_the_change() -> None:
        with mock.patch(begins, begin_writing), writing(app) as session:
            found = session.get_one(Organisation, house.id)
            change(factories.work(session), found, session.get_one(Account, person.id))
        begin_writing()

    with mock.patch(begins, after_the_change):
        refused = page.submit("Save as draft", {"Title": "A workshop"}, status=409)
    assert "took you out of your organisation" in refused.text
    with reading(app) as session:
        assert session.query(ExpertiseRequest).count() == 0
