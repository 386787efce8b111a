"""What an installation keeps is its owner's alone, however open files are that are made there."""

import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.conftest import ROOT, free_port
from tests.databases import environment
from tests.faults.hosts import Processes, wait_until

pytestmark = pytest.mark.long

# What there is in the end: databases and their logs, jobs, keys, heads of the audit log, and what
# processes lock. The files of the index have a test beside the matcher's.
KEPT = {
    "platform.sqlite", "platform.sqlite-wal", "platform.sqlite-shm", "platform.sqlite-turns",
    "jobs.sqlite", "secret-key", "password-salt", "totp-key", "audit-key", "migration.lock",
    "audit-heads",
}  # fmt: skip
# The test itself opens this one; where an installation has a log, systemd or its owner makes it.
LOG = "log"


def open_to_others(folder: Path) -> set[tuple[str, str]]:
    """Return what in a folder, and within it, somebody else could read, write or list."""
    found = set()
    for path in [folder, *folder.rglob("*")]:
        with suppress(FileNotFoundError):  # It was there for a moment.
            mode = path.lstat().st_mode
            wanted = 0o700 if stat.S_ISDIR(mode) else 0o600
            if stat.S_IMODE(mode) & ~wanted and path != folder / LOG:
                found.add((str(path.relative_to(folder.parent)), oct(stat.S_IMODE(mode))))
    return found


@contextmanager
def watched(*folders: Path) -> Iterator[set[tuple[str, str]]]:
    """Give what was open to others at any moment, also in files that are only being written."""
    found: set[tuple[str, str]] = set()
    ended = Event()

    def look_on() -> None:
        while not ended.is_set():
            for folder in folders:
                with suppress(FileNotFoundError):
                    found.update(open_to_others(folder))
            time.sleep(0.02)

    looking = Thread(target=look_on)
    looking.start()
    try:
        yield found
    finally:
        ended.set()
        looking.join()


@contextmanager
def giving_away(mask: int) -> Iterator[None]:
    """Let processes that start meanwhile give new files to whom the mask does not keep out."""
    former = os.umask(mask)
    try:
        yield
    finally:
        os.umask(former)


def does(environ: dict[str, str], *words: str | Path) -> bool:
    """Run a command of the platform, and tell whether it did what it was told."""
    ended = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *map(str, words)],
        cwd=ROOT, env=environ, check=False, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return ended.returncode == 0


def is_sound(environ: dict[str, str]) -> bool:
    """Let the command look through the database."""
    return does(environ, "check")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Return the settings of an installation that makes its database and its keys itself."""
    made = environment(tmp_path / "instance", "")
    for name in ("DATABASE_URL", "SECRET_KEY", "PASSWORD_SALT", "TOTP_KEY", "AUDIT_KEY"):
        del made[name]
    (tmp_path / "passphrase").write_text("maslina vrbas kajak oblak")
    return made | {"BACKUP_PASSPHRASE_FILE": str(tmp_path / "passphrase")}


@pytest.mark.parametrize("mask", [0o022, 0o000], ids=["read by all", "written by all"])
def test_nothing_is_open_to_others_from_the_installation_to_a_backup(
    environ: dict[str, str], mask: int, tmp_path: Path
) -> None:
    folder, backup, port = tmp_path / "instance", tmp_path / "backup", free_port()
    with giving_away(mask), watched(folder, backup) as found:
        assert does(environ, "install")
        machine = Processes(folder, f"http://127.0.0.1:{port}", environ | {"PORT": str(port)})
        try:
            machine.start()
            wait_until("the job worker has published", (folder / "audit-heads").exists)
            names = {path.name for path in folder.rglob("*")}
            assert does(environ, "backup", backup)
        finally:
            machine.close()
    assert is_sound(environ)
    assert names >= KEPT
    assert list(backup.iterdir())
    assert found == set()


def test_an_update_closes_what_a_careless_copy_has_left_open(
    environ: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "instance"
    assert does(environ, "install")
    for path in (folder / "roster" / "index.json", folder / "metrics" / "counter.db"):
        path.parent.mkdir()
        path.touch()
    (folder / "audit-heads").touch()
    for path in folder.rglob("*"):
        path.chmod(0o777 if path.is_dir() else 0o666)
    assert does(environ, "install")
    assert open_to_others(folder) == set()
    assert is_sound(environ)
