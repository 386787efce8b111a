"""How the platform serves people at work, beside the same pages rendered from ready data.

    .venv/bin/python -m tests.speed.load 5000
    .venv/bin/python -m tests.speed.load 50000 --on postgresql --hosts 2 --write figures.md

A database with so many experts is served as in real use: by hosts with workers and a job worker,
behind the nginx of deploy/. Locust plays the people of tests/speed/people.py, each of whom looks at
a page for two to six seconds; they sign in one after another, and what is told begins when all
have come. When they have gone each page is opened in this process, and rendered once more from what
it has read: what that takes is the limit. The rosters, and the environment of Locust with the
hashes of requirements/load.txt, are made once and kept in a folder.
"""

import argparse
import csv
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import databases
from tests.conftest import ROOT, free_port
from tests.faults.hosts import Processes, behind_nginx
from tests.speed import pages, served
from tests.speed.matches_page import sign_in
from tests.speed.rosters import PEOPLE, USUAL_PLACE, Roster, copied
from webapp.core.roles import Role

LOCK = ROOT / "requirements" / "load.txt"
COLUMNS = ("Request Count", "Failure Count", "Requests/s", "50%", "95%", "99%")
HEAD = (
    "page", "answers", "failed", "a second", "p50 ms", "p95 ms", "p99 ms",
    "one look, CPU ms", "its HTML alone", "times",
)  # fmt: skip
# Each has a role of its own, so the pages of all are opened by these.
ROLES = (Role.COORDINATOR, Role.EXPERT, Role.REQUESTER, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Wanted:
    """What is measured."""

    experts: int
    kind: str
    hosts: int
    people: int
    seconds: int
    kept: Path

    def __str__(self) -> str:
        hosts = "one host" if self.hosts == 1 else f"{self.hosts} hosts"
        people = f"{self.people} people for {self.seconds} s"
        return f"{self.experts:,} experts, {self.kind}, {hosts} behind nginx, {people}"


@contextmanager
def _served(roster: Roster, wanted: Wanted, folder: Path) -> Iterator[str]:
    """Start the hosts, with nginx before them, and give its address."""
    with ExitStack() as stack:
        ports = [free_port() for _host in range(wanted.hosts)]
        for at, port in enumerate(ports, start=1):
            name = f"host-{at}"
            environ = databases.environment(folder / name, roster.url)
            # Locust says from which address people come, as a proxy before nginx would.
            environ |= {"PORT": str(port), "HOST_NAME": name, "TRUSTED_PROXIES": "2"}
            host = Processes(folder / name, f"http://127.0.0.1:{port}", environ)
            stack.callback(host.close)
            roster.give_index(host.folder)
            host.start()
        behind = [f"127.0.0.1:{port}" for port in ports]
        yield stack.enter_context(behind_nginx(folder, behind))


def environment_of_locust(kept: Path) -> Path:
    """Return where the environment is that its lock describes, whether or not it is there yet."""
    return kept / f"locust-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]}"


def _locust(kept: Path) -> Path:
    """Return Locust, in an environment of its own that is made where there is none yet."""
    uv, place = Path(sys.executable).with_name("uv"), environment_of_locust(kept)
    if not (place / "bin" / "locust").exists():
        subprocess.run([uv, "venv", "--quiet", "--clear", place], check=True)
        subprocess.run(
            [uv, "pip", "install", "--quiet", "--python", place, "--require-hashes", "-r", LOCK],
            check=True,
        )
    return place / "bin" / "locust"


def _play(url: str, roster: Roster, folder: Path, wanted: Wanted) -> list[dict[str, str]]:
    (folder / "people.json").write_text(json.dumps(roster.people), "utf-8")
    command: list[str | Path] = [
        _locust(wanted.kept), "--headless", "--only-summary", "--host", url,
        "--users", str(wanted.people), "--spawn-rate", "1", "--csv", folder / "told",
        "--locustfile", ROOT / "tests" / "speed" / "people.py",
    ]  # fmt: skip
    environ = {
        **os.environ, "PEOPLE": str(folder / "people.json"), "SECONDS": str(wanted.seconds)
    }  # fmt: skip
    # It ends with 1 where an answer failed, which the table tells.
    subprocess.run(command, env=environ, check=False, stdout=subprocess.DEVNULL)
    for row in _rows(folder / "told_failures.csv"):
        print(f"{row['Name']}: {row['Error']}, {row['Occurrences']} times", file=sys.stderr)
    return _rows(folder / "told_stats.csv")


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open() as file:
        return list(csv.DictReader(file))


def _look(roster: Roster, folder: Path, names: Sequence[str]) -> dict[str, pages.Figures]:
    """Return what some pages, and their HTML alone, take in this process."""
    (folder / "alone").mkdir()
    roster.give_index(folder / "alone")
    app = databases.make_app(folder / "alone", roster.url)
    clients = {role: sign_in(app, roster.people[role.value][0]) for role in ROLES}
    known = pages.addresses(roster.people["requests"])
    found = {
        name: pages.visit(app, clients[known[name][0]], known[name][1])
        for name in names
        if name in known
    }
    databases.close(app)
    return found


def measure(wanted: Wanted) -> str:
    """Return what people at work were answered, and what it took, in Markdown."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with copied(wanted.experts, wanted.kind, folder, wanted.kept) as roster:
            with _served(roster, wanted, folder) as url:
                before = {one: one.memory() for one in served.processes()}
                clock = served.worked(before), served.machine_worked()
                told = _play(url, roster, folder, wanted)
                ours = served.worked(before) - clock[0]
                machine = served.machine_worked() - clock[1]
                after = {one: one.memory() for one in before}
            alone = _look(roster, folder, [row["Name"] for row in told])
    work = f"The processes that serve worked {ours:.0f} s, the whole machine {machine:.0f} s."
    return "\n".join(
        [f"## {wanted}", "", *_times(told, alone), "", work, "", *_sizes(before, after)]
    )


def _times(told: Sequence[dict[str, str]], alone: dict[str, pages.Figures]) -> Iterator[str]:
    yield _line(HEAD)
    yield _line(["---"] * len(HEAD))
    # What nobody opened since all have come has no times.
    for row in (row for row in told if row["Request Count"] != "0"):
        took = alone.get(row["Name"])
        limit = took.limits() if took else ("", "", "")
        yield _line([row["Name"], *(_short(row[name]) for name in COLUMNS), *limit])


def _sizes(
    before: dict[served.Process, served.Memory], after: dict[served.Process, served.Memory]
) -> Iterator[str]:
    yield _line(("memory in MB: all, share (PSS), private", "at the start", "at the end"))
    yield _line(["---"] * 3)
    for one, start in before.items():
        sizes = (", ".join(map(str, memory)) for memory in (start, after[one]))
        yield _line([f"{one.what} {one.number}", *sizes])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _short(value: str) -> str:
    return f"{float(value):.1f}" if "." in value and value[0].isdigit() else value


def _main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("experts", type=int, help="on the roster, such as 5000 or 50000")
    parser.add_argument("--on", choices=databases.KINDS, default="sqlite")
    parser.add_argument("--hosts", type=int, default=1, help="on PostgreSQL more than one")
    parser.add_argument("--people", type=int, default=20, help=f"at work, up to {PEOPLE}")
    parser.add_argument("--seconds", type=int, default=60, help="from when all have come")
    parser.add_argument("--kept", type=Path, default=USUAL_PLACE, help="where rosters are kept")
    parser.add_argument("--write", type=Path, help="a file to which the tables are added")
    given = parser.parse_args()
    if given.hosts > 1 and given.on == "sqlite":
        parser.error("several hosts need --on postgresql")
    if given.people > PEOPLE:
        parser.error(f"there are accounts for {PEOPLE} people")
    told = measure(
        Wanted(given.experts, given.on, given.hosts, given.people, given.seconds, given.kept)
    )
    print(told)
    if given.write:
        with given.write.open("a", encoding="utf-8") as file:
            file.write(f"{told}\n\n")


if __name__ == "__main__":
    _main()
