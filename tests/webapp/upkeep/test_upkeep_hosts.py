"""Job workers of two hosts find the same to do at one moment, and it is done once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier
from types import ModuleType
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from webapp.core import clock, invariants
from webapp.core.audit import Action, AuditEvent
from webapp.core.transactions import one_sweep
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
    let_both_see_first(monkeypatch, sweep)
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
