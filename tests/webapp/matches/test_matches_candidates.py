"""A coordinator who is considered for a request decides nothing of it for SEESAC."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from webapp.accounts.models import Account
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.matches.candidates import CONSIDERED
from webapp.matches.models import IgnoredConsideration, Match, MatchState

WHY = str(CONSIDERED)


class Case:
    """A coordinator who is considered for a request, a rival, and a colleague."""

    def __init__(self, app: Flask, visitor: Callable[[], Pages], state: MatchState) -> None:
        self.app = app
        with writing(app) as session:
            office = factories.account(session, Role.COORDINATOR)
            person = factories.account(session, Role.COORDINATOR, Role.EXPERT)
            own = factories.expert(session, person=person)
            self.third = factories.expert(session).id
            request = factories.request(session, RequestState.MATCHING, coordinator=office)
            factories.match(session, state, request=request, expert=own, coordinator=office)
            rival = factories.match(
                session, MatchState.APPROVED, request=request, coordinator=office
            )
            self.request_id, self.rival = request.id, rival.id
            self.people: tuple[Account, Account] = (person, office)
        self.pages, self.colleague = (visitor().come_in(one) for one in self.people)

    def states(self) -> tuple[MatchState, RequestState, int, int]:
        with reading(self.app) as session:
            return (
                session.get_one(Match, self.rival).state,
                session.get_one(ExpertiseRequest, self.request_id).state,
                session.query(Match).count(),
                session.query(IgnoredConsideration).count(),
            )


DECISIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "end the rival": ("/matches/{rival}/cancel", {"cancel-kind": "other", "cancel-reason": "No."}),
    "shortlist another": ("/requests/{request}/matches/{third}", {}),
    "weigh otherwise": ("/requests/{request}/considerations", {"counts": ["recency"]}),
    "leave it unfilled": ("/requests/{request}/leave-unfilled", {"leave-unfilled-kind": "other",
                          "leave-unfilled-reason": "Nobody."}),
}  # fmt: skip


@pytest.mark.parametrize("state", [MatchState.SHORTLISTED, MatchState.AVAILABLE])
@pytest.mark.parametrize("decision", DECISIONS)
def test_whoever_is_considered_decides_nothing_of_the_request(
    app: Flask, visitor: Callable[[], Pages], decision: str, state: MatchState
) -> None:
    case = Case(app, visitor, state)
    before = case.states()
    path, sent = DECISIONS[decision]
    address = path.format(rival=case.rival, request=case.request_id, third=case.third)
    pages = case.pages
    values = {"csrf_token": pages.own_token(), **sent}
    page = pages.check(address, pages.client.post(address, data=values))
    assert page.status in {403, 302}, page.text
    assert case.states() == before
    if page.status == 403:
        assert WHY in page.text


def test_pages_say_why_and_colleagues_go_on(app: Flask, visitor: Callable[[], Pages]) -> None:
    case = Case(app, visitor, MatchState.AVAILABLE)
    address = f"/matches/{case.rival}"
    page = case.pages.get(address)
    assert WHY in page.text
    assert "End this match" not in page.text
    assert WHY in case.pages.get("/queue").text
    colleagues: Page = case.colleague.get(address)
    assert WHY not in colleagues.text
    colleagues.submit("End this match", {"cancel-kind": "other", "cancel-reason": "No."})
    assert case.states()[0] is MatchState.CANCELLED


def test_whoever_is_not_considered_any_more_decides_again(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor, MatchState.CANCELLED)
    case.pages.get(f"/matches/{case.rival}").submit(
        "End this match", {"cancel-kind": "other", "cancel-reason": "No."}
    )
    assert case.states()[0] is MatchState.CANCELLED
