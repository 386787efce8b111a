"""How long the matches page takes on a large roster, and how heavy it is.

    .venv/bin/python -m tests.speed.matches_page 5000 50000

A fresh SQLite database is filled with the fictional experts and requests of the matcher's own
benchmark, and a signed-in coordinator opens the ranking of each request once. Times are CPU seconds
of this process, in which the database works too, so that they bear other work on the machine.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial, wraps
from itertools import islice
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
from flask import Flask

import matcher
from matcher.experiments.benchmark.rosters import requests, roster
from tests import databases, factories
from tests.databases import listening
from webapp.core import clock
from webapp.core.db import db
from webapp.core.errors import NotReadyError
from webapp.core.roles import Role
from webapp.core.words.vocabularies import CefrLevel, LanguageNeed
from webapp.expertise_requests.models import RequestState
from webapp.experts.joining import CONSENT_VERSION
from webapp.experts.models import (
    ClosedJurisdiction,
    Evidence,
    EvidenceKind,
    Expert,
    ExpertState,
    ExpertTheme,
    Gender,
    LanguageSkill,
    Training,
    UnavailablePeriod,
)
from webapp.experts.revisions import touch_all
from webapp.experts.standing_tables import Approval
from webapp.matches import facts, remarks
from webapp.matches.ranking import rankings
from webapp.matches.views import ranked

REQUESTS, WARM_UP, SEED, BATCH = 30, 3, 20_261_127, 500
# The first three themes of a profile are ranked, the others are not.
PRIORITIES = (1, 2, 3, 9)
# What the page is made of, by the names under which its view calls it.
PARTS = {
    "ranking": (rankings, "read_order"),
    "rows and reasons": (rankings, "show"),
    "choices to narrow by": (ranked, "filter_form"),
    "facts of each card": (facts, "list_facts"),
    "remarks of each card": (remarks, "list_remarks"),
    "template": (ranked, "render_template"),
}


@dataclass
class Figures:
    """What was measured of each page, in seconds, statements and bytes."""

    whole: list[float] = field(default_factory=list)
    parts: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in PARTS})
    statements: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)


def measure(experts: int) -> str:
    """Fill a database with so many experts and return what the page takes there, in Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder)
        maker = databases.SqliteDatabases(instance / "empty")
        with maker.fresh(instance) as url:
            app = databases.make_app(instance, url)
            request_ids = fill(app, experts)
            built = clocked(partial(build_index, app))
            found = _visit(app, request_ids)
            databases.close(app)
    return _report(experts, built, found)


def fill(app: Flask, experts: int) -> list[int]:
    """Put so many fictional experts on the roster; return requests for which to rank them."""
    thesaurus = matcher.default_thesaurus()
    drawn = roster(experts, SEED, thesaurus)
    while batch := [_row(one) for one in islice(drawn, BATCH)]:
        with databases.writing(app) as session:
            touch_all(session, batch)
            session.add_all([*batch, *_approvals(batch)])
    with databases.writing(app) as session:
        coordinator = factories.account(session, Role.COORDINATOR)
        return [
            factories.request(
                session, RequestState.ACCEPTED, coordinator=coordinator, **_asked(one)
            ).id
            for one in requests(REQUESTS + WARM_UP, SEED, thesaurus)
        ]


def _row(one: matcher.Expert) -> Expert:
    """Return the profile of a fictional expert as the platform keeps it."""
    number = int(one.id.removeprefix("S"))
    return Expert(
        state=ExpertState.ACTIVE,
        name=factories.person_name(number),
        gender=Gender.FEMALE if number % 2 else Gender.MALE,
        jurisdiction=one.jurisdiction,
        institution=f"Fictional Police Directorate {number % 40}",
        post=one.headline,
        summary=one.summary,
        max_days=one.max_days,
        approved_until=one.approved_until,
        consent_version=CONSENT_VERSION,
        consented_at=clock.now(),
        last_confirmed_at=clock.now() - timedelta(days=number % 300),
        themes=[
            ExpertTheme(theme_code=code, priority=PRIORITIES[min(at, 3)])
            for at, code in enumerate(one.themes)
        ],
        evidence=[
            Evidence(kind=EvidenceKind.PROJECT, title=row.title, description=row.description)
            for row in one.experience
        ],
        trainings=[Training(title=title) for title in one.training],
        languages=[
            LanguageSkill(language=code, level=CefrLevel(level))
            for code, level in (one.languages or {}).items()
        ],
        unavailable=[UnavailablePeriod(start=row.start, end=row.end) for row in one.unavailable],
        closed_jurisdictions=[ClosedJurisdiction(code=code) for code in one.excluded_jurisdictions],
    )


