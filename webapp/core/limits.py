"""How often somebody may do something, counted in the database for all processes together.

A limit is counted before the request's own transaction begins and in one of its own, so that a
refusal is counted too, and so that of many tries at one moment no more than the limit get through.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

import sqlalchemy as sa
from blinker import Signal
from flask import Flask, current_app, request
from flask_security import current_user
from limits import RateLimitItem, parse_many
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy.orm import Mapped, Session, mapped_column

from webapp.core import clock, room
from webapp.core.ciphers import hash_of
from webapp.core.db import Base, db, insert_into, writing_apart
from webapp.core.errors import TooOftenError
from webapp.core.origins import SAFE_METHODS
from webapp.core.translation import _n

_COUNTERS = "limits.counters"
View = TypeVar("View", bound=Callable[..., Any])
# Sent with the limit and the account when somebody begins to be refused; the alarm listens.
exceeded = Signal()


class LimitCounter(Base):
    """How often one thing was tried in a window of time; the key says by whom, but not in clear."""

    __tablename__ = "limit_counter"

    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    count: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True)
class Limit:
    """How often something may be done, as in "5/minute; 20/hour"; `name` tells limits apart.

    Of a view the sent forms are counted, and where the limit is one `of_reading` its pages as well.
    It is `needless_unrecorded` where what it bounds is recorded by itself, or else does not leave.
    """

    name: str
    rates: str
    of_reading: bool = False
    needless_unrecorded: bool = False
    items: tuple[RateLimitItem, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", tuple(parse_many(self.rates)))


# The connection of those who count in several windows at once.
_counting: ContextVar[sa.Connection | None] = ContextVar("counting", default=None)


class _DatabaseStorage(Storage):
    """The counters of the limits library as rows, in whichever database the platform uses."""

    STORAGE_SCHEME = None

    @property
    def base_exceptions(self) -> type[Exception]:
        """Return what the database raises."""
        return sa.exc.SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Add to a counter, which begins anew where its window is over; return what it holds."""
        now = clock.now()
        ends = now + timedelta(seconds=expiry)
        with self._connection() as connection:
            new = insert_into(LimitCounter, connection).values(
                key=hash_of(key), count=amount, expires_at=ends
            )
            over = LimitCounter.expires_at <= now
            counted = new.on_conflict_do_update(
                index_elements=[LimitCounter.key],
                set_={
                    "count": sa.case((over, amount), else_=LimitCounter.count + amount),
                    "expires_at": sa.case(
                        (over, sa.bindparam("ends", ends, LimitCounter.expires_at.type)),
                        else_=LimitCounter.expires_at,
                    ),
                },
            ).returning(LimitCounter.count)
            return int(connection.execute(counted).scalar_one())

    @contextmanager
    def together(self) -> Iterator[None]:
        """Let what the block counts be one transaction.

        On SQLite whoever writes waits for a turn, and nobody should wait for one in each window.
        """
        with writing_apart() as connection:
            token = _counting.set(connection)
            try:
                yield
            finally:
                _counting.reset(token)

    @contextmanager
    def _connection(self) -> Iterator[sa.Connection]:
        known = _counting.get()
        if known is not None:
            yield known
            return
        with writing_apart() as connection:
            yield connection

    def get(self, key: str) -> int:
        """Return what a counter holds."""
        row = self._row(key)
        return row.count if row else 0

    def get_expiry(self, key: str) -> float:
        """Return when the window of a counter ends, in seconds since 1970."""
        row = self._row(key)
        return row.expires_at.timestamp() if row else clock.now().timestamp()

    def check(self) -> bool:
        """Tell whether the database answers."""
        with db.engine.connect() as connection:
            return connection.execute(sa.text("SELECT 1")).scalar() == 1

    def reset(self) -> int:
        """Forget all counters and return how many there were."""
        with writing_apart() as connection:
            return connection.execute(sa.delete(LimitCounter)).rowcount

    def clear(self, key: str) -> None:
        """Forget one counter."""
        with writing_apart() as connection:
            connection.execute(sa.delete(LimitCounter).where(LimitCounter.key == hash_of(key)))

    @staticmethod
    def _row(key: str) -> Any:
        chosen = sa.select(LimitCounter.count, LimitCounter.expires_at).where(
            LimitCounter.key == hash_of(key), LimitCounter.expires_at > clock.now()
        )
        with db.engine.connect() as connection:
            return connection.execute(chosen).first()


