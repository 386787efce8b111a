"""Experts of whom something cannot be done keep no others from their turn, and it is told."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from webapp.core import clock
from webapp.core.unit_of_work import UnitOfWork
from webapp.experts.models import Expert
from webapp.upkeep import operations, sweep


def test_as_many_as_are_taken_at_once_may_fail_each_time_and_others_are_asked(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(app) as session:
        numbers = [factories.expert(session).id for _one in range(6)]
    broken, ask = set(numbers[:2]), operations.ask

    def ask_or_fail(work: UnitOfWork, expert: Expert) -> None:
        if expert.id in broken:
            raise RuntimeError("broken")
        ask(work, expert)

    monkeypatch.setattr(operations, "ask", ask_or_fail)
    monkeypatch.setattr(sweep, "AT_ONCE", 2)
    with time_machine.travel(clock.now() + timedelta(days=92), tick=False):
        for _minute in range(3):
            with app.app_context(), pytest.raises(RuntimeError, match="broken"):
                sweep.run_due()
        with reading(app) as session:
            unasked = set(session.scalars(sa.select(Expert.id).where(Expert.asked_at.is_(None))))
        assert unasked == broken
        broken.clear()
        with app.app_context():
            assert [sweep.run_due(), sweep.run_due()] == [2, 0]
