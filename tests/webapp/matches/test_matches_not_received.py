"""Nobody asks an expert of a jurisdiction that the requester cannot receive, nor their authority,
and nobody counts on them."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from tests.webapp.matches.test_matches_allocation import SHOES, ask, shared, soon
from tests.webapp.matches.test_matches_offering import NOT_RECEIVED, exclude
from tests.webapp.matches.test_matches_team import members, request_of
from webapp.core import clock
from webapp.core.errors import ConflictError
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.experts import revisions
from webapp.experts.models import Expert
from webapp.matches import operations
from webapp.matches.models import Match, MatchState
from webapp.matches.teams import allocation, team
from webapp.matches.work_queue import waiting
from webapp.matches.work_queue.waiting import Kind
from webapp.matches.workflow import WORKFLOW, MatchStep

S = MatchState


@pytest.fixture
def coordinator(sign_in_as: Callable[..., Pages], monkeypatch: pytest.MonkeyPatch) -> Pages:
    """Return a coordinator's browser, on a machine that may take its time."""
    for page in (team, allocation):
        monkeypatch.setattr(page, "SECONDS", 60.0)
    return sign_in_as(Role.COORDINATOR)


def let_be_excluded(app: Flask, number: int) -> None:
    """Let the expert of a match come to be from where its requester cannot receive anybody."""
    with writing(app) as session:
        match = session.get_one(Match, number)
        exclude(match)
        revisions.touch(session, match.expert)


def _offered(page: Page) -> list[str]:
    return [*page.addresses, *(form.action for form in page.forms)]


@pytest.mark.parametrize(
    ("state", "step"),
    [
        (S.SHORTLISTED, MatchStep.INVITE),
        (S.AVAILABLE, MatchStep.ASK_RELEASE),
        (S.CANCELLED, MatchStep.RECONSIDER),
    ],
)
def test_nobody_is_asked_whose_answer_would_be_in_vain(
    app: Flask, coordinator: Pages, state: MatchState, step: MatchStep
) -> None:
    with writing(app) as session:
        match = factories.match(session, state)
    address = f"/matches/{match.id}"
    button = f"{address}/{step.slug}"
    page = coordinator.get(address)
    assert button in _offered(page)
    let_be_excluded(app, match.id)
    page = coordinator.get(address)
    assert button not in _offered(page)
    assert NOT_RECEIVED.removesuffix(".") in page.text
    with writing(app) as session:
        found = session.get_one(Match, match.id)
        work = factories.work(session, None, Role.COORDINATOR)
        why = factories.grounds(WORKFLOW[step]) if state in WORKFLOW[step].needs_reason else None
        with pytest.raises(ConflictError, match=NOT_RECEIVED):
            operations.take(work, found, step, why)
        assert found.state is state


def test_of_several_to_invite_who_is_not_received_is_named_and_the_others_are_invited(
    app: Flask, coordinator: Pages
) -> None:
    with writing(app) as session:
        first = factories.match(session)
        second = factories.match(session, request=first.request)
    page = coordinator.get(f"/requests/{first.request_id}/invite")
    let_be_excluded(app, first.id)
    answer = page.submit("Invite those who are ticked", {"match": [str(first.id), str(second.id)]})
    assert f"{first.expert.name} is not invited: {NOT_RECEIVED}" in answer.text
    with reading(app) as session:
        states = [session.get_one(Match, match.id).state for match in (first, second)]
    assert states == [S.SHORTLISTED, S.INVITED]


def test_nobody_who_is_not_received_is_put_into_a_team(app: Flask, coordinator: Pages) -> None:
    number = request_of(app, 2, Shoes_Again=S.SHORTLISTED)
    with writing(app) as session:
        chosen = session.query(Expert).filter_by(name="Shoes Again").one()
        match = session.query(Match).filter_by(expert_id=chosen.id).one()
    address = f"/requests/{number}/team?keep={chosen.id}"
    assert "Shoes Again" in members(coordinator.get(address))
    let_be_excluded(app, match.id)
    page = coordinator.get(address)
    assert "Shoes Again" not in members(page)
    assert "Shoes Again" not in page.text


def test_a_place_for_which_one_was_asked_who_is_not_received_is_shared_out(
    app: Flask, coordinator: Pages
) -> None:
    with writing(app) as session:
        factories.expert(session, name="Goes Instead", summary="Farrier, shoes horses of patrols.")
        request = ask(session, SHOES, soon())
        match = factories.match(session, S.INVITED, request=request)
    assert request.reference not in shared(coordinator.get("/requests/allocation"))
    let_be_excluded(app, match.id)
    found = shared(coordinator.get("/requests/allocation"))
    assert found[request.reference] == ["Goes Instead"]


def test_nobody_who_is_not_received_is_waited_for_on_other_days(app: Flask) -> None:
    def kinds(session: Session, match: Match) -> set[Kind]:
        found = waiting.list_tasks(session, [match.request], clock.today())
        return {task.kind for task in found[match.request_id]}

    days = (date(2031, 6, 2), date(2031, 6, 13))
    with writing(app) as session:
        match = factories.match(session, S.INVITED)
        work = factories.work(session, match.expert.account)
        operations.take(work, match, MatchStep.DECLINE, Grounds(ReasonKind.NOT_THEN, days=days))
        assert kinds(session, match) == {Kind.ASK_FOR_OTHER_DAYS}
        exclude(match)
        session.flush()
        assert kinds(session, match) == {Kind.FIND_ANEW}
