"""One's own data: a copy of everything, and erasing from every table, text and file."""

import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from pypdf import PdfReader

from tests import factories
from tests.databases import reading, rows, writing
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.core import invariants
from webapp.core.db import db
from webapp.core.record.disclosure import Named
from webapp.core.roles import Role
from webapp.core.words.translation import _
from webapp.expertise_requests.models import RequestState
from webapp.experts.models import Evidence, EvidenceKind, Expert, ExpertState, ProfileView
from webapp.matches.models import Match, MatchState
from webapp.messages import operations as messages
from webapp.messages.letters import Letter
from webapp.my_data import operations, views

Visitor = Callable[[], Pages]
# Nobody else in any test is called so, and no other text has such words.
NAME, ADDRESS = "Zdravka Quillfeather", "zdravka.quillfeather@example.org"
WORDS = ("Quillfeather", "quillfeather", "xylograph", "Ministry of Umbrellas", "Umbrella keeper")


@pytest.fixture
def person(app: Flask) -> tuple[int, int]:
    """Return the numbers of account and profile of an expert who is known in many places."""
    with writing(app) as session:
        own = factories.account(
            session, Role.EXPERT, name=NAME, email=ADDRESS, institution="Ministry of Umbrellas"
        )
        expert = factories.expert(
            session,
            person=own,
            name=NAME,
            institution="Ministry of Umbrellas",
            post="Umbrella keeper",
            summary="Prints xylographs. Marks weapons and traces firearms.",
        )
        expert.evidence.append(
            Evidence(kind=EvidenceKind.PROJECT, title="Marking of weapons by xylograph")
        )
        session.flush()
        states = (MatchState.APPROVED, MatchState.INVITED, MatchState.NOT_SELECTED)
        for number, state in enumerate(states):
            day = date(2031, 1, 6) + timedelta(weeks=number)
            wanted = factories.request(
                session, RequestState.ACCEPTED, start=day, end=day + timedelta(days=2)
            )
            factories.match(session, state, request=wanted, expert=expert)
        return own.id, expert.id


def everything(app: Flask, folder: Path) -> str:
    """Return all that the database and the files beside it hold, as one text."""
    written = "\n".join(map(repr, rows(app).values()))
    files = [file for file in folder.glob("roster-*/*") if file.is_file()]
    return written + "".join(file.read_bytes().decode("latin-1") for file in files)


@pytest.mark.both_databases
def test_of_who_was_erased_nothing_stays_in_database_index_and_mails(
    app: Flask, person: tuple[int, int]
) -> None:
    folder = Path(app.config["INSTANCE_FOLDER"])
    before = everything(app, folder)
    assert all(word in before for word in WORDS)
    with writing(app) as session:
        own = session.get_one(Account, person[0])
        operations.erase(factories.work(session, own), own)
    after = everything(app, folder)
    assert [word for word in WORDS if word in after] == []
    with reading(app) as session:
        expert = session.get_one(Expert, person[1])
        assert (expert.state, expert.name) == (ExpertState.ERASED, f"#{person[1]}")
        matches = session.query(Match).where(Match.expert_id == expert.id).all()
        assert {match.state for match in matches} == {MatchState.CANCELLED, MatchState.NOT_SELECTED}
        assert invariants.run(db.session) == []


def test_the_page_erases_after_a_question_and_signs_out(
    app: Flask, visitor: Visitor, person: tuple[int, int]
) -> None:
    pages = visitor().sign_in(ADDRESS)
    page = pages.get("/my-data").follow("Erase me …")
    refused = page.submit("Erase me", status=400)
    assert refused.errors == {"understood": "Please tick this if you want to go on."}
    done = refused.submit("Erase me", {"I understand that nobody can bring this back": "y"})
    assert done.heading == "You are erased"
    pages.get("/my-data", status=302)
    with reading(app) as session:
        assert session.get_one(Account, person[0]).active is False


def test_the_last_administrator_cannot_be_erased(app: Flask, visitor: Visitor) -> None:
    with writing(app) as session:
        only = factories.account(session, Role.ADMINISTRATOR)
        address = only.email
    page = visitor().sign_in(address).get("/my-data/erase")
    page.submit("Erase me", {"I understand that nobody can bring this back": "y"}, status=409)
    with reading(app) as session:
        assert session.get_one(Account, only.id).email == address


def copied_by(pages: Pages) -> Any:
    """Return the answer with somebody's copy for machines."""
    return pages.client.post("/my-data/copy", data={"csrf_token": pages.own_token()})


def test_the_copy_holds_every_word_and_no_key(
    app: Flask, visitor: Visitor, person: tuple[int, int]
) -> None:
    pages = visitor().sign_in(ADDRESS)
    answer = copied_by(pages)
    copied = json.loads(answer.data)
    text = json.dumps(copied, ensure_ascii=False)
    assert [word for word in WORDS if word not in text] == []
    assert answer.headers["Content-Disposition"].startswith("attachment")
    by_table: dict[str, list[Any]] = {one["table"]: one["rows"] for one in copied["sections"]}
    assert len(by_table["match"]) == 3
    with reading(app) as session:
        own = session.get_one(Account, person[0])
        assert own.password not in text
        assert own.fs_uniquifier not in text


