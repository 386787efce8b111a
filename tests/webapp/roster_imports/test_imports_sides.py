"""Approvals of a table are recorded by whoever has sent it, who is not of the authority."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from tests.webapp.roster_imports.made_tables import HEADINGS, people, workbook
from tests.webapp.roster_imports.sending import Importer, work
from webapp.accounts.models import Account
from webapp.core import clock, invariants
from webapp.core.actor import SYSTEM
from webapp.core.errors import ForbiddenError
from webapp.core.record.stored_words import unpack
from webapp.core.roles import Role
from webapp.core.workflows.workflow import OTHER_SIDE, OURS
from webapp.experts import sweep as profiles
from webapp.experts.models import ActedOnProfile, Expert
from webapp.experts.standing_tables import Approval, PhoneCall
from webapp.messages.models import Notice, OutboxMessage
from webapp.messages.queries import get_figures
from webapp.my_data import operations as my_data
from webapp.organisations.models import Organisation
from webapp.roster_imports import operations, queries
from webapp.roster_imports.checking import sheet_of
from webapp.roster_imports.columns import find_header
from webapp.roster_imports.models import (
    ImportedTable,
    ImportState,
    RosterImport,
    Twins,
)

APPROVED = [*HEADINGS, "Approved until"]


def rows(count: int) -> list[list[str]]:
    return [APPROVED, *([*row, "2030-05-05"] for row in people(count))]


def join(app: Flask, importer: Importer, house: int) -> None:
    """Let the importer become a member of an authority."""
    with writing(app) as session:
        person = session.get_one(Account, importer.account.id)
        person.organisation_id = house
        member = factories.account(session, Role.NOMINATING_AUTHORITY)
        person.roles = [*person.roles, *member.roles]


@pytest.mark.both_databases
def test_who_has_imported_approvals_acts_for_the_authority_no_more(
    app: Flask, importer: Importer, house: int
) -> None:
    importer.store(workbook(rows(3)), {"authority": str(house)})
    with reading(app) as session:
        experts = session.scalars(sa.select(Expert.id)).all()
        acted = session.scalars(sa.select(ActedOnProfile)).all()
        assert {(row.expert_id, row.account_id, row.side) for row in acted} == {
            (number, importer.account.id, Role.COORDINATOR) for number in experts
        }
        assert invariants.run(session) == []
    join(app, importer, house)
    official = importer.pages.get(f"/officials/{experts[0]}")
    assert str(OTHER_SIDE) in official.text
    assert "Withdraw the approval" not in official.text


def test_what_versions_before_have_imported_is_found_and_noted(
    app: Flask, importer: Importer, house: int
) -> None:
    importer.store(workbook(rows(2)), {"authority": str(house)})
    with writing(app) as session:
        session.execute(sa.delete(ActedOnProfile))
    with reading(app) as session:
        assert len(invariants.run(session)) == 2
    with app.app_context():
        profiles.note_acts()
    with reading(app) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ActedOnProfile)) == 2
        assert invariants.run(session) == []


def test_a_colleague_imports_the_officials_of_the_own_authority(
    app: Flask, importer: Importer, house: int
) -> None:
    page = importer.check(workbook(rows(1)), {"authority": str(house)})
    join(app, importer, house)
    refused = page.submit("Store all of it", status=403)
    assert str(OURS) in refused.text
    again = importer.send(workbook(rows(2)))
    assert "Fictional Border Police" not in again.text
    with writing(app) as session:
        row = session.get_one(RosterImport, importer.latest().id)
        header = find_header(sheet_of(queries.get_table(session, row)))
        person = session.get_one(Account, importer.account.id)
        with pytest.raises(ForbiddenError, match=str(OURS)):
            operations.choose(
                factories.work(session, person), row, header, row.fields, Twins.LEAVE,
                session.get_one(Organisation, house),
                seen_version=row.version,
            )  # fmt: skip
        session.rollback()


def test_the_authority_is_told_of_approvals_that_a_table_records_as_its_own(
    app: Flask, importer: Importer, house: int
) -> None:
    with writing(app) as session:
        member = factories.account(session, Role.NOMINATING_AUTHORITY, organisation_id=house)
    importer.store(workbook(rows(3)), {"authority": str(house)})
    with reading(app) as session:
        told = session.query(Notice).filter_by(account_id=member.id).one()
        assert "SEESAC has recorded 3 approvals of yours" in str(unpack(told.words["subject"]))
        assert told.path == "/officials"


def test_of_who_is_erased_no_name_of_a_file_stays(
    app: Flask, importer: Importer, house: int
) -> None:
    """Files of a few people are called after them."""
    page = importer.send(workbook(rows(2)), name="CV Ana Testova.xlsx")
    page.submit("Check the table", {"authority": str(house)})
    work(app)
    importer.pages.get(importer.path()).submit("Store all of it")
    work(app)
    with writing(app) as session:
        erased, other = session.scalars(sa.select(Expert).order_by(Expert.id)).all()
        (approval,) = session.scalars(sa.select(Approval).where(Approval.expert_id == other.id))
        assert approval.letter == f"Import {importer.latest().id}"
        # As versions before kept and called it.
        approval.letter, number = "CV Ana Testova.xlsx", approval.id
        session.get_one(RosterImport, importer.latest().id).file_name = "CV Ana Testova.xlsx"
        session.flush()
        my_data.erase(factories.work(session, SYSTEM), erased)
    with reading(app) as session:
        for notice in session.query(Notice):
            assert "CV Ana" not in str(notice.words)
        assert session.get_one(Approval, number).letter == f"Import {importer.latest().id}"
        assert importer.latest().file_name == ""


def send_named(importer: Importer, table: list[list[str]], name: str) -> Page:
    importer.send(workbook([HEADINGS, *table]), name=name).submit("Check the table", {})
    work(importer.app)
    return importer.pages.get(importer.path())


def left_as_they_were(importer: Importer, name: str) -> None:
    """Store a table that names somebody who stands there already, and somebody new."""
    importer.store(workbook([HEADINGS, *people(1)]))
    send_named(importer, people(2), name).submit("Store all of it")
    work(importer.app)


def undone(importer: Importer, name: str) -> None:
    send_named(importer, people(1), name).submit("Store all of it")
    work(importer.app)
    importer.pages.get(importer.path()).submit("Undo the import")
    work(importer.app)
    importer.store(workbook([HEADINGS, *people(1)]))


def dropped_by_the_erasure(importer: Importer, name: str) -> None:
    importer.store(workbook([HEADINGS, *people(1)]))
    send_named(importer, people(1), name)


def thrown_away(importer: Importer, name: str) -> None:
    dropped_by_the_erasure(importer, name)
    importer.pages.get(importer.path()).submit("Throw the table away")


@pytest.mark.parametrize("sent", [left_as_they_were, undone, dropped_by_the_erasure, thrown_away])
def test_no_name_of_a_file_stays_whatever_became_of_its_table(
    app: Flask, importer: Importer, sent: Callable[[Importer, str], None]
) -> None:
    """Whom a table named cannot be told when it is gone."""
    erased = people(1)[0][0]
    sent(importer, f"CV {erased}.xlsx")
    with writing(app) as session:
        expert = session.scalars(sa.select(Expert).where(Expert.name == erased)).one()
        my_data.erase(factories.work(session, SYSTEM), expert)
    with reading(app) as session:
        kept = session.scalars(sa.select(RosterImport.file_name)).all()
        assert [name for name in kept if erased in name] == []
    assert erased not in importer.pages.get("/roster/imports").text


def test_the_name_of_a_file_goes_that_is_called_after_somebody_its_table_does_not_name(
    app: Flask, importer: Importer
) -> None:
    send_named(importer, people(1), "CV Quillfeather.xlsx")
    with writing(app) as session:
        other = factories.expert(session, name="Zdravka Quillfeather")
        my_data.erase(factories.work(session, SYSTEM), other)
    assert importer.latest().state is ImportState.CHECKED
    assert importer.latest().file_name == ""


def close(app: Flask, importer: Importer, house: int) -> None:
    with writing(app) as session:
        session.get_one(Organisation, house).closed_at = clock.now()


def leave_office(app: Flask, importer: Importer, house: int) -> None:
    with writing(app) as session:
        person = session.get_one(Account, importer.account.id)
        person.roles = factories.account(session, Role.EXPERT).roles


def lose_account(app: Flask, importer: Importer, house: int) -> None:
    with writing(app) as session:
        session.get_one(Account, importer.account.id).active = False


@pytest.mark.parametrize("change", [join, close, leave_office, lose_account])
def test_nothing_is_stored_that_its_sender_could_not_confirm_any_more(
    app: Flask, importer: Importer, house: int, change: Callable[[Flask, Importer, int], None]
) -> None:
    """The worker stores it later: who has confirmed it may be of the authority by then."""
    importer.check(workbook(rows(2)), {"authority": str(house)}).submit("Store all of it")
    change(app, importer, house)
    work(app)
    with reading(app) as session:
        assert session.scalars(sa.select(Expert)).all() == []
        assert session.scalars(sa.select(Approval)).all() == []
    assert importer.latest().state is ImportState.CHECKED


def test_nobody_confirms_a_table_of_an_authority_that_is_closed(
    app: Flask, importer: Importer, house: int
) -> None:
    page = importer.check(workbook(rows(1)), {"authority": str(house)})
    close(app, importer, house)
    refused = page.submit("Store all of it", status=409)
    assert "This authority is closed by now" in refused.text


def test_nobody_of_the_authority_undoes_its_import_and_it_is_told_when_a_colleague_does(
    app: Flask, importer: Importer, visitor: Callable[[], Pages], house: int
) -> None:
    with writing(app) as session:
        member = factories.account(session, Role.NOMINATING_AUTHORITY, organisation_id=house)
        both = factories.account(
            session, Role.COORDINATOR, Role.NOMINATING_AUTHORITY, organisation_id=house
        )
    importer.store(workbook(rows(2)), {"authority": str(house)})
    theirs = visitor().come_in(both)
    page = theirs.get(importer.path())
    assert "Undo the import" not in page.text
    assert str(OURS) in page.text
    theirs.post(f"{importer.path()}/undo", {"version": importer.latest().version}, status=403)
    assert len(importer.names()) == 2
    importer.pages.get(importer.path()).submit("Undo the import")
    work(app)
    assert importer.names() == []
    with reading(app) as session:
        _first, latest = session.query(Notice).filter_by(account_id=member.id).order_by(Notice.id)
        assert "2 approvals that SEESAC had recorded as yours are gone again" in str(
            unpack(latest.words["subject"])
        )


@pytest.mark.both_databases
def test_whom_a_table_brings_is_told_by_one_mail_when_it_can_be_undone_no_more(
    app: Flask, importer: Importer
) -> None:
    later = clock.now() + operations.UNDONE_WITHIN
    one, two = people(2)
    # Who has a telephone alone is called.
    table = [[*HEADINGS, "Telephone"], [*one, ""], [*two, "+382 67 1"]]
    table.append(["Boris Primer", *one[1:3], "", one[4], "+382 67 2"])
    page = importer.store(workbook(table))
    with reading(app) as session:
        told = session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.due_at)).all()
        assert [row.address for row in told] == [one[3], two[3]]
        assert later <= told[0].due_at < told[1].due_at
        assert get_figures(session, clock.now()).waiting == 0
        (call,) = session.scalars(sa.select(PhoneCall)).all()
        assert call.expert.name == "Boris Primer"
    page.submit("Undo the import")
    work(app)
    with reading(app) as session:
        assert session.scalars(sa.select(OutboxMessage)).all() == []
        assert session.scalars(sa.select(PhoneCall)).all() == []


@pytest.mark.parametrize("button", ["Check the table", "Store all of it"])
def test_who_is_erased_stops_the_imports_of_nobody_else(
    app: Flask, importer: Importer, visitor: Callable[[], Pages], button: str
) -> None:
    """Their table is gone when the worker comes for it."""
    page = importer.send(workbook([HEADINGS, *people(1)]))
    page.submit("Check the table", {})
    if button == "Store all of it":
        work(app)
        importer.pages.get(importer.path()).submit(button)
    with writing(app) as session:
        sender = session.get_one(Account, importer.account.id)
        my_data.erase(factories.work(session, sender), sender)
    assert importer.latest().state is ImportState.DROPPED
    other = Importer(app, visitor())
    other.store(workbook([HEADINGS, *people(2)]))
    assert len(other.names()) == 2


def test_an_import_whose_table_is_gone_stops_no_other(
    app: Flask, importer: Importer, visitor: Callable[[], Pages]
) -> None:
    """As it can stand in a database of before."""
    importer.send(workbook([HEADINGS, *people(1)])).submit("Check the table", {})
    with writing(app) as session:
        session.execute(sa.delete(ImportedTable))
    other = Importer(app, visitor())
    other.store(workbook([HEADINGS, *people(2)]))
    assert len(other.names()) == 2


@pytest.mark.parametrize("role", [Role.REQUESTER, Role.COORDINATOR, Role.EXPERT])
def test_a_table_that_names_somebody_without_a_profile_who_is_erased_is_thrown_away(
    app: Flask, importer: Importer, role: Role
) -> None:
    page = importer.check(workbook([HEADINGS, *people(2)]))
    with writing(app) as session:
        named = factories.account(session, role, name=people(1)[0][0])
        my_data.erase(factories.work(session, named), named)
    page.submit("Store all of it", status=409)
    assert importer.names() == []
