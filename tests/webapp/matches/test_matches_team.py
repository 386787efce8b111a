"""A team is suggested that covers a request together, beside the ranking and changing nothing."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

import matcher
from tests import factories
from tests.databases import writing
from tests.pages import Page, Pages
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState
from webapp.experts.models import Expert
from webapp.matches.models import MatchState

WANTED = "Farriers who shoe horses of patrols. Luthiers who carve violins of maple."


@pytest.fixture
def coordinator(sign_in_as: Callable[..., Pages]) -> Pages:
    """Return a coordinator's browser."""
    return sign_in_as(Role.COORDINATOR)


def request_of(app: Flask, needed: int, **ended: MatchState) -> int:
    """Make a roster and a request for `needed` experts; return the request's id."""
    texts: dict[str, Any] = {"title": "Two crafts", "background": "", "objectives": WANTED}
    profiles = {
        "Shoes Horses": "Farrier. Shoes horses of patrols, farrier of the guard.",
        "Shoes Again": "Farrier. Shoes horses of patrols daily.",
        "Carves Violins": "Luthier, carves violins.",
    }
    with writing(app) as session:
        people = {
            name: factories.expert(session, name=name, summary=summary)
            for name, summary in profiles.items()
        }
        made = factories.request(
            session,
            RequestState.ACCEPTED,
            **{**texts, "tasks": "", "themes": (), "languages": (), "experts_needed": needed},
        )
        for name, state in ended.items():
            expert: Expert = people[name.replace("_", " ")]
            factories.match(session, state, request=made, expert=expert)
        return made.id


def members(page: Page) -> set[str | None]:
    """Return the names in the team."""
    return {link.text for link in page.tree.iterfind(".//h2/a")}


def test_two_crafts_are_covered_by_two_people(app: Flask, coordinator: Pages) -> None:
    address = f"/requests/{request_of(app, 2)}/team"
    page = coordinator.get(f"{address}?first=subjects")
    assert "Carves Violins" in members(page)
    assert len(members(page)) == 2
    assert "Luthiers" in page.text or "luthier" in page.text.lower()


def test_the_ranking_leads_to_the_team_where_several_are_needed(
    app: Flask, coordinator: Pages
) -> None:
    several, one = request_of(app, 2), request_of(app, 1)
    assert f"/requests/{several}/team" in coordinator.get(f"/requests/{several}/matches").addresses
    assert f"/requests/{one}/team" not in coordinator.get(f"/requests/{one}/matches").addresses
    assert coordinator.get(f"/requests/{one}/team").url.endswith("/matches")


def test_nobody_who_has_declined_is_suggested_again(app: Flask, coordinator: Pages) -> None:
    number = request_of(app, 2, Carves_Violins=MatchState.DECLINED)
    page = coordinator.get(f"/requests/{number}/team?first=subjects")
    assert members(page) == {"Shoes Horses", "Shoes Again"}


def test_where_fewer_can_go_than_are_needed_the_page_says_so(
    app: Flask, coordinator: Pages
) -> None:
    page = coordinator.get(f"/requests/{request_of(app, 4)}/team")
    assert not members(page)
    assert "No team can be suggested" in page.text


def test_nothing_is_both_covered_and_covered_by_nobody(
    app: Flask, coordinator: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/requests/{request_of(app, 2)}/team"
    suggest = matcher.suggest_team

    def with_a_namesake(*arguments: Any, **options: Any) -> Any:
        found = suggest(*arguments, **options)
        return dataclasses.replace(found, uncovered=found.members[0].best_for)

    assert "Covers best in this team" in coordinator.get(address).text
    monkeypatch.setattr(matcher, "suggest_team", with_a_namesake)
    assert "Nobody in this team covers" not in coordinator.get(address).text


def test_words_that_are_no_subject_of_the_field_are_not_called_uncovered(
    app: Flask, coordinator: Pages
) -> None:
    page = coordinator.get(f"/requests/{request_of(app, 2)}/team?first=subjects")
    assert "Nobody in this team covers" not in page.text
