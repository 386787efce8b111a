"""With four eyes whoever put an expert forward reads who approves, and why it is not them."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import listening, writing
from tests.pages import Page, Pages
from webapp.core.db import db
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState
from webapp.matches.models import MatchState
from webapp.matches.work_queue.worklist import worklist
from webapp.platform_settings.queries import get_settings


def statements_of(app: Flask, pages: Pages, path: str) -> tuple[int, Page]:
    """Return how often a page asks the database, and the page."""
    with app.app_context():
        engine = db.engine
    asked: list[str] = []
    with listening(engine, "before_cursor_execute", lambda *heard: asked.append(heard[2])):
        page = pages.get(path)
    return len(asked), page


@pytest.mark.parametrize("state", [MatchState.AVAILABLE, MatchState.RELEASED])
def test_whoever_put_an_expert_forward_reads_who_approves_and_why_they_do_not(
    app: Flask, visitor: Callable[[], Pages], state: MatchState
) -> None:
    with writing(app) as session:
        first = factories.account(session, Role.COORDINATOR)
        asking = factories.account(session, Role.REQUESTER, Role.COORDINATOR)
        asked = factories.request(
            session, RequestState.ACCEPTED, coordinator=first, requester=asking
        )
        match = factories.match(session, state, request=asked, coordinator=first)
        get_settings(session).four_eyes = True
    pages, address = visitor().come_in(first), f"/matches/{match.id}"
    page = pages.get(address)
    assert "the platform asks for four eyes: a colleague has to approve" in page.text
    assert "Nobody else who is here can" in page.text
    with writing(app) as session:
        second = factories.account(session, Role.COORDINATOR)
    assert f"Those who can: {second.name}." in pages.get(address).text
    assert "Those who can" not in visitor().come_in(second).get(address).text


def test_who_can_approve_is_asked_of_the_database_for_all_colleagues_at_once(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        first, second = (factories.account(session, Role.COORDINATOR) for _ in range(2))
        asked = factories.request(session, RequestState.ACCEPTED, coordinator=first)
        match = factories.match(session, MatchState.RELEASED, request=asked, coordinator=first)
        # Whoever is considered for the request themselves does not decide on the others.
        rival = factories.account(session, Role.COORDINATOR, Role.EXPERT)
        own = factories.expert(session, person=rival)
        rivals = MatchState.SHORTLISTED
        factories.match(session, rivals, request=asked, expert=own, coordinator=first)
        get_settings(session).four_eyes = True
    pages, address = visitor().come_in(first), f"/matches/{match.id}"
    pages.get(address)
    few, page = statements_of(app, pages, address)
    assert f"Those who can: {second.name}." in page.text
    with writing(app) as session:
        for _number in range(5):
            factories.account(session, Role.COORDINATOR)
    assert statements_of(app, pages, address)[0] == few


def test_the_queue_says_beside_an_own_choice_that_a_colleague_approves(session: Session) -> None:
    first = factories.account(session, Role.COORDINATOR)
    factories.match(session, MatchState.AVAILABLE, coordinator=first)
    tasks = worklist(session, factories.actor(first))
    assert [task.note for task in tasks.ours if task.match] == [None]
    get_settings(session).four_eyes = True
    tasks = worklist(session, factories.actor(first))
    assert [str(task.note) for task in tasks.ours if task.match] == [
        "You put this expert forward: ask for the release, or let a colleague approve."
    ]
