"""Limits hold for all processes and threads together, in every stretch of time of their length."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.databases import reading, writing
from webapp.core import limits
from webapp.core.db import db
from webapp.core.limits import Limit, LimitCounter

TRY = Limit("try", "3/minute; 5/hour")
READING = Limit("reading", "12/minute")

pytestmark = pytest.mark.both_databases


def count(app: Flask, *who: str, limit: Limit = TRY) -> int:
    """Count a try in a context of its own, as a request does."""
    with app.app_context():
        return limits.count(limit, *who)


def test_what_is_too_much_is_told_with_the_time_to_wait(app: Flask, clock: Any) -> None:
    assert [count(app, "one") for _ in range(3)] == [0, 0, 0]
    clock.shift(timedelta(seconds=20))
    # What was tried within one second leaves the window together.
    assert 40 <= count(app, "one") <= 41
    assert count(app, "another") == 0


def test_whoever_waits_as_long_as_told_is_let_through(app: Flask, clock: Any) -> None:
    for _ in range(12):
        count(app, "one", limit=READING)
        clock.shift(timedelta(seconds=3))
    told = count(app, "one", limit=READING)
    clock.shift(timedelta(seconds=told - 1.5))
    assert count(app, "one", limit=READING) > 0
    clock.shift(timedelta(seconds=1.5))
    assert count(app, "one", limit=READING) == 0


def _passes(app: Flask, clock: Any, seconds: Iterable[int]) -> list[int]:
    """Try at these seconds after now, and return those at which it was let through."""
    passed, now = [], 0
    for second in seconds:
        clock.shift(timedelta(seconds=second - now))
        now = second
        if not count(app, "one", limit=READING):
            passed.append(second)
    return passed


def _most_in_a_minute(moments: list[int]) -> int:
    return max(sum(first <= moment < first + 60 for moment in moments) for first in moments)


def test_no_more_pass_where_one_window_ends_and_the_next_begins(app: Flask, clock: Any) -> None:
    """Whoever waits for the end of a window, and uses up two at once, is stopped by the first."""
    passed = _passes(app, clock, [0, *range(48, 240)])
    assert _most_in_a_minute(passed) == 12
    assert len(passed) > 12 * 3


def test_two_workers_count_together_where_windows_meet(
    app: Flask, make_app: Callable[[], Flask], clock: Any
) -> None:
    another = make_app()
    clock.move_to(datetime(2026, 5, 4, 8, 0, 58, tzinfo=UTC))
    for worker in (app, another) * 6:
        assert count(worker, "one", limit=READING) == 0
    clock.shift(timedelta(seconds=4))
    assert count(app, "one", limit=READING) > 0
    assert count(another, "one", limit=READING) > 0


def test_a_window_that_has_moved_on_begins_anew(app: Flask, clock: Any) -> None:
    for _ in range(3):
        count(app, "one")
    clock.shift(timedelta(seconds=61))
    assert count(app, "one") == 0


def test_what_was_refused_takes_no_room(app: Flask, clock: Any) -> None:
    """Or whoever tries on, as a browser does that loads a page anew, is never let through."""
    for _ in range(13):
        count(app, "one", limit=READING)
    clock.shift(timedelta(seconds=50))
    for _ in range(10):
        assert count(app, "one", limit=READING) > 0
    clock.shift(timedelta(seconds=11))
    assert [count(app, "one", limit=READING) for _ in range(12)] == [0] * 12


def test_the_longer_window_counts_what_the_shorter_has_refused(app: Flask, clock: Any) -> None:
    for _ in range(6):
        count(app, "one")
    clock.shift(timedelta(minutes=10))
    assert 50 * 60 <= count(app, "one") <= 51 * 60


def test_what_is_over_is_only_read(app: Flask, clock: Any) -> None:
    for _ in range(4):
        count(app, "one")
    with reading(app) as session:
        before = session.execute(sa.select(LimitCounter.key, LimitCounter.count)).all()
    clock.shift(timedelta(seconds=6))
    with app.app_context():
        assert limits.count_unless_over(TRY, "one") > 0
    with reading(app) as session:
        assert session.execute(sa.select(LimitCounter.key, LimitCounter.count)).all() == before


def test_of_tries_at_one_moment_no_more_get_through_than_the_limit(app: Flask) -> None:
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: count(app, "one"), range(16)))
    assert waits.count(0) == 3


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


def test_counters_whose_window_is_over_are_deleted(app: Flask, clock: Any) -> None:
    for _ in range(3):
        count(app, "one")
    for minutes, left in ((1, 2), (2, 1), (60, 1), (62, 0)):
        with writing(app) as session:
            now = datetime.now(UTC) + timedelta(minutes=minutes, seconds=-1)
            limits.delete_over(session, now)
            assert session.scalar(sa.select(sa.func.count()).select_from(LimitCounter)) == left


def test_counting_begins_anew_when_it_is_told_to(app: Flask) -> None:
    for _ in range(3):
        count(app, "one")
    with app.app_context():
        limits.forget(TRY, "one")
    assert count(app, "one") == 0
