"""A database that cannot be had: people are told in time, and all is well again by itself."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.conftest import serving
from tests.databases import reading, writing
from tests.faults.lines import Line
from tests.live import Answer, Visitor
from webapp.core.roles import Role

pytestmark = [pytest.mark.thorough, pytest.mark.usefixtures("ends_sound")]

FILE = "/static/css/theme.css"
# Seconds: of people who wait for a page, of machines that ask for health, and until all is well.
TOLD, HEALTH, WELL = 5, 1, 10
# The machine that tests this has more to do than one that serves.
SLACK = 1.0


@pytest.fixture
def line(database_url: str) -> Iterator[Line]:
    """Return the line to the test's database."""
    made = Line(sa.make_url(database_url))
    yield made
    made.cut()


@pytest.fixture
def visitor(app: Flask, instance: Path, line: Line) -> Iterator[Visitor]:
    """Return a coordinator at a server that reaches its database through the line."""
    with writing(app) as session:
        account = factories.account(session, Role.COORDINATOR)
    with serving(instance, line.url) as url:
        yield Visitor(url).sign_in(account)


def told(answer: Answer) -> None:
    """Check that somebody was told in time, on a whole page."""
    assert answer.status == 503, answer.body[:500]
    assert answer.missing == set()
    assert "The platform is not available at the moment" in answer.body
    assert answer.seconds < TOLD + SLACK


def alive(visitor: Visitor) -> None:
    """Check what needs no database, for somebody who has signed in."""
    for path in ("/healthz", FILE):
        answer = visitor.get(path)
        assert answer.status == 200, (path, answer.body[:500])
        assert answer.missing == set()
        assert answer.seconds < HEALTH + SLACK
    answer = visitor.get("/readyz")
    assert answer.status == 503
    assert answer.seconds < TOLD + SLACK


def well_again(visitor: Visitor) -> None:
    """Wait until pages are served again, with nobody's help, or fail."""
    began = time.monotonic()
    while (answer := visitor.get("/queue")).status != 200:
        assert time.monotonic() - began < WELL + SLACK, answer.status
        time.sleep(0.2)


@pytest.mark.postgres
@pytest.mark.parametrize("happens", [Line.freeze, Line.cut], ids=["frozen", "refused"])
def test_a_server_that_is_away_is_told_in_time_by_every_thread(
    happens: Callable[[Line], None], visitor: Visitor, line: Line
) -> None:
    assert visitor.get("/queue").status == 200
    happens(line)
    with ThreadPoolExecutor(12) as people:
        waiting = [people.submit(visitor.get, "/queue") for _ in range(12)]
        alive(visitor)
        for person in waiting:
            told(person.result())
    alive(visitor)
    for path in ("/", "/queue", "/requests", "/no-such-page"):
        answer = visitor.get(path)
        told(answer)
        # The server is left alone for a moment, so nobody waits for it in vain.
        assert answer.seconds < TOLD
    told(visitor.post("/logout", {}))
    line.mend()
    well_again(visitor)


@pytest.mark.postgres
def test_a_request_without_a_database_leaves_one_line_in_the_log(
    visitor: Visitor, line: Line, instance: Path
) -> None:
    before = (instance / "server.log").read_text().splitlines()
    line.cut()
    for path in ("/queue", "/queue", "/healthz", FILE, "/"):
        visitor.get(path)
    added = (instance / "server.log").read_text().splitlines()[len(before) :]
    assert len(added) == 3, added
    assert all("the database did not serve" in one for one in added)
    line.mend()
    well_again(visitor)


@pytest.fixture
def server_processes(app: Flask, database_kind: str) -> Iterator[list[int]]:
    """Return the processes of the PostgreSQL server, its first one first; they go on at the end."""
    if os.environ.get("TEST_DATABASE_URL"):
        pytest.skip("a server that is not ours is not stopped")
    with reading(app) as session:
        folder = session.scalar(sa.text("SHOW data_directory"))
        first = int((Path(str(folder)) / "postmaster.pid").read_text().splitlines()[0])
    children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    processes = [first, *map(int, children)]
    yield processes
    send(processes, signal.SIGCONT)


def send(processes: list[int], sign: signal.Signals) -> None:
    """Send a signal to each process that is still there."""
    for number in processes:
        with suppress(ProcessLookupError):
            os.kill(number, sign)


@pytest.mark.postgres
@pytest.mark.long
def test_a_server_whose_processes_are_stopped_is_told_in_time_and_used_again(
    app: Flask, live_url: str, instance: Path, request: pytest.FixtureRequest
) -> None:
    with writing(app) as session:
        account = factories.account(session, Role.COORDINATOR)
    visitor = Visitor(live_url).sign_in(account)
    assert visitor.get("/queue").status == 200
    processes: list[int] = request.getfixturevalue("server_processes")
    before = len((instance / "server.log").read_text().splitlines())
    send(processes, signal.SIGSTOP)
    with ThreadPoolExecutor(8) as people:
        waiting = [people.submit(visitor.get, "/queue") for _ in range(8)]
        for path in ("/healthz", FILE):
            assert visitor.get(path).status == 200
        for person in waiting:
            told(person.result())
    added = (instance / "server.log").read_text().splitlines()[before:]
    assert len([one for one in added if "the database did not serve" in one]) == 8, added
    send(processes, signal.SIGCONT)
    well_again(visitor)


@pytest.fixture
def beside_a_file(app: Flask, live_url: str) -> Visitor:
    """Return a coordinator at a server on SQLite."""
    with writing(app) as session:
        account = factories.account(session, Role.COORDINATOR)
    return Visitor(live_url).sign_in(account)


def test_a_file_that_is_locked_is_told_in_time(beside_a_file: Visitor, app: Flask) -> None:
    token = beside_a_file.token("/privacy")
    with writing(app):
        answer = beside_a_file.post("/language", {"language": "ru", "csrf_token": token})
        # The database is there, and somebody else writes.
        assert answer.status == 409, answer.body[:500]
        assert "Somebody else is changing this just now" in answer.body
        assert answer.seconds < TOLD + SLACK
        # Readers do not wait for writers, but for pages whose reading is written down.
        assert beside_a_file.get("/privacy").status == 200
    well_again(beside_a_file)
    answer = beside_a_file.post("/language", {"language": "ru", "csrf_token": token})
    assert answer.status == 302


def test_a_file_that_is_no_database_is_told_and_forgotten(
    beside_a_file: Visitor, instance: Path
) -> None:
    kept = {path: path.read_bytes() for path in instance.glob("platform.sqlite*")}
    for path in kept:
        path.write_bytes(b"no database" * 1000)
    told(beside_a_file.get("/queue"))
    alive(beside_a_file)
    for path, content in kept.items():
        path.write_bytes(content)
    well_again(beside_a_file)
