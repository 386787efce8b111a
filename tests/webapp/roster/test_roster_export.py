"""The roster as a file: what the page shows, no formula, and recorded for each person in it."""

import csv
import io
import zipfile
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from tests import factories
from tests.databases import forget_limits, reading, writing
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.core import clock as platform_clock
from webapp.core.actor import SYSTEM
from webapp.core.files.spreadsheets import as_csv, as_xlsx
from webapp.core.record.reasons import Reason, ReasonKind
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState
from webapp.experts import operations
from webapp.experts.models import Expert, NatoRank, ProfileView, Service
from webapp.experts.workflow import ExpertStep
from webapp.my_data import operations as erasing
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


def take(pages: Pages, link: str, **purpose: str) -> TestResponse:
    """Say what a file is for, and return the file."""
    sent = {"csrf_token": pages.own_token(), "kind": "upkeep", "reason": "", **purpose}
    return pages.client.post(link, data=sent)


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
    answer = take(coordinator, page.links["CSV"])
    assert answer.headers["Cache-Control"] == "no-store"
    assert 'attachment; filename="roster-' in answer.headers["Content-Disposition"]
    expected = [
        ["Name", "State", "Languages", "Days this year"],
        ["'=cmd()", "active", "English C1, Montenegrin C2", "0"],
        ["Љиљана", "active", "English C1, Montenegrin C2", "0"],
    ]
    assert lines_of(answer.data) == expected
    sheet = sheet_of(take(coordinator, page.links["XLSX"]).data)
    assert [[words for _kind, words in row] for row in sheet] == [
        expected[0], ["=cmd()", *expected[1][1:]], expected[2],
    ]  # fmt: skip
    assert coordinator.client.get("/roster/export.csv?jurisdiction=??").status_code == 400
    assert take(coordinator, "/roster/export.csv?jurisdiction=??").status_code == 400
    assert coordinator.client.get("/roster/export.ods").status_code == 404


