"""Processes that are started on what they must not serve, or whose first one is killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.conftest import ROOT, free_port, wait_until_ready
from tests.databases import environment
from webapp.core.db import db

pytestmark = pytest.mark.thorough

SERVER = [sys.executable, "-m", "gunicorn", "-c", "python:webapp.gunicorn_conf", "wsgi:app"]
WORKER = [
    sys.executable, "-m", "huey.bin.huey_consumer", "webapp.worker.huey", "--quiet",
]  # fmt: skip
# Seconds until the port is free again, and the usual slack of this machine.
FREE = 5.0
Start = Callable[[], subprocess.Popen[bytes]]


@pytest.fixture
def port() -> int:
    """Return the port on which one server after the other listens."""
    return free_port()


@pytest.fixture
def start(instance: Path, database_url: str, port: int, app: Flask) -> Iterator[Start]:
    """Return what starts a server; all of them, and their workers, are gone at the end."""
    started: list[subprocess.Popen[bytes]] = []

    def begin() -> subprocess.Popen[bytes]:
        environ = {**environment(instance, database_url), "PORT": str(port)}
        log = subprocess.DEVNULL
        started.append(
            subprocess.Popen(
                SERVER, cwd=ROOT, env=environ, stdout=log, stderr=log, start_new_session=True
            )
        )
        return started[-1]

    yield begin
    for process in started:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=30)


def is_free(port: int) -> bool:
    """Tell whether a server could listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


@pytest.mark.usefixtures("ends_sound")
def test_workers_leave_the_port_to_the_next_master_while_somebody_is_still_served(
    start: Start, port: int
) -> None:
    url = f"http://127.0.0.1:{port}"
    first = start()
    wait_until_ready(first, url)
    # Somebody who has asked for half of a page keeps a worker busy.
    with socket.create_connection(("127.0.0.1", port)) as slow:
        slow.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        time.sleep(0.5)
        first.send_signal(signal.SIGKILL)
        first.wait(timeout=10)
        began = time.monotonic()
        while not is_free(port):
            assert time.monotonic() - began < FREE, "the orphans hold the port"
            time.sleep(0.05)
        second = start()
        wait_until_ready(second, url)
        slow.sendall(b"\r\n")
        assert slow.recv(100).startswith(b"HTTP/1.1 200")


@pytest.mark.both_databases
@pytest.mark.parametrize("command", [SERVER, WORKER], ids=["server", "job worker"])
def test_a_database_of_a_newer_code_is_served_by_nobody_and_told_in_one_sentence(
    command: list[str], app: Flask, instance: Path, database_url: str, port: int
) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = 'newer'"))
    ended = subprocess.run(
        command, cwd=ROOT, env={**environment(instance, database_url), "PORT": str(port)},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert ended.returncode == 1
    assert "The platform cannot start: the database is of a newer version" in ended.stderr
    assert "Traceback" not in ended.stderr
