"""Whoever is taken out of an organisation while something is on its way does it not as a member."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import is_sound, reading, writing
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.core.db import Base, begin_writing, lock
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


@pytest.mark.postgres
def test_whoever_goes_to_another_organisation_while_theirs_is_being_closed_stays_there(
    app: Flask,
) -> None:
    with writing(app) as session:
        house, other = factories.organisation(session), factories.organisation(session)
        person = factories.account(session, Role.REQUESTER, organisation_id=house.id)

    def go() -> None:
        with mock.patch.object(operations, "lock", lock), writing(app) as session:
            work, found = factories.work(session), session.get_one(Account, person.id)
            operations.remove_member(work, session.get_one(Organisation, house.id), found)
            operations.add_member(work, session.get_one(Organisation, other.id), found)

    def lock_afterwards(session: Session, *rows: Base) -> None:
        if any(isinstance(row, Account) for row in rows):
            with ThreadPoolExecutor(1) as pool:
                pool.submit(go).result()
        lock(session, *rows)

    with mock.patch.object(operations, "lock", lock_afterwards), writing(app) as session:
        operations.close(factories.work(session), session.get_one(Organisation, house.id))
    with reading(app) as session:
        assert session.get_one(Account, person.id).organisation_id == other.id
        assert session.get_one(Organisation, house.id).closed_at is not None
    assert is_sound(app)
