"""The texts of all profiles are searched once for a list and its counts, which stay the same."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import listening, reading, writing
from tests.pages import Pages
from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.db import db
from webapp.core.roles import Role
from webapp.roster import facets, queries
from webapp.roster.facets import Moment
from webapp.roster.kinds import Asked, Sort

PEOPLE: list[dict[str, Any]] = [
    {"name": "Ana Zgled", "jurisdiction": "SRB", "institution": "Fictional Police"},
    {"name": "Boris Primer", "jurisdiction": "MNE", "institution": "Fictional Police"},
    {"name": "Ceca Zgled", "jurisdiction": "MNE", "institution": "Anapest Institute"},
    {"name": "Dora Vzorec", "jurisdiction": None, "institution": ""},
]


def put(app: Flask) -> list[int]:
    with writing(app) as session:
        return [factories.expert(session, signs_in=False, **values).id for values in PEOPLE]


@pytest.mark.both_databases
@pytest.mark.parametrize("most", [500, 1])
@pytest.mark.parametrize(
    ("asked", "named"),
    [
        (Asked(words="ana"), {0, 2}),
        (Asked(words="zgled", jurisdiction="MNE"), {2}),
        (Asked(words="police", institution="Fictional Police"), {0, 1}),
        (Asked(words="nobody-is-called-so"), set()),
    ],
)
def test_the_same_is_found_and_counted_as_by_each_statement(
    app: Flask, monkeypatch: pytest.MonkeyPatch, most: int, asked: Asked, named: set[int]
) -> None:
    monkeypatch.setattr(facets, "MOST_NAMED", most)
    numbers = put(app)
    with reading(app) as session:
        # The last one has the words nowhere, and a profile that bears on them.
        moment = Moment(clock.now(), SYSTEM, numbers[3:])
        once = facets.search_once(session, asked, moment)
        assert (once.fitting_words is None) == (most == 1 and bool(named))
        pages = [
            [line.expert.id for line in queries.list_page(session, asked, each, sort=sort).items]
            for each in (moment, once)
            for sort in Sort
        ]
        assert pages[: len(Sort)] == pages[len(Sort) :]
        assert {numbers[at] for at in named} <= set(pages[0])
        ways = [facets.count_all(session, asked, each) for each in (moment, once)]
        assert ways[0] == ways[1]


def test_a_page_of_few_searches_all_texts_once(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    put(app)
    pages = sign_in_as(Role.COORDINATOR)
    searched: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        # Of those who are named by their numbers the text is looked at, too: that is of few.
        where = statement.partition("WHERE")[2]
        if "search_words LIKE" in where or "search_text LIKE" in where:
            searched.append(statement)

    with app.app_context():
        engine = db.engine
    pages.get("/roster", query={"q": "ana"})
    with listening(engine, "before_cursor_execute", note):
        pages.get("/roster", query={"q": "ana"})
    among_all = [one for one in searched if "expert.id IN (" not in one]
    assert len(among_all) == 1, searched
