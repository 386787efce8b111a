"""Notes of coordinators: kept from those of whom they tell, edited by one at a time, erased."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from tests.webapp.matches.considered import Case
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.experts.models import Expert
from webapp.matches.models import MatchState
from webapp.my_data import operations as my_data
from webapp.roster import operations
from webapp.roster.models import CoordinatorNote

SignIn = Callable[..., Pages]
WORDS = "Prefers calls after four, and speaks better than the papers say."


@pytest.fixture
def coordinator(sign_in_as: SignIn) -> Pages:
    return sign_in_as(Role.COORDINATOR, name="Cora Zgled")


@pytest.fixture
def expert(app: Flask) -> Expert:
    with writing(app) as session:
        return factories.expert(session)


def note(app: Flask, expert: Expert, text: str = WORDS) -> int:
    with writing(app) as session:
        writer = factories.account(session, Role.COORDINATOR)
        known = session.get_one(Expert, expert.id)
        return operations.write_note(factories.work(session, writer), known, text).id


def stored(app: Flask) -> list[str]:
    with reading(app) as session:
        return list(session.scalars(sa.select(CoordinatorNote.text)))


def test_a_note_is_written_changed_and_thrown_away(
    app: Flask, coordinator: Pages, expert: Expert
) -> None:
    page = coordinator.get(f"/roster/{expert.id}").submit("Keep the note", {"Note": WORDS})
    assert WORDS in page.text
    assert "Cora Zgled" in page.text
    edit = next(words for words in page.links if words.startswith("Edit: Prefers"))
    page = page.follow(edit).submit("Save", {"Note": "Calls only."})
    assert "changed by Cora Zgled" in page.text
    assert stored(app) == ["Calls only."]
    page = page.follow("Edit: Calls only.").submit("Save", {"throw_away": "y"})
    assert "Nothing is noted yet" in page.text
    assert stored(app) == []
    with reading(app) as session:
        told = session.scalars(
            sa.select(AuditEvent.action).where(AuditEvent.action.contains("note"))
        ).all()
        assert told == ["note written", "note changed", "note thrown away"]
        assert not session.scalars(
            sa.select(AuditEvent).where(sa.cast(AuditEvent.details, sa.Text).contains("Calls"))
        ).all()


def test_a_note_sent_again_stands_there_once_and_of_others_the_same_is_another(
    app: Flask, coordinator: Pages, expert: Expert
) -> None:
    page = coordinator.get(f"/roster/{expert.id}")
    for _ in range(2):
        page.submit("Keep the note", {"Note": WORDS})
    assert stored(app) == [WORDS]
    note(app, expert)
    assert stored(app) == [WORDS, WORDS]


def test_an_empty_or_endless_note_is_refused_with_its_text(
    coordinator: Pages, expert: Expert
) -> None:
    page = coordinator.get(f"/roster/{expert.id}")
    assert page.submit("Keep the note", {"Note": " "}, status=400).errors
    long = page.submit("Keep the note", {"Note": "n" * 3001}, status=400)
    assert "n" * 3001 in long.text


def test_two_coordinators_on_one_note_lose_no_word(
    app: Flask, coordinator: Pages, sign_in_as: SignIn, expert: Expert
) -> None:
    number = note(app, expert)
    url = f"/roster/{expert.id}/notes/{number}"
    first, second = coordinator.get(url), sign_in_as(Role.COORDINATOR).get(url)
    first.submit("Save", {"Note": "The first."})
    page = second.submit("Save", {"Note": "The second."}, status=409)
    assert "This note was changed since you opened it" in page.text
    assert "The first." in page.text
    assert "The second." in page.text
    assert stored(app) == ["The first."]
    page.submit("Save", {"Note": "Both."})
    assert stored(app) == ["Both."]


def test_nobody_reads_what_is_noted_about_themselves(
    app: Flask, expert: Expert, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.EXPERT, Role.COORDINATOR)
        own = factories.expert(session, person=person)
    number = note(app, own)
    pages = visitor().come_in(person)
    for url in ("/profile", f"/roster/{own.id}"):
        assert WORDS not in pages.get(url).text
    pages.get(f"/roster/{own.id}/notes/{number}", status=403)
    token = pages.own_token()
    answer = pages.client.post(
        f"/roster/{own.id}/notes", data={"csrf_token": token, "note-text": "x"}
    )
    assert answer.status_code == 403
    assert note(app, expert)
    assert WORDS in pages.get(f"/roster/{expert.id}").text
    pages.get(f"/roster/{expert.id}/notes/{number}", status=404)


@pytest.mark.parametrize("side", ["rival", "own authority"])
def test_nobody_notes_anything_about_a_rival_or_an_official_of_the_own_authority(
    app: Flask, visitor: Callable[[], Pages], side: str
) -> None:
    if side == "rival":
        case = Case(app, visitor, MatchState.AVAILABLE)
        pages, number = case.pages, case.rivals_profile
    else:
        with writing(app) as session:
            house = factories.organisation(session).id
            roles = (Role.COORDINATOR, Role.NOMINATING_AUTHORITY)
            member = factories.account(session, *roles, organisation_id=house)
            number = factories.expert(session, authority_id=house, signs_in=False).id
        pages = visitor().come_in(member)
    with writing(app) as session:
        work = factories.work(session, factories.account(session, Role.COORDINATOR))
        kept = operations.write_note(work, session.get_one(Expert, number), WORDS).id
    address = f"/roster/{number}"
    page = pages.get(address)
    assert WORDS in page.text
    assert not [one for one in page.addresses if one.startswith(f"{address}/notes")]
    assert not [form for form in page.forms if form.action.startswith(f"{address}/notes")]
    pages.get(f"{address}/notes/{kept}", status=403)
    pages.post(f"{address}/notes", {"note-text": "Was ill."}, status=403)
    changes = ({"text": "Was ill."}, {"text": "x", "throw_away": "y"})
    for sent in changes:
        pages.post(f"{address}/notes/{kept}", {"version": "1", **sent}, status=403)
    assert stored(app) == [WORDS]


def test_notes_are_in_the_copy_of_ones_data_and_go_with_the_person(
    app: Flask, expert: Expert
) -> None:
    note(app, expert)
    with writing(app) as session:
        work = factories.work(session, None)
        person = session.get_one(Expert, expert.id)
        found = my_data.copy(work, person)
        rows = {s.rule.table.__tablename__: s.rows for s in found}["coordinator_note"]
        assert [row["text"] for row in rows] == [WORDS]
        my_data.erase(work, person)
    assert stored(app) == []
