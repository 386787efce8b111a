"""The page of a ranking, as coordinators meet it: its filters, its many pages, how it was read."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from flask import Flask

import matcher
from matcher.explanation import explain_experts
from matcher.ranking import result
from tests import factories
from tests.databases import writing
from tests.pages import Pages
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState
from webapp.experts.models import ExpertState


@pytest.fixture
def coordinator(sign_in_as: Callable[..., Pages]) -> Pages:
    """Return a coordinator's browser."""
    return sign_in_as(Role.COORDINATOR)


def test_a_request_whose_terms_are_not_accepted_has_no_ranking(
    app: Flask, coordinator: Pages
) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.SUBMITTED)
        expert = factories.expert(session)
    page = coordinator.get(f"/requests/{request.id}/matches")
    assert "once the terms of reference are accepted" in page.text
    coordinator.post(f"/requests/{request.id}/matches/{expert.id}", status=409)


def test_filters_narrow_the_list_and_keep_the_places(app: Flask, coordinator: Pages) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED, languages=())
        factories.expert(session, name="Iz Crne Gore", jurisdiction="MNE")
        factories.expert(session, name="Iz Albanije", jurisdiction="ALB")
        factories.expert(session, jurisdiction="SRB", state=ExpertState.SUSPENDED)
    address = f"/requests/{request.id}/matches"
    page = coordinator.get(address, query={"jurisdiction": "ALB"})
    assert "Iz Albanije" in page.text
    assert "Iz Crne Gore" not in page.text
    assert "1 of 2 ranked experts" in page.text
    assert (
        "Nobody in the ranking fits" in coordinator.get(address, query={"jurisdiction": "SRB"}).text
    )
    for nonsense in (
        {"page": "-1"},
        {"page": "9" * 30},
        {"page": "x"},
    ):
        coordinator.get(address, query=nonsense)


def test_nobody_is_explained_twice_for_one_page(
    app: Flask, coordinator: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED, languages=())
        best = factories.expert(session, jurisdiction="MNE", summary=request.objectives)
        other = factories.expert(session, jurisdiction="ALB")
    explained = list[str]()

    def explain(asked: Any, expert_ids: Sequence[str], best: float) -> list[matcher.Explanation]:
        explained.extend(expert_ids)
        return explain_experts(asked, expert_ids, best)

    monkeypatch.setattr(result, "explain_experts", explain)
    address = f"/requests/{request.id}/matches"
    coordinator.get(address)
    assert sorted(explained) == [str(best.id), str(other.id)]
    explained.clear()
    # The best, of whom this page shows nothing, tells whether anybody fits.
    coordinator.get(address, query={"jurisdiction": "ALB"})
    assert explained == [str(other.id), str(best.id)]


@pytest.mark.long
@pytest.mark.thorough
def test_a_ranking_of_a_thousand_experts_is_one_page_among_many(
    app: Flask, coordinator: Pages
) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED, languages=())
        for _ in range(1000):
            factories.expert(session, signs_in=False)
    page = coordinator.get(f"/requests/{request.id}/matches")
    assert "Page 1 of 100" in page.text
    page = coordinator.get(f"/requests/{request.id}/matches", query={"page": "100"})
    assert "Page 100 of 100" in page.text


def test_a_misspelt_word_is_read_as_a_near_one_and_the_page_says_so(
    app: Flask, coordinator: Pages
) -> None:
    with writing(app) as session:
        request = factories.request(
            session, RequestState.ACCEPTED, title="Traccing of pistols", languages=(), themes=()
        )
        factories.expert(session)
    text = coordinator.get(f"/requests/{request.id}/matches").text
    assert "“Traccing” as “tracing”" in text
    assert "“traccing” as “tracing”" in coordinator.get("/roster?q=traccing+of+pistols").text
