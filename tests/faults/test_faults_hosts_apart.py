"""Two hosts in networks of their own behind nginx: one that is gone without a word harms nobody.

A process that is killed, or a line that is cut, says goodbye; a machine without power or network
says nothing, and whoever waits for it, or for what it had locked, must find that out.
"""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.conftest import unavailable
from tests.databases import PostgresDatabases, is_sound, reading, writing
from tests.faults.hosts import behind_nginx, wait_until
from tests.faults.networks import Cable, HostApart, Switch, server_at
from tests.faults.traffic import Traffic
from tests.live import Visitor
from webapp.config.database import ASKED_OF_SERVER
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState
from webapp.messages.models import JobWorker

pytestmark = [pytest.mark.postgres, pytest.mark.thorough]
NAMES = ("first", "second")
# More often than a host has workers, so that each is asked.
TIMES = 6
# Those that were killed or unplugged between sending a mail and noting it may send it again.
CUT_OFF = 3
# Seconds until PostgreSQL lets go of what somebody had locked who is not there any more, and slack.
LET_GO, SLACK = 9, 6
HOLDS = """
import sys, time, psycopg
connection = psycopg.connect(sys.argv[1], options=sys.argv[2])
connection.execute("SELECT pg_advisory_xact_lock(1)")
print("locked", flush=True)
time.sleep(600)
"""


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Return what takes everything away at the end, the last first."""
    with ExitStack() as made:
        yield made


@pytest.fixture
def switch(stack: ExitStack) -> Switch:
    """Return what the cables of all hosts lead to."""
    try:
        return stack.enter_context(Switch().on())
    except OSError as error:
        unavailable("A network of its own", "REQUIRE_NETWORKS", error)


@pytest.fixture
def cables(switch: Switch, stack: ExitStack) -> list[Cable]:
    """Return the cables of two hosts."""
    made = []
    for place in range(len(NAMES)):
        made.append(Cable(switch, place))
        stack.callback(made[-1].remove)
    return made


@pytest.fixture
def server(switch: Switch, stack: ExitStack) -> Any:
    """Return a PostgreSQL server at the switch."""
    return stack.enter_context(server_at(switch.address))


@pytest.fixture
def database_url(server: Any, stack: ExitStack, instance: Path, tmp_path: Path) -> str:
    """Return the URL of a migrated database of that server."""
    databases = PostgresDatabases(tmp_path, server.get_uri())
    url: str = stack.enter_context(databases.fresh(instance))
    return url


@pytest.fixture
def hosts(
    cables: list[Cable], database_url: str, stack: ExitStack, tmp_path: Path
) -> list[HostApart]:
    """Return two hosts that serve the test's database."""
    made = []
    for name, cable in zip(NAMES, cables, strict=True):
        made.append(HostApart(tmp_path / name, cable, database_url))
        stack.callback(made[-1].close)
        made[-1].start()
    return made


@pytest.mark.long
def test_hosts_are_unplugged_and_killed_and_nothing_is_lost_or_doubled(
    app: Flask, hosts: list[HostApart], tmp_path: Path
) -> None:
    first, second = hosts
    with behind_nginx(tmp_path, [host.address for host in hosts]) as url:
        with Traffic(app, url) as people:
            people.go_on()
            first.kill_worker()
            people.go_on()
            second.kill_jobs()
            people.go_on()
            first.cable.unplug()
            people.go_on()
            first.cable.plug_in()
            second.kill()
            people.go_on()
            second.start()
            people.go_on()
        people.nothing_is_lost_or_doubled()
        mails = people.mails()
    left = sum((host.mails() for host in hosts), Counter[str]())
    assert set(left) == mails
    assert left.total() - len(left) <= CUT_OFF
    _the_newest_ranks_on(app, hosts)
    _both_are_known(app)
    assert is_sound(app)


def _the_newest_ranks_on(app: Flask, hosts: list[HostApart]) -> None:
    with writing(app) as session:
        coordinator = factories.account(session, Role.COORDINATOR)
        asked = factories.request(session, RequestState.ACCEPTED, title="Shoeing of horses")
        newest = factories.expert(session, summary="Shoes horses of the mounted police.")
    for host in hosts:
        visitor = Visitor(host.url)
        # As nginx hands it on: at their addresses nobody asks for pages.
        visitor.usual = {"Host": "localhost"}
        visitor.sign_in(coordinator)
        for _time in range(TIMES):
            page = visitor.get(f"/requests/{asked.id}/matches")
            assert newest.name in page.body, page.status


def _both_are_known(app: Flask) -> None:
    def known() -> bool:
        with reading(app) as session:
            return set(session.scalars(sa.select(JobWorker.host))) == set(NAMES)

    wait_until("both job workers were heard of", known)


def test_what_an_unplugged_host_had_locked_is_let_go_within_seconds(
    cables: list[Cable], server: Any, switch: Switch, stack: ExitStack
) -> None:
    """The head of the log is locked by each change: nobody could change anything any more."""
    cable = cables[0]
    found_at = f"host={switch.address} user=postgres dbname=postgres"
    command = [*cable.within, sys.executable, "-c", HOLDS, found_at, ASKED_OF_SERVER]
    holder = stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE))
    stack.callback(holder.kill)
    assert holder.stdout
    assert holder.stdout.readline() == b"locked\n"
    here = stack.enter_context(psycopg.connect(server.get_uri(), autocommit=True))

    def is_free() -> bool:
        (free,) = here.execute("SELECT pg_try_advisory_lock(1)").fetchone() or (False,)
        return bool(free)

    time.sleep(1)  # Until what was said last is acknowledged: else that alone would tell.
    cable.unplug()
    assert not is_free()
    wait_until("the lock is free", is_free, LET_GO + SLACK)
