"""What eight remove at one moment is removed once, and seven read that somebody was quicker."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import is_sound, reading, writing
from tests.faults.pressing import MANY, Sent, count, press_at_once
from tests.pages import Pages
from tests.webapp.roster_imports.sending import Importer
from tests.webapp.roster_imports.test_imports_beside_others import TABLE
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.files.stored_files import read_file
from webapp.core.record.actions import Action
from webapp.core.roles import Role
from webapp.curricula.models import CurriculumDraft
from webapp.expertise_requests import attachments as request_files
from webapp.expertise_requests.models import RequestState
from webapp.mission_reports import attachments as report_files
from webapp.mission_reports import lessons
from webapp.mission_reports.content import LessonContent
from webapp.mission_reports.models import Side

pytestmark = [pytest.mark.attack, pytest.mark.both_databases, pytest.mark.long]
PDF = b"%PDF-1.7 the file"
# Whose it is, where they remove it with which form, and where they are led.
Thing = tuple[Account, Sent, str]


def request_file(session: Session, _clock: Any) -> Thing:
    made = factories.request(session, RequestState.DRAFT)
    work = factories.work(session, made.requester)
    request_files.add(work, made, read_file("Agenda.pdf", PDF), for_invited=False)
    (file,) = request_files.list_files(session, made)
    path = f"/requests/{made.id}/files"
    return made.requester, (f"{path}/{file.id}/remove", {}), path


def report_file(session: Session, clock: Any) -> Thing:
    mission = factories.returned_mission(session, clock)
    writer = factories.missions.writer_of(mission, Side.EXPERT)
    report = factories.report(session, mission, Side.EXPERT, sent=False)
    work = factories.work(session, writer)
    report_files.add(work, mission, Side.EXPERT, read_file("Slides.pdf", PDF))
    (file,) = report_files.list_files(session, report)
    path = f"/deployments/{mission.id}/reports/expert/files"
    return writer, (f"{path}/{file.id}/remove", {}), path


def lesson(session: Session, clock: Any) -> Thing:
    mission = factories.returned_mission(session, clock)
    office = factories.account(session, Role.COORDINATOR)
    content = LessonContent(text="Interpreters are needed.", theme_code=None, jurisdiction=None)
    kept = lessons.add(factories.work(session, office), mission, content)
    path = f"/deployments/{mission.id}/reports"
    return office, (f"{path}/lessons/{kept.id}/remove", {}), path


def draft(session: Session, _clock: Any) -> Thing:
    expert = factories.expert(session)
    assert expert.account
    nothing: dict[str, Any] = {}
    kept = CurriculumDraft(expert_id=expert.id, read_at=clock.now(), text="", pieces=nothing)
    session.add(kept)
    return expert.account, ("/profile/curriculum/drop", {"version": "0"}), "/profile"


def entry(session: Session, _clock: Any) -> Thing:
    expert = factories.expert(session)
    assert expert.account
    path = f"/profile/evidence/{expert.evidence[0].id}/remove"
    return expert.account, (path, {"version": str(expert.version)}), "/profile"


@pytest.mark.parametrize(
    ("prepare", "told"),
    [
        (request_file, "The file was removed already."),
        (report_file, "The file was removed already."),
        (lesson, "The lesson was removed already."),
        (draft, "The draft was deleted already."),
        (entry, "This entry was removed already, in another window."),
    ],
)
def test_what_eight_remove_at_one_moment_is_removed_once_and_told(
    app: Flask, clock: Any, prepare: Callable[[Session, Any], Thing], told: str
) -> None:
    with writing(app) as session:
        owner, sent, path = prepare(session, clock)
    visitors = [Pages(app).come_in(owner) for _ in range(MANY)]
    assert set(press_at_once(app, visitors, [sent] * MANY)) <= {302, 303}
    read = [told in pages.get(path).text for pages in visitors]
    assert read.count(False) == 1, "one of them did it"
    assert is_sound(app)


@pytest.mark.parametrize(
    ("path", "action"), [("drop", Action.ROSTER_DROPPED), ("undo", Action.ROSTER_UNDONE)]
)
def test_an_import_is_dropped_or_taken_back_once(
    app: Flask, pages: Pages, path: str, action: str
) -> None:
    importer = Importer(app, pages)
    importer.store(TABLE) if path == "undo" else importer.check(TABLE)
    sent = f"{importer.path()}/{path}", {"version": str(importer.latest().version)}
    visitors = [Pages(app).come_in(importer.account) for _ in range(MANY)]
    found = press_at_once(app, visitors, [sent] * MANY)
    assert sorted(found) == [303] + [409] * (MANY - 1)
    if path == "drop":
        assert count(app, action) == 1
    with reading(app):
        assert is_sound(app)
