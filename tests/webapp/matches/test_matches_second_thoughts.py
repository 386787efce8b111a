"""An expert can no longer go, a requester takes a selection back: all concerned are told."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.core import invariants
from webapp.core.errors import ConflictError
from webapp.core.roles import Role
from webapp.deployments.models import Deployment, DeploymentState
from webapp.expertise_requests import operations as requests
from webapp.expertise_requests.models import RequestState
from webapp.expertise_requests.waiting import Side
from webapp.expertise_requests.workflow import RequestStep
from webapp.matches import operations, second_thoughts
from webapp.matches.models import Match, MatchState
from webapp.matches.work_queue import waiting
from webapp.matches.workflow import WORKFLOW, MatchStep
from webapp.messages.models import Notice

S = MatchState


def told(session: Session, person: Account | None) -> list[str]:
    """Return the subjects of what somebody was told, oldest first."""
    rows = session.query(Notice).filter_by(account_id=person.id if person else 0)
    return [row.words["subject"]["text"] for row in rows.order_by(Notice.id)]


def _cannot_go(session: Session, match: Match) -> None:
    early = match.state in second_thoughts.BEFORE_PROPOSAL
    name = MatchStep.TAKE_BACK_YES if early else MatchStep.FALL_OUT
    work = factories.work(session, match.expert.account)
    operations.take(work, match, name, factories.grounds(WORKFLOW[name]))
    session.flush()


@pytest.mark.thorough
@pytest.mark.parametrize(
    "state", sorted(second_thoughts.BEFORE_PROPOSAL | second_thoughts.AFTER_PROPOSAL)
)
def test_an_expert_who_said_yes_can_say_that_it_is_no_longer_possible(
    app: Flask, state: MatchState
) -> None:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        ministry = factories.organisation(session)
        official = factories.account(
            session, Role.NOMINATING_AUTHORITY, organisation_id=ministry.id
        )
        expert = factories.expert(
            session, authority_id=ministry.id, approved_until=date(2040, 1, 1)
        )
        match = factories.match(session, state, expert=expert)
        _cannot_go(session, match)
        assert (match.state, match.booked_days) == (S.DECLINED, [])
        assert told(session, office)[-1] == "%(reference)s: an expert can no longer go"
        disclosed = state in second_thoughts.AFTER_PROPOSAL
        fell_out = "%(reference)s: an expert can no longer go"
        assert (fell_out in told(session, match.request.requester)) is disclosed
        # Those approved here were approved without asking.
        asked = state in {S.RELEASE_ASKED, S.RELEASED}
        not_needed = "%(reference)s: a release is not needed any more"
        assert (not_needed in told(session, official)) is asked
        tasks = waiting.list_tasks(session, [match.request], match.state_since.date())
        first = tasks[match.request_id][0]
        assert (first.side, first.kind) == (Side.OFFICE, waiting.Kind.FIND_ANEW)
        assert invariants.run(session) == []


@pytest.mark.parametrize("closed", [False, True])
def test_a_requester_takes_a_selection_back_and_chooses_anew(app: Flask, *, closed: bool) -> None:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        match = factories.match(session, S.SELECTED)
        request = match.request
        if closed:
            requests.take(factories.work(session, office), request, RequestStep.CLOSE)
        name = MatchStep.TAKE_BACK_SELECTION
        work = factories.work(session, request.requester)
        operations.take(work, match, name, factories.grounds(WORKFLOW[name]))
        session.flush()
        assert (match.state, request.state) == (S.PROPOSED, RequestState.PROPOSED)
        assert match.booked_days
        assert session.query(Deployment).one().state is DeploymentState.CANCELLED
        assert told(session, match.expert.account)[-1].endswith("you are not selected any more")
        assert told(session, office)[-1].endswith("a selection was taken back")
        assert invariants.run(session) == []
        operations.take(work, match, MatchStep.SELECT)
        assert request.state is RequestState.CONFIRMED
        assert session.query(Deployment).one().state is DeploymentState.PLANNED


def test_what_is_past_is_not_taken_back(app: Flask, clock: Any) -> None:
    with writing(app) as session:
        match = factories.match(session, S.SELECTED)
        assert match.request.end
        clock.move_to(datetime.combine(match.request.end + timedelta(days=1), time(12), UTC))
        with pytest.raises(ConflictError, match="are past"):
            _cannot_go(session, match)


def test_the_pages_ask_first_and_keep_what_was_typed(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        match = factories.match(session, S.SELECTED)
        person, requester = match.expert.account, match.request.requester
    pages = visitor().come_in(requester)
    page = pages.get(f"/proposals/{match.id}/take-back-the-selection")
    prefix = f"match-{match.id}"
    page = page.submit("Take the selection back", {f"{prefix}-kind": "other"}, status=400)
    assert "The expert and SEESAC are told at once" in page.text
    page.submit(
        "Take the selection back", {f"{prefix}-kind": "mistake", f"{prefix}-reason": "Wrong name."}
    )
    pages = visitor().come_in(person)
    assert "Wrong name." in pages.get("/notices").text
    page = pages.get(f"/invitations/{match.id}/fall-out")
    assert "You are needed in your own service" in page.text
    assert "on other days" not in page.text, "that is no reason of somebody who was to go"
    page = page.submit("I can no longer go", {"fall-out-kind": "other"}, status=400)
    assert "your days are free again" in page.text
    page.submit("I can no longer go", {"fall-out-kind": "personal", "fall-out-reason": "Canary."})
    with reading(app) as session:
        assert session.get_one(Match, match.id).state is S.DECLINED
    text = visitor().come_in(requester).get(f"/requests/{match.request_id}").text
    assert "can no longer go" in text
    assert "Canary." not in text
