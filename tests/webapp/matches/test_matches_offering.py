"""Whoever cannot go as it stands is neither proposed nor selectable, and it is said."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from webapp.core import clock
from webapp.core.errors import ConflictError
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExcludedJurisdiction
from webapp.expertise_requests.waiting import Side
from webapp.matches import offering, operations
from webapp.matches.models import Match, MatchState
from webapp.matches.views import proposing
from webapp.matches.work_queue import waiting
from webapp.matches.work_queue.waiting import Kind
from webapp.matches.workflow import WORKFLOW, MatchStep

S = MatchState
NOT_RECEIVED = "The requester cannot receive experts from Serbia."


def exclude(match: Match) -> None:
    """Let the expert come to be from where the requester cannot receive anybody."""
    match.expert.jurisdiction = "SRB"
    match.request.excluded[:] = [ExcludedJurisdiction(code="SRB")]


def let_approval_end(match: Match) -> None:
    """Let the approval of the expert's authority end before the mission does."""
    match.expert.approved_until = clock.today() + timedelta(days=1)


CASES = [
    (exclude, NOT_RECEIVED, NOT_RECEIVED),
    (let_approval_end, "before the mission does", "This expert cannot be sent on these days"),
]


@pytest.mark.parametrize(("happen", "_office", "words"), CASES)
@pytest.mark.parametrize("state", [S.PROPOSED, S.ALTERNATE])
def test_nobody_is_offered_to_be_selected_who_would_be_refused(
    app: Flask,
    visitor: Callable[[], Pages],
    happen: Callable[[Match], None],
    _office: str,
    words: str,
    state: MatchState,
) -> None:
    with writing(app) as session:
        match = factories.match(session, S.PROPOSED)
        person = match.request.requester
        if state is S.ALTERNATE:
            work = factories.work(session, person, Role.REQUESTER)
            operations.take(work, match, MatchStep.KEEP_AS_ALTERNATE)
    requester, address = visitor().come_in(person), f"/requests/{match.request_id}/proposed"
    select = f"/proposals/{match.id}/select"
    page = requester.get(address)
    assert select in page.links.values()
    assert words not in page.text
    with writing(app) as session:
        happen(session.get_one(Match, match.id))
    page = requester.get(address)
    assert select not in page.links.values()
    assert words in page.text
    assert requester.get(select, status=302).response.headers["Location"] == address
    with writing(app) as session:
        found = session.get_one(Match, match.id)
        with pytest.raises(ConflictError, match=words):
            operations.take(factories.work(session, person), found, MatchStep.SELECT)


@pytest.mark.parametrize(("happen", "words", "_requester"), CASES)
@pytest.mark.parametrize("state", [S.AVAILABLE, S.RELEASED])
def test_nobody_is_offered_to_be_approved_who_would_be_refused(
    app: Flask,
    sign_in_as: Callable[..., Pages],
    happen: Callable[[Match], None],
    words: str,
    _requester: str,
    state: MatchState,
) -> None:
    with writing(app) as session:
        match = factories.match(session, state)
    coordinator, address = sign_in_as(Role.COORDINATOR), f"/matches/{match.id}"
    approve = f"{address}/approve"
    page = coordinator.get(address)
    assert approve in page.links.values()
    assert words not in page.text
    with writing(app) as session:
        happen(session.get_one(Match, match.id))
    page = coordinator.get(address)
    assert approve not in page.links.values()
    assert words.removesuffix(".") in page.text
    assert coordinator.get(approve, status=302).response.headers["Location"] == address
    with writing(app) as session:
        found = session.get_one(Match, match.id)
        work = factories.work(session, None, Role.COORDINATOR)
        step = WORKFLOW[MatchStep.APPROVE]
        why = factories.grounds(step) if state in step.needs_reason else None
        with pytest.raises(ConflictError, match=words):
            operations.take(work, found, MatchStep.APPROVE, why)


@pytest.mark.parametrize("state", [S.RELEASED, S.APPROVED])
def test_what_cannot_be_done_as_it_stands_is_no_task(app: Flask, state: MatchState) -> None:
    with writing(app) as session:
        match = factories.match(session, state)
        let_approval_end(match)
        session.flush()
        tasks = waiting.list_tasks(session, [match.request], clock.today())[match.request_id]
        assert (tasks[0].kind, tasks[0].side) == (Kind.RENEW, Side.OFFICE)
        exclude(match)
        session.flush()
        tasks = waiting.list_tasks(session, [match.request], clock.today())[match.request_id]
        assert Kind.END in {task.kind for task in tasks}
        assert {Kind.APPROVE, Kind.PROPOSE, Kind.RENEW}.isdisjoint(task.kind for task in tasks)


@pytest.mark.parametrize(("happen", "words", "_requester"), CASES)
def test_nobody_is_proposed_who_could_not_be_selected(
    app: Flask,
    sign_in_as: Callable[..., Pages],
    happen: Callable[[Match], None],
    words: str,
    _requester: str,
) -> None:
    with writing(app) as session:
        match = factories.match(session, S.APPROVED)
        happen(match)
    page = sign_in_as(Role.COORDINATOR).get(f"/requests/{match.request_id}/propose")
    assert words in page.text
    assert f"{match.expert.name} stays approved" in page.text
    assert page.heading == "Nobody can be proposed yet"
    assert "Propose to the requester" not in page.text
    with writing(app) as session:
        found = session.get_one(Match, match.id)
        work = factories.work(session, None, Role.COORDINATOR)
        with pytest.raises(ConflictError, match=words):
            operations.take(work, found, MatchStep.PROPOSE)


def test_of_who_cannot_be_selected_anyway_nothing_is_said(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        chosen = factories.match(session, S.PROPOSED)
        match = factories.match(session, S.PROPOSED, request=chosen.request)
        person = chosen.request.requester
        work = factories.work(session, person, Role.REQUESTER)
        operations.take(work, match, MatchStep.KEEP_AS_ALTERNATE)
        operations.take(work, chosen, MatchStep.SELECT)
        let_approval_end(match)
    page = visitor().come_in(person).get(f"/requests/{match.request_id}/proposed")
    assert "cannot be sent on these days" not in page.text


def test_who_is_approved_while_a_page_is_made_makes_no_error_of_it(
    app: Flask, sign_in_as: Callable[..., Pages], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page shows those of whom it has a form; whoever came since stands on the next one."""
    with writing(app) as session:
        match = factories.match(session, S.APPROVED)
        later = factories.match(session, S.APPROVED, request=match.request)
    real, found = offering.list_approved, iter([[match.id], [match.id, later.id]])

    def list_some(*given: object) -> proposing.Approved:
        numbers = next(found)
        approved, kept_back = real(*given)  # type: ignore[arg-type]
        return [one for one in approved if one.id in numbers], kept_back

    monkeypatch.setattr(offering, "list_approved", list_some)
    page = sign_in_as(Role.COORDINATOR).get(f"/requests/{match.request_id}/propose")
    assert match.expert.name in page.text
    assert later.expert.name not in page.text