@pytest.mark.parametrize("act", ["copy", "document"])
def test_whom_a_copy_names_is_recorded_as_shown(app: Flask, visitor: Visitor, act: str) -> None:
    """Notices name experts to coordinators; of them a copy holds nothing but the name."""
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        expert = factories.expert(session, name=NAME)
        letter = Letter(_("A word"), _("Of %(expert)s.", expert=Named.of(expert)), "/roster")
        messages.queue(factories.work(session), office.id, letter)
        number = expert.id
    pages = visitor().come_in(office)
    answer = pages.client.post(f"/my-data/{act}", data={"csrf_token": pages.own_token()})
    if act == "copy":
        rows_ = {one["table"]: one["rows"] for one in json.loads(answer.data)["sections"]}
        (notice,) = rows_["notice"]
        assert notice["words"]["text"] == f"Of {NAME}."
        assert "person" not in json.dumps(notice)
    with reading(app) as session:
        views = session.query(ProfileView).all()
        assert [(row.expert_id, row.account_id) for row in views] == [(number, office.id)]


@pytest.mark.parametrize("act", ["copy", "document"])
def test_whoever_was_chosen_from_a_ranking_is_given_the_copy(
    app: Flask, visitor: Visitor, act: str
) -> None:
    """What counted is kept with its facts, which are no text to be put into words."""
    with writing(app) as session:
        expert = factories.expert(session)
        request = factories.request(session, RequestState.ACCEPTED, years_wanted=10)
        address, person = f"/requests/{request.id}/matches", expert.account
        office = factories.account(session, Role.COORDINATOR)
    visitor().come_in(office).get(address).submit("Shortlist")
    with reading(app) as session:
        explained = session.query(Match).one().explanation
        assert any("facts" in one for one in explained["considerations"])
    pages = visitor().come_in(person)
    answer = pages.client.post(f"/my-data/{act}", data={"csrf_token": pages.own_token()})
    assert answer.status_code == 200


@pytest.mark.parametrize("act", ["copy", "document"])
def test_who_shows_again_who_they_are_comes_back_to_a_page(
    app: Flask, visitor: Visitor, person: tuple[int, int], clock: Any, act: str
) -> None:
    pages = visitor().sign_in(ADDRESS)
    token = pages.own_token()
    clock.shift(timedelta(minutes=16))
    asked = pages.client.post(f"/my-data/{act}", data={"csrf_token": token})
    assert asked.location == "/verify?next=/my-data"


def test_a_copy_holds_nobody_else(app: Flask, visitor: Visitor, person: tuple[int, int]) -> None:
    with writing(app) as session:
        other = factories.account(session, Role.EXPERT)
        factories.expert(session, person=other)
    pages = visitor().sign_in(other.email)
    answer = copied_by(pages)
    assert [word for word in WORDS if word in answer.text] == []


def test_a_copy_can_be_read_and_is_tagged(
    app: Flask, visitor: Visitor, person: tuple[int, int]
) -> None:
    pages = visitor().sign_in(ADDRESS)
    answer = pages.client.post("/my-data/document", data={"csrf_token": pages.own_token()})
    assert answer.mimetype == "application/pdf"
    document = PdfReader(io.BytesIO(answer.data))
    marks: Any = document.root_object["/MarkInfo"]
    assert marks["/Marked"]
    text = " ".join(page.extract_text() for page in document.pages)
    assert [word for word in WORDS if word not in " ".join(text.split())] == []


def test_of_very_much_the_newest_is_printed_and_that_is_said(
    app: Flask, visitor: Visitor, person: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST_PRINTED", 2)
    with writing(app) as session:
        work = factories.work(session)
        for number in range(4):
            letter = Letter(_("Notice %(number)s", number=number), _("Text."), "/notices")
            messages.queue(work, person[0], letter)
    pages = visitor().sign_in(ADDRESS)
    answer = pages.client.post("/my-data/document", data={"csrf_token": pages.own_token()})
    found = PdfReader(io.BytesIO(answer.data))
    text = " ".join(" ".join(page.extract_text() for page in found.pages).split())
    assert "The newest 2 of" in text
    assert "Notice 3" in text
    assert "Notice 0" not in text.partition("Notices")[2].partition("Mails")[0]


def test_commands_copy_and_erase_an_expert_without_an_account(app: Flask, tmp_path: Path) -> None:
    with writing(app) as session:
        number = factories.expert(session, name=NAME).id
    path = tmp_path / "copy.json"
    assert run(app, "copy", str(number), str(path)).exit_code == 0
    assert NAME in path.read_text()
    assert run(app, "erase", str(number), "--yes").exit_code == 0
    with reading(app) as session:
        assert session.get_one(Expert, number).name == f"#{number}"
    assert run(app, "erase", str(number), "--yes").exit_code == 1


def run(app: Flask, *words: str) -> Result:
    """Run a command about personal data."""
    with app.app_context():
        return app.test_cli_runner().invoke(args=["personal-data", *words])
