"""What the pages of people at work take on a large roster, beside what their HTML alone takes.

    .venv/bin/python -m tests.speed.pages 5000 --requests 400
    .venv/bin/python -m tests.speed.pages 5000 --on postgresql --page ranking --profile
    .venv/bin/python -m tests.speed.pages 500 --copies 99 --requests 100 --page roster

A fresh database is filled as by tests/speed/matches_page.py, with a made-up history of requests
besides. Each page is opened some times by one process, and rendered once more in the same request:
that second time all is loaded, so it is the limit. Times are CPU seconds of this process, so that
they bear other work on the machine; SQLite works within it, PostgreSQL does not.
"""

import argparse
import cProfile
import gc
import pstats
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import sqlalchemy as sa
from flask import Flask, templating

from tests import databases, factories
from tests.databases import listening
from tests.speed.copies import copy_roster
from tests.speed.matches_page import build_index, clocked, fill, sign_in
from tests.speed.rosters import database
from tests.webapp.demo_history.histories import written
from webapp.core.db import db
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState
from webapp.matches.models import RankingLook
from webapp.matches.ranking.looks import PAUSE

ROUNDS, WARM_UP, LINES = 24, 4, 45
# The same as the ranking, compared with how it stood when its reader looked at it last.
SEEN_BEFORE = "ranking seen before"
# How many requests the requester who is measured has of the last two states.
OWN = 10


@dataclass
class Figures:
    """What was measured of a page, in seconds, statements and bytes."""

    whole: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    def limits(self) -> tuple[str, str, str]:
        """Return what a look takes in the middle, what its HTML alone, and how many times that."""
        middle, limit = (1000 * np.median(some[WARM_UP:]) for some in (self.whole, self.again))
        return f"{middle:.0f}", f"{limit:.0f}", f"{middle / limit:.1f}"

    def row(self, name: str) -> str:
        """Return a row of the table."""
        middle, limit, times = self.limits()
        high = 1000 * np.percentile(self.whole[WARM_UP:], 95)
        return (
            f"| {name} | {middle} | {high:.0f} | {limit} | {times} |"
            f" {np.median(self.statements[WARM_UP:]):.0f} |"
            f" {np.median(self.sizes[WARM_UP:]) / 1000:.0f} kB |"
        )


def _open(client: Any, path: str, answers: list[Any]) -> None:
    answers.append(client.get(path))


@dataclass
class _Opened:
    """One look at a page, while it lasts."""

    again: float = 0.0
    statements: int = 0

    def count(self, *_arguments: Any) -> None:
        self.statements += 1

    @contextmanager
    def watching(self, engine: Any) -> Iterator[None]:
        """Count statements, and render what is rendered once more."""
        render = templating._render

        def twice(*arguments: Any) -> str:
            text = render(*arguments)
            self.again += clocked(partial(render, *arguments))
            return text

        with (
            mock.patch.object(templating, "_render", twice),
            listening(engine, "before_cursor_execute", self.count),
        ):
            yield


def addresses(request_ids: Sequence[int]) -> dict[str, tuple[Role, list[str]]]:
    """Return whose pages are opened, by the names of the table."""
    rankings = [f"/requests/{number}/matches" for number in request_ids]
    return {
        "work queue": (Role.COORDINATOR, ["/queue"]),
        "ranking": (Role.COORDINATOR, rankings),
        SEEN_BEFORE: (Role.COORDINATOR, rankings),
        "all requests": (Role.COORDINATOR, ["/requests/all"]),
        "a request": (Role.COORDINATOR, [f"/requests/{number}" for number in request_ids]),
        "roster": (Role.COORDINATOR, ["/roster"]),
        "roster search": (Role.COORDINATOR, ["/roster?q=police"]),
        "last page of the roster": (Role.COORDINATOR, ["/roster?page=999999"]),
        "insights": (Role.COORDINATOR, ["/insights"]),
        "deployments": (Role.COORDINATOR, ["/deployments"]),
        "own profile": (Role.EXPERT, ["/profile"]),
        "invitations": (Role.EXPERT, ["/invitations"]),
        "notices": (Role.EXPERT, ["/notices"]),
        "own requests": (Role.REQUESTER, ["/requests"]),
        "form of a request": (Role.REQUESTER, ["/requests/new"]),
        "accounts": (Role.ADMINISTRATOR, ["/accounts"]),
        "audit log": (Role.ADMINISTRATOR, ["/audit"]),
        "jobs and mail": (Role.ADMINISTRATOR, ["/health"]),
    }


