"""A page asks the database as often for many rows as for few, and not more often than is stated.

What is asked once for each row is not seen on a small roster, and makes the page of a large one
slow; so the statements are counted, and no clock is looked at. The ceilings are what was counted
and a little more: whoever needs a further question says so here.
"""

from collections.abc import Callable
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
# How often each page may ask, also of a large roster.
PAGES = {
    "/requests/{request}/matches": 70,
    "/requests/{request}/team": 85,
    "/requests/{request}/compare?expert={first}&expert={second}": 55,
    "/requests/{request}/invite": 65,
    "/requests/{request}": 70,
    "/queue": 70,
    "/roster": 40,
    "/roster?q=police": 50,
    "/requests/all": 65,
    "/deployments": 35,
    "/roster/{first}": 65,
}
# How often each page of the menu may ask, and that of the own account, where things of every kind
# stand on it and by whomever it is opened.
MENU = {
    "/": 90,
    "/account": 10,
    "/accounts": 30,
    "/audit": 30,
    "/deployments": 75,
    "/health": 35,
    "/insights": 25,
    "/invitations": 50,
    "/notices": 25,
    "/officials": 45,
    "/organisations": 15,
    "/profile": 40,
    "/queue": 85,
    "/requests": 65,
    "/requests/all": 35,
    "/roster": 35,
    "/settings": 15,
    "/themes": 15,
}


def _grow(app: Flask, experts: int) -> None:
    """Bring more experts, more requests, and more who are considered for them."""
    requests = fill(app, experts)
    with writing(app) as session:
        for number in requests[:CONSIDERED]:
            request = session.get_one(ExpertiseRequest, number)
            excluded = {row.code for row in request.excluded}
            home = next(code for code in ("MNE", "ALB", "SRB") if code not in excluded)
            for state in STATES:
                expert = factories.expert(session, jurisdiction=home)
                factories.match(session, state, request=request, expert=expert)


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
    ceilings = dict(zip(paths, PAGES.values(), strict=True))
    assert {path: count for path, count in many.items() if count > ceilings[path]} == {}


@pytest.mark.thorough
@pytest.mark.parametrize("role", Role)
def test_each_page_of_the_menu_asks_no_more_often_than_is_stated(
    app: Flask, world: factories.World, visitor: Callable[[], Pages], role: Role
) -> None:
    pages = visitor().come_in(world.first(role))
    header = next(pages.get("/account").tree.iter("header"))
    paths = {link.get("href", "") for link in header.iter("a")}
    asked = {path: _count(app, pages, path) for path in paths}
    assert {path: count for path, count in asked.items() if count > MENU.get(path, 0)} == {}
