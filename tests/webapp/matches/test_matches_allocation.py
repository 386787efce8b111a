"""The roster shared out over open requests: as many places as can be, nobody twice at once."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import chain
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import writing
from tests.pages import Page, Pages
from webapp.core import clock
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.matches.models import MatchState
from webapp.matches.teams import allocation

SHOES = "Farriers who shoe horses of patrols."
HARNESS = "Farriers who shoe horses of patrols, and harness makers."


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a busy machine take its time: how long a page waits is not what is tested here."""
    monkeypatch.setattr(allocation, "SECONDS", 60.0)


@pytest.fixture
def coordinator(sign_in_as: Callable[..., Pages]) -> Pages:
    """Return a coordinator's browser."""
    return sign_in_as(Role.COORDINATOR)


def ask(session: Session, wanted: str, start: date, **facts: Any) -> ExpertiseRequest:
    """Make an accepted request of three days."""
    texts: dict[str, Any] = {"title": wanted, "background": "", "tasks": "", "objectives": wanted}
    return factories.request(
        session,
        RequestState.ACCEPTED,
        **{**texts, "themes": (), "languages": (), "start": start,
           "end": start + timedelta(days=2), **facts},
    )  # fmt: skip


def shared(page: Page) -> dict[str, list[str]]:
    """Return, by the reference of a request, the names of those it would get."""
    found = {}
    for section in page.tree.iterfind(".//section[@class='card']"):
        reference = (section.findtext("h2/a") or "").split()[0]
        found[reference] = [link.text or "" for link in section.iterfind("ol/li/a")]
    return found


def soon(days: int = 60) -> date:
    """Return a day that is far enough away for every notice."""
    return clock.today() + timedelta(days=days)


def test_nobody_is_wanted_twice_at_once_and_all_places_are_filled(
    app: Flask, coordinator: Pages
) -> None:
    with writing(app) as session:
        factories.expert(session, name="Both Crafts", summary="Farrier who shoes horses of patrols."
                         " Harness maker, makes harness.")  # fmt: skip
        factories.expert(session, name="One Craft", summary="Farrier, shoes horses of patrols.")
        first, second = ask(session, SHOES, soon()), ask(session, HARNESS, soon())
        names = {first.reference, second.reference}
    found = shared(coordinator.get("/requests/allocation"))
    assert set(found) == names
    assert sorted(chain(*found.values())) == ["Both Crafts", "One Craft"]


def test_a_place_that_stays_open_says_where_those_are_who_could_go(
    app: Flask, coordinator: Pages
) -> None:
    with writing(app) as session:
        factories.expert(session, name="Only One", summary="Farrier, shoes horses of patrols.")
        asked = [ask(session, SHOES, soon()) for _ in range(2)]
        references = [one.reference for one in asked]
    page = coordinator.get("/requests/allocation")
    found = shared(page)
    getting = next(reference for reference in references if found[reference] == ["Only One"])
    assert "1 place stays open." in page.text
    assert f"1 who could go is needed for {getting}." in page.text


def test_a_request_whose_mission_was_moved_is_shared_out_until_its_new_first_day(
    app: Flask, coordinator: Pages
) -> None:
    with writing(app) as session:
        factories.expert(session, name="Only One", summary="Farrier, shoes horses of patrols.")
        moved, later = (ask(session, SHOES, soon(days)) for days in (30, 70))
        # The day that was agreed is past.
        moved.start, moved.end = soon(-5), soon(-3)
        moved.moved_start, moved.moved_end = soon(80), soon(82)
        references = [later.reference, moved.reference]
    assert list(shared(coordinator.get("/requests/allocation"))) == references


def test_rest_between_missions_and_the_limit_of_missions_are_kept(
    app: Flask, coordinator: Pages
) -> None:
    with writing(app) as session:
        factories.expert(session, name="Only One", summary="Farrier, shoes horses of patrols.")
        for days in (60, 70, 200):
            ask(session, SHOES, soon(days))
    # Thirty days of rest stand in the settings.
    filled = shared(coordinator.get("/requests/allocation")).values()
    assert sorted(map(len, filled)) == [0, 1, 1]
    filled = shared(coordinator.get("/requests/allocation", query={"most": "1"})).values()
    assert sorted(map(len, filled)) == [0, 0, 1]
    page = coordinator.get("/requests/allocation", query={"most": "none"}, status=400)
    assert set(page.errors) == {"most"}


def test_who_is_considered_already_counts_and_is_not_proposed_again(
    app: Flask, coordinator: Pages
) -> None:
    with writing(app) as session:
        people = [
            factories.expert(session, summary="Farrier, shoes horses of patrols.") for _ in range(2)
        ]
        full = ask(session, SHOES, soon())
        factories.match(session, MatchState.INVITED, request=full, expert=people[0])
        lacking = ask(session, SHOES, soon(), experts_needed=2)
        factories.match(session, MatchState.INVITED, request=lacking, expert=people[0])
        full_one, other = full.reference, (lacking.reference, people[1].name)
    found = shared(coordinator.get("/requests/allocation"))
    assert full_one not in found
    assert found[other[0]] == [other[1]]


def test_requests_of_ones_own_are_left_out(app: Flask, visitor: Callable[[], Pages]) -> None:
    with writing(app) as session:
        asker = factories.account(session, Role.COORDINATOR, Role.REQUESTER)
        factories.expert(session, summary="Farrier, shoes horses of patrols.")
        own = ask(session, SHOES, soon(), requester=asker)
        reference = own.reference
    page = visitor().come_in(asker).get("/requests/allocation")
    assert reference not in page.text
    assert "No open request lacks experts." in page.text
