"""Those who want to write into SQLite take turns.

SQLite lets one transaction write at a time, and keeps no queue: who waits looks again now and then,
in the end ten times a second, and gives up when it was always taken at that moment ("database is
locked"). Of eight who go on writing somebody always has that bad luck.

So they stand in a queue, in each process in the order in which they came. The first ones of all
processes ask for a lock on a file beside the database, and only who holds that one looks whether
SQLite lets them write, every few milliseconds. The system takes the lock back from a process that
ends, whatever ends it. What writes without a turn, such as a backup, is kept out by SQLite alone.
"""

import fcntl
import os
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from time import monotonic, sleep
from typing import Any

from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

# Returns how many seconds somebody goes on waiting.
Left = Callable[[], float]
# How often the first one looks whether the lock is free, in seconds.
LOOK = 0.005


class Turns:
    """The queue of one process before the database in `file`."""

    def __init__(self, file: str) -> None:
        self._gate = f"{file}-turns"
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._went_on = 0.0

    def begin(self, connection: Connection, patience: float) -> None:
        """Begin a transaction that may write.

        As long as the queue goes on nobody is sent away. Raises sqlalchemy.exc.OperationalError
        if for `patience` seconds none of it could write.
        """
        began = monotonic()

        def left() -> float:
            return max(began, self._went_on) + patience - monotonic()

        with self._turn(left), _short_looks(connection.connection):
            while not _begins(connection, left):
                pass
            self._went_on = monotonic()

    @contextmanager
    def _turn(self, left: Left) -> Iterator[None]:
        """Wait until it is this one's turn; who has waited for too long goes on without."""
        place = threading.Event()
        with self._mutex:
            self._waiting.append(place)
            first = self._waiting[0] is place
        try:
            if first:
                come = True
            elif come := _comes(place, left):
                sleep(2 * LOOK)  # Another process, which may have waited longer, looks now.
            with self._before_other_processes(left) if come else nullcontext():
                yield
        finally:
            with self._mutex:
                self._waiting.remove(place)
                if self._waiting:
                    self._waiting[0].set()

    @contextmanager
    def _before_other_processes(self, left: Left) -> Iterator[None]:
        descriptor = os.open(self._gate, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            while not _locks(descriptor) and left() > 0:
                sleep(LOOK)
            yield
        finally:
            os.close(descriptor)  # The lock goes with it.


def _comes(place: threading.Event, left: Left) -> bool:
    while (seconds := left()) > 0:
        if place.wait(seconds):
            return True
    return False


def _locks(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _begins(connection: Connection, left: Left) -> bool:
    """Tell whether a transaction began; it did not if another writes.

    That is raised when no time is left, and whatever else is wrong at once.
    """
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except OperationalError as error:
        if not is_busy(error.orig) or left() <= 0:
            raise
        return False
    return True


def is_busy(error: object) -> bool:
    """Tell whether SQLite has refused to write because somebody else writes."""
    # The lower byte is the kind of the error.
    return isinstance(error, sqlite3.Error) and error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY


@contextmanager
def _short_looks(driver: Any) -> Iterator[None]:
    """Let SQLite itself wait only for so long that it looks every few milliseconds."""
    (usual,) = driver.execute("PRAGMA busy_timeout").fetchone()
    driver.execute(f"PRAGMA busy_timeout={2 * int(LOOK * 1000)}")
    try:
        yield
    finally:
        driver.execute(f"PRAGMA busy_timeout={usual}")