def _limiter() -> FixedWindowRateLimiter:
    limiter: FixedWindowRateLimiter = current_app.extensions["limits"]
    return limiter


def count(limit: Limit, *who: str) -> int:
    """Count one more try by `who` and return how many seconds to wait: 0 if it is within the limit.

    Call it before the request writes anything: on SQLite it would wait for itself.
    """
    storage: _DatabaseStorage = current_app.extensions[_COUNTERS]
    with storage.together():
        # All windows are counted, so that none is spared by a shorter one that refuses.
        refused = [item for item in limit.items if not _limiter().hit(item, limit.name, *who)]
    return max((_seconds_left(item, limit, who) for item in refused), default=0)


def count_unless_over(limit: Limit, *who: str) -> int:
    """Count one more try like `count`, but only read what is over already.

    A write waits for the disk and for its turn, and others wait for it: whoever goes on after a
    refusal must not cost that each time. What was refused then counts in no longer window either.
    """
    over = [item for item in limit.items if not _limiter().test(item, limit.name, *who)]
    if over:
        return max(_seconds_left(item, limit, who) for item in over)
    return count(limit, *who)


def _seconds_left(item: RateLimitItem, limit: Limit, who: tuple[str, ...]) -> int:
    ends = _limiter().get_window_stats(item, limit.name, *who).reset_time
    return max(1, math.ceil(ends - clock.now().timestamp()))


def happens_first(session: Session, name: str, what: str, now: datetime) -> bool:
    """Tell whether `what` happens for the first time within an hour, and note that it did.

    Unlike a count it is part of the transaction: of two at one moment, one is refused.
    """
    noted = (
        insert_into(LimitCounter, session.get_bind())
        .values(key=hash_of(f"{name}/{what}"), count=1, expires_at=now + timedelta(hours=1))
        .on_conflict_do_nothing()
        .returning(LimitCounter.key)
    )
    return session.scalars(noted).first() is not None


def forget(limit: Limit, *who: str) -> None:
    """Begin to count anew for `who`."""
    for item in limit.items:
        _limiter().clear(item, limit.name, *who)


def is_any_over(session: Session, now: datetime) -> bool:
    """Tell whether there is a counter whose window is over."""
    over = sa.select(LimitCounter.key).where(LimitCounter.expires_at <= now)
    return session.scalars(over.limit(1)).first() is not None


def delete_over(session: Session, now: datetime) -> None:
    """Delete the counters whose window is over."""
    session.execute(sa.delete(LimitCounter).where(LimitCounter.expires_at <= now))


def refusal(seconds: int) -> TooOftenError:
    """Return the refusal that says when to try again."""
    if seconds < 90:
        message = _n(
            "That was too often. Please try again in %(count)s second.",
            "That was too often. Please try again in %(count)s seconds.",
            seconds,
            count=seconds,
        )
    else:
        minutes = math.ceil(seconds / 60)
        message = _n(
            "That was too often. Please try again in %(count)s minute.",
            "That was too often. Please try again in %(count)s minutes.",
            minutes,
            count=minutes,
        )
    return TooOftenError(message, seconds)


def limited(limit: Limit) -> Callable[[View], View]:
    """State that each person may use a view only as often as `limit` says."""

    def mark(view: View) -> View:
        view.limit = limit  # type: ignore[attr-defined]
        return view

    return mark


def _refuse_too_many() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    limit: Limit | None = getattr(view, "limit", None)
    if limit is None or not current_user.is_authenticated:
        return
    if request.method in SAFE_METHODS and not limit.of_reading:
        return
    account_id = current_user.id
    # The look at who this is has begun a transaction, which would not see what is written now.
    db.session.rollback()
    seconds = 0
    # On a full disk nothing can be recorded either, and people go on reading what needs not be.
    with room.left_out_if_full() if limit.needless_unrecorded else nullcontext():
        seconds = count(limit, str(account_id))
    if seconds:
        exceeded.send(current_app._get_current_object(), limit=limit)  # type: ignore[attr-defined]
        raise refusal(seconds)


def init_app(app: Flask) -> None:
    """Count before anything is written, whoever asks."""
    app.extensions[_COUNTERS] = _DatabaseStorage()
    app.extensions["limits"] = FixedWindowRateLimiter(app.extensions[_COUNTERS])
    app.before_request(_refuse_too_many)