def measure(
    experts: int, copies: int, requests: int, kind: str, only: Sequence[str], profile: bool
) -> None:
    """Print what each page takes, or only some, and what they take the time for."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "empty").mkdir()
        with database(kind, folder) as url:
            app = databases.make_app(folder, url)
            request_ids = fill(app, experts)
            if copies:
                with databases.writing(app) as session:
                    copy_roster(session, copies)
            clients = _people(app, requests)
            # Whoever asks before a large roster has been read is told to come again.
            build_index(app)
            pages = addresses(request_ids)
            print(f"## {experts * (1 + copies):,} experts, {requests:,} further requests, {kind}\n")
            print("| CPU ms | median | p95 | rendered again | ratio | statements | HTML |")
            print(f"|{'---|' * 7}")
            for title in only or pages:
                role, paths = pages[title]
                if title == SEEN_BEFORE:
                    _look_and_come_back(app, clients[role], paths)
                print(visit(app, clients[role], paths).row(title), flush=True)
                if profile:
                    databases.forget_limits(app)
                    _tell_where(clients[role], paths)
            databases.close(app)


def _people(app: Flask, requests: int) -> dict[Role, Any]:
    with databases.writing(app) as session:
        if requests:
            written(session, requests)
        people = {
            role: factories.account(session, role)
            for role in (Role.COORDINATOR, Role.EXPERT, Role.REQUESTER, Role.ADMINISTRATOR)
        }
        factories.expert(session, person=people[Role.EXPERT])
        for state in (RequestState.SUBMITTED, RequestState.ACCEPTED) * (OWN // 2):
            factories.request(session, state, requester=people[Role.REQUESTER])
    return {role: sign_in(app, person.email) for role, person in people.items()}


def _look_and_come_back(app: Flask, client: Any, paths: Sequence[str]) -> None:
    """Let somebody see each ranking, and leave it for longer than a pause."""
    for path in paths:
        databases.forget_limits(app)
        client.get(path)
    with databases.writing(app) as session:
        for look in session.scalars(sa.select(RankingLook)):
            look.at -= 2 * PAUSE


def visit(app: Flask, client: Any, paths: Sequence[str]) -> Figures:
    """Open some addresses of a page in turn, and return what they take."""
    with app.app_context():
        engine = db.engine
    found, circle = Figures(), cycle(paths)
    databases.forget_limits(app)
    for at in range(ROUNDS):
        if at == WARM_UP:
            gc.freeze()  # As a process of the platform does before it serves anybody.
        opened, path = _Opened(), next(circle)
        answers: list[Any] = []
        with opened.watching(engine):
            whole = clocked(partial(_open, client, path, answers))
        assert answers[0].status_code == 200, (path, answers[0].status)
        found.whole.append(whole - opened.again)
        found.again.append(opened.again)
        found.statements.append(opened.statements)
        found.sizes.append(len(answers[0].data))
    return found


def _tell_where(client: Any, paths: Sequence[str]) -> None:
    """Print where the time of a page goes, once all is warm and without what is measured above."""
    circle, profiler = cycle(paths), cProfile.Profile()
    for at in range(ROUNDS):
        with profiler if at >= WARM_UP else nullcontext():
            client.get(next(circle))
    told = pstats.Stats(profiler)
    told.sort_stats("cumulative").print_stats("webapp|matcher", LINES)
    told.sort_stats("tottime").print_stats(LINES)


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("experts", type=int)
    parser.add_argument("--copies", type=int, default=0, help="of each expert, besides")
    parser.add_argument("--requests", type=int, default=400)
    parser.add_argument("--on", choices=databases.KINDS, default="sqlite")
    parser.add_argument("--page", choices=list(addresses([])), action="append", default=[])
    parser.add_argument("--profile", action="store_true")
    given = parser.parse_args()
    measure(given.experts, given.copies, given.requests, given.on, given.page, given.profile)


if __name__ == "__main__":
    _main()
