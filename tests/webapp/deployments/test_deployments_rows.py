"""Of whom a coordinator sees rows in the calendar, who is recorded, and what others see."""

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from webapp.core.roles import Role
from webapp.deployments.queries import ROWS
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts.models import ExpertState, ExpertTheme, ProfileView, UnavailablePeriod
from webapp.matches.models import MatchState

CALENDAR = "/deployments?month=2031-03"


class Scene:
    """A mission, somebody who is free, somebody who is considered, and somebody who cannot go."""

    def __init__(self, app: Flask) -> None:
        with writing(app) as session:
            self.office = factories.account(session, Role.COORDINATOR)
            self.requester = factories.account(session, Role.REQUESTER)
            self.asked = factories.request(
                session,
                RequestState.ACCEPTED,
                requester=self.requester,
                start=date(2031, 3, 3),
                end=date(2031, 3, 7),
            )
            sent = factories.expert(session, name="Sent One", jurisdiction="SRB", themes=[])
            factories.match(session, MatchState.SELECTED, request=self.asked, expert=sent)
            self.free = factories.expert(
                session, name="Free One", jurisdiction="MNE", institution="Depot",
                themes=[ExpertTheme(theme_code="SALW-POL", priority=1)],
                unavailable=[UnavailablePeriod(start=date(2031, 4, 1), end=date(2031, 4, 9))],
            )  # fmt: skip
            self.considering = factories.request(session, RequestState.ACCEPTED)
            considered = factories.expert(
                session, name="Considered One", jurisdiction="SRB", themes=[]
            )
            factories.match(session, request=self.considering, expert=considered)
            declined = factories.expert(session, name="Declined One", jurisdiction="ALB", themes=[])
            factories.match(session, MatchState.DECLINED, request=self.considering, expert=declined)
            factories.expert(
                session, name="Dormant One", state=ExpertState.DORMANT, jurisdiction="MNE"
            )


@pytest.fixture
def scene(app: Flask) -> Scene:
    """Return the people of these tests."""
    return Scene(app)


def rows(page: Page) -> list[str]:
    """Return the first names of those who have a row."""
    found = page.tree.findall(".//div[@class='chart-who']//strong")
    return [(name.text or "").split()[0] for name in found]


@pytest.mark.both_databases
def test_coordinators_choose_of_whom_they_see_rows(
    scene: Scene, visitor: Callable[[], Pages]
) -> None:
    pages = visitor().come_in(scene.office)

    def shown(**chosen: str) -> list[str]:
        return rows(pages.get("/deployments", query={"month": "2031-03", **chosen}))

    assert shown() == ["Sent"]
    assert shown(free="y") == ["Considered", "Declined", "Free", "Sent"]
    assert shown(jurisdiction="SRB") == ["Sent"]
    assert shown(jurisdiction="SRB", free="y") == ["Considered", "Sent"]
    assert shown(theme="SALW-POL", free="y") == ["Free"]
    assert shown(q="depot", free="y") == ["Free"]
    assert shown(considered_for=str(scene.considering.id), free="y") == ["Considered"]
    assert shown(considered_for=str(scene.considering.id)) == []


def test_what_was_chosen_stays_while_turning_and_says_who_has_none(
    scene: Scene, visitor: Callable[[], Pages]
) -> None:
    pages = visitor().come_in(scene.office)
    page = pages.get(f"{CALENDAR}&theme=SALW-POL&free=y")
    assert "Free One: not available 1–6 April 2031" in page.text
    assert rows(page.follow("Later")) == ["Free"]
    nobody = pages.get(f"{CALENDAR}&theme=SALW-POL")
    assert "Nobody who fits this is on a mission" in nobody.text
    assert "Nobody on the roster fits all of this" in pages.get(f"{CALENDAR}&q=zzz&free=y").text
    refused = pages.get(f"{CALENDAR}&theme=nothing&considered_for=x&q=Sent")
    assert "Please choose one of the list." in refused.text
    assert rows(refused) == ["Sent"], "what is refused narrows nothing"


def test_whoever_has_a_row_is_recorded_as_shown(
    app: Flask, scene: Scene, visitor: Callable[[], Pages]
) -> None:
    visitor().come_in(scene.office).get(f"{CALENDAR}&jurisdiction=MNE&free=y")
    with reading(app) as session:
        seen = sa.select(ProfileView.expert_id, ProfileView.page)
        assert session.execute(seen).all() == [(scene.free.id, "deployments.index")]


def test_many_rows_come_in_pages(app: Flask, scene: Scene, visitor: Callable[[], Pages]) -> None:
    with writing(app) as session:
        for number in range(ROWS):
            factories.expert(session, name=f"Zoe {number:02}", signs_in=False)
    page = visitor().come_in(scene.office).get(f"{CALENDAR}&free=y")
    assert len(rows(page)) == ROWS
    assert f"{ROWS + 4} experts." in page.text
    assert len(rows(page.follow("Next"))) == 4


def test_others_choose_nothing_and_see_their_own_alone(
    scene: Scene, visitor: Callable[[], Pages]
) -> None:
    page = visitor().come_in(scene.requester).get(f"{CALENDAR}&free=y&q=Free")
    assert rows(page) == ["Sent"]
    assert "Whose rows" not in page.text
    stranger = visitor().come_in(scene.free.account).get(f"{CALENDAR}&free=y")
    assert rows(stranger) == []


def test_requests_for_which_a_coordinator_asks_are_not_offered(
    app: Flask, scene: Scene, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        asked = session.get_one(ExpertiseRequest, scene.considering.id)
        both = factories.account(session, Role.COORDINATOR, Role.REQUESTER)
        asked.requester_id = both.id
    for reader, offered in ((scene.office, True), (both, False)):
        page = visitor().come_in(reader).get(f"{CALENDAR}&considered_for={asked.id}&free=y")
        assert (asked.reference in page.text) is offered
        assert (rows(page) == ["Considered"]) is offered


def test_the_shortlist_leads_to_the_days_of_those_on_it(
    scene: Scene, visitor: Callable[[], Pages]
) -> None:
    pages = visitor().come_in(scene.office)
    ranking = pages.get(f"/requests/{scene.considering.id}/matches")
    assert rows(ranking.follow("When these experts are free, in the calendar")) == ["Considered"]