def _approvals(batch: Sequence[Expert]) -> list[Approval]:
    """Return the approvals of which profiles say the end."""
    return [
        Approval(
            expert=one, state_since=clock.now(), starts=clock.today(), until=one.approved_until
        )
        for one in batch
        if one.approved_until is not None
    ]


def _asked(one: matcher.Request) -> dict[str, Any]:
    return {
        "title": one.title,
        "background": "",
        "objectives": "",
        "tasks": one.description,
        "themes": (),
        "jurisdiction": one.jurisdiction,
        "excluded": one.excluded_jurisdictions,
        "start": one.start,
        "end": one.end,
        "languages": tuple(
            (code, CefrLevel(level), LanguageNeed.REQUIRED)
            for code, level in (one.required_languages or {}).items()
        ),
    }


def build_index(app: Flask) -> None:
    """Have the index made and saved as a worker does."""
    roster = app.extensions["roster"]
    with databases.reading(app) as session:
        # One that is large is read in the background.
        with suppress(NotReadyError):
            roster.current(session)
        roster.finish()
        roster.current(session)
        roster.finish()


def _visit(app: Flask, request_ids: Sequence[int]) -> Figures:
    with databases.writing(app) as session:
        person = factories.account(session, Role.COORDINATOR)
    client = sign_in(app, person.email)
    found = Figures()
    with _counting(app, found), ExitStack() as stack:
        for name, (owner, attribute) in PARTS.items():
            timed = _timed(getattr(owner, attribute), found.parts[name])
            stack.enter_context(mock.patch.object(owner, attribute, timed))
        for request_id in request_ids:
            found.statements.append(0)
            found.whole.append(clocked(partial(_open, client, request_id, found)))
    return found


def sign_in(app: Flask, email: str) -> Any:
    """Return a client that has signed in."""
    client = app.test_client()
    token = client.get("/login").text.partition('name="csrf_token" value="')[2].partition('"')[0]
    data = {"email": email, "password": factories.PASSWORD, "csrf_token": token}
    client.post("/login", data=data)
    return client


def _open(client: Any, request_id: int, found: Figures) -> None:
    answer = client.get(f"/requests/{request_id}/matches")
    assert answer.status_code == 200, answer.text[:2000]
    found.sizes.append(len(answer.data))


@contextmanager
def _counting(app: Flask, found: Figures) -> Iterator[None]:
    def count(*_arguments: Any) -> None:
        found.statements[-1] += 1

    with app.app_context():
        engine = db.engine
    with listening(engine, "before_cursor_execute", count):
        yield


def _timed(call: Callable[..., Any], into: list[float]) -> Callable[..., Any]:
    @wraps(call)
    def timed(*arguments: Any, **options: Any) -> Any:
        started = time.process_time()
        answer = call(*arguments, **options)
        into.append(time.process_time() - started)
        return answer

    return timed


def clocked(work: Callable[[], object]) -> float:
    """Return how many seconds of this process some work takes."""
    started = time.process_time()
    work()
    return time.process_time() - started


def _report(experts: int, built: float, found: Figures) -> str:
    rows = {"the whole page": found.whole, **found.parts}
    lines = [
        f"## {experts:,} experts",
        "",
        f"The index took {built:.0f} s of this process to build; a page asks the database"
        f" {int(np.median(found.statements[WARM_UP:]))} times and has"
        f" {np.median(found.sizes[WARM_UP:]) / 1000:.0f} kB of HTML, at most"
        f" {max(found.sizes) / 1000:.0f} kB.",
        "",
        "| ms | median | 95th percentile |",
        "|---|---|---|",
    ]
    for name, seconds in rows.items():
        middle, high = (1000 * np.percentile(seconds[WARM_UP:], at) for at in (50, 95))
        lines.append(f"| {name} | {middle:.0f} | {high:.0f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    for size in map(int, sys.argv[1:]):
        print(measure(size), flush=True)
