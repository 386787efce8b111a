"""How long people wait who all write at one moment and without a pause.

    .venv/bin/python -m tests.speed.writers
    .venv/bin/python -m tests.speed.writers --on postgresql

Eight requesters at two workers save one new request after the other. On SQLite they take turns, so
each waits for those before: that is the worst it has, as nobody saves a form a second. Times are by
the clock; how long the cores were busy, and for whom, is told beside them.
"""

import argparse
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from tests import databases
from tests.conftest import free_port
from tests.faults.crowd import CLIENTS, Office, form_values, is_sound
from tests.faults.hosts import Processes
from tests.live import Answer, Visitor
from tests.speed import served
from tests.speed.rosters import database
from webapp.core.roles import Role

# Of each person: fewer than a minute allows.
FORMS = 18


def measure(kind: str) -> str:
    """Return what the answers took, and what the processes worked for them, in a few lines."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "empty").mkdir()
        with database(kind, folder) as url:
            told = _served(folder / "host", url)
            assert is_sound(folder / "host", url)
    return f"{CLIENTS} people, {kind}: {told}"


def _served(folder: Path, url: str) -> str:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    host = Processes(folder, address, databases.environment(folder, url) | {"PORT": str(port)})
    app = databases.make_app(folder, url)
    try:
        host.start()
        staff = Office(app, address).staff(Role.REQUESTER)
        some = served.processes()
        before = served.worked(some), served.machine_worked(), time.monotonic()
        with ThreadPoolExecutor(CLIENTS) as crowd:
            answers = [one for many in crowd.map(_write_on, staff) for one in many]
        after = served.worked(some), served.machine_worked(), time.monotonic()
    finally:
        databases.close(app)
        host.close()
    ours, machine, clock = (end - begin for begin, end in zip(before, after, strict=True))
    return (
        f"{_times(answers)} The processes worked {ours:.1f} s, the whole machine {machine:.1f} s,"
        f" in {clock:.1f} s."
    )


def _write_on(visitor: Visitor) -> list[Answer]:
    forms = (form_values(visitor, f"Draft number {number}") for number in range(FORMS))
    return [visitor.post("/requests/new", form) for form in forms]


def _times(answers: Sequence[Answer]) -> str:
    assert {one.status for one in answers} == {302}
    seconds = [one.seconds for one in answers]
    middle, high, most = np.percentile(seconds, [50, 95, 100])
    return (
        f"{len(answers)} forms saved, 50 of 100 in {middle:.2f} s, 95 in {high:.2f}, all in"
        f" {most:.2f}."
    )


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--on", choices=databases.KINDS, default="sqlite")
    print(measure(parser.parse_args().on))


if __name__ == "__main__":
    _main()
