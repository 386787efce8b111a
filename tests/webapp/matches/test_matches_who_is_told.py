"""Before a choice its requester reads who is told of it, and by whom."""

from collections.abc import Callable

from flask import Flask

from tests.databases import writing
from tests.pages import Pages
from tests.webapp.matches.test_matches_pages import matched
from webapp.matches.models import Match, MatchState


def test_a_choice_says_who_tells_an_expert_who_is_not_on_the_platform(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    made = matched(app, MatchState.PROPOSED)
    requester = visitor().come_in(made["requester"])
    address = f"/proposals/{made['match']}"
    reached, not_reached = "is told at once", "SEESAC tells them"
    page = requester.get(f"{address}/select")
    assert reached in page.text
    assert not_reached not in page.text
    with writing(app) as session:
        session.get_one(Match, made["match"]).expert.account_id = None
    page = requester.get(f"{address}/select")
    assert reached not in page.text
    assert not_reached in page.text
    page.submit("Select")
    assert "and tells the expert" in requester.get(f"{address}/take-back-the-selection").text
