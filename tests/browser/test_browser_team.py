"""A team of three from two jurisdictions: found under quotas, members replaced, invited at once.

Each press that matters is done twice, without a connection, or on a page that is out of date.
"""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.browser import phones, steps
from tests.databases import is_sound, reading, writing
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState
from webapp.experts.models import Expert
from webapp.matches.models import Match, MatchState

pytestmark = [pytest.mark.browser, pytest.mark.long]
HOMES = ("MNE", "MNE", "MNE", "BIH", "BIH")


def matches_of(session: Session, number: int) -> list[Match]:
    """Return who is considered for a request."""
    return session.query(Match).filter_by(request_id=number).all()


def members(page: Any) -> list[str]:
    """Return the names in the team, in its order."""
    return list(page.locator(".candidate h2 a").all_inner_texts())


def ask_for_two_jurisdictions(page: Any) -> None:
    """Ask for a team from two jurisdictions, with no more than two of each."""
    page.get_by_text("What the team shall be like").click()
    page.get_by_label("Jurisdictions, at least").fill("2")
    page.get_by_label("From one jurisdiction, at most").fill("2")
    page.get_by_role("button", name="Find the team").click()
    page.get_by_role("link", name="Ask nothing of the team").wait_for()


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 800}, phones.PHONE])
def test_a_team_is_found_changed_and_invited_together(
    app: Flask, open_as: Any, viewport: dict[str, int]
) -> None:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        request = factories.request(
            session, RequestState.ACCEPTED, coordinator=office, experts_needed=3
        )
        home = {
            one.name: one.jurisdiction
            for one in (factories.expert(session, jurisdiction=code) for code in HOMES)
        }
        title = request.title
    page = open_as(office)
    page.set_viewport_size(viewport)
    page.add_init_script(phones.NOTE_WIDTH)
    steps.open_menu(page, "Work queue")
    page.get_by_role("link", name=title).first.click()
    page.get_by_role("link", name="Experts for this request").first.click()
    page.get_by_role("link", name="Who would cover it together: a team of 3").click()
    ask_for_two_jurisdictions(page)
    found = members(page)
    assert len(found) == 3
    assert {home[name] for name in found} == {"MNE", "BIH"}
    # Whoever is replaced is named below, and the quotas still hold.
    steps.link_about(page, "Find somebody else instead", found[0]).click()
    page.get_by_role("heading", name="Left out by you").wait_for()
    other = members(page)
    assert found[0] not in other
    assert {home[name] for name in other} == {"MNE", "BIH"}
    page.go_back()
    steps.link_about(page, "Keep in the team", found[0]).wait_for()
    page.go_forward()
    colleague = page.context.new_page()
    colleague.goto(page.url)
    for name in other:
        page.get_by_role("button", name=f"Shortlist {name}").dblclick()
        steps.said(page, f"{name} is on the shortlist")
        assert members(page) == other
    # The other window still offers the button: it says what was done meanwhile.
    colleague.get_by_role("button", name=f"Shortlist {other[0]}").click()
    steps.said(colleague, f"{other[0]} is on the shortlist already")
    page.get_by_role("link", name="Invite several at once").click()
    late = page.context.new_page()
    late.goto(page.url)
    steps.press_without_connection(page, "Invite those who are ticked")
    page.get_by_role("button", name="Invite those who are ticked").dblclick()
    page.get_by_text("Invited: ").or_(page.get_by_text("is not invited:")).first.wait_for()
    late.get_by_role("button", name="Invite those who are ticked").click()
    late.get_by_text("is not invited:").first.wait_for()
    with reading(app) as session:
        asked = matches_of(session, request.id)
        assert {match.state for match in asked} == {MatchState.INVITED}
        assert {session.get_one(Expert, one.expert_id).name for one in asked} == set(other)
    assert phones.wide_pages(page) == []
    assert is_sound(app)


def test_what_cannot_be_had_together_is_said_and_leads_on(app: Flask, open_as: Any) -> None:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        request = factories.request(
            session, RequestState.ACCEPTED, coordinator=office, experts_needed=3
        )
        for code in HOMES:
            factories.expert(session, jurisdiction=code)
    page = open_as(office)
    page.goto(f"/requests/{request.id}/team")
    page.get_by_text("What the team shall be like").click()
    page.get_by_label("Jurisdictions, at least").fill("3")
    page.get_by_role("button", name="Find the team").click()
    page.get_by_text("This cannot be had:").wait_for()
    assert len(members(page)) == 3
    page.get_by_role("link", name="Ask nothing of the team, and free every choice").click()
    page.get_by_text("This cannot be had:").wait_for(state="detached")
