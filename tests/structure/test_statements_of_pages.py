"""A page asks the database as often for many rows as for few.

What is asked once for each row is not seen on a small roster, and makes the page of a large one
slow; so the statements are counted, and no clock is looked at.
"""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import databases, factories
from tests.databases import listening, writing
from tests.pages import Pages
from tests.speed.matches_page import fill
from webapp.core.db import db
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Expert
from webapp.matches.models import Match, MatchState

FEW, MANY = 60, 600
# Several at a time are read while somebody waits, and all at once would be in the background.
STEP = 270
# For so many requests of each step somebody is considered, and stands there.
CONSIDERED = 6
# So many more are put on the list of one.
MORE = 12
STATES = (
    MatchState.SHORTLISTED, MatchState.INVITED, MatchState.AVAILABLE, MatchState.RELEASED,
    MatchState.DECLINED,
)  # fmt: skip
PAGES = (
    "/requests/{request}/matches",
    "/requests/{request}/team",
    "/requests/{request}/compare?expert={first}&expert={second}",
    "/requests/{request}/invite",
    "/requests/{request}",
    "/queue",
    "/roster",
    "/roster?q=police",
    "/requests/all",
    "/deployments",
    "/roster/{first}",
)


def _grow(app: Flask, experts: int) -> None:
    """Bring more experts, more requests, and more who are considered for them."""
    requests = fill(app, experts)
    with writing(app) as session:
        for number in requests[:CONSIDERED]:
            request = session.get_one(ExpertiseRequest, number)
            for state in STATES:
                factories.match(session, state, request=request)


def _considered_more(app: Flask, request_id: int, people: int) -> None:
    with writing(app) as session:
        request = session.get_one(ExpertiseRequest, request_id)
        there = sa.select(Match.expert_id).where(Match.request_id == request_id)
        others = sa.select(Expert).where(Expert.id.not_in(there)).order_by(Expert.id).limit(people)
        for expert in session.scalars(others).all():
            factories.match(session, MatchState.SHORTLISTED, request=request, expert=expert)


def _count(app: Flask, pages: Pages, path: str) -> int:
    """Return how often the database is asked by a page that was opened before."""
    with app.app_context():
        engine = db.engine
    found: list[Any] = []

    def note(*arguments: Any) -> None:
        found.append(arguments[2])

    databases.forget_limits(app)
    pages.get(path)
    with listening(engine, "before_cursor_execute", note):
        pages.get(path)
    return len(found)


@pytest.mark.thorough
def test_no_page_asks_the_database_once_for_each_row(app: Flask, pages: Pages) -> None:
    _grow(app, FEW)
    with writing(app) as session:
        request = session.scalars(sa.select(sa.func.min(ExpertiseRequest.id))).one()
        first, second = session.scalars(sa.select(Expert.id).order_by(Expert.id).limit(2))
        coordinator = factories.account(session, Role.COORDINATOR)
    pages.come_in(coordinator)
    paths = [path.format(request=request, first=first, second=second) for path in PAGES]
    few = {path: _count(app, pages, path) for path in paths}
    for _step in range((MANY - FEW) // STEP):
        _grow(app, STEP)
        pages.get(paths[0])
        app.extensions["roster"].finish()
    _considered_more(app, request, MORE)
    many = {path: _count(app, pages, path) for path in paths}
    # What is asked only if there is anything of a kind may come to it.
    assert {path: few[path] for path in paths if many[path] >= few[path] + MORE // 2} == {}
