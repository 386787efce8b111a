"""Room on the disk: what goes on without any, and who is told.

On a full disk no change can be kept. What is there can still be read, so what is only noted by the
way, such as the last use of a session, is left out meanwhile. Of whom a page shows that is not
true: what cannot be recorded does not leave (core/transactions.py).

The database may stand on another machine, whose disk nobody here can look at. So each process
remembers when it was last refused, until there is room to write it down for all of them.
"""

import logging
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import Flask, current_app
from psycopg.errors import DiskFull
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column

from webapp.core import clock
from webapp.core.db import Base, insert_into
from webapp.core.errors import in_one_line
from webapp.core.monitoring import metrics

log = logging.getLogger(__name__)

# With less than this free, in bytes, or than so much of a smaller disk, somebody has to make room.
LEAST, SHARE = 1_000_000_000, 0.05
# How often a process says the same in its log.
EVERY = timedelta(minutes=1)


class RoomRefusal(Base):
    """When the database last refused a change for want of room, in whichever process: one row."""

    __tablename__ = "room_refusal"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]


@dataclass
class Refusals:
    """When this process was last refused for want of room, and when it has last said so."""

    # What stands in no row yet; while the disk is full it cannot.
    unwritten: datetime | None = None
    logged: datetime | None = None


def is_full(error: SQLAlchemyError) -> bool:
    """Tell whether a database has refused to write because its disk is full."""
    cause = getattr(error, "orig", None)
    if isinstance(cause, sqlite3.Error):
        # The lower byte is the kind of the error; what the driver itself refuses has none.
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL
    return isinstance(cause, DiskFull)


def refusals() -> Refusals:
    """Return what this process remembers."""
    remembered: Refusals = current_app.extensions["room"]
    return remembered


def refused_since(session: Session, moment: datetime) -> datetime | None:
    """Return when a process was last refused, if that was after `moment`.

    Of other processes it is known as soon as there was room again.
    """
    known = (session.scalar(sa.select(RoomRefusal.at)), refusals().unwritten)
    return max((at for at in known if at is not None and at > moment), default=None)


def write_down(session: Session, at: datetime) -> None:
    """Write down for all processes when a change was refused, unless a later refusal is known."""
    new = insert_into(RoomRefusal, session.get_bind()).values(id=1, at=at)
    is_later = RoomRefusal.at < new.excluded.at
    session.execute(
        new.on_conflict_do_update(index_elements=["id"], set_={"at": at}, where=is_later)
    )


def remember(error: SQLAlchemyError) -> None:
    """Remember that somebody was refused, and say so in one line a minute."""
    metrics.REFUSED.inc()
    remembered, now = refusals(), clock.now()
    remembered.unwritten = now
    if remembered.logged is None or now - remembered.logged >= EVERY:
        remembered.logged = now
        log.error("the disk of the database is full (told once a minute): %s", in_one_line(error))


@contextmanager
def left_out_if_full() -> Iterator[None]:
    """Go on where the block could not note something for want of room."""
    try:
        yield
    except SQLAlchemyError as error:
        if not is_full(error):
            raise
        remember(error)


@dataclass(frozen=True)
class Room:
    """How much is free on the disk of the instance folder, in bytes."""

    free: int
    is_little: bool


def look() -> Room:
    """Return how much is free."""
    total, _used, free = shutil.disk_usage(current_app.config["INSTANCE_FOLDER"])
    return Room(free, free < min(LEAST, SHARE * total))


def init_app(app: Flask) -> None:
    """Begin to remember."""
    app.extensions["room"] = Refusals()
