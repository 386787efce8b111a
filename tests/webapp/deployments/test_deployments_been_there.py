"""Who has been on a mission is not taken up again for its request, and the page says so."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from webapp.core.errors import ConflictError
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.deployments import operations
from webapp.deployments.models import Deployment
from webapp.deployments.workflow import DeploymentStep
from webapp.matches import operations as matches
from webapp.matches.models import Match, MatchState, ReleaseLetter
from webapp.matches.workflow import MatchStep

SAID = "has been on the mission for this request already"


def broken_off(app: Flask, clock: Any) -> tuple[int, Any]:
    """Let a mission be broken off as when its expert leaves the roster; return match and SEESAC."""
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        match = factories.match(session, MatchState.SELECTED, coordinator=office)
        mission = session.query(Deployment).one()
        factories.settle(session, mission)
        work = factories.work(session, office)
        operations.take(work, mission, DeploymentStep.CLEAR)
        clock.move_to(datetime.combine(mission.start, time(12), UTC))
        operations.take(factories.work(session, office), mission, DeploymentStep.DEPART)
        by_itself = factories.work(session, office).on_behalf()
        why = Grounds(ReasonKind.LEFT_ROSTER)
        matches.take(by_itself, match, MatchStep.TAKE_BACK, why)
        return match.id, office


def test_the_page_of_the_match_says_so_and_offers_nothing_that_is_refused_later(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    number, office = broken_off(app, clock)
    pages = visitor().come_in(office)
    page = pages.get(f"/matches/{number}")
    assert SAID in page.text
    assert "Take up again" not in page.text
    page = pages.post(f"/matches/{number}/reconsider", {"reconsider-kind": "mistake"}, status=409)
    assert SAID in page.text
    with writing(app) as session:
        match = session.get_one(Match, number)
        with pytest.raises(ConflictError, match=SAID):
            matches.take(
                factories.work(session, office), match, MatchStep.RECONSIDER,
                Grounds(ReasonKind.MISTAKE),
            )  # fmt: skip


def test_who_was_never_there_can_be_taken_up_again(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        match = factories.match(session, MatchState.SELECTED, coordinator=office)
        work = factories.work(session, office)
        matches.take(work, match, MatchStep.TAKE_BACK, Grounds(ReasonKind.PERSONAL))
        number = match.id
    page = visitor().come_in(office).get(f"/matches/{number}")
    assert SAID not in page.text
    assert page.form(action=f"/matches/{number}/reconsider")


def test_the_page_of_a_release_shows_the_days_of_the_mission_once_there_is_one(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        member = factories.account(session, Role.NOMINATING_AUTHORITY)
        member.organisation_id = factories.organisation(session).id
        match = factories.match(session, MatchState.SELECTED, coordinator=office)
        factories.make_official(session, match.expert, member.organisation_id)
        match.release_asked_at = match.invited_at
        session.add(
            ReleaseLetter(
                match_id=match.id, number="7/31", dated=match.request.start, conditions="",
                written_at=match.state_since, written_by=member.id,
            )
        )  # fmt: skip
        mission = session.query(Deployment).one()
        start = mission.start + timedelta(days=40)
        operations.move(
            factories.work(session, office), mission, start, start, seen_version=mission.version
        )
        number = match.id
    lead = visitor().come_in(member).get(f"/releases/{number}").response.text.split("lead")[1]
    assert f"{start.day} {start:%B %Y}" in lead.split("</p>")[0]
