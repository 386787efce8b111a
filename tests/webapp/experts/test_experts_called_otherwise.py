"""Nobody decides, from an older page, on somebody whose new name or service was confirmed since."""

from collections.abc import Callable
from dataclasses import replace
from threading import Thread
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import listening, reading, writing
from tests.pages import Pages
from tests.webapp.core.test_core_older_pages import REFUSED
from webapp.core.db import db
from webapp.core.roles import Role
from webapp.experts import identities
from webapp.experts.contents import identity_of
from webapp.experts.identity_workflow import IdentityStep
from webapp.experts.models import Expert, ExpertState
from webapp.experts.standing_tables import Approval
from webapp.matches.models import Match, MatchState


class Case:
    """An official who is released for a request, and who decides on them."""

    def __init__(self, app: Flask, visitor: Callable[[], Pages]) -> None:
        self.app, self.visitor = app, visitor
        with writing(app) as session:
            house = factories.organisation(session).id
            self.member = factories.account(
                session, Role.NOMINATING_AUTHORITY, organisation_id=house
            )
            self.office, self.colleague = (
                factories.account(session, Role.COORDINATOR) for _ in range(2)
            )
            match = factories.match(session, MatchState.RELEASED, coordinator=self.office)
            factories.make_official(session, match.expert, house)
            self.match_id, self.expert_id = match.id, match.expert_id
            self.person = match.expert.account

    def become_another(self) -> None:
        """Let the expert move to another service, and a coordinator confirm it."""
        with writing(self.app) as session:
            expert = session.get_one(Expert, self.expert_id)
            wanted = replace(identity_of(expert), institution="Fictional Lyon Bureau")
            identities.announce(factories.work(session, self.person), expert, wanted)
            change = expert.pending_identity
            assert change is not None
            confirming = factories.work(session, self.office)
            identities.take(confirming, change, IdentityStep.CONFIRM, seen_version=change.version)


@pytest.fixture
def case(app: Flask, visitor: Callable[[], Pages]) -> Case:
    return Case(app, visitor)


@pytest.mark.parametrize("is_another", [True, False])
def test_an_authority_withdraws_no_approval_of_somebody_else_than_its_page_showed(
    case: Case, is_another: bool
) -> None:
    before = case.visitor().come_in(case.member).get(f"/officials/{case.expert_id}")
    button = "Withdraw the approval"
    kinds = [name for name in before.form(button).values if "kind" in name]
    if is_another:
        case.become_another()
    page = before.submit(
        button, dict.fromkeys(kinds, "left service"), status=409 if is_another else None
    )
    assert (REFUSED in page.text) is is_another
    with reading(case.app) as session:
        ended = {row.ended_on is not None for row in session.query(Approval)}
        assert ended == {not is_another}


@pytest.mark.parametrize("is_another", [True, False])
def test_a_coordinator_approves_nobody_else_than_the_page_showed(
    case: Case, is_another: bool
) -> None:
    before = case.visitor().come_in(case.colleague).get(f"/matches/{case.match_id}/approve")
    if is_another:
        case.become_another()
    page = before.submit("Approve", status=409 if is_another else None)
    assert (REFUSED in page.text) is is_another
    with reading(case.app) as session:
        is_released = session.get_one(Match, case.match_id).state is MatchState.RELEASED
        assert is_released is is_another


def test_a_coordinator_suspends_nobody_else_than_the_page_showed(case: Case) -> None:
    before = case.visitor().come_in(case.colleague).get(f"/roster/{case.expert_id}")
    case.become_another()
    why = {"suspend-kind": "other", "suspend-reason": "Two accounts of one event."}
    page = before.submit("Suspend", why, status=409)
    assert REFUSED in page.text
    assert "Two accounts of one event." in page.text
    with reading(case.app) as session:
        assert session.get_one(Expert, case.expert_id).state is ExpertState.ACTIVE


@pytest.mark.both_databases
def test_a_page_during_which_somebody_became_another_says_no_later_moment(case: Case) -> None:
    """On PostgreSQL each statement sees its own moment; what was read first is on the page."""
    colleague = case.visitor().come_in(case.colleague)
    with case.app.app_context():
        engine = db.engine
    meanwhile = Thread(target=case.become_another)

    def become_another_once_read(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "FROM expert" in statement and not meanwhile.ident:
            meanwhile.start()
            meanwhile.join()

    with listening(engine, "after_cursor_execute", become_another_once_read):
        before = colleague.get(f"/matches/{case.match_id}/approve")
    assert meanwhile.ident
    assert "Lyon" not in before.text
    assert REFUSED in before.submit("Approve", status=409).text
