"""The index of the roster in files: shared by workers, newest at each ranking, never of another."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock, create_autospec

import pytest
import sqlalchemy as sa
from flask import Flask

from matcher import ExpertIndex
from tests import factories
from tests.databases import file_of, reading, writing
from webapp.backups.scratch import copy_file
from webapp.experts import operations
from webapp.experts import queries as experts
from webapp.experts.models import Expert, ExpertState
from webapp.experts.revisions import touch
from webapp.experts.workflow import ExpertStep
from webapp.matches import sweep
from webapp.matches.ranking import facets, roster_index
from webapp.matches.ranking.members import ALL, NOT_RANKED, Members
from webapp.matches.ranking.roster_index import RosterIndex
from webapp.matches.ranking.saved_roster import SavedRoster, folder_of
from webapp.themes import operations as theme_operations
from webapp.themes import queries as themes

Worker = Callable[[], RosterIndex]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder in which the workers keep the index."""
    return tmp_path / "roster-index"


@pytest.fixture
def worker(folder: Path) -> Iterator[Worker]:
    """Return what makes a worker that keeps even the smallest roster."""
    made: list[RosterIndex] = []

    def make() -> RosterIndex:
        made.append(RosterIndex(folder, small=0))
        return made[-1]

    yield make
    for one in made:
        one.finish()


def ids(app: Flask, worker: RosterIndex) -> set[str]:
    """Return whom a worker would rank now."""
    with reading(app) as session:
        index, revision = worker.current(session)
        assert revision == experts.get_roster_revision(session)
        people = session.scalars(sa.select(Expert.id)).all()
        found = {str(key) for key in people if str(key) in index}
        assert len(found) == len(index)
    worker.finish()
    return found


def kept(folder: Path) -> bytes:
    """Return all bytes of the files."""
    return b"".join(file.read_bytes() for file in folder.iterdir())


def add(app: Flask, summary: str = "Shoes horses.", **facts: Any) -> int:
    """Put an expert on the roster and return the id."""
    with writing(app) as session:
        return factories.expert(session, summary=summary, **facts).id


def change(app: Flask, expert_id: int, **facts: Any) -> None:
    """Change a profile."""
    with writing(app) as session:
        expert = session.get_one(Expert, expert_id)
        for name, value in facts.items():
            setattr(expert, name, value)
        touch(session, expert)


