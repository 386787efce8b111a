"""How the platform serves people at work: answers a second, times by page, memory of each process.

    .venv/bin/python -m tests.speed.load 5000 --people 20 --seconds 60
    .venv/bin/python -m tests.speed.load 5000 --on postgresql

A fresh database is filled as by tests/speed/matches_page.py and served by two workers; Locust, in
an environment that uv makes for it, plays the people of tests/speed/people.py. They sign in one
after another; what is told begins when all have come. What is left of a page when everything is
ready but its HTML is told by `tests.speed.pages`, in CPU.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from flask import Flask

from tests import databases, factories
from tests.conftest import ROOT, serving
from tests.speed.matches_page import fill
from tests.webapp.demo_history.histories import written
from webapp.core.roles import Role

LOCUST = "locust~=2.47"
# A made-up history of so many requests fills the queue and the calendar.
REQUESTS = 400
COLUMNS = {
    "Name": "page", "Request Count": "answers", "Failure Count": "failed", "Requests/s": "a second",
    "50%": "p50 ms", "95%": "p95 ms", "99%": "p99 ms",
}  # fmt: skip


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """Give the URL of a fresh database of a kind."""
    with ExitStack() as stack:
        maker: Any
        if kind == "sqlite":
            maker = databases.SqliteDatabases(folder / "empty")
        else:
            url = stack.enter_context(databases.postgresql_server())
            maker = databases.PostgresDatabases(folder / "empty", url)
            stack.callback(maker.drop_templates)
        yield stack.enter_context(maker.fresh(folder))


def _people(app: Flask, number: int, request_ids: list[int]) -> dict[str, Any]:
    with databases.writing(app) as session:
        written(session, REQUESTS)
        made = {
            f"{role.value}s": [factories.account(session, role).email for _ in range(number)]
            for role in (Role.COORDINATOR, Role.REQUESTER)
        }
        people = [factories.account(session, Role.EXPERT) for _ in range(number)]
        for person in people:
            factories.expert(session, person=person)
        made["experts"] = [person.email for person in people]
    return {**made, "password": factories.PASSWORD, "requests": request_ids}


def _processes() -> list[int]:
    """Return the processes that this one has started, and those that they have."""
    found: list[int] = []
    waiting = [os.getpid()]
    while waiting:
        number = waiting.pop()
        children = Path(f"/proc/{number}/task/{number}/children").read_text().split()
        waiting += map(int, children)
        found += map(int, children)
    return found


def _serves(number: int) -> bool:
    return b"gunicorn" in Path(f"/proc/{number}/cmdline").read_bytes()


def _memory_of(number: int) -> str:
    """Return what a process holds, in MB: of shared pages it has a part."""
    lines = Path(f"/proc/{number}/smaps_rollup").read_text().splitlines()[1:]
    facts = dict(line.split(":", 1) for line in lines)
    rss, pss = (int(facts[name].split()[0]) // 1024 for name in ("Rss", "Pss"))
    return f"Process {number}: {rss} MB, {pss} MB of them its own share."


def _worked(numbers: Iterable[int]) -> float:
    """Return how many seconds some processes have worked until now."""
    ticks = 0
    for number in numbers:
        told = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
        ticks += int(told[11]) + int(told[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _machine_worked() -> float:
    """Return how many seconds the cores of the machine have worked until now, for whomever."""
    told = [int(word) for word in Path("/proc/stat").read_text().split("\n")[0].split()[1:]]
    idle = told[3] + told[4]
    return (sum(told[:8]) - idle) / os.sysconf("SC_CLK_TCK")


def _play(url: str, folder: Path, people: int, seconds: int) -> list[dict[str, str]]:
    command = [
        str(Path(sys.executable).with_name("uv")), "tool", "run", "--from", LOCUST, "locust",
        "--headless", "--only-summary", "--host", url, "--users", str(people),
        "--spawn-rate", "1", "--run-time", f"{people + seconds}s", "--reset-stats",
        "--csv", str(folder / "told"),
        "--locustfile", str(ROOT / "tests" / "speed" / "people.py"),
    ]  # fmt: skip
    environ = {**os.environ, "PEOPLE": str(folder / "people.json")}
    subprocess.run(command, env=environ, check=False, stdout=subprocess.DEVNULL)
    with (folder / "told_stats.csv").open() as file:
        return list(csv.DictReader(file))


def measure(experts: int, kind: str, people: int, seconds: int) -> str:
    """Return what people at work were answered, in Markdown."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "empty").mkdir()
        with database(kind, folder) as url:
            app = databases.make_app(folder, url)
            facts = _people(app, people, fill(app, experts))
            (folder / "people.json").write_text(json.dumps(facts))
            databases.close(app)
            with serving(folder, url, TRUSTED_PROXIES="1") as address:
                servers = [number for number in _processes() if _serves(number)]
                before = _worked(servers), _machine_worked()
                rows = _play(address, folder, people, seconds)
                ours, all_of_it = _worked(servers) - before[0], _machine_worked() - before[1]
                memory = [_memory_of(number) for number in servers]
    lines = [f"## {experts:,} experts, {people} people, {kind}", ""]
    lines += [f"| {' | '.join(COLUMNS.values())} |", f"|{'---|' * len(COLUMNS)}"]
    lines += [f"| {' | '.join(_short(row[name]) for name in COLUMNS)} |" for row in rows]
    work = f"The processes that serve worked {ours:.0f} s, the whole machine {all_of_it:.0f} s."
    return "\n".join([*lines, "", work, *memory])


def _short(value: str) -> str:
    return f"{float(value):.1f}" if "." in value and value[0].isdigit() else value


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("experts", type=int)
    parser.add_argument("--on", choices=databases.KINDS, default="sqlite")
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=60)
    given = parser.parse_args()
    print(measure(given.experts, given.on, given.people, given.seconds))
