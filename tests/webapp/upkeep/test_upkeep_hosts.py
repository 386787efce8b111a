"""Job workers of two hosts find the same to do at one moment, and it is done once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from webapp.core import clock, invariants, sweeps
from webapp.core.actor import SYSTEM
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.core.transactions import one_sweep
from webapp.core.unit_of_work import UnitOfWork
from webapp.experts import approvals
from webapp.experts import operations as profiles
from webapp.experts.approvals import Wanted
from webapp.experts.models import Expert, ExpertState
from webapp.experts.standing_tables import Approval
from webapp.experts.standing_workflow import ApprovalStep
from webapp.messages import pulse
from webapp.messages.models import Notice, OutboxMessage
from webapp.roster import sweep as pairs
from webapp.roster.models import LikelyPair
from webapp.upkeep import sweep

pytestmark = pytest.mark.both_databases
HOSTS = 2


def at_once(app: Flask, work: Any) -> list[Any]:
    """Let each host do the same at one moment."""

    def do(_host: int) -> Any:
        with app.app_context():
            return work()

    with ThreadPoolExecutor(HOSTS) as hosts:
        return list(hosts.map(do, range(HOSTS)))


def let_both_see_first(monkeypatch: pytest.MonkeyPatch, module: ModuleType) -> None:
    """Let each host find out that something is due before one of them begins to do it."""
    both_have_seen = Barrier(HOSTS)

    @contextmanager
    def late(work: str) -> Iterator[Session]:
        both_have_seen.wait(30)
        with one_sweep(work) as session:
            yield session

    monkeypatch.setattr(module, "one_sweep", late)


def test_an_expert_is_asked_once_though_two_have_seen_that_it_is_time(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(app) as session:
        for _number in range(5):
            factories.expert(session)
    let_both_see_first(monkeypatch, sweeps)
    with time_machine.travel(clock.now() + timedelta(days=92)):
        assert sorted(at_once(app, sweep.run_due)) == [0, 5]
    with reading(app) as session:
        assert session.query(AuditEvent).filter_by(action=Action.PROFILE_ASKED).count() == 5
        assert session.query(Notice).count() == session.query(OutboxMessage).count() == 5
        assert invariants.run(session) == []


def test_a_pair_is_pointed_out_once_though_two_have_found_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(app) as session:
        for name in ("Jelena Zgled", "Zgled, Jelena"):
            factories.expert(session, name=name, jurisdiction="MNE")
    let_both_see_first(monkeypatch, pairs)
    assert at_once(app, pairs.seek_due) == [None, None]
    with reading(app) as session:
        assert session.query(LikelyPair).count() == 1
        assert invariants.run(session) == []


def test_the_first_beats_of_two_hosts_at_one_moment_are_one(app: Flask) -> None:
    assert at_once(app, pulse.beat) == [None, None]


def test_what_was_said_while_others_were_waited_for_counts(app: Flask) -> None:
    """Who is confirmed between the look at what is due and their turn neither rests nor is asked,
    and who is approved does not expire."""
    with writing(app) as session:
        resting, asked = factories.expert(session), factories.expert(session)
        home = factories.organisation(session).id
        ending = factories.expert(session, authority_id=home, approved_until=factories.FOR_YEARS)
        for row in session.scalars(sa.select(Approval).where(Approval.expert_id == ending.id)):
            row.until = clock.today()
        ending.approved_until = clock.today()
        numbers = [one.id for one in (resting, asked, ending)]
    later = clock.now() + timedelta(days=400)
    with writing(app) as session:
        session.get_one(Expert, numbers[1]).last_confirmed_at = later - timedelta(days=100)
    with time_machine.travel(later, tick=False), writing(app) as session:
        acts = list(sweep._find(session, clock.now()))
        assert len(acts) == 3
        resting, asked, ending = (session.get_one(Expert, number) for number in numbers)
        for one in (resting, asked):
            own = factories.work(session, one.account)
            profiles.confirm(own, one, None, seen_version=one.version)
        wanted = Wanted(clock.today(), clock.today() + timedelta(days=30))
        member = factories.account(session, Role.NOMINATING_AUTHORITY, organisation_id=home)
        approvals.grant(factories.work(session, member), ending, ApprovalStep.GRANT, wanted)
        for act in acts:
            act(UnitOfWork(session, SYSTEM, clock.now()))
        assert {one.state for one in (resting, asked, ending)} == {ExpertState.ACTIVE}
        assert asked.asked_at is None
    with reading(app) as session:
        assert session.query(AuditEvent).filter_by(action=Action.PROFILE_ASKED).count() == 0


def test_a_portion_locks_accounts_first_and_then_experts_each_by_their_numbers(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever joins two profiles, or erases somebody, locks in the same order; a profile that is
    gone by then is passed over."""
    locked: list[list[tuple[str, int]]] = []

    def lock(_session: Session, *rows: Any) -> None:
        locked.append([(row.__tablename__, row.id) for row in rows])

    monkeypatch.setattr(sweep, "lock", lock)
    with writing(app) as session:
        accounts = [factories.account(session, Role.EXPERT) for _ in range(3)]
        people = [factories.expert(session, person=one) for one in reversed(accounts)]
        numbers = [one.id for one in people]
        expected = [
            *(("account", one.id) for one in accounts), *(("expert", one) for one in numbers),
        ]  # fmt: skip
    done: list[int] = []

    def do(_work: UnitOfWork, expert: Expert) -> None:
        done.append(expert.id)

    due = sweep.Due(lambda _session, only: [only], do)
    with app.app_context():
        acts = [due.act(number) for number in (*reversed(numbers), numbers[-1] + 99)]
        assert sweeps.do_in_portions("upkeep", acts, sweep._lock_all) == len(numbers)
    assert locked == [expected]
    assert done == numbers[::-1]
