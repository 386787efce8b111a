"""What the unit of systemd promises: a first process that was killed is there again in seconds.

A small supervisor does with the unit's own words what systemd does with them, for systemd itself
starts no units where tests run.
"""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from configparser import RawConfigParser
from contextlib import suppress
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import ROOT, free_port, wait_until_ready
from tests.databases import environment

pytestmark = [pytest.mark.thorough, pytest.mark.usefixtures("ends_sound")]
UNIT = ROOT / "deploy" / "rssrp-web.service"
# Seconds until pages are served again; the machine that tests this has much more to do besides.
AGAIN, SLACK = 5.0, 20.0


class Supervisor:
    """Starts what a unit says as often as it says, and ends what a start has left behind."""

    def __init__(self, unit: Path, environ: dict[str, str]) -> None:
        read = RawConfigParser(strict=False)
        # Names of systemd are told apart by their case.
        read.optionxform = str  # type: ignore[method-assign,assignment]
        read.read(unit)
        self.service = dict(read["Service"])
        program, *words = shlex.split(self.service["ExecStart"])
        # The environment of the tests stands for that of the folder.
        self._command = [sys.executable, "-m", Path(program).name, *words]
        self._environ = environ
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self._command, cwd=ROOT, env=self._environ, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def end_rest(self) -> None:
        """End what belongs to the unit still, as `KillMode=mixed` does when its first has gone."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=30)

    def start_again(self) -> None:
        """Wait for the first process to end, and start it again."""
        self.process.wait(timeout=30)
        self.end_rest()
        time.sleep(float(self.service["RestartSec"]))
        self.process = self._start()


@pytest.fixture
def supervisor(instance: Path, database_url: str, app: Flask) -> Iterator[Supervisor]:
    """Return the unit of the pages as it has been started."""
    environ = environment(instance, database_url) | {"PORT": str(free_port())}
    made = Supervisor(UNIT, environ)
    yield made
    made.end_rest()


def test_a_first_process_that_is_killed_is_there_again_in_seconds(supervisor: Supervisor) -> None:
    assert supervisor.service["Restart"] == "always"
    assert supervisor.service["KillMode"] == "mixed"
    url = f"http://127.0.0.1:{supervisor._environ['PORT']}"
    wait_until_ready(supervisor.process, url)
    began = time.monotonic()
    supervisor.process.send_signal(signal.SIGKILL)
    supervisor.start_again()
    wait_until_ready(supervisor.process, url)
    assert time.monotonic() - began < AGAIN + SLACK
