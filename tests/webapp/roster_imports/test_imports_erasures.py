"""Erasures and imports at one moment: neither breaks the other off."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from unittest import mock

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import is_sound, reading, writing
from tests.pages import Pages
from tests.webapp.roster_imports.made_tables import HEADINGS, people, workbook
from tests.webapp.roster_imports.sending import Importer, work
from webapp.accounts.models import Account
from webapp.core.db import db
from webapp.core.roles import Role
from webapp.experts.models import Expert
from webapp.my_data import operations as my_data
from webapp.roster_imports import operations
from webapp.roster_imports.models import ImportState, RosterImport
from webapp.roster_imports.sweep import forget_file_names_due

pytestmark = pytest.mark.postgres


def erase(app: Flask, number: int) -> None:
    with writing(app) as session:
        own = session.get_one(Account, number)
        my_data.erase(factories.work(session, own), own)


def is_erased(app: Flask, number: int) -> bool:
    with reading(app) as session:
        return session.get_one(Account, number).is_erased


def test_many_are_erased_at_once_beside_a_table_that_waits(app: Flask, importer: Importer) -> None:
    importer.send(workbook([HEADINGS, *people(2)]), name="Border police.xlsx")
    with writing(app) as session:
        numbers = [factories.account(session, Role.REQUESTER).id for _ in range(6)]
    together = Barrier(len(numbers))

    def at_once(number: int) -> None:
        together.wait(10)
        erase(app, number)

    with ThreadPoolExecutor(len(numbers)) as them:
        list(them.map(at_once, numbers))
    assert all(is_erased(app, number) for number in numbers)
    assert importer.latest().file_name == ""
    assert is_sound(app)


def test_somebody_is_erased_while_a_table_is_being_stored(
    app: Flask, importer: Importer, visitor: Callable[[], Pages]
) -> None:
    """Who has nothing to do with it does not wait for it, either."""
    page = importer.send(workbook([HEADINGS, *people(2)]), name="Border police.xlsx")
    page.submit("Check the table", {})
    work(app)
    importer.pages.get(importer.path()).submit("Store all of it")
    with writing(app) as session:
        number = factories.account(session, Role.REQUESTER).id
    store = operations.store

    def beside(*arguments: Any, **options: Any) -> bool:
        done = store(*arguments, **options)
        with ThreadPoolExecutor(1) as other:
            other.submit(erase, app, number).result(timeout=20)
        return done

    with mock.patch.object(operations, "store", beside):
        work(app)
    assert is_erased(app, number)
    assert importer.latest().state is ImportState.DONE
    assert importer.latest().file_name == ""
    with reading(app) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Expert)) == 2
    assert is_sound(app)


def test_the_name_of_a_file_at_which_somebody_works_is_forgotten_afterwards(
    app: Flask, importer: Importer
) -> None:
    importer.send(workbook([HEADINGS, *people(2)]), name="CV Zora Quillfeather.xlsx")
    sweep(app)
    with writing(app) as session:
        number = factories.account(session, Role.EXPERT, name="Zora Quillfeather").id
    with app.app_context(), db.engine.connect() as chooser:
        chooser.execute(sa.select(RosterImport.id).with_for_update())
        erase(app, number)
    assert importer.latest().file_name == "CV Zora Quillfeather.xlsx"
    sweep(app)
    assert importer.latest().file_name == ""


def sweep(app: Flask) -> None:
    with app.app_context():
        forget_file_names_due()


def test_a_page_of_an_import_stays_good_though_somebody_is_erased(
    app: Flask, importer: Importer
) -> None:
    page = importer.check(workbook([HEADINGS, *people(2)]))
    with writing(app) as session:
        number = factories.account(session, Role.REQUESTER).id
    erase(app, number)
    page.submit("Store all of it")
    work(app)
    assert len(importer.names()) == 2
