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
from tests.pages import Page, Pages
from tests.webapp.roster_imports.sending import Importer, work
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.core.transactions import transaction
from webapp.core.unit_of_work import UnitOfWork
from webapp.experts import joining
from webapp.experts.joining import Nominee
from webapp.experts.models import Expert
from webapp.organisations import operations as organisations
from webapp.organisations.models import Organisation, OrganisationKind
from webapp.roster_imports import checking, operations, queries, storing, sweep, undoing
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

    def beside(*arguments: Any) -> Any:
        other.start()
        # Where nothing holds the other up it has come and gone by then.
        other.join(2)
        return add_all(*arguments)

    monkeypatch.setattr(storing, "add_all", beside)
    # The one who comes second is told that somebody of this name stands there.
    monkeypatch.setattr(threading, "excepthook", lambda _error: None)
    work(app)
    other.join()
    with reading(app) as session:
        named = sa.select(sa.func.count()).where(Expert.name == "Ana Novak")
        assert session.scalar(named) == 1
        assert session.scalars(sa.select(RosterImport.state)).all() == [ImportState.DONE]


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


@pytest.mark.both_databases
def test_others_write_while_an_import_is_taken_back_and_what_they_change_stays(
    app: Flask, importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two pieces a colleague edits somebody who has not had their turn yet."""
    monkeypatch.setattr(undoing, "AT_ONCE", 2)
    page = importer.store(b"Name;Post\n" + b"".join(b"Person %d Test;Head\n" % n for n in range(5)))
    page.submit("Undo the import")
    write = sweep._write
    shown: list[str] = []

    def and_others_write(number: int, act: Callable[..., object]) -> object:
        done = write(number, act)
        if not shown:
            shown.append(importer.pages.get(importer.path()).text)
            with writing(app) as session:
                last = session.scalars(sa.select(Expert).order_by(Expert.id.desc()).limit(1)).one()
                last.post = "Edited meanwhile"
        return done

    monkeypatch.setattr(sweep, "_write", and_others_write)
    work(app)
    assert "2 of 5 profiles are taken back." in shown[0]
    assert state_of(app) is ImportState.UNDONE
    assert importer.names() == ["Person 4 Test"]
    assert (importer.latest().counts["undone"], importer.latest().counts["stayed"]) == (4, 1)


def test_an_import_is_taken_back_in_the_name_of_who_asks_and_once(
    app: Flask, importer: Importer, visitor: Callable[[], Pages]
) -> None:
    importer.store(TABLE)
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
    theirs = visitor().come_in(office)
    page = theirs.get(importer.path())
    page.submit("Undo the import")
    page.submit("Undo the import", status=409)
    work(app)
    with reading(app) as session:
        event = session.scalars(
            sa.select(AuditEvent).where(AuditEvent.action == Action.ROSTER_UNDONE)
        ).one()
        assert event.actor_id == office.id


def test_what_stops_an_undoing_is_no_end_of_it(
    app: Flask, importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    importer.store(TABLE).submit("Undo the import")
    with monkeypatch.context() as patch:
        patch.setattr(queries, "list_untouched", lambda *_args, **_how: 1 / 0)
        work(app)
    assert len(importer.names()) == 2
    importer.pages.get(importer.path()).submit("Undo the import")
    work(app)
    assert importer.names() == []


def test_the_page_says_how_far_the_check_is(
    app: Flask, importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "STEP", 1)
    tell = sweep._tell_step
    shown: list[Page] = []

    def and_look(number: int, done: int) -> None:
        tell(number, done)
        shown.append(importer.pages.get(importer.path()))

    importer.send(TABLE).submit("Check the table", {})
    monkeypatch.setattr(sweep, "_tell_step", and_look)
    work(app)
    # The row of the headings is one of them.
    told = [next(page.tree.iter("progress")) for page in shown]
    assert [(bar.get("value"), bar.get("max")) for bar in told] == [("1", "3"), ("2", "3")]
    assert "1 of 3 rows are read." in shown[0].text
