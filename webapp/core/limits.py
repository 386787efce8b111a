"""How often somebody may do something, counted in the database for all processes together.

A limit is counted before the request's own transaction begins and in one of its own, so that a
refusal of the request takes nothing back, and so that of many tries at one moment no more than the
limit get through. A window has no beginning that somebody could wait for: it moves on with the
clock, so that no more than the limit pass within its length, whenever that begins.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar

import sqlalchemy as sa
from blinker import Signal
from flask import Flask, current_app, request
from flask_security import current_user
from limits import RateLimitItem, parse_many
from sqlalchemy.orm import Mapped, Session, mapped_column

from webapp.core import clock
from webapp.core.ciphers import hash_of
from webapp.core.db import Base, db, insert_into, wait_for_turn, writing_apart
from webapp.core.errors import TooOftenError
from webapp.core.monitoring import room
from webapp.core.origins import SAFE_METHODS
from webapp.core.portions import delete_some
from webapp.core.words.translation import _, _n

View = TypeVar("View", bound=Callable[..., Any])
# Sent with the limit and the account when somebody begins to be refused; the alarm listens.
exceeded = Signal()


class LimitCounter(Base):
    """How often one thing was tried in a part of a window; the key says by whom, but not in clear.

    It is kept until the whole of that part is older than the window is long.
    """

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


# In how many parts a window moves on: a minute by seconds, an hour by minutes. What was tried is
# kept as a number for each part, and a part leaves when all of it is older than the window: nobody
# gets more than the limit, and nobody waits more than one part too long.
_PARTS = 60
# Whoever waits for one hour and its part reads no number of minutes: a mail tells of an hour.
_HOUR = 3600
# What was tried in all windows of a limit. It is asked at each page that shows people, so it is put
# together once, and asks for all of them at once.
_TRIES = sa.select(LimitCounter.key, LimitCounter.count, LimitCounter.expires_at).where(
    LimitCounter.key.in_(sa.bindparam("keys", expanding=True))
)
# By key, how often something was tried in a part of a window, and when that is left behind.
_Tried = Mapping[str, tuple[int, datetime]]


@dataclass(frozen=True)
class _Window:
    """One window of a limit, of one person, as it stands at one moment."""

    item: RateLimitItem
    key: str
    now: datetime

    @property
    def _seconds(self) -> float:
        return self.item.get_expiry() / _PARTS

    @property
    def _latest(self) -> int:
        return int(self.now.timestamp() // self._seconds)

    @cached_property
    def rows(self) -> list[str]:
        """Return the keys of all parts that the window reaches, the latest first."""
        return [hash_of(f"{self.key}/{self._latest - ago}") for ago in range(_PARTS + 1)]

    @property
    def one_more(self) -> dict[str, Any]:
        """Return the row that counts a try."""
        over = (self._latest + 1 + _PARTS) * self._seconds - self.now.timestamp()
        expires_at = self.now + timedelta(seconds=over)
        return {"key": self.rows[0], "count": 1, "expires_at": expires_at}

    def seconds_left(self, tried: _Tried) -> int:
        """Return how long there will be no room for a try."""
        tries = [tried[key] for key in self.rows if key in tried]
        if sum(count for count, _expires_at in tries) < self.item.amount:
            return 0
        first_ends = min(expires_at for _count, expires_at in tries)
        return max(1, math.ceil((first_ends - self.now).total_seconds()))


def _windows(limit: Limit, who: tuple[str, ...]) -> list[_Window]:
    now = clock.now()
    return [_Window(item, item.key_for(limit.name, *who), now) for item in limit.items]


def _list_tried(connection: sa.Connection, windows: Iterable[_Window]) -> _Tried:
    keys = [key for window in windows for key in window.rows]
    rows = connection.execute(_TRIES, {"keys": keys})
    return {key: (tries, expires_at) for key, tries, expires_at in rows}


def _add(connection: sa.Connection, windows: Iterable[_Window]) -> None:
    new = insert_into(LimitCounter, connection).values([one.one_more for one in windows])
    more = {"count": LimitCounter.count + 1}
    connection.execute(new.on_conflict_do_update(index_elements=[LimitCounter.key], set_=more))


def count(limit: Limit, *who: str) -> int:
    """Count one more try by `who` and return how many seconds to wait: 0 if it is within the limit.

    Call it before the request writes anything: on SQLite it would wait for itself.
    """
    # One transaction for all windows: on SQLite whoever writes waits for a turn.
    with writing_apart() as connection:
        # What is read below must not change before it is written, nor may a part begin meanwhile.
        wait_for_turn(connection, "/".join((limit.name, *who)))
        windows = _windows(limit, who)
        tried = _list_tried(connection, windows)
        left = [window.seconds_left(tried) for window in windows]
        # No window is spared by a shorter one that refuses. Where there is no room nothing is
        # added, or whoever tries on would never be let through.
        if free := [one for one, seconds in zip(windows, left, strict=True) if not seconds]:
            _add(connection, free)
        return max(left)


def count_unless_over(limit: Limit, *who: str) -> int:
    """Count one more try like `count`, but only read what is over already.

    A write waits for the disk and for its turn, and others wait for it: whoever goes on after a
    refusal must not cost that each time. What was refused then counts in no longer window either.
    """
    return seconds_left(limit, *who) or count(limit, *who)


def seconds_left(limit: Limit, *who: str) -> int:
    """Return how many seconds `who` would have to wait, without counting anything."""
    with db.engine.connect() as connection:
        windows = _windows(limit, who)
        tried = _list_tried(connection, windows)
        return max(window.seconds_left(tried) for window in windows)


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
    with writing_apart() as connection:
        keys = [key for window in _windows(limit, who) for key in window.rows]
        connection.execute(sa.delete(LimitCounter).where(LimitCounter.key.in_(keys)))


def is_any_over(session: Session, now: datetime) -> bool:
    """Tell whether there is a counter that nothing needs any more."""
    over = sa.select(LimitCounter.key).where(LimitCounter.expires_at <= now)
    return session.scalars(over.limit(1)).first() is not None


def delete_over(session: Session, now: datetime) -> None:
    """Delete the counters that nothing needs any more."""
    delete_some(session, LimitCounter, LimitCounter.expires_at <= now)


def refusal(seconds: int) -> TooOftenError:
    """Return the refusal that says when to try again."""
    if seconds < 90:
        message = _n(
            "That was too often. Please try again in %(count)s second.",
            "That was too often. Please try again in %(count)s seconds.",
            seconds,
            count=seconds,
        )
    elif _HOUR < seconds <= _HOUR + _HOUR // _PARTS:
        message = _("That was too often. Please try again in a little more than an hour.")
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


def _count_view() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    limit: Limit | None = getattr(view, "limit", None)
    if limit is None or not current_user.is_authenticated:
        return
    if request.method in SAFE_METHODS and not limit.of_reading:
        return
    refuse_too_many(limit)


def refuse_too_many(limit: Limit) -> None:
    """Count one more try of whoever is signed in, and refuse it if it is one too many.

    A view that counts by itself what has turned out to be one calls it before it writes anything.
    """
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
    app.before_request(_count_view)
