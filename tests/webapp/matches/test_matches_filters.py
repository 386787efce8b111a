"""The filters of a ranking, and what stands first on a match's page."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.html import text_of
from tests.pages import Page, Pages
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState
from webapp.experts.models import ExpertTheme
from webapp.matches.models import MatchState


@pytest.fixture
def coordinator(sign_in_as: Callable[..., Pages]) -> Pages:
    """Return a coordinator's browser."""
    return sign_in_as(Role.COORDINATOR)


@pytest.fixture
def ranking(app: Flask) -> str:
    """Return the address of a ranking of three experts of two jurisdictions."""
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED)
        factories.expert(session, name="Ana Prva", jurisdiction="MNE")
        factories.expert(session, name="Boris Drugi", jurisdiction="SRB")
        other = [ExpertTheme(theme_code="SALW-TRF", priority=1)]
        factories.expert(session, name="Cveta Treta", jurisdiction="SRB", themes=other)
    return f"/requests/{request.id}/matches"


def people(page: Page) -> list[str]:
    """Return the names of the experts on the page, in the order of the ranking."""
    return [text_of(heading) for heading in page.tree.iter("h3")]


def options(page: Page, name: str) -> list[str]:
    """Return the values that a list of the page offers."""
    found = next(select for select in page.tree.iter("select") if select.get("name") == name)
    return [option.get("value", "") for option in found.iter("option")]


def test_only_jurisdictions_of_the_roster_are_offered(coordinator: Pages, ranking: str) -> None:
    assert options(coordinator.get(ranking), "jurisdiction") == ["", "MNE", "SRB"]


def test_filters_narrow_the_list(coordinator: Pages, ranking: str) -> None:
    assert len(people(coordinator.get(ranking))) == 3
    page = coordinator.get(ranking, query={"jurisdiction": "SRB", "theme": "SALW-MTR"})
    assert people(page) == ["Boris Drugi"]


@pytest.mark.parametrize(
    ("query", "wrong", "left"),
    [
        ({"jurisdiction": "MNE", "theme": "NOTHING"}, "theme", ["Ana Prva"]),
        ({"jurisdiction": "ZWE", "theme": "SALW-MTR"}, "jurisdiction", ["Ana Prva", "Boris Drugi"]),
    ],
)
def test_a_wrong_filter_is_told_at_its_field_and_leaves_the_other(
    coordinator: Pages, ranking: str, query: dict[str, str], wrong: str, left: list[str]
) -> None:
    page = coordinator.get(ranking, query=query, status=400)
    assert page.errors == {wrong: "Please choose one of the list."}
    assert sorted(people(page)) == left


def test_an_approved_match_is_proposed_before_all_else(app: Flask, coordinator: Pages) -> None:
    with writing(app) as session:
        match = factories.match(session, MatchState.APPROVED)
    propose = "Propose the approved experts to the requester"
    page = coordinator.get(f"/matches/{match.id}")
    assert page.text.index(propose) < page.text.index("End this match")
    assert page.text.index("What can be done now") < page.text.index(propose)
    assert (
        f"{match.expert.name} proposed"
        in page.follow(propose).submit("Propose to the requester").text
    )
