"""The list of requests is searched the same on both databases, however words are written."""

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from webapp.core.roles import Role
from webapp.expertise_requests import queries
from webapp.expertise_requests.models import RequestState

pytestmark = pytest.mark.both_databases

REQUESTS = [
    ("Легка зброя та боєприпаси", "Львів"),
    ("Чување службеног оружја", "Ниш"),
    ("Čuvanje oružja", "Banja Luka"),
    ("Training", "Shkodër"),
    ("Tracing of firearms", "Bishkek"),
    ("Course 32 for 100 % of the pre\u2011selected officers", ""),
]
CUVANJE = {"Чување службеног оружја", "Čuvanje oružja"}
FOUND = [
    ("зброя", {"Легка зброя та боєприпаси"}),
    ("ЗБРОЯ lviv", {"Легка зброя та боєприпаси"}),
    ("cuvanje", CUVANJE),
    ("чување", CUVANJE),
    ("oruzja čuvanje", CUVANJE),
    ("shkoder", {"Training"}),
    ("tracing firearms", {"Tracing of firearms"}),
    ("firearms, tracing Bishkek", {"Tracing of firearms"}),
    ("preselected", {"Course 32 for 100 % of the pre\u2011selected officers"}),
    ("pre-selected", {"Course 32 for 100 % of the pre\u2011selected officers"}),
    ("%", {"Course 32 for 100 % of the pre\u2011selected officers"}),
    ("Karapandža border", {"Tracing of firearms"}),
    ("Карапанџа", {"Tracing of firearms"}),
]


@pytest.fixture
def sent_in(app: Flask) -> Flask:
    """Return the application with these requests, the fifth by somebody with a rare name."""
    with writing(app) as session:
        usual = factories.account(session, Role.REQUESTER, name="Ana", institution="Ministry")
        other = factories.account(
            session, Role.REQUESTER, name="Aida Karapandža", institution="Border Police"
        )
        for title, place in REQUESTS:
            factories.request(
                session,
                RequestState.SUBMITTED,
                requester=other if title == "Tracing of firearms" else usual,
                title=title,
                place=place,
            )
    return app


def test_requests_are_found_however_they_are_written(sent_in: Flask) -> None:
    with reading(sent_in) as session:
        for words, titles in FOUND:
            found = {row.title for row in queries.list_sent_in(session, search=words).items}
            assert found == titles, words


def test_a_number_finds_its_request_and_texts_that_hold_it(app: Flask) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.REQUESTER, name="Ana", institution="Ministry")
        numbered, other = (
            factories.request(session, RequestState.SUBMITTED, requester=person, title=title)
            for title in ("Training", "Course no. 1 for officers")
        )
        assert (numbered.id, other.id) == (1, 2)
    with reading(app) as session:
        for words, numbers in [
            ("R 0001", {1}), ("R-0001", {1}), ("R\u20110001", {1}), ("r0001", {1}), ("0001", {1}),
            ("1", {1, 2}), ("R-1 training", {1}), ("r-1 course", set()), ("R-0003", set()),
            ("9" * 30, set()), ("R-" + "9" * 60, set()),
        ]:  # fmt: skip
            found = {row.id for row in queries.list_sent_in(session, search=words).items}
            assert found == numbers, words


def test_a_new_title_and_a_new_name_are_found_at_once(sent_in: Flask) -> None:
    with writing(sent_in) as session:
        row = queries.list_sent_in(session, search="shkoder").items[0]
        row.title, row.requester.name = "Обука", "Ђурђа"
    with reading(sent_in) as session:
        found = queries.list_sent_in(session, search="djurdja obuka").items
        assert [request.title for request in found] == ["Обука"]
