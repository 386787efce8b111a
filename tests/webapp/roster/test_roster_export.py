"""The roster as a file: what the page shows, no formula, and recorded for each person in it."""

import csv
import io
import zipfile
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import forget_limits, reading, writing
from tests.pages import Pages
from webapp.core.files.spreadsheets import as_csv, as_xlsx
from webapp.core.roles import Role
from webapp.experts.models import ProfileView
from webapp.roster.views import exporting

NASTY = ["=1+1", "@SUM(A1)", "+49", "-2", "\t=1", "\r=1", " =1", "\u00a0=1", "＝1", "＋1"]
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def lines_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def sheet_of(data: bytes) -> list[list[tuple[str | None, str]]]:
    """Return the cells of a file, each with its kind and what it holds."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        root = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))  # noqa: S314
    assert not list(root.iter(f"{SHEET}f")), "no formula"
    return [
        [(cell.get("t"), "".join(cell.itertext())) for cell in row]
        for row in root.iter(f"{SHEET}row")
    ]


@pytest.fixture
def coordinator(sign_in_as: Callable[..., Pages]) -> Pages:
    return sign_in_as(Role.COORDINATOR)


@pytest.mark.parametrize("cell", NASTY)
def test_no_cell_is_a_formula(cell: str) -> None:
    assert lines_of(as_csv([[cell]])) == [[f"'{cell}"]]
    assert sheet_of(as_xlsx([[cell]]))[0][0][0] == "inlineStr"


def test_a_file_holds_every_letter_and_what_no_file_can_hold_as_a_mark() -> None:
    cells = ['Љиљана <&> "x"', "a\x00b", "_x0041_", "two\nlines"]
    assert [words for _kind, words in sheet_of(as_xlsx([[*cells, 7]]))[0]] == [
        cells[0], "a\ufffdb", "_x005F_x0041_", "two\nlines", "7",
    ]  # fmt: skip
    assert lines_of(as_csv([cells])) == [cells]


def test_a_file_has_the_people_and_columns_of_the_page(app: Flask, coordinator: Pages) -> None:
    with writing(app) as session:
        factories.expert(session, name="=cmd()", jurisdiction="SRB", signs_in=False)
        factories.expert(session, name="Љиљана", jurisdiction="SRB", signs_in=False)
        factories.expert(session, name="Other", jurisdiction="MNE", signs_in=False)
    page = coordinator.get(
        "/roster", query={"jurisdiction": "SRB", "columns": ["languages", "load"]}
    )
    answer = coordinator.client.get(page.links["CSV"])
    assert answer.headers["Cache-Control"] == "no-store"
    assert 'attachment; filename="roster-' in answer.headers["Content-Disposition"]
    expected = [
        ["Name", "State", "Languages", "Days this year"],
        ["'=cmd()", "active", "English C1, Montenegrin C2", "0"],
        ["Љиљана", "active", "English C1, Montenegrin C2", "0"],
    ]
    assert lines_of(answer.data) == expected
    sheet = sheet_of(coordinator.client.get(page.links["XLSX"]).data)
    assert [[words for _kind, words in row] for row in sheet] == [
        expected[0], ["=cmd()", *expected[1][1:]], expected[2],
    ]  # fmt: skip
    assert coordinator.client.get("/roster/export.csv?jurisdiction=??").status_code == 400
    assert coordinator.client.get("/roster/export.ods").status_code == 404


def test_each_person_in_a_file_is_shown_that_it_was_taken(app: Flask, coordinator: Pages) -> None:
    with writing(app) as session:
        expert = factories.expert(session)
        hidden = factories.expert(session, jurisdiction="SRB").id
    coordinator.client.get("/roster/export.csv?jurisdiction=MNE&columns=post")
    with reading(app) as session:
        rows = session.execute(sa.select(ProfileView.page, ProfileView.expert_id)).all()
    assert rows == [("roster.export", expert.id)]
    assert hidden != expert.id
    # Each file is one more, whatever was taken a moment before.
    coordinator.client.get("/roster/export.csv?jurisdiction=MNE&columns=post")
    with reading(app) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ProfileView)) == 2
    own = Pages(app).come_in(expert.account)
    assert "a file with a list of the roster" in own.get("/profile").text


def test_files_are_limited_in_number_and_in_size(
    app: Flask, coordinator: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(app) as session:
        for _number in range(3):
            factories.expert(session, signs_in=False)
    monkeypatch.setattr(exporting, "MOST", 2)
    page = coordinator.get("/roster/export.csv", status=400)
    assert "A file takes at most 2 experts" in page.text
    forget_limits(app)
    statuses = [coordinator.client.get("/roster/export.csv?q=x").status_code for _n in range(6)]
    assert statuses == [200, 200, 200, 200, 200, 429]