def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the test fail if the whole roster is read from the database."""
    monkeypatch.setattr(RosterIndex, "_read", lambda *_: pytest.fail("read from the database"))


def test_a_second_worker_maps_what_the_first_has_saved(
    app: Flask, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = {str(add(app)), str(add(app))}
    assert ids(app, worker()) == wanted
    unread(monkeypatch)
    assert ids(app, worker()) == wanted


def test_edits_after_a_save_are_in_every_worker_at_its_next_ranking(
    app: Flask, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = str(add(app))
    one, other = worker(), worker()
    assert ids(app, one) == ids(app, other) == {first}
    unread(monkeypatch)
    second = str(add(app))
    assert ids(app, one) == ids(app, other) == ids(app, worker()) == {first, second}
    change(app, int(first), state=ExpertState.SUSPENDED)
    for each in (one, other, one, other, worker()):
        assert ids(app, each) == {second}


def test_many_edits_are_saved_by_one_worker_for_all(
    app: Flask, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster_index, "EDITS_AT_MOST", 3)
    saves = create_autospec(ExpertIndex.save, side_effect=ExpertIndex.save)
    monkeypatch.setattr(ExpertIndex, "save", saves)
    add(app)
    one, other = worker(), worker()
    ids(app, one), ids(app, other)
    assert saves.call_count == 1
    for _number in range(3):
        add(app)
    for each in (one, other, one, other):
        assert len(ids(app, each)) == 4
    assert saves.call_count == 2


def test_nothing_of_who_left_stays_in_the_files_after_the_next_ranking(
    app: Flask, worker: Worker, folder: Path
) -> None:
    add(app)
    leaving = add(app, "Plays the xylophone at night.")
    one = worker()
    ids(app, one)
    assert b"xylophon" in kept(folder)
    change(app, leaving, state=ExpertState.SUSPENDED)
    ids(app, one)
    assert b"xylophon" not in kept(folder)
    assert (folder / "index.json").exists()


def test_who_leaves_is_out_of_the_files_though_nobody_ranks(
    app: Flask,
) -> None:
    saved = Path(app.config["INSTANCE_FOLDER"]) / "roster-index"
    worker = RosterIndex(saved, small=0)
    expert_id = add(app, "Plays the xylophone at night.")
    ids(app, worker)
    assert b"xylophon" in kept(saved)
    with writing(app) as session:
        expert = session.get_one(Expert, expert_id)
        operations.take(factories.work(session), expert, ExpertStep.SUSPEND, factories.grounds())
    assert b"xylophon" not in kept(saved)


def test_who_leaves_on_another_host_is_out_of_the_files_of_this_one_within_a_minute(
    app: Flask,
) -> None:
    saved = folder_of(app)
    expert_id, _other = add(app, "Plays the xylophone at night."), add(app)
    ids(app, RosterIndex(saved, small=0))
    forget(app)
    assert b"xylophon" in kept(saved), "nobody has left yet"
    change(app, expert_id, state=ExpertState.SUSPENDED)
    forget(app)
    assert b"xylophon" not in kept(saved)
    ids(app, RosterIndex(saved, small=0))
    forget(app)
    assert (saved / "index.json").exists(), "who is left is kept"
    (saved / "index.json").write_bytes(b"no index")
    forget(app)
    assert not (saved / "index.json").exists()


@pytest.mark.parametrize("members", ALL, ids=lambda members: members.name)
def test_no_profile_of_others_is_read_from_the_database(app: Flask, members: Members) -> None:
    for state in ExpertState:
        add(app, state=state)
    with reading(app) as session:
        everybody = session.scalars(sa.select(Expert)).all()
        read = experts.list_changed_since(session, -1, members.states)
        away = members.list_away(session, -1)
        assert {one.id for one in everybody if members.hold(one)} <= {one.id for one in read}
        assert {one.id for one in everybody} == {one.id for one in read} | set(away)
        assert {one.state for one in read} == members.states


def test_of_who_cannot_be_sent_the_files_are_kept_until_they_leave(app: Flask) -> None:
    saved = folder_of(app, NOT_RANKED)

    def search() -> None:
        worker = RosterIndex(saved, members=NOT_RANKED, small=0)
        with reading(app) as session:
            worker.current(session)
        worker.finish()

    expert_id = add(app, "Plays the xylophone at night.", state=ExpertState.DORMANT)
    add(app, state=ExpertState.SUSPENDED)
    search()
    assert b"xylophon" in kept(saved)
    change(app, expert_id, state=ExpertState.SUSPENDED)
    forget(app)
    assert b"xylophon" in kept(saved), "still not to be sent, and on the roster"
    change(app, expert_id, state=ExpertState.WITHDRAWN)
    forget(app)
    assert kept(saved) == b""
    search()
    assert b"xylophon" not in kept(saved)
    assert (saved / "index.json").exists()


def forget(app: Flask) -> None:
    """Do what the job worker of a host does every minute."""
    with app.app_context():
        sweep.forget_who_left()


@pytest.mark.parametrize("kind", ["cut short", "another version", "empty"])
def test_damaged_files_are_made_anew_and_nobody_is_missing(
    app: Flask, worker: Worker, folder: Path, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    wanted = {str(add(app)), str(add(app))}
    ids(app, worker())
    of_another = 0
    for file in folder.iterdir():
        content = file.read_bytes()
        damaged = {"cut short": content[:-9], "empty": b""}.get(kind, content)
        if kind == "another version":
            damaged, times = re.subn(rb'"version": \d+', b'"version": 4', content, count=1)
            of_another += times
        # Replaced and not written over: the file is mapped.
        file.unlink()
        file.write_bytes(damaged)
    assert of_another == (kind == "another version")
    assert ids(app, worker()) == wanted
    assert "made anew" in caplog.text
    caplog.clear()
    assert ids(app, worker()) == wanted
    assert "made anew" not in caplog.text


def test_files_of_another_database_are_not_believed(
    app: Flask, worker: Worker, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a copy was restored that has gone another way since: its log has other events."""
    wanted = {str(add(app))}
    one = worker()
    ids(app, one)
    held = one._held
    assert held is not None
    stranger = replace(held.edition, event=1, seal="0" * 64)
    SavedRoster(folder).save(held.index, stranger)
    another = worker()
    reads = Mock(wraps=another._read)
    monkeypatch.setattr(another, "_read", reads)
    assert ids(app, another) == wanted
    reads.assert_called_once()


