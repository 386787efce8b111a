"""What happens to an import while it is checked and stored: thrown away, overtaken, doubled."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from tests.webapp.roster_imports.sending import Importer, work
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.transactions import transaction
from webapp.core.unit_of_work import UnitOfWork
from webapp.experts import joining
from webapp.experts.joining import Nominee
from webapp.experts.models import Expert
from webapp.organisations import operations as organisations
from webapp.organisations.models import Organisation, OrganisationKind
from webapp.roster_imports import checking, operations, storing, sweep
from webapp.roster_imports.models import ImportState, RosterImport

TABLE = b"Name;Post\nAna Novak;Head\nIvo Primer;Head\n"


@pytest.fixture
def importer(app: Flask, pages: Pages) -> Importer:
    """Return a coordinator who imports tables."""
    return Importer(app, pages)


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[int], object]) -> None:
    """Let something happen once, by the number of the import, when it has just been checked."""
    check = checking.check
    done: list[int] = []

    def checked(session: Any, row: RosterImport, *rest: Any) -> Any:
        number, found = row.id, check(session, row, *rest)
        if not done:
            done.append(number)
            act(number)
        return found

    monkeypatch.setattr(checking, "check", checked)


def state_of(app: Flask) -> ImportState:
    with reading(app) as session:
        return session.scalars(sa.select(RosterImport.state)).one()


def test_a_table_that_is_thrown_away_while_it_is_checked_stays_so(
    app: Flask, importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    importer.send(TABLE).submit("Check the table", {})
    meanwhile(monkeypatch, lambda number: sweep._write(number, operations.drop))
    work(app)
    assert state_of(app) is ImportState.DROPPED


def test_a_worker_that_stood_still_leaves_alone_what_another_has_stored(
    app: Flask, importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    importer.check(TABLE).submit("Store all of it", {})

    def overtake(_number: int) -> None:
        with time_machine.travel(clock.now() + timedelta(minutes=4)):
            sweep.run_due()

    meanwhile(monkeypatch, overtake)
    work(app)
    assert state_of(app) is ImportState.DONE


def at_once(app: Flask, act: Callable[[UnitOfWork], object]) -> None:
    """Let two people do the same at one moment: both have begun before either writes."""
    gate = threading.Barrier(2)

    def run() -> None:
        with app.app_context(), transaction() as session:
            session.execute(sa.text("SELECT 1"))
            gate.wait(30)
            act(UnitOfWork(session, SYSTEM, clock.now()))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.postgres
def test_who_is_named_while_an_import_is_stored_stands_there_once(
    app: Flask, importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    importer.check(TABLE).submit("Store all of it", {})
    add_all = storing.add_all

    def name_the_same() -> None:
        with app.app_context(), transaction() as session:
            joining.add(UnitOfWork(session, SYSTEM, clock.now()), Nominee("Ana Novak"))

    other = threading.Thread(target=name_the_same)

    def beside(*arguments: Any) -> None:
        other.start()
        # Where nothing holds the other up it has come and gone by then.
        other.join(2)
        add_all(*arguments)

    monkeypatch.setattr(storing, "add_all", beside)
    # The one who comes second is told that somebody of this name stands there.
    monkeypatch.setattr(threading, "excepthook", lambda _error: None)
    work(app)
    other.join()
    with reading(app) as session:
        named = sa.select(sa.func.count()).where(Expert.name == "Ana Novak")
        assert session.scalar(named) == 1


@pytest.mark.postgres
def test_two_who_make_an_organisation_at_one_moment_make_one(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = organisations.About("Office of Twice", OrganisationKind.UNDP)
    monkeypatch.setattr(threading, "excepthook", lambda _error: None)
    at_once(app, lambda work: organisations.create(work, about))
    with reading(app) as session:
        named = sa.select(sa.func.count()).where(Organisation.name == about.name)
        assert session.scalar(named) == 1


def test_one_address_that_is_taken_by_now_holds_up_no_other_invitation(
    app: Flask, importer: Importer
) -> None:
    table = (
        b"Name;E-mail\nAna Novak;ana@example.org\nIvo Primer;ivo@example.org\n"
        b"Eva Zgled;eva@example.org\n"
    )
    importer.check(table).submit("Store all of it", {})
    work(app)
    with writing(app) as session:
        office = factories.work(session, session.get_one(Account, importer.account.id))
        ivo = session.scalars(sa.select(Expert).where(Expert.name == "Ivo Primer")).one()
        joining.set_standing(office, ivo, None, "ana@example.org", "", seen_version=ivo.version)
    text = (
        importer.pages.get(importer.path()).submit("Invite the next 3 to keep their profiles").text
    )
    assert "Not invited" in text
    assert "Ivo Primer" in text
    with reading(app) as session:
        emails = set(session.scalars(sa.select(Account.email)))
    assert {"ana@example.org", "eva@example.org"} <= emails
