"""Limits hold for all processes and threads together, and begin anew when their window is over."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.databases import reading, writing
from webapp.core import clock, limits
from webapp.core.db import db
from webapp.core.limits import Limit, LimitCounter

TRY = Limit("try", "3/minute; 5/hour")

pytestmark = pytest.mark.both_databases


def count(app: Flask, *who: str) -> int:
    """Count a try in a context of its own, as a request does."""
    with app.app_context():
        return limits.count(TRY, *who)


def test_what_is_too_much_is_told_with_the_time_to_wait(app: Flask, clock: Any) -> None:
    assert [count(app, "one") for _ in range(3)] == [0, 0, 0]
    clock.shift(timedelta(seconds=20))
    assert count(app, "one") == 40
    assert count(app, "another") == 0


def test_a_window_that_is_over_begins_anew(app: Flask, clock: Any) -> None:
    for _ in range(3):
        count(app, "one")
    clock.shift(timedelta(seconds=61))
    assert count(app, "one") == 0


def test_the_longer_window_counts_what_the_shorter_has_refused(app: Flask, clock: Any) -> None:
    for _ in range(6):
        count(app, "one")
    clock.shift(timedelta(minutes=10))
    assert count(app, "one") == 50 * 60


def test_of_tries_at_one_moment_no_more_get_through_than_the_limit(app: Flask) -> None:
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: count(app, "one"), range(16)))
    # A try counts in both windows, so fewer than three can get through, but never more.
    assert 1 <= waits.count(0) <= 3


def test_all_windows_are_counted_by_one_transaction(app: Flask) -> None:
    """On SQLite each waits for its turn among all who write."""
    commits: list[object] = []
    with app.app_context():
        sa.event.listen(db.engine, "commit", commits.append)
    count(app, "one")
    assert len(commits) == 1


def test_nobody_reads_in_the_counters_who_tried(app: Flask) -> None:
    count(app, "somebody@example.org")
    with reading(app) as session:
        assert "somebody" not in " ".join(session.scalars(sa.select(LimitCounter.key)))


def test_counters_whose_window_is_over_are_deleted(app: Flask) -> None:
    count(app, "one")
    with writing(app) as session:
        limits.delete_over(session, clock.now() + timedelta(minutes=5))
    with reading(app) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(LimitCounter)) == 1


def test_counting_begins_anew_when_it_is_told_to(app: Flask) -> None:
    for _ in range(3):
        count(app, "one")
    with app.app_context():
        limits.forget(TRY, "one")
    assert count(app, "one") == 0
