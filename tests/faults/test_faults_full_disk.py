"""A full disk: refused in words, readable meanwhile, nothing lost, and well again by itself."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import databases, factories
from tests.databases import writing
from tests.faults.crowd import is_sound
from tests.faults.disks import fill, small_disk
from tests.faults.hosts import Host, wait_until
from tests.faults.traffic import Traffic
from tests.live import Visitor
from tests.postgresql import own_server
from webapp.accounts.models import Account, AccountSession
from webapp.core import clock
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState

pytestmark = pytest.mark.long

# What shows no expert to anybody else, by who reads it.
READABLE = {
    Role.REQUESTER: ("/requests", "/notices", "/privacy"),
    Role.EXPERT: ("/profile", "/invitations", "/notices"),
    Role.ADMINISTRATOR: ("/health", "/themes"),
}
LINE = "the disk of the database is full (told once a minute)"


@dataclass
class Place:
    """A database on a small disk, and what a test does to it."""

    app: Flask
    host: Host
    filler: Path
    server: Any = None

    def make_room(self) -> None:
        """Empty the disk; a server that has ended is started, as systemd does."""
        self.filler.unlink(missing_ok=True)
        if self.server is not None:
            self.server.ensure_postgres_running()


@contextmanager
def _served(instance: Path, url: str, filler: Path, server: Any = None) -> Iterator[Place]:
    app, host = databases.make_app(instance, url), Host(instance, url)
    try:
        host.start()
        place = Place(app, host, filler, server)
        try:
            yield place
        finally:
            place.make_room()
    finally:
        host.close()
        databases.close(app)


@pytest.fixture
def on_sqlite(
    tmp_path: Path, sqlite_databases: databases.SqliteDatabases
) -> Iterator[tuple[Place, str]]:
    """Return an installation whose whole folder is a small disk."""
    folder = tmp_path / "small"
    folder.mkdir()
    with (
        small_disk(folder, "24m"),
        sqlite_databases.fresh(folder) as url,
        _served(folder, url, folder / "filler") as place,
    ):
        yield place, url


@pytest.fixture
def on_postgresql(tmp_path: Path, instance: Path) -> Iterator[tuple[Place, str]]:
    """Return an installation whose PostgreSQL server has a small disk of its own."""
    # The server runs as another account, which may not enter the folders of the tests.
    disk = Path(tempfile.mkdtemp(prefix="rssrp-disk-"))
    disk.chmod(0o755)
    with small_disk(disk, "160m"), own_server(disk) as server:
        maker = databases.PostgresDatabases(tmp_path, server.get_uri())
        with (
            maker.fresh(tmp_path) as url,
            _served(instance, url, disk / "filler", server) as place,
        ):
            yield place, url
    disk.rmdir()


@pytest.fixture(params=["sqlite", "postgresql"])
def place_and_url(request: pytest.FixtureRequest) -> tuple[Place, str]:
    """Return an installation on either database."""
    found: tuple[Place, str] = request.getfixturevalue(f"on_{request.param}")
    return found


def test_a_full_disk_is_told_and_well_again_as_soon_as_there_is_room(
    place_and_url: tuple[Place, str],
) -> None:
    place, url = place_and_url
    with Traffic(place.app, place.host.url) as people:
        people.go_on()
        fill(place.filler)
        wait_until("people are told", lambda: people.statuses[503] >= 3)
        said = place.host.said()
        assert "Traceback" not in said, said
        assert LINE in said
        place.make_room()
        people.go_on()
    people.nothing_is_lost_or_doubled()
    mails = people.mails()
    assert set(place.host.mails()) == mails
    assert is_sound(place.host.folder, url)


def test_what_needs_no_change_is_readable_on_a_full_disk(
    place_and_url: tuple[Place, str],
) -> None:
    """Also by those whose last use would be written down by now, and on counted pages."""
    place, _url = place_and_url
    people, path_of_messages = _signed_in(place)
    _were_here_a_while_ago(place.app)
    fill(place.filler)
    requester = people[Role.REQUESTER]
    token = requester.token(path_of_messages)
    for _round in range(2):
        for role, paths in READABLE.items():
            for path in paths:
                answer = people[role].get(path)
                assert answer.status == 200, (role, path, answer.body[-900:])
    wait_until("a change is refused", lambda: _is_refused(requester, path_of_messages, token))
    place.make_room()
    wait_until("a change is taken", lambda: not _is_refused(requester, path_of_messages, token))


def _signed_in(place: Place) -> tuple[dict[Role, Visitor], str]:
    with writing(place.app) as session:
        people: dict[Role, Account] = {role: factories.account(session, role) for role in READABLE}
        asked = factories.request(session, RequestState.ACCEPTED, requester=people[Role.REQUESTER])
        factories.expert(session, person=people[Role.EXPERT])
    visitors = {role: Visitor(place.host.url).sign_in(account) for role, account in people.items()}
    return visitors, f"/requests/{asked.id}/messages"


def _were_here_a_while_ago(app: Flask) -> None:
    with writing(app) as session:
        before = clock.now() - timedelta(minutes=10)
        session.execute(sa.update(AccountSession).values(last_seen_at=before))


def _is_refused(requester: Visitor, path: str, token: str) -> bool:
    answer = requester.post(path, {"text": "x " * 400, "csrf_token": token})
    if answer.status == 503:
        assert "because the disk of the platform is full" in answer.body, answer.body[-900:]
        return True
    assert answer.status == 302, answer.body[-900:]
    return False
