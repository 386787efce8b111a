"""Processes are killed while people write: what was acknowledged is there."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.databases import reading
from tests.faults.crowd import is_sound
from tests.faults.hosts import Host
from tests.faults.traffic import Traffic

pytestmark = pytest.mark.long


@pytest.fixture
def host(app: Flask, instance: Path, database_url: str) -> Iterator[Host]:
    """Return a host that serves the test's database."""
    made = Host(instance, database_url)
    try:
        made.start()
        yield made
    finally:
        made.close()


@pytest.mark.both_databases
def test_processes_are_killed_and_nothing_is_lost_or_doubled(
    app: Flask, host: Host, instance: Path, database_url: str
) -> None:
    with Traffic(app, host.url) as people:
        for _time in range(3):
            people.go_on()
            host.kill_worker()
        people.go_on()
        host.kill_jobs()
        people.go_on()
        host.kill()
        host.start()
        people.go_on()
    people.nothing_is_lost_or_doubled()
    mails = people.mails()
    assert set(host.mails()) == mails
    assert is_sound(instance, database_url)


@pytest.mark.postgres
def test_a_process_of_the_server_is_killed_and_all_is_well_again(
    app: Flask, host: Host, instance: Path, database_url: str
) -> None:
    if os.environ.get("TEST_DATABASE_URL"):
        pytest.skip("processes of a server that is not ours are not killed")
    with Traffic(app, host.url) as people:
        for _time in range(2):
            people.go_on()
            os.kill(_somebodys_process(app), signal.SIGKILL)
        people.go_on()
    people.nothing_is_lost_or_doubled()
    mails = people.mails()
    assert set(host.mails()) == mails
    assert is_sound(instance, database_url)


def _somebodys_process(app: Flask) -> int:
    with reading(app) as session:
        found = session.scalars(
            sa.text(
                "SELECT pid FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() LIMIT 1"
            )
        )
        return int(found.one())
