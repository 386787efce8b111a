"""What shuts somebody out or ends something does not lose to what others lock at that moment."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import listening, reading, writing
from tests.pages import Pages
from tests.webapp.core.test_core_patience import (
    SUSPENDED,
    holding_the_roster,
    wait_until_somebody_waits,
)
from webapp.accounts.models import Account
from webapp.core import patience, transactions
from webapp.core.db import lock
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Expert, ExpertState
from webapp.matches import operations
from webapp.matches.models import Match, MatchState


@pytest.fixture
def little_patience(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Let nobody wait long for a lock, and note what is tried once more."""
    monkeypatch.setattr(patience, "LOCKED", 0.5)
    caplog.set_level("INFO", transactions.__name__)


def wait_until_tried_again(answer: Future[Any], caplog: pytest.LogCaptureFixture) -> None:
    """Return when what `answer` will answer has been refused once, and waits again."""
    while "tried once more" not in caplog.text:
        assert not answer.done(), answer.result().status_code
        time.sleep(0.05)


def steps_of(session: Session) -> tuple[Account, Match]:
    """Return a coordinator, and a match that they have approved."""
    match = factories.match(session, MatchState.APPROVED)
    return factories.account(session, Role.COORDINATOR), match


@pytest.mark.postgres
@pytest.mark.usefixtures("little_patience")
def test_who_is_suspended_is_suspended_however_long_others_hold_what_it_needs(
    app: Flask, visitor: Callable[[], Pages], beside: sa.Engine,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """Each try waits as long as the first: with what that left of its patience all four would be
    over before the lock is let go."""
    with writing(app) as session:
        office, match = steps_of(session)
        expert_id = match.expert_id
    pages = visitor().come_in(office)
    sent = {"csrf_token": pages.own_token(), **SUSPENDED}
    with ThreadPoolExecutor(1) as people:
        with holding_the_roster(beside):
            answer = people.submit(pages.client.post, f"/roster/{expert_id}/suspend", data=sent)
            wait_until_tried_again(answer, caplog)
            time.sleep(0.8)
        assert answer.result().status_code == 302
    with reading(app) as session:
        assert session.get_one(Expert, expert_id).state is ExpertState.SUSPENDED
        assert session.get_one(Match, match.id).state is MatchState.CANCELLED
        kept = sa.select(AuditEvent.action).where(AuditEvent.action == "expert: suspend")
        assert session.scalars(kept).all() == ["expert: suspend"]


@pytest.mark.postgres
def test_who_is_suspended_is_suspended_though_they_were_proposed_while_that_waited(
    app: Flask, visitor: Callable[[], Pages], beside: sa.Engine
) -> None:
    """What the request has read of the match stays as it was read, as long as anything holds it."""
    held: list[Match] = []
    with writing(app) as session:
        office, match = steps_of(session)
        expert_id, request_id, colleague = match.expert_id, match.request_id, office.id
    pages = visitor().come_in(office)
    sent = {"csrf_token": pages.own_token(), **SUSPENDED}
    with ThreadPoolExecutor(1) as people, listening(Match, "load", lambda row, _: held.append(row)):
        with writing(app) as session:
            request = session.get_one(ExpertiseRequest, request_id)
            lock(session, request)
            answer = people.submit(pages.client.post, f"/roster/{expert_id}/suspend", data=sent)
            wait_until_somebody_waits(beside)
            work = factories.work(session, session.get_one(Account, colleague))
            operations.propose(work, request)
        assert answer.result().status_code == 302
    with reading(app) as session:
        assert session.get_one(Expert, expert_id).state is ExpertState.SUSPENDED
        assert session.get_one(Match, match.id).state is MatchState.CANCELLED


@pytest.mark.postgres
@pytest.mark.usefixtures("little_patience")
@pytest.mark.parametrize("act", ["disable", "end-sessions"])
def test_whoever_is_shut_out_is_shut_out_however_long_others_hold_the_account(
    app: Flask, visitor: Callable[[], Pages], beside: sa.Engine, act: str,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    with writing(app) as session:
        keeper = factories.account(session, Role.ADMINISTRATOR)
        number = factories.account(session, Role.REQUESTER).id
    pages = visitor().come_in(keeper)
    sent = {"csrf_token": pages.own_token()}
    with ThreadPoolExecutor(1) as people:
        with beside.begin() as connection:
            chosen = sa.select(Account.id).where(Account.id == number)
            connection.execute(chosen.with_for_update())
            answer = people.submit(pages.client.post, f"/accounts/{number}/{act}", data=sent)
            wait_until_tried_again(answer, caplog)
        assert answer.result().status_code == 303
    with reading(app) as session:
        assert session.get_one(Account, number).active is (act != "disable")