@pytest.mark.parametrize("size", [0, 500], ids=["kept in files", "small"])
def test_workers_that_run_while_a_backup_is_restored_rank_nobody_of_the_lost_history(
    size: int, app: Flask, folder: Path, tmp_path: Path
) -> None:
    """The lost history and the one that follows reach the same revision by different people."""
    stays = str(add(app))
    workers = [RosterIndex(folder, small=size) for _number in range(2)]
    for each in workers:
        assert ids(app, each) == {stays}
    kept_file = tmp_path / "kept.sqlite"
    copy_file(file_of(app), kept_file)
    lost = str(add(app, summary="Shoes horses."))
    for each in workers:
        assert ids(app, each) == {stays, lost}
    copy_file(kept_file, file_of(app))
    follows = add(app, summary="Mends bicycles.")
    assert str(follows) == lost  # Even the number is the same.
    for each in (*workers, RosterIndex(folder, small=size)):
        assert ids(app, each) == {stays, lost}
        with reading(app) as session:
            index, _revision = each.current(session)
            terms = str(index.top_terms(lost))
            assert "bicycl" in terms
            assert "horse" not in terms


def test_what_is_remembered_of_a_lost_history_is_forgotten_with_it(
    app: Flask, tmp_path: Path
) -> None:
    """By the same number of the roster another history offers other things to choose."""
    worker, kept_file = RosterIndex(), tmp_path / "kept.sqlite"

    def offered() -> frozenset[str]:
        with reading(app) as session:
            worker.current(session)
            return frozenset(worker.remembered(session, facets.read_offered).jurisdictions)

    add(app, jurisdiction="MNE")
    copy_file(file_of(app), kept_file)
    add(app, jurisdiction="SRB")
    assert offered() == {"MNE", "SRB"}
    copy_file(kept_file, file_of(app))
    add(app, jurisdiction="MKD")
    assert offered() == {"MNE", "MKD"}


def test_a_thread_that_began_earlier_does_not_take_a_newer_index_for_one_of_another_history(
    app: Flask, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = str(add(app))
    one = worker()
    ids(app, one)
    unread(monkeypatch)
    with reading(app) as early:
        experts.get_roster_revision(early)  # From here on it sees this moment.
        second = str(add(app))
        with app.app_context():
            assert ids(app, one) == {first, second}
        index, _revision = one.current(early)
        assert second in index


@pytest.mark.thorough
def test_rankings_go_on_while_the_roster_is_read_anew_for_other_themes(
    app: Flask, worker: Worker
) -> None:
    first = str(add(app))
    one, other = worker(), worker()
    for each in (one, other, one):
        ids(app, each)
    with writing(app) as session:
        theme = themes.get(session, "POL-REF")
        theme_operations.add_synonym(factories.work(session), theme, "en", "zorbelite quell")
    second = str(add(app))
    with reading(app) as session:
        before = one._held
        assert before is not None
        index, _revision = one.current(session)
        assert index is before.index
        assert second in index
        one.finish()
        renewed, _revision = one.current(session)
        assert renewed is not index
    assert ids(app, one) == ids(app, other) == ids(app, worker()) == {first, second}


def test_what_fails_in_the_background_is_told_and_keeps_nobody_from_ranking(
    app: Flask, worker: Worker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_facts: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(SavedRoster, "save", fail)
    wanted = {str(add(app))}
    one = worker()
    assert ids(app, one) == ids(app, one) == wanted
    assert caplog.text.count("could not be renewed") == 1


def test_an_import_is_read_while_rankings_go_on_without_it_but_never_with_who_left(
    app: Flask, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster_index, "MANY", 3)
    stays, leaves = add(app), add(app)
    one, other = worker(), worker()
    assert ids(app, one) == ids(app, other) == {str(stays), str(leaves)}
    with reading(app) as session:
        before = experts.get_roster_revision(session)
    imported = {str(add(app)) for _number in range(4)}
    change(app, leaves, state=ExpertState.SUSPENDED)
    with reading(app) as session:
        index, revision = one.current(session)
        assert (len(index), str(stays) in index, str(leaves) in index) == (1, True, False)
        assert revision == before
        assert experts.count_changed_since(session, revision) == 5
    one.finish()
    assert ids(app, one) == {str(stays), *imported}
    with reading(app) as session:
        other.current(session)
    other.finish()
    assert ids(app, other) == {str(stays), *imported}
