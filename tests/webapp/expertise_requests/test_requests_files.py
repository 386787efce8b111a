"""Files of a request: added and removed by those who ask and by SEESAC, read by those meant."""

import io
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from webapp.core import invariants
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestFile, RequestState
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import ENDED

PDF = b"%PDF-1.7 the agenda of three days"


class Case:
    """A request for which an expert is invited, with its requester, a coordinator, the expert."""

    def __init__(
        self, app: Flask, visitor: Callable[[], Pages], state: MatchState = MatchState.INVITED
    ) -> None:
        self.app = app
        with writing(app) as session:
            office = factories.account(session, Role.COORDINATOR)
            match = factories.match(session, state, coordinator=office)
            self.match_id, self.request_id = match.id, match.request_id
            people = match.request.requester, office, match.expert.account
        self.requester, self.coordinator, self.expert = (
            visitor().come_in(person) for person in people
        )
        self.address = f"/requests/{self.request_id}/files"
        self.invitation = f"/invitations/{self.match_id}"

    def add(self, pages: Pages, data: bytes = PDF, name: str = "Agenda.pdf", **more: str) -> Page:
        sent = {"csrf_token": pages.own_token(), "file": (io.BytesIO(data), name), **more}
        return pages.check(self.address, pages.client.post(self.address, data=sent))

    def files(self) -> list[int]:
        with reading(self.app) as session:
            return list(session.scalars(sa.select(RequestFile.id).order_by(RequestFile.id)))


@pytest.fixture
def case(app: Flask, visitor: Callable[[], Pages]) -> Case:
    return Case(app, visitor)


@pytest.mark.both_databases
def test_a_file_comes_back_as_it_was_sent_and_as_nothing_but_a_download(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor)
    assert case.add(case.requester, name="Програм рада.pdf").status == 302
    (file,) = case.files()
    for pages in (case.requester, case.coordinator):
        assert "Програм рада.pdf" in pages.get(f"/requests/{case.request_id}").text
        answer = pages.client.get(f"{case.address}/{file}")
        assert answer.data == PDF
        assert answer.mimetype == "application/pdf"
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer.headers["Cache-Control"]


def test_an_invited_expert_reads_what_is_meant_for_them_alone(case: Case) -> None:
    case.add(case.requester, name="Inside.pdf")
    case.add(case.requester, PDF + b"2", name="Agenda.pdf", for_invited="y")
    inside, agenda = case.files()
    page = case.expert.get(case.invitation)
    assert "Agenda.pdf" in page.text
    assert "Inside.pdf" not in page.text
    given = case.expert.client.get(f"{case.invitation}/files/{agenda}")
    assert given.data == PDF + b"2"
    for number in (inside, 999):
        case.expert.get(f"{case.invitation}/files/{number}", status=404)


@pytest.mark.parametrize("state", sorted(ENDED))
def test_whoever_fell_out_reads_no_file_that_is_added_later(
    app: Flask, visitor: Callable[[], Pages], state: MatchState
) -> None:
    case = Case(app, visitor, state)
    for name, data in {"Before.pdf": PDF, "Later.pdf": PDF + b"2"}.items():
        case.add(case.requester, data, name=name, for_invited="y")
    before, later = case.files()
    with writing(app) as session:
        fell_out = session.get_one(Match, case.match_id).state_since
        session.get_one(RequestFile, before).added_at = fell_out
    page = case.expert.get(case.invitation)
    assert "Before.pdf" in page.text
    assert "Later.pdf" not in page.text
    case.expert.get(f"{case.invitation}/files/{later}", status=404)
    assert case.expert.client.get(f"{case.invitation}/files/{before}").data == PDF


def test_a_file_of_another_request_is_as_one_that_does_not_exist(
    app: Flask, visitor: Callable[[], Pages], case: Case
) -> None:
    case.add(case.requester, for_invited="y")
    (file,) = case.files()
    other = Case(app, visitor)
    for address in (f"{other.address}/{file}", f"{case.address}/{file}"):
        other.requester.get(address, status=404)
    other.expert.get(f"{other.invitation}/files/{file}", status=404)
    # Nothing is said but what is said of a file that was removed meanwhile.
    other.requester.post(f"{other.address}/{file}/remove", {}, status=302)
    assert case.files() == [file]


def test_a_removed_file_is_gone_with_its_content_and_both_are_in_the_log(case: Case) -> None:
    case.add(case.requester)
    (file,) = case.files()
    case.coordinator.post(f"{case.address}/{file}/remove", {}, status=302)
    assert case.files() == []
    case.requester.get(f"{case.address}/{file}", status=404)
    case.requester.post(f"{case.address}/{file}/remove", {}, status=302)
    with reading(case.app) as session:
        events = sa.select(AuditEvent.action).where(AuditEvent.request_id == case.request_id)
        actions = list(session.scalars(events))
    assert actions.count(Action.FILE_ADDED) == actions.count(Action.FILE_REMOVED) == 1


def test_the_same_file_stands_there_once_and_no_more_than_five_do(case: Case) -> None:
    assert case.add(case.requester).status == 302
    assert "there already" in case.add(case.requester, name="Again.pdf").errors["file"]
    for number in range(4):
        assert case.add(case.requester, PDF + bytes([number])).status == 302
    assert "no more fit" in case.add(case.requester, PDF + b"sixth").errors["file"]
    assert len(case.files()) == 5


def test_an_unfit_file_is_refused_at_its_field(case: Case) -> None:
    assert "whatever its name says" in case.add(case.requester, b"MZ").errors["file"]
    assert (
        "Please choose a file." in case.requester.post(case.address, {}, status=400).errors["file"]
    )
    assert case.files() == []


def test_of_an_ended_request_the_files_are_read_and_not_changed(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        wanted = factories.request(session, RequestState.DECLINED)
        requester, address = wanted.requester, f"/requests/{wanted.id}/files"
    pages = visitor().come_in(requester)
    assert "Add the file" not in pages.get(address).text
    sent = {"csrf_token": pages.own_token(), "file": (io.BytesIO(PDF), "a.pdf")}
    assert pages.client.post(address, data=sent).status_code == 409


def test_changed_content_is_found_by_the_check(case: Case) -> None:
    case.add(case.requester)
    with writing(case.app) as session:
        assert invariants.run(session) == []
        session.execute(sa.update(RequestFile).values(content=b"x" * len(PDF)))
        assert "“Agenda.pdf” among RequestFile rows has changed" in " ".join(
            invariants.run(session)
        )
