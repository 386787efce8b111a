"""What the sides read when somebody who was proposed or selected cannot go any more."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.matches import endings, operations
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import MatchStep


def end(app: Flask, state: MatchState, *, is_needed: bool = True) -> Match:
    """End the match of somebody who was proposed: they cannot go, or are not needed any more."""
    with writing(app) as session:
        match: Match = factories.match(session, MatchState.APPROVED)
        office = factories.account(session, Role.COORDINATOR)
        operations.propose(factories.work(session, office), match.request)
        if state is MatchState.SELECTED:
            requester = factories.work(session, match.request.requester)
            operations.take(requester, match, MatchStep.SELECT)
        if is_needed:
            by = factories.work(session, match.expert.account)
            why = Grounds(ReasonKind.PERSONAL, "Canary.")
            operations.take(by, match, MatchStep.FALL_OUT, why)
        else:
            endings.let_go(match, work=factories.work(session, office).on_behalf())
        assert match.request.requester
        assert match.expert.account
        return match


@pytest.mark.parametrize("state", [MatchState.PROPOSED, MatchState.SELECTED])
def test_who_was_proposed_and_cannot_come_is_named_to_the_requester(
    app: Flask, visitor: Callable[[], Pages], state: MatchState
) -> None:
    match = end(app, state)
    address = f"/requests/{match.request_id}/proposed"
    text = visitor().come_in(match.request.requester).get(address).text
    assert f"{match.expert.name}, who was proposed to you, cannot come any more." in text
    assert "Canary" not in text
    told = visitor().come_in(match.expert.account).get(f"/invitations/{match.id}").text
    assert "You have told SEESAC that you cannot go on this mission" in told
    assert "You declined this invitation." not in told


def test_who_is_not_needed_any_more_has_not_fallen_out(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    match = end(app, MatchState.PROPOSED, is_needed=False)
    address = f"/requests/{match.request_id}/proposed"
    text = visitor().come_in(match.request.requester).get(address).text
    assert "cannot come any more" not in text
