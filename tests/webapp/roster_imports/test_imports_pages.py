"""A table is sent, checked, stored, and undone; nothing is stored before it was confirmed."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from tests.webapp.roster_imports.made_tables import HEADINGS, people, workbook
from tests.webapp.roster_imports.sending import Importer, work
from webapp.core import clock as platform_clock
from webapp.core import invariants
from webapp.core.roles import Role
from webapp.experts import joining
from webapp.experts import operations as experts
from webapp.experts.joining import Nominee
from webapp.experts.models import Expert, ExpertState
from webapp.experts.standing_tables import PhoneCall
from webapp.experts.workflow import ExpertStep
from webapp.messages.queries import get_figures
from webapp.my_data import operations as my_data
from webapp.roster_imports import inviting, operations, queries, storing, sweep
from webapp.roster_imports.models import ImportedTable, ImportState, RosterImport


@pytest.mark.both_databases
def test_a_table_is_checked_then_stored_then_undone(app: Flask, importer: Importer) -> None:
    page = importer.check(workbook([HEADINGS, *people(3)]))
    assert "Every cell is understood" in page.text
    assert importer.names() == []
    page.submit("Store all of it")
    assert importer.names() == []
    work(app)
    page = importer.pages.get(importer.path())
    assert "Fictional Directorate 1" in page.text
    with reading(app) as session:
        experts = session.scalars(sa.select(Expert).order_by(Expert.id)).all()
        assert {expert.state for expert in experts} == {ExpertState.NOMINATED}
        assert [row.language for row in experts[0].languages] == ["en", "sr"]
        assert " montenegro" in experts[0].search_words
        assert session.scalars(sa.select(ImportedTable)).all() == []
        assert invariants.run(session) == []
    waiting = page.submit("Undo the import")
    assert "The import is being taken back." in waiting.text
    assert "0 of 3 profiles are taken back." in waiting.text
    work(app)
    assert importer.latest().state is ImportState.UNDONE
    with reading(app) as session:
        assert session.scalars(sa.select(Expert)).all() == []
        assert invariants.run(session) == []


def test_a_table_that_is_sent_twice_is_one_import(app: Flask, importer: Importer) -> None:
    table = workbook([HEADINGS, *people(2)])
    for _ in range(2):
        importer.send(table)
    with reading(app) as session:
        assert session.scalar(sa.select(sa.func.count(RosterImport.id))) == 1
    importer.send(workbook([HEADINGS, *people(3)]))
    with reading(app) as session:
        assert session.scalar(sa.select(sa.func.count(RosterImport.id))) == 2


def test_a_table_that_is_not_stored_is_read_by_who_has_sent_it_alone(
    app: Flask, importer: Importer, visitor: Callable[[], Pages]
) -> None:
    page = importer.send(workbook([HEADINGS, *people(1)]))
    with writing(app) as session:
        other = factories.account(session, Role.COORDINATOR)
    colleague = visitor().come_in(other)
    colleague.get(importer.path(), status=404)
    colleague.get(f"{importer.path()}/columns", status=404)
    for act in ("columns", "confirm", "drop", "undo", "invite"):
        colleague.post(f"{importer.path()}/{act}", {}, status=404)
    assert "roster.xlsx" not in colleague.get("/roster/imports").text
    page.submit("Check the table")
    work(app)
    importer.pages.get(importer.path()).submit("Store all of it")
    work(app)
    assert "Ana Testova" in colleague.get(importer.path()).text


def test_a_faulty_cell_is_named_and_keeps_the_whole_table_from_being_stored(
    importer: Importer,
) -> None:
    rows = people(3)
    rows[1][4], rows[2][1] = "Klingon C1", "Atlantis"
    page = importer.check(workbook([HEADINGS, *rows]))
    assert "2 cells cannot be understood" in page.text
    assert re.search(r"3\s*E\s*No language is known", page.text)
    assert "Store all of it" not in page.text
    importer.pages.post(
        f"{importer.path()}/confirm", {"version": importer.latest().version}, status=409
    )
    assert importer.names() == []


def test_columns_are_remembered_for_the_next_table_with_the_same_headings(
    importer: Importer,
) -> None:
    rows = [["Name", "What she did"], ["Ana Novak", "Head of the registry"]]
    page = importer.send(workbook(rows))
    assert page.form("Check the table").values["columns-1-field"] == [""]
    page.submit("Check the table", {"columns-1-field": "post"})
    page = importer.send(workbook([*rows, ["Boris Kos", "Chief"]]))
    assert page.form("Check the table").values["columns-1-field"] == ["post"]


@pytest.mark.parametrize("button", ["Check the table", "Take this row for the headings"])
def test_what_is_chosen_on_an_older_page_replaces_nothing(
    app: Flask, importer: Importer, button: str
) -> None:
    older = importer.send(workbook([HEADINGS, *people(2)]))
    importer.pages.get(older.url).submit("Check the table")
    work(app)
    stored = importer.latest()
    typed = {"twins": "fill", "header_row": "2" if button.startswith("Take") else "1"}
    refused = older.submit(button, typed, status=409)
    assert "moved on meanwhile" in refused.text
    assert "on the roster already: leave them as they are" in refused.text
    assert refused.form("Check the table").values["twins"] == ["fill"]
    now = importer.latest()
    assert (now.state, now.twins, now.header_row, now.version) == (
        stored.state, stored.twins, stored.header_row, stored.version,
    )  # fmt: skip
    refused.submit("Check the table", {"header_row": "1"})
    assert importer.latest().twins == "fill"


def test_another_row_can_be_taken_for_the_headings(importer: Importer) -> None:
    rows = [["Expert", "Country"], ["a", "b"], ["Name", "Post"], ["Ana Novak", "Chief"]]
    page = importer.send(workbook(rows))
    page = page.submit("Take this row for the headings", {"header_row": "3"})
    assert page.form("Check the table").values["columns-1-field"] == ["post"]
    page.submit("Check the table", {"columns-0-field": ""}, status=400)


@pytest.mark.both_databases
def test_who_stands_on_the_roster_is_left_or_filled_where_nobody_keeps_the_profile(
    app: Flask, importer: Importer
) -> None:
    with writing(app) as session:
        coordinator = factories.work(session, importer.account)
        joining.add(coordinator, Nominee("Ана Новак", post="Chief", jurisdiction="SRB"))
        kept = factories.expert(session, name="Boris Kos", jurisdiction="SRB", unit="")
    rows = [["Name", "Post", "Unit"], ["Ana Novak", "Head", "Unit 1"], ["Kos, Boris", "", "Unit 2"]]
    page = importer.check(workbook(rows), {"twins": "leave"})
    assert "Ана Новак stands on the roster already, and is left" in page.text
    page = importer.check(workbook(rows), {"twins": "fill"})
    assert "what is empty in the profile is filled in" in page.text
    page.submit("Store all of it")
    work(app)

    def stored() -> list[tuple[str, str, str]]:
        with reading(app) as session:
            rows = session.scalars(sa.select(Expert).order_by(Expert.id))
            return [(row.name, row.post, row.unit) for row in rows]

    assert stored() == [("Ана Новак", "Chief", "Unit 1"), ("Boris Kos", kept.post, "")]
    importer.pages.get(importer.path()).submit("Undo the import")
    work(app)
    assert stored() == [("Ана Новак", "Chief", ""), ("Boris Kos", kept.post, "")]


@pytest.mark.both_databases
def test_undoing_leaves_who_was_changed_or_used_since(app: Flask, importer: Importer) -> None:
    page = importer.store(workbook([HEADINGS, *people(4)]))
    with writing(app) as session:
        first, second, *_rest = session.scalars(sa.select(Expert).order_by(Expert.id)).all()
        coordinator = factories.work(session, importer.account)
        experts.take(coordinator, first, ExpertStep.START_SCREENING)
        words: dict[str, Any] = {
            "text": "Please ring",
            "plural": None,
            "context": None,
            "facts": {},
        }
        # A call that was made is a use; one that waits is the import's own.
        made = {
            "since": coordinator.now,
            "done_at": coordinator.now,
            "done_by": importer.account.id,
        }
        session.add(PhoneCall(expert_id=second.id, words=words, **made))
    page = importer.pages.get(importer.path())
    assert "2 profiles were changed or used since, and stay" in page.text
    page.submit("Undo the import")
    work(app)
    assert "Stayed, because they were changed or used" in importer.pages.get(importer.path()).text
    counts = importer.latest().counts
    assert (counts["undone"], counts["stayed"]) == (2, 2)
    with reading(app) as session:
        states = [row.state for row in session.scalars(sa.select(Expert).order_by(Expert.id))]
        assert states == [ExpertState.SCREENING, ExpertState.NOMINATED]
        assert invariants.run(session) == []
    importer.pages.post(
        f"{importer.path()}/undo", {"version": importer.latest().version}, status=409
    )


def test_an_import_cannot_be_undone_after_a_day(
    app: Flask, importer: Importer, clock: time_machine.Traveller
) -> None:
    importer.store(workbook([HEADINGS, *people(1)]))
    clock.shift(timedelta(days=1))
    importer.pages.come_in(importer.account)
    page = importer.pages.get(importer.path())
    assert "Undo the import" not in page.text
    importer.pages.post(
        f"{importer.path()}/undo", {"version": importer.latest().version}, status=409
    )
    assert len(importer.names()) == 1


def test_a_table_that_nobody_confirms_is_thrown_away_after_a_day(
    app: Flask, importer: Importer, clock: time_machine.Traveller
) -> None:
    importer.check(workbook([HEADINGS, *people(1)]))
    for hours, left in ((23, 1), (2, 0)):
        clock.shift(timedelta(hours=hours))
        with app.app_context():
            sweep.delete_due()
        with reading(app) as session:
            assert len(session.scalars(sa.select(ImportedTable)).all()) == left
    assert importer.latest().state is ImportState.DROPPED


@pytest.mark.both_databases
def test_an_older_page_throws_no_table_away_that_was_confirmed_since(
    app: Flask, importer: Importer
) -> None:
    older = importer.check(workbook([HEADINGS, *people(2)]))
    older.submit("Store all of it")
    page = older.submit("Throw the table away", status=409)
    assert str(operations.MOVED_ON) in page.text
    assert importer.latest().state is ImportState.TO_STORE
    work(app)
    assert importer.names() == [row[0] for row in people(2)]


def test_an_older_page_throws_no_table_away_whose_columns_were_chosen_anew(
    importer: Importer,
) -> None:
    older = importer.send(workbook([HEADINGS, *people(2)]))
    older.submit("Check the table")
    page = older.submit("Throw the table away", status=409)
    assert str(operations.MOVED_ON) in page.text
    assert importer.latest().state is ImportState.TO_CHECK


def test_a_table_left_lying_that_is_confirmed_while_it_is_looked_for_is_kept(
    app: Flask,
    importer: Importer,
    clock: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    importer.check(workbook([HEADINGS, *people(1)]))
    clock.shift(timedelta(days=2))
    page = importer.pages.sign_in(importer.account.email).get(importer.path())
    look = queries.list_old

    def confirm_meanwhile(*asked: Any) -> Any:
        found = look(*asked)
        # Of this thread's session the page would make the rows new.
        with ThreadPoolExecutor(1) as pool:
            pool.submit(page.submit, "Store all of it").result()
        return found

    monkeypatch.setattr(queries, "list_old", confirm_meanwhile)
    with app.app_context():
        sweep.delete_due()
    work(app)
    assert importer.names() == [people(1)[0][0]]


def test_a_table_that_names_somebody_who_is_erased_is_thrown_away(
    app: Flask, importer: Importer
) -> None:
    importer.check(workbook([HEADINGS, *people(2)]))
    with writing(app) as session:
        other = factories.expert(session, name="Somebody Else")
        my_data.erase(factories.work(session, other.account), other)
        assert len(session.scalars(sa.select(ImportedTable)).all()) == 1
        named = factories.expert(session, name="Ана " + people(1)[0][0].partition(" ")[2])
        my_data.erase(factories.work(session, named.account), named)
        assert session.scalars(sa.select(ImportedTable)).all() == []
    assert importer.latest().state is ImportState.DROPPED


def test_who_comes_onto_the_roster_between_check_and_storing_is_not_doubled(
    app: Flask, importer: Importer
) -> None:
    rows = people(2)
    page = importer.check(workbook([HEADINGS, *rows]))
    with writing(app) as session:
        joining.add(factories.work(session, importer.account), Nominee(rows[0][0]))
    page.submit("Store all of it")
    work(app)
    assert sorted(importer.names()) == sorted([rows[0][0], rows[1][0]])
    assert importer.latest().counts == {"added": 1, "filled": 0, "left": 1}


def test_a_fault_in_the_middle_of_storing_leaves_nothing(
    app: Flask, importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = importer.check(workbook([HEADINGS, *people(5)]))
    page.submit("Store all of it")
    monkeypatch.setattr(storing, "tell", lambda *_: 1 / 0)
    work(app)
    assert importer.latest().state is ImportState.FAILED
    assert importer.names() == []
    page = importer.pages.get(importer.path())
    assert "nothing of it was stored" in page.text
    page.submit("Throw the table away")
    with reading(app) as session:
        assert invariants.run(session) == []


def test_a_worker_that_was_killed_is_followed_by_another(
    app: Flask, importer: Importer, clock: time_machine.Traveller
) -> None:
    page = importer.check(workbook([HEADINGS, *people(2)]))
    page.submit("Store all of it")
    with writing(app) as session:
        row = session.get_one(RosterImport, importer.latest().id)
        assert operations.take_up(factories.work(session, importer.account), row, 2)
    work(app)
    assert importer.names() == []
    clock.shift(timedelta(minutes=4))
    work(app)
    assert len(importer.names()) == 2


def test_they_are_invited_by_choice_and_each_once(app: Flask, importer: Importer) -> None:
    page = importer.store(workbook([HEADINGS, *people(3)]))
    with reading(app) as session:
        assert get_figures(session, platform_clock.now()).waiting == 0
    page = page.submit("Invite the next 3 to keep their profiles")
    assert "3 invitations are on their way" in page.text
    assert "Invite" not in page.text.partition("invitations")[2]
    with reading(app) as session:
        assert all(row.account_id for row in session.scalars(sa.select(Expert)))


def test_the_next_are_invited_once_however_often_the_button_is_pressed(
    app: Flask, importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inviting, "AT_ONCE", 2)
    page = importer.store(workbook([HEADINGS, *people(6)]))
    page.submit("Invite the next 2 to keep their profiles")
    page.submit("Invite the next 2 to keep their profiles", status=409)
    with reading(app) as session:
        invited = sa.select(sa.func.count()).where(Expert.account_id.is_not(None))
        assert session.scalar(invited) == 2
    page.pages.get(importer.path()).submit("Invite the next 2 to keep their profiles")
    with reading(app) as session:
        assert session.scalar(invited) == 4


@pytest.mark.parametrize(("kind", "data"), [("a picture", b"\x89PNG\r\n"), ("nothing", b"")])
def test_what_is_no_table_is_told_at_the_field(importer: Importer, kind: str, data: bytes) -> None:
    page = importer.send(data, f"{kind}.xlsx", status=400)
    assert "no table" in page.text or "nothing in the file" in page.text
