"""Members of a team who have no place in the ranking of its request, and what the page says why."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from tests.webapp.matches.test_matches_team import members, request_of
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts import revisions
from webapp.experts.models import Expert, ExpertState
from webapp.matches.models import MatchState
from webapp.matches.teams import team


@pytest.fixture
def coordinator(sign_in_as: Callable[..., Pages], monkeypatch: pytest.MonkeyPatch) -> Pages:
    """Return a coordinator's browser, on a machine that may take its time."""
    monkeypatch.setattr(team, "SECONDS", 60.0)
    return sign_in_as(Role.COORDINATOR)


def test_whoever_was_asked_and_left_the_roster_is_a_member_until_the_match_ends(
    app: Flask, coordinator: Pages
) -> None:
    number = request_of(app, 2, Carves_Violins=MatchState.INVITED)
    with writing(app) as session:
        expert = session.query(Expert).filter_by(name="Carves Violins").one()
        expert.state = ExpertState.DORMANT
        revisions.touch(session, expert)
    page = coordinator.get(f"/requests/{number}/team")
    assert "Carves Violins" in members(page)
    assert (
        "Has no place in the ranking now: This expert is not active on the roster at present."
        in page.text
    )


@pytest.mark.parametrize(
    ("state", "facts", "why"),
    [
        (MatchState.APPROVED, {}, "The days are held for this request."),
        (MatchState.INVITED, {"max_days": 1}, "The assignment takes 4 days"),
        (MatchState.INVITED, {}, "Nothing in the profile bears on this request."),
    ],
)
def test_why_a_member_has_no_place_in_the_ranking_is_told(
    app: Flask, coordinator: Pages, state: MatchState, facts: dict[str, Any], why: str
) -> None:
    number = request_of(app, 2, Shoes_Again=MatchState.INVITED)
    with writing(app) as session:
        request = session.get_one(ExpertiseRequest, number)
        expert = factories.expert(session, **{"name": "Without Place", **facts})
        factories.match(session, state, request=request, expert=expert)
    page = coordinator.get(f"/requests/{number}/team")
    assert members(page) == {"Shoes Again", "Without Place"}
    assert page.text.count("Has no place in the ranking now:") == 1
    assert why in page.text
    assert "No place is left to fill." in page.text
