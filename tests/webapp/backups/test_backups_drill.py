"""The restore drill as it stands in docs/operations.md: its own commands, in an empty folder."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import ROOT, free_port, wait_until_ready

pytestmark = pytest.mark.long
STEPS = re.compile(r"`(make install|\.venv/bin/flask [^`]*|PATH=[^`]*honcho start)`")
BACKUP = "/var/backups/rssrp/2026-11-27"


def written() -> list[str]:
    """Return the commands of the drill in their order."""
    text = (ROOT / "docs" / "operations.md").read_text()
    (drill,) = re.findall(r"## Restore drill\n(.*?)\n## ", text, re.DOTALL)
    return STEPS.findall(drill)


class Machine:
    """A machine with the project and an environment, and nothing else of the platform."""

    def __init__(self, folder: Path, backup: Path) -> None:
        self._backup, self.port = backup, free_port()
        self._environ = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "INSTANCE": str(folder / "instance"),
            "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8",
        }  # fmt: skip

    def start(self, command: str) -> "subprocess.Popen[str]":
        """Begin what the document says, with the environment of the tests in place of `.venv`."""
        for there, here in {
            ".venv/bin/flask": f"{sys.executable} -m flask",
            "$PWD/.venv/bin": str(Path(sys.executable).parent),
            BACKUP: str(self._backup),
            "PORT=8000": f"PORT={self.port}",
        }.items():
            command = command.replace(there, here)
        return subprocess.Popen(
            ["sh", "-c", f"exec env {command}"], cwd=ROOT, env=self._environ, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip

    def run(self, command: str, typed: str = "") -> str:
        """Do what the document says and return what was said to it."""
        process = self.start(command)
        said, _ = process.communicate(typed, timeout=300)
        assert process.returncode == 0, (command, said)
        return said

    @contextmanager
    def serving(self, command: str) -> Iterator[str]:
        """Start what serves people, and give its address."""
        process = self.start(command)
        url = f"http://127.0.0.1:{self.port}"
        try:
            wait_until_ready(process, url)  # type: ignore[arg-type]
            yield url
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.communicate(timeout=60)


def test_the_drill_as_it_is_written_brings_a_platform_back(
    backup: Path, passphrase: Path, tmp_path: Path
) -> None:
    prepare, restore, install, check, verify, serve = written()
    assert prepare == "make install", "what it makes stands ready"
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    machine = Machine(fresh, backup)
    machine.run(restore, passphrase.read_text())
    machine.run(install)
    assert "The database is sound." in machine.run(check)
    assert "The audit log is sound." in machine.run(verify)
    with machine.serving(serve):
        pass  # It is ready: people can be served.
