"""What administrators do with themes, and that installing again does not undo it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.config import DATA
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.themes import operations, queries
from webapp.themes.models import Theme

FILE = DATA / "thesaurus" / "themes.tsv"
REFORM = "POL-REF"


def labels(session: Session) -> list[str]:
    """Return the labels of all themes in their order."""
    return [theme.label for theme in queries.list_with_synonyms(session)]


def release(folder: Path, *, renamed: str = "", added: str = "") -> Path:
    """Write the file of a newer release: a theme renamed, another added."""
    text = FILE.read_text("utf-8")
    if renamed:
        rows = text.splitlines()
        place = next(n for n, row in enumerate(rows) if row.startswith(f"{REFORM}\t"))
        rows[place] = f"{REFORM}\t{renamed}\t"
        text = "\n".join(rows) + "\n"
    if added:
        text += f"POL-NEW\t{added}\t\n"
    path = folder / "themes.tsv"
    path.write_text(text, "utf-8")
    return path


def test_installing_again_changes_nothing(session: Session) -> None:
    before, revision = labels(session), queries.get_revision(session)
    operations.load(session, FILE)
    assert labels(session) == before
    assert queries.get_revision(session) == revision


def test_a_newer_release_renames_what_nobody_has_renamed(session: Session, tmp_path: Path) -> None:
    before = queries.get_revision(session)
    operations.load(session, release(tmp_path, renamed="police reform", added="riot policing"))
    session.expire_all()
    assert queries.get(session, REFORM).label == "Police reform"
    added = queries.get(session, "POL-NEW")
    area = [row.code for row in queries.list_with_synonyms(session) if row.area == added.area]
    assert area[-1] == "POL-NEW"
    assert queries.get_revision(session) > before


def test_installing_again_undoes_nothing_that_administrators_changed(
    session: Session, tmp_path: Path
) -> None:
    work = factories.work(session)
    theme = queries.get(session, REFORM)
    operations.rename(work, theme, "Our police reform", seen=theme.label)
    operations.retire(work, queries.get(session, "JUS"), retired=True)
    operations.move(work, queries.get(session, "TRN-PSO"), up=True)
    operations.add(work, "Riot policing", theme.area)
    order = [row.code for row in queries.list_with_synonyms(session)]
    operations.load(session, release(tmp_path, renamed="police reform", added="riot policing"))
    session.expire_all()
    assert queries.get(session, REFORM).label == "Our police reform"
    assert queries.get(session, "JUS").retired
    # A release may bring what an administrator has made before; the upgrade must not stop for it.
    assert queries.get(session, "POL-NEW").label == "Riot policing (POL-NEW)"
    after = [row.code for row in queries.list_with_synonyms(session)]
    assert [code for code in after if code != "POL-NEW"] == order


def test_a_theme_is_moved_within_its_area_and_not_beyond(session: Session) -> None:
    work = factories.work(session)
    first, second = (queries.list_with_synonyms(session)[n] for n in (0, 1))
    operations.move(work, first, up=True)
    assert labels(session)[:2] == [first.label, second.label]
    operations.move(work, first, up=False)
    assert labels(session)[:2] == [second.label, first.label]
    areas = [theme.area for theme in queries.list_with_synonyms(session)]
    last = [theme for theme in queries.list_with_synonyms(session) if theme.area == areas[0]][-1]
    before = labels(session)
    operations.move(work, last, up=False)
    assert labels(session) == before


def test_a_theme_moves_once_however_often_its_button_is_pressed(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    pages = sign_in_as(Role.ADMINISTRATOR)
    form = pages.get("/themes").form(action="/themes/SALW-POL/move-down")
    with reading(app) as session:
        before = queries.get(session, "SALW-POL").position
    for _press in range(3):
        pages.post("/themes/SALW-POL/move-down", form.filled({}), status=302)
    with reading(app) as session:
        assert queries.get(session, "SALW-POL").position == before + 1
        assert session.query(AuditEvent).filter_by(action=Action.THEME_CHANGED).count() == 1
    again = pages.get("/themes").form(action="/themes/SALW-POL/move-down")
    pages.post("/themes/SALW-POL/move-down", again.filled({}), status=302)
    with reading(app) as session:
        assert queries.get(session, "SALW-POL").position == before + 2


def test_a_retired_theme_stays_where_it_is_used_and_is_offered_no_more(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.REQUESTER)
        with_it = factories.request(session, requester=person, themes=(REFORM,))
        without = factories.request(session, requester=person, themes=("JUS",))
        expert = factories.expert(session)
        operations.retire(factories.work(session), queries.get(session, REFORM), retired=True)
        label = queries.get(session, REFORM).label
    pages = visitor().come_in(person)
    page = pages.get(f"/requests/{with_it.id}/edit")
    assert label in page.text
    assert page.submit("Save as draft", {"Title": "Another title"}).status == 200
    assert label not in pages.get(f"/requests/{without.id}/edit").text
    assert label not in visitor().come_in(expert.account).get("/profile/themes").text
    assert label not in visitor().get("/").text


def test_themes_are_listed_with_what_uses_them_and_found_by_words_of_either_language(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        factories.request(session, themes=(REFORM,))
        theme = queries.get(session, REFORM)
        operations.add_synonym(factories.work(session), theme, "ru", "участковый и соседи")
    pages = sign_in_as(Role.ADMINISTRATOR)
    for words in ("police reform", "uchastkovyj", "участковый"):
        page = pages.get("/themes", query={"search": words})
        assert "1 theme found." in page.text
        assert theme.label in page.text
    assert "No theme fits." in pages.get("/themes?search=nothing-of-the-kind").text
    shown = page.follow(theme.label)
    assert "0 experts" in shown.text
    assert "1 request" in shown.text


def test_the_pages_add_rename_and_refuse_in_words(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    pages = sign_in_as(Role.ADMINISTRATOR)
    area = "Policing and borders"
    new = pages.get("/themes/new")
    page = new.submit("Add the theme", {"Name": "Riot policing", "Area": area})
    assert page.heading == "Riot policing"
    again = new.submit("Add the theme", {"Name": "riot Policing", "Area": area}, status=400)
    assert "of this name already" in again.errors["label"]
    renamed = page.submit("Save the name", {"Name": "Crowd policing"})
    assert renamed.heading == "Crowd policing"
    stale = page.submit("Save the name", {"Name": "Public order"}, status=409)
    assert "named this theme “Crowd policing” meanwhile" in stale.text
    assert stale.form("Save the name").values["label"] == ["Public order"]
    assert stale.submit("Save the name").heading == "Public order"
    known = {"Language": "en", "Wording": "gun"}
    refused = renamed.submit("Add the synonym", known, status=400)
    assert "knows this wording already, as “weapons”." in refused.errors["wording"]
    done = renamed.submit("Add the synonym", {**known, "Wording": "kettle of fans"})
    assert "reads “kettle of fans” as this theme" in done.text
    assert "is no synonym any more" in done.submit("Remove").text
    with reading(app) as session:
        actions = {event.action for event in session.query(AuditEvent)}
    assert {"theme created", "theme changed", "synonym added", "synonym removed"} <= actions


@pytest.mark.both_databases
def test_positions_stay_unique_while_they_are_changed(app: Flask) -> None:
    with writing(app) as session:
        work = factories.work(session)
        theme = operations.add(work, "A theme of the tests", operations.AREA_NAMES[1])
        operations.move(work, theme, up=True)
    with reading(app) as session:
        positions = [row.position for row in session.query(Theme)]
        assert sorted(positions) == list(range(len(positions)))
