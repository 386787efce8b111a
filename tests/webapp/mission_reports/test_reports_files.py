"""Files of a report: added by its writer until it is sent, read by those who read what remains."""

import io
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from tests.webapp.mission_reports.test_reports_readers import add_file, give_back, marked
from webapp.accounts import operations as accounts
from webapp.core import invariants
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.files.stored_files import read_file
from webapp.core.roles import Role
from webapp.mission_reports import attachments, operations
from webapp.mission_reports.models import MissionReportFile, Side
from webapp.my_data import operations as my_data

PDF = b"%PDF-1.7 the slides"


class Case:
    """A mission with the draft of its expert's report, and everybody who may read it."""

    def __init__(self, app: Flask, clock: Any, visitor: Callable[[], Pages]) -> None:
        self.app = app
        with writing(app) as session:
            self.made = factories.returned_mission(session, clock)
            factories.report(session, self.made, Side.EXPERT, sent=False)
            people = {side.value: factories.missions.writer_of(self.made, side) for side in Side}
            people["office"] = factories.account(session, Role.COORDINATOR)
            people["stranger"] = factories.account(session, Role.EXPERT)
        self.people = people
        self.pages = {name: visitor().come_in(person) for name, person in people.items()}
        self.address = f"/deployments/{self.made.id}/reports/expert/files"

    def add(self, who: str, data: bytes = PDF, name: str = "Slides.pdf") -> Page:
        pages = self.pages[who]
        sent = {"csrf_token": pages.own_token(), "file": (io.BytesIO(data), name)}
        return pages.check(self.address, pages.client.post(self.address, data=sent))

    def numbers(self) -> list[int]:
        with reading(self.app) as session:
            return list(session.scalars(sa.select(MissionReportFile.id)))

    def who_reads(self, number: int) -> set[str]:
        url = f"{self.address}/{number}"
        return {name for name, one in self.pages.items() if one.client.get(url).status_code == 200}


@pytest.fixture
def case(app: Flask, clock: Any, visitor: Callable[[], Pages]) -> Case:
    return Case(app, clock, visitor)


def test_a_file_is_its_writers_until_the_report_is_sent_and_then_read_by_both_sides(
    case: Case,
) -> None:
    assert case.add("expert").status == 302
    (number,) = case.numbers()
    assert case.who_reads(number) == {"expert"}
    check = case.pages["expert"].get(f"/deployments/{case.made.id}/reports/expert/check")
    assert "Slides.pdf" in check.text
    check.submit("Send the report")
    assert case.who_reads(number) == {"expert", "requester", "office"}
    for who in ("requester", "office"):
        page = case.pages[who].get(f"/deployments/{case.made.id}/reports")
        assert "Slides.pdf" in page.text
    assert case.add("expert", PDF + b"2").status == 404
    given = case.pages["requester"].client.get(f"{case.address}/{number}")
    assert given.data == PDF
    assert given.headers["Content-Disposition"].startswith("attachment;")


def test_a_report_is_not_sent_with_other_files_than_its_sender_was_shown(case: Case) -> None:
    pages = case.pages["expert"]
    check = f"/deployments/{case.made.id}/reports/expert/check"
    before = pages.get(check)
    case.add("expert")
    again = before.submit("Send the report", status=409)
    assert "was changed since you opened this page" in again.text
    assert "Slides.pdf" in again.text
    pages.get(case.address).submit("Remove: Slides.pdf")
    last = again.submit("Send the report", status=409)
    assert "Slides.pdf" not in last.text
    assert last.submit("Send the report").status == 200


def test_nobody_else_adds_or_removes_a_file(case: Case) -> None:
    for who in ("requester", "office", "stranger"):
        assert case.add(who).status == 404, who
    case.add("expert")
    (number,) = case.numbers()
    for who in ("requester", "office", "stranger"):
        case.pages[who].post(f"{case.address}/{number}/remove", {}, status=404)
    assert case.numbers() == [number]
    case.pages["expert"].get(case.address).submit("Remove: Slides.pdf")
    assert case.numbers() == []


def test_the_same_file_stands_there_once_and_no_more_than_three_do(case: Case) -> None:
    assert case.add("expert").status == 302
    assert "there already" in case.add("expert", name="Again.pdf").errors["file"]
    for number in range(2):
        assert case.add("expert", PDF + bytes([number])).status == 302
    assert "no more fit" in case.add("expert", PDF + b"fourth").errors["file"]
    assert "whatever its name says" in case.add("expert", b"MZ").errors["file"]
    assert len(case.numbers()) == attachments.MOST


@pytest.mark.both_databases
def test_files_go_with_the_person_and_changed_content_is_found(app: Flask, clock: Any) -> None:
    with writing(app) as session:
        made = factories.returned_mission(session, clock)
        own = factories.work(session, factories.missions.writer_of(made, Side.EXPERT))
        slides = read_file("Slides.pdf", PDF)
        with pytest.raises(ConflictError, match="save the draft"):
            attachments.add(own, made, Side.EXPERT, slides)
        report = factories.report(session, made, Side.EXPERT, sent=False)
        with pytest.raises(ForbiddenError):
            attachments.add(own, made, Side.REQUESTER, slides)
        attachments.add(own, made, Side.EXPERT, slides)
        assert invariants.run(session) == []
        operations.send(own, made, Side.EXPERT, seen_version=report.version)
        with pytest.raises(ConflictError, match="stays as it is"):
            attachments.add(own, made, Side.EXPERT, read_file("More.pdf", PDF + b"2"))
        session.execute(sa.update(MissionReportFile).values(content=b"x" * len(PDF)))
        assert "“Slides.pdf” among MissionReportFile rows" in " ".join(invariants.run(session))
        person = factories.missions.writer_of(made, Side.EXPERT)
        my_data.erase(factories.work(session, person), person)
        assert session.query(MissionReportFile).count() == 0


def test_a_file_makes_the_words_of_a_report_nobody_elses(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    """A copy and an erasure are of whoever has written them, and they go on with them."""
    with writing(app) as session:
        made = factories.returned_mission(session, clock)
        report = factories.report(session, made, Side.REQUESTER, marked(Side.REQUESTER))
        office = factories.account(session, Role.COORDINATOR)
        admin = factories.account(session, Role.ADMINISTRATOR)
        writer = factories.missions.writer_of(made, Side.REQUESTER)
        give_back(session, clock, office, made, Side.REQUESTER)
        accounts.disable(factories.work(session, admin), writer)
        add_file(factories.work(session, office), made, Side.REQUESTER, "new.pdf")
        accounts.reactivate(factories.work(session, admin), writer)
        assert (report.written_by, report.by_office) == (writer.id, False)
        address = f"/deployments/{made.id}/reports/requester"
    page = visitor().come_in(writer).get(address)
    assert "marked-" in str(page.form("Save the draft").values)
