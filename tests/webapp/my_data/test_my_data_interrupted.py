"""A day's erasures that are cut off in the middle go on the same day, and each is done once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from flask import Flask

from tests.databases import is_sound, reading, writing
from tests.webapp.my_data.sweeping import put, run, state
from tests.webapp.my_data.test_my_data_retention import BEGIN, YEAR
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.experts.models import ExpertState
from webapp.my_data import retention
from webapp.platform_settings.queries import get_settings

pytestmark = pytest.mark.both_databases
RESTING = 3


class Killed(BaseException):
    """What nothing catches, as the end of a process."""


@pytest.fixture
def due(app: Flask) -> Iterator[list[int]]:
    """Return the profiles whose time is over today, and of which people were told a month ago."""
    with time_machine.travel(BEGIN, tick=False) as days:
        with writing(app) as session:
            get_settings(session).retention_months = 12
        numbers = [put(app, state=ExpertState.WITHDRAWN).id for _ in range(RESTING)]
        days.shift(YEAR - timedelta(days=30))
        assert run(app) == RESTING
        days.shift(timedelta(days=30))
        yield numbers


def erased(app: Flask) -> int:
    """Return how many profiles the log calls erased."""
    with reading(app) as session:
        return (
            session.query(AuditEvent)
            .filter_by(action=Action.PERSON_ERASED, subject="expert")
            .count()
        )


def test_a_worker_that_is_killed_in_the_middle_goes_on_the_same_day(
    app: Flask, due: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    end = retention.end
    ended: list[Any] = []

    def end_one(*arguments: Any) -> Any:
        if ended:
            raise Killed
        ended.append(arguments)
        return end(*arguments)

    with monkeypatch.context() as cut_off:
        cut_off.setattr(retention, "end", end_one)
        with pytest.raises(Killed):
            run(app)
    assert erased(app) == 1
    assert run(app) == RESTING - 1
    assert {state(app, number) for number in due} == {ExpertState.ERASED}
    assert erased(app) == RESTING
    assert run(app) == 0, "the day is done"
    assert is_sound(app)


def test_two_hosts_that_find_the_same_at_one_moment_erase_it_once(
    app: Flask, due: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    find, both_have_found = retention.find, Barrier(2)

    def find_together(*arguments: Any) -> Any:
        found = find(*arguments)
        if len(arguments) == 2:
            both_have_found.wait(30)
        return found

    monkeypatch.setattr(retention, "find", find_together)
    act: Callable[[Flask], int] = run
    with ThreadPoolExecutor(2) as hosts:
        assert sorted(hosts.map(act, [app, app])) == [0, RESTING]
    assert erased(app) == RESTING
    assert is_sound(app)
