"""Nobody waits until a large roster has been read: whoever asks is told how far it is."""

import errno
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from matcher import ExpertIndex
from tests import factories
from tests.databases import file_of, reading, writing
from tests.pages import Pages
from webapp import gunicorn_conf
from webapp.backups.scratch import copy_file
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState
from webapp.experts.models import Expert, ExpertState
from webapp.experts.revisions import touch
from webapp.matches.ranking import roster_index
from webapp.matches.ranking.roster_index import RosterIndex, RosterUnreadError

READ = RosterIndex._read
Worker = Callable[..., RosterIndex]


class Held:
    """Holds whoever reads the roster until they may go on, and counts them."""

    def __init__(self) -> None:
        self.may_go_on, self.times = threading.Event(), 0

    def reader(self) -> Callable[[RosterIndex, Session], Any]:
        """Return what reads the roster, and lets nobody have it yet."""

        def read(index: RosterIndex, session: Session) -> Any:
            self.times += 1
            found = READ(index, session)
            assert self.may_go_on.wait(20)
            return found

        return read


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    """Return what holds whoever reads the roster."""
    one = Held()
    monkeypatch.setattr(RosterIndex, "_read", one.reader())
    yield one
    one.may_go_on.set()


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    """Return what makes a process for which a roster of two is a large one."""
    made: list[RosterIndex] = []

    def make(*, files: bool = True) -> RosterIndex:
        folder = tmp_path / "roster-index" if files else None
        made.append(RosterIndex(folder, small=0, waited_for=1))
        return made[-1]

    yield make
    for one in made:
        one.finish()


def add(app: Flask, **facts: Any) -> str:
    """Put an expert on the roster and return the id."""
    with writing(app) as session:
        return str(factories.expert(session, **facts).id)


def ranked(app: Flask, worker: RosterIndex, among: set[str]) -> set[str]:
    """Return whom of some people a worker would rank now."""
    with reading(app) as session:
        index, _revision = worker.current(session)
        return {key for key in among if key in index}


def told(app: Flask, worker: RosterIndex) -> str:
    """Return what a worker says of a roster that it has not read."""
    with reading(app) as session, pytest.raises(RosterUnreadError) as refused:
        worker.current(session)
    return str(refused.value)


@pytest.mark.both_databases
@pytest.mark.parametrize("files", [True, False], ids=["kept in files", "in memory"])
def test_a_large_roster_is_read_while_nobody_waits(
    files: bool, app: Flask, worker: Worker, held: Held
) -> None:
    people = {add(app), add(app)}
    one = worker(files=files)
    assert "0 of 2" in told(app, one)
    assert "0 of 2" in told(app, one)
    held.may_go_on.set()
    one.finish()
    assert ranked(app, one, people) == people
    assert held.times == 1


def test_a_small_roster_is_read_at_once(app: Flask, tmp_path: Path) -> None:
    people = {add(app), add(app)}
    assert ranked(app, RosterIndex(tmp_path / "r", small=0, waited_for=2), people) == people


@pytest.mark.parametrize("files", [True, False], ids=["kept in files", "in memory"])
def test_it_is_said_how_many_profiles_have_been_read(
    files: bool, app: Flask, worker: Worker, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster_index, "NOTED_EACH", 1)
    noted = threading.Event()

    def no_event(_session: Session) -> tuple[int, str]:
        noted.set()
        return 0, ""

    # Asked for when all have been read.
    monkeypatch.setattr(roster_index, "last_event", no_event)
    for _number in range(3):
        add(app)
    one = worker(files=files)
    told(app, one)
    assert noted.wait(20)
    assert "3 of 3" in told(app, one)


def test_one_process_reads_for_all_of_a_host(app: Flask, worker: Worker, held: Held) -> None:
    people = {add(app), add(app)}
    one, other = worker(), worker()
    for each in (one, other):
        told(app, each)
    held.may_go_on.set()
    for each in (one, other):
        each.finish()
        assert ranked(app, each, people) == people
    assert held.times == 1


