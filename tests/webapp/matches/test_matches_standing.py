"""A match that cannot go on says why, and what can be done, to everybody who reads it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from webapp.core.errors import ConflictError
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts.models import Expert, ExpertState
from webapp.matches import operations, rules
from webapp.matches.models import Match, MatchState
from webapp.matches.release_steps import MAY_GO
from webapp.matches.standing import why_it_cannot_go_on
from webapp.matches.workflow import OPEN, WORKFLOW

M = MatchState
ASKS_OPEN = (
    "belongs to those who ask now, or has acted for them, so nobody can go on with this match"
)
ASKS_ENDED = (
    "belongs to those who ask now, or has acted for them, so this match cannot be taken up again"
)


def _of_organisation(session: Any, state: MatchState) -> Match:
    """Return a match of an expert who becomes a member of the asking organisation afterwards."""
    ours = factories.organisation(session)
    requester = factories.account(session, Role.REQUESTER, organisation_id=ours.id)
    person = factories.account(session, Role.EXPERT, Role.REQUESTER)
    request = factories.request(session, RequestState.ACCEPTED, requester=requester)
    expert = factories.expert(session, person=person)
    match = factories.match(session, state, request=request, expert=expert)
    person.organisation_id = ours.id
    session.flush()
    return match


def test_an_invited_expert_who_comes_to_ask_reads_why_there_is_no_answer(
    app: Flask, visitor: Callable[[], Pages], sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        match = _of_organisation(session, M.INVITED)
        person = match.expert.account
    page = visitor().come_in(person).get(f"/invitations/{match.id}")
    assert "You belong to those who ask for this mission now" in page.text
    assert "Yes, I am available" not in page.text
    coordinator = sign_in_as(Role.COORDINATOR)
    page = coordinator.get(f"/matches/{match.id}")
    assert ASKS_OPEN in page.text
    assert "Note a yes given elsewhere" not in page.text
    values = {"cancel-kind": "conflict of interest"}
    page = page.submit("End this match", values)
    assert "Conflict of interest" in page.text
    assert ASKS_ENDED in page.text
    assert "Take up again" not in page.text


@pytest.mark.parametrize("state", sorted(OPEN))
def test_nobody_brings_an_expert_nearer_to_a_mission_of_their_own_organisation(
    app: Flask, state: MatchState
) -> None:
    with writing(app) as session:
        match = _of_organisation(session, state)
        if state in MAY_GO:
            # Their authority is asked about other days, so nothing else stands against its answer.
            match.released_start = match.released_end = date(2020, 1, 1)
        for name in rules.ONLY_ACTIVE:
            step = WORKFLOW[name]
            if state not in step.sources or step.by is Role.EXPERT:
                continue
            person = match.request.requester if step.by is Role.REQUESTER else None
            work = factories.work(session, person, step.by)
            with pytest.raises(ConflictError, match="can only be ended"):
                operations.take(work, match, name, factories.grounds(step))
        assert match.state is state
        assert ASKS_OPEN in str(why_it_cannot_go_on(match))


def _suspended(_request: ExpertiseRequest, expert: Expert) -> None:
    expert.state = ExpertState.SUSPENDED


def _confirmed(request: ExpertiseRequest, _expert: Expert) -> None:
    request.state = RequestState.CONFIRMED


def _closed(request: ExpertiseRequest, _expert: Expert) -> None:
    request.state = RequestState.CLOSED


def _withdrawn(request: ExpertiseRequest, _expert: Expert) -> None:
    request.state = RequestState.WITHDRAWN


def _moved(_request: ExpertiseRequest, expert: Expert) -> None:
    expert.jurisdiction = "ALB"


def _nothing(_request: ExpertiseRequest, _expert: Expert) -> None:
    pass


@pytest.mark.parametrize(
    ("state", "happens", "says"),
    [
        (M.INVITED, _suspended, "waits until the profile is active, or can be ended"),
        (M.CANCELLED, _suspended, "only when the profile is active"),
        (M.AVAILABLE, _confirmed, "in case one of them falls out, or can be ended"),
        (M.DECLINED, _confirmed, "only if one of them falls out"),
        (M.SELECTED, _confirmed, ""),
        (M.SELECTED, _closed, ""),
        (M.DECLINED, _closed, "another mission needs a request of its own"),
        (M.CANCELLED, _withdrawn, "another mission needs a request of its own"),
        (M.NOT_SELECTED, _nothing, ""),
        (M.RELEASED, _moved, "cannot receive experts from Albania"),
        (M.APPROVED, _moved, "cannot receive experts from Albania"),
        (M.PROPOSED, _moved, ""),
        (M.INVITED, _nothing, ""),
        (M.DECLINED, _nothing, ""),
    ],
)
def test_the_coordinators_page_says_what_stands_against_a_match_and_what_can_be_done(
    app: Flask,
    sign_in_as: Callable[..., Pages],
    state: MatchState,
    happens: Callable[[ExpertiseRequest, Expert], None],
    says: str,
) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED, excluded=("ALB",))
        match = factories.match(session, state, request=request)
        happens(match.request, match.expert)
        session.flush()
        found = str(why_it_cannot_go_on(match) or "")
        assert bool(found) == bool(says)
    page = sign_in_as(Role.COORDINATOR).get(f"/matches/{match.id}")
    assert says in page.text
    assert found in page.text