def test_each_column_says_the_same_on_the_page_and_in_a_file(
    app: Flask, clock: Any, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        made = factories.returned_mission(session, clock)
        expert = made.match.expert
        for name, value in {
            "rank": "Major", "nato_rank": NatoRank.OF_3, "unit": "Unit for stolen weapons",
            "entity": "Canton Sarajevo", "service": Service.SERVING, "service_since": 2004,
            "notice_days": 0, "max_days": 14, "most_missions": None,
        }.items():  # fmt: skip
            setattr(expert, name, value)
        factories.expert(session, name="Zoe Never Sent", signs_in=False, rank="", unit="")
    columns = {
        "rank": "Major, OF-3", "unit": "Unit for stolen weapons", "entity": "Canton Sarajevo",
        "service": "still serving, since 2004", "missions": "1", "notice": "0", "max-days": "14",
        "most-missions": "",
    }  # fmt: skip
    coordinator = sign_in_as(Role.COORDINATOR)
    page = coordinator.get("/roster", query={"columns": list(columns)})
    found = lines_of(take(coordinator, page.links["CSV"]).data)
    assert found[0][2:] == [
        "Rank", "Unit", "Part of the jurisdiction", "Still serving", "Missions of the platform",
        "Notice needed, in days", "Longest absence, in days", "Most missions in a year",
    ]  # fmt: skip
    assert found[1][2:] == list(columns.values())
    assert (found[2][0], found[2][6]) == ("Zoe Never Sent", "0")
    row = next(row for row in page.tree.iter("tr") if expert.name in "".join(row.itertext()))
    cells = [" ".join("".join(cell.itertext()).split()) for cell in row.iter("td")]
    for said, cell in zip(columns.values(), cells, strict=True):
        assert cell.endswith(said or "not given")


def test_since_when_somebody_is_in_their_state_is_told_by_the_log(
    app: Flask, coordinator: Pages
) -> None:
    with writing(app) as session:
        expert = factories.expert(session, name="Ana Resting")
        by = factories.work(session, factories.account(session, Role.COORDINATOR))
        operations.take(by, expert, ExpertStep.SUSPEND, factories.grounds())
        factories.expert(session, name="Zoe Imported", signs_in=False)
    page = coordinator.get("/roster", query={"columns": ["state-since"]})
    rows = lines_of(take(coordinator, page.links["CSV"]).data)
    assert [row[2] for row in rows[1:]] == [platform_clock.today().isoformat(), ""]
    assert "not known" in page.text


def test_of_missions_for_ones_own_request_no_column_tells(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        asking = factories.account(session, Role.REQUESTER, Role.COORDINATOR)
        own = factories.request(session, RequestState.ACCEPTED, requester=asking)
        factories.returned_mission(session, clock, request=own)
    page = visitor().come_in(asking).get("/roster", query={"columns": ["missions"]})
    answer = take(page.pages, page.links["CSV"])
    assert [row[2] for row in lines_of(answer.data)[1:]] == ["0"]


def test_each_person_in_a_file_is_shown_that_it_was_taken(app: Flask, coordinator: Pages) -> None:
    with writing(app) as session:
        expert = factories.expert(session)
        hidden = factories.expert(session, jurisdiction="SRB").id
    take(coordinator, "/roster/export.csv?jurisdiction=MNE&columns=post")
    with reading(app) as session:
        rows = session.execute(sa.select(ProfileView.page, ProfileView.expert_id)).all()
    assert rows == [("roster.export", expert.id)]
    assert hidden != expert.id
    # Each file is one more, whatever was taken a moment before.
    take(coordinator, "/roster/export.csv?jurisdiction=MNE&columns=post")
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
    statuses = [take(coordinator, "/roster/export.csv?q=x").status_code for _n in range(6)]
    assert statuses == [200, 200, 200, 200, 200, 429]


def test_a_refusal_for_want_of_a_purpose_is_no_file(coordinator: Pages) -> None:
    refused = [take(coordinator, "/roster/export.csv", kind="").status_code for _n in range(6)]
    assert refused == [400] * 6
    assert take(coordinator, "/roster/export.csv").status_code == 200


def test_no_file_leaves_without_a_purpose(app: Flask, coordinator: Pages) -> None:
    with writing(app) as session:
        factories.expert(session)
    page = coordinator.get("/roster", query={"jurisdiction": "MNE"}).follow("CSV")
    assert "Montenegro" in page.text
    refused = page.submit("Download it (CSV)", {"What is the file for?": "other"}, status=400)
    assert refused.errors == {"reason": "Please say it in words: the list does not."}
    refused = page.submit(
        "Download it (CSV)", {"In your own words": "Kept as it was typed"}, status=400
    )
    assert refused.form("Download it (CSV)").values["reason"] == ["Kept as it was typed"]
    with reading(app) as session:
        assert list(session.scalars(sa.select(ProfileView.page))) == ["roster.index"]


@pytest.mark.both_databases
def test_each_person_in_a_file_reads_who_took_it_and_what_for(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        expert = factories.expert(session)
        person = factories.account(session, Role.COORDINATOR, name="Ana Taking")
    coordinator = visitor().come_in(person)
    take(coordinator, "/roster/export.csv", kind="report", reason="Women on the roster")
    take(coordinator, "/roster/export.csv", kind="other", reason="A test of the fire brigade")
    own = visitor().come_in(expert.account)
    for address in ("/my-data", "/profile", "/profile/views"):
        text = own.get(address).text
        assert "Ana Taking" in text
        assert "figures that the platform does not have – Women on the roster" in text
        assert "Taken along for: A test of the fire brigade" in text
    token = {"csrf_token": own.own_token()}
    copy = own.client.post("/my-data/copy", data=token).get_json()
    (files,) = [part for part in copy["sections"] if part["title"].startswith("What files")]
    assert [row["text"] for row in files["rows"]] == [
        "Women on the roster", "A test of the fire brigade",
    ]  # fmt: skip


@pytest.mark.both_databases
@pytest.mark.parametrize("who", ["expert", "coordinator"])
def test_what_a_file_was_for_in_words_goes_with_whom_it_tells_of_or_who_wrote_it(
    app: Flask, visitor: Callable[[], Pages], who: str
) -> None:
    with writing(app) as session:
        expert, other = factories.expert(session), factories.expert(session)
        person = factories.account(session, Role.COORDINATOR)
        factories.account(session, Role.COORDINATOR)
    take(visitor().come_in(person), "/roster/export.csv", reason="All about one of them")
    with writing(app) as session:
        gone = (Expert, expert.id) if who == "expert" else (Account, person.id)
        erasing.erase(factories.work(session, SYSTEM), session.get_one(*gone))
    with reading(app) as session:
        (kept,) = session.scalars(sa.select(Reason))
        assert (kept.kind, kept.text) == (ReasonKind.UPKEEP, "")
    text = visitor().come_in(other.account).get("/my-data").text
    assert "Taken along for: Checking and mending the roster" in text