def fill_the_disk(_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no index find room."""

    def full(*_given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(ExpertIndex, "save", full)


def take_the_folder_away(folder: Path, _monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be read, written or made there, as in a folder without rights."""
    folder.symlink_to("x" * 300)


@pytest.mark.parametrize("spoil", [fill_the_disk, take_the_folder_away])
def test_a_large_roster_that_cannot_be_kept_is_ranked_by_whoever_has_read_it(
    spoil: Callable[[Path, pytest.MonkeyPatch], None],
    app: Flask,
    worker: Worker,
    held: Held,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    people = {add(app), add(app)}
    spoil(tmp_path / "roster-index", monkeypatch)
    one = worker()
    assert "0 of 2" in told(app, one)
    held.may_go_on.set()
    one.finish()
    for _time in range(2):
        assert ranked(app, one, people) == people
        one.finish()
    assert held.times == 1
    lines = [record for record in caplog.records if "cannot be kept" in record.message]
    assert len(lines) == 1, "it is not tried at each ranking"
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize("state", [ExpertState.SUSPENDED, ExpertState.ERASED])
def test_who_leaves_while_the_roster_is_read_is_never_ranked(
    state: ExpertState, app: Flask, worker: Worker, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = threading.Event()
    follow = RosterIndex._follow

    def followed(*given: Any) -> None:
        follow(*given)
        read.set()

    monkeypatch.setattr(RosterIndex, "_follow", followed)
    stays, leaves = add(app), add(app)
    one = worker()
    told(app, one)
    assert read.wait(20)
    with writing(app) as session:
        expert = session.get_one(Expert, int(leaves))
        expert.state = state
        touch(session, expert)
    held.may_go_on.set()
    one.finish()
    assert ranked(app, one, {stays, leaves}) == {stays}


def test_after_a_restore_nobody_of_the_lost_history_is_ranked_while_the_roster_is_read(
    app: Flask, worker: Worker, held: Held, tmp_path: Path
) -> None:
    people = {add(app), add(app)}
    copy_file(file_of(app), tmp_path / "kept.sqlite")
    lost = add(app)
    held.may_go_on.set()
    one = worker()
    told(app, one)
    one.finish()
    assert ranked(app, one, {*people, lost}) == {*people, lost}
    held.may_go_on.clear()
    copy_file(tmp_path / "kept.sqlite", file_of(app))
    assert "0 of 2" in told(app, one)
    held.may_go_on.set()
    one.finish()
    assert ranked(app, one, {*people, lost}) == people


def test_a_start_leaves_a_large_roster_to_those_who_serve_people(
    app: Flask, worker: Worker, held: Held
) -> None:
    add(app), add(app)
    held.may_go_on.set()
    one = worker()
    with reading(app) as session:
        one.prepare(session)
    one.finish()
    assert held.times == 0


@pytest.fixture
def large(app: Flask, worker: Worker, held: Held) -> Iterator[None]:
    """Let the platform have a roster that is large and has not been read."""
    add(app), add(app)
    app.extensions["roster"] = worker()
    yield
    held.may_go_on.set()
    app.extensions["roster"].finish()


@pytest.mark.usefixtures("large")
def test_a_large_roster_is_read_before_anybody_asks(app: Flask, held: Held) -> None:
    held.may_go_on.set()
    gunicorn_conf.post_worker_init(SimpleNamespace(app=SimpleNamespace(wsgi=lambda: app)))
    app.extensions["roster"].finish()
    with reading(app) as session:
        index, _revision = app.extensions["roster"].current(session)
    assert len(index) == 2


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "being read: 0 of 2 profiles"), ("ru", "прочитано профилей: 0 из 2")],
)
@pytest.mark.usefixtures("large")
def test_the_page_of_a_ranking_says_so_and_looks_again(
    language: str, sentence: str, app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    coordinator = sign_in_as(Role.COORDINATOR, language=language)
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED)
    page = coordinator.get(f"/requests/{request.id}/matches", status=503)
    assert sentence in page.text
    assert (
        page.response.headers["Retry-After"]
        == page.response.headers["Refresh"]
        == str(roster_index.LOOK_AGAIN)
    )
    assert f"/requests/{request.id}" in page.addresses


@pytest.mark.usefixtures("large")
def test_an_expert_reads_that_it_is_read_and_not_how_many_there_are(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        expert = factories.expert(session)
    page = visitor().come_in(expert.account).get("/profile/preview", status=503)
    assert "The profiles are being read. What is read in yours is shown here soon." in page.text
    assert "of 3" not in page.text
    assert page.response.headers["Refresh"] == str(roster_index.LOOK_AGAIN)


@pytest.mark.usefixtures("large")
def test_what_was_sent_meanwhile_is_not_lost_and_not_sent_again_by_itself(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    coordinator = sign_in_as(Role.COORDINATOR)
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED)
        expert = factories.expert(session)
    reason = "Knows the depots of that valley."
    page = coordinator.post(
        f"/requests/{request.id}/matches/{expert.id}",
        {"reason": reason},
        status=503,
    )
    assert reason in page.text
    assert page.response.headers["Retry-After"] == str(roster_index.LOOK_AGAIN)
    assert "Refresh" not in page.response.headers
