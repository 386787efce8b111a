"""Databases with a large roster and a history, to measure with: made once, then copied.

Fifty thousand profiles take minutes to write, and their index as long to build; so both are kept in
a folder outside the project, for the migrations of today, and each run has a copy of its own. Where
texts are read otherwise since, the index alone is made anew.
PostgreSQL gets its copy by the platform's own way from SQLite.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask

from tests import databases, factories
from tests.conftest import ROOT
from tests.postgresql import postgresql_server
from tests.speed.matches_page import build_index, fill
from tests.webapp.demo_history.histories import written
from webapp.core.db import alembic
from webapp.core.roles import Role

USUAL_PLACE = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "rssrp-speed"
# A made-up history of so many requests fills the queue and the calendar.
REQUESTS = 400
# So many people of each role have an account.
PEOPLE = 60
WHO, DATABASE, INDEX = "people.json", "platform.sqlite", "roster-index"


@dataclass(frozen=True)
class Roster:
    """A database of one's own, who is in it, and the folder of its index."""

    url: str
    people: dict[str, Any]
    kept: Path

    def give_index(self, folder: Path) -> None:
        """Give a host the index that it would else build for minutes."""
        shutil.copytree(self.kept / INDEX, folder / INDEX)


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """Give the URL of a fresh database of a kind."""
    with _maker(kind, folder) as maker, maker.fresh(folder) as url:
        yield url


@contextmanager
def _maker(kind: str, folder: Path) -> Iterator[Any]:
    with ExitStack() as stack:
        if kind == "sqlite":
            yield databases.SqliteDatabases(folder / "empty")
            return
        url = stack.enter_context(postgresql_server())
        maker = databases.PostgresDatabases(folder / "empty", url)
        stack.callback(maker.drop_templates)
        yield maker


@contextmanager
def copied(experts: int, kind: str, folder: Path, place: Path) -> Iterator[Roster]:
    """Give a copy, in a folder of its own, of the roster that is kept at a place."""
    (folder / "empty").mkdir()
    with _maker(kind, folder) as maker:
        kept = _keep(experts, place, folder)
        people = json.loads((kept / WHO).read_text("utf-8"))
        shutil.copyfile(kept / DATABASE, folder / DATABASE)
        file = f"sqlite:///{folder / DATABASE}"
        if kind == "sqlite":
            yield Roster(file, people, kept)
            return
        with maker.empty(folder) as url:
            _move(folder, file, url)
            yield Roster(url, people, kept)


def _keep(experts: int, place: Path, folder: Path) -> Path:
    """Return where a roster of so many is kept, after it was made if it was not there."""
    kept = place / f"{experts}-{_newest_migration(folder)}"
    if not kept.exists():
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place) as name:
            made = Path(name) / kept.name
            (made / "empty").mkdir(parents=True)
            _make(experts, made)
            made.rename(kept)
    # Of another reading of texts it would be made anew by each host, while people wait for it.
    app = databases.make_app(kept, f"sqlite:///{kept / DATABASE}")
    build_index(app)
    databases.close(app)
    return kept


def _newest_migration(folder: Path) -> str:
    app = databases.make_app(folder, f"sqlite:///{folder / 'none.sqlite'}")
    with app.app_context():
        return str(alembic.script_directory.get_current_head())


def _make(experts: int, folder: Path) -> None:
    with database("sqlite", folder) as url:
        app = databases.make_app(folder, url)
        people = _people(app, fill(app, experts))
        assert databases.is_sound(app)
        databases.close(app)
    (folder / WHO).write_text(json.dumps(people), "utf-8")


def _people(app: Flask, request_ids: list[int]) -> dict[str, Any]:
    with databases.writing(app) as session:
        written(session, REQUESTS)
        made: dict[str, Any] = {
            role.value: [factories.account(session, role).email for _ in range(PEOPLE)]
            for role in (Role.COORDINATOR, Role.REQUESTER, Role.ADMINISTRATOR)
        }
        experts = [factories.account(session, Role.EXPERT) for _ in range(PEOPLE)]
        for person in experts:
            factories.expert(session, person=person)
    made[Role.EXPERT.value] = [person.email for person in experts]
    return {**made, "password": factories.PASSWORD, "requests": request_ids}


def _move(folder: Path, source: str, target: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "move-to", target],
        cwd=ROOT, env=databases.environment(folder, source), check=True,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
