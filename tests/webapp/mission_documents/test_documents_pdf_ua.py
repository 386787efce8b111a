"""Every kind of PDF file that the platform makes is PDF/UA, as a validator finds."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from webapp.core.files.pdf import lay_out
from webapp.core.roles import Role
from webapp.deployments.models import Deployment
from webapp.expertise_requests.models import RequestState
from webapp.mission_documents import making
from webapp.mission_documents.models import DocumentKind
from webapp.mission_documents.queries import Subject
from webapp.mission_reports import lessons
from webapp.mission_reports.content import LessonContent
from webapp.mission_reports.models import Side

validator: Any = pytest.importorskip("page")


def faults_of(file: bytes) -> list[str]:
    """Return what the validator has against a file."""
    report = validator.validate_pdf_bytes(file, profile=validator.ValidationProfile.PDF_UA_1)
    return [f"{one.rule_id}: {one.message}" for one in report.failures]


def mission_with_a_past(session: Any, clock: Any) -> Deployment:
    """Make a mission that is over, to a place where another was before that has taught a lesson."""
    earlier = factories.returned_mission(session, clock)
    office = factories.account(session, Role.COORDINATOR)
    there = earlier.match.request.jurisdiction
    taught = LessonContent("Bring a second interpreter.", None, there)
    lessons.add(factories.work(session, office), earlier, taught)
    made = factories.returned_mission(session, clock)
    factories.report(session, made, Side.REQUESTER)
    made.match.authority_id = factories.organisation(session).id
    made.match.request.handled_by = office.id
    session.flush()
    return made


def test_the_validator_finds_a_file_without_a_title_and_one_without_tags() -> None:
    without_title = lay_out('<html lang="en"><body><h1>A page</h1></body></html>')
    assert faults_of(without_title) != []
    assert faults_of(lay_out('<html lang="en"><title>A page</title><h1>A page</h1></html>')) == []


@pytest.mark.thorough
@pytest.mark.parametrize("kind", DocumentKind)
def test_each_document_of_a_mission_is_pdf_ua(app: Flask, clock: Any, kind: DocumentKind) -> None:
    with writing(app) as session:
        made = mission_with_a_past(session, clock)
        mission = None if kind is DocumentKind.NOMINATION else made
        about = Subject(made.match, mission, whole=True)
        for language in ("en", "ru"):
            with app.test_request_context():
                page = making.write(
                    session, kind, about, language=language, made_on=date(2031, 1, 1)
                )
            assert faults_of(lay_out(page)) == [], language


@pytest.mark.thorough
@pytest.mark.parametrize("lines", [4, 5, 6])
def test_a_letter_on_many_tasks_is_pdf_ua_wherever_its_page_ends(
    app: Flask, clock: Any, lines: int
) -> None:
    tasks = [f"{number}. Teach{' customs officers on arms' * lines}." for number in range(1, 10)]
    with writing(app) as session:
        asked = factories.request(session, RequestState.ACCEPTED, tasks="\n".join(tasks))
        made = factories.returned_mission(session, clock, request=asked)
        factories.report(session, made, Side.REQUESTER)
        about = Subject(made.match, made, whole=True)
        with app.test_request_context():
            letter = making.write(
                session, DocumentKind.THANKS_EXPERT, about, language="en", made_on=date(2031, 1, 1)
            )
    assert tasks[-1] in letter
    assert faults_of(lay_out(letter)) == []


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_report_of_a_period_and_the_copy_of_ones_data_are_pdf_ua(
    app: Flask, clock: Any, sign_in_as: Callable[..., Pages], language: str
) -> None:
    with writing(app) as session:
        mission_with_a_past(session, clock)
    pages = sign_in_as(Role.COORDINATOR, language=language)
    report = pages.client.get("/insights/report.pdf?first=2015-01-01&last=2040-01-01")
    assert faults_of(report.data) == []
    copy = pages.client.post("/my-data/document", data={"csrf_token": pages.own_token()})
    assert faults_of(copy.data) == []
