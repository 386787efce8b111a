"""How long a request waits for PostgreSQL.

A server that is frozen, or behind a line that is cut, neither answers nor refuses, and the system
would wait for minutes. So each request counts how long the server was silent, and gives up. After
that one thread of the process at a time tries the server; all others are told at once, and stay
free for what needs no database.

A server that lets a request wait for a lock is well, and says so itself a little earlier: only that
request is refused, and its connection stays.
"""

from collections.abc import Callable, Generator
from threading import Lock
from time import monotonic
from typing import Any

import psycopg
import sqlalchemy as sa
from flask import g, has_request_context
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus
from sqlalchemy.engine import Engine

# What a request waits altogether, in seconds; whoever asks is told within five. What insists
# (`transactions.insist`) waits so long once more for each time that it was refused for a lock, and
# is told within fifteen.
SILENCE = 4.0
# What a request waits for one lock that somebody else holds, in seconds: a little less, or it would
# seem to be silence.
LOCKED = 3.5
# After a failure, in seconds, until the server is tried again, and what others wait meanwhile for
# the one who tries it: a server that is well is there at once.
PAUSE = 1.0
TRIED_WITHIN = 0.5
_OF_LATE = "the server did not answer a moment ago"
# How often a wait looks up, in seconds.
_INTERVAL = 0.1


class _Door:
    """The way to one server: after a failure one thread at a time may try it, after a pause."""

    def __init__(self) -> None:
        self._trying = Lock()
        self._failed = False
        self._closed_until = 0.0

    def close(self) -> None:
        """Note that the server did not answer."""
        self._failed = True
        self._closed_until = monotonic() + PAUSE

    def doubt(self) -> None:
        """Note that the server was silent, as it also is while it works at something: one thread at
        a time tries it, others wait for that one, and the first who is answered opens it."""
        self._failed = True

    def connect(self, connect: Callable[[], "Listener"]) -> "Listener":
        """Return a new connection. Raises psycopg.OperationalError, at once in a request that has
        found the server silent already."""
        if _has_waited():
            raise psycopg.OperationalError("the server was silent just now")
        if self._failed:
            tried = self._try_alone(connect)
            if tried:
                return tried
        return self._try(connect)

    def _try_alone(self, connect: Callable[[], "Listener"]) -> "Listener | None":
        """Return a connection, or nothing where somebody else was answered meanwhile."""
        self._refuse_if_closed()
        if not self._trying.acquire(timeout=TRIED_WITHIN):
            raise psycopg.OperationalError(_OF_LATE)
        try:
            # Whoever was waited for may have found it closed.
            self._refuse_if_closed()
            return self._try(connect) if self._failed else None
        finally:
            self._trying.release()

    def _refuse_if_closed(self) -> None:
        if self._failed and monotonic() < self._closed_until:
            raise psycopg.OperationalError(_OF_LATE)

    def _try(self, connect: Callable[[], "Listener"]) -> "Listener":
        try:
            connection = connect()
        except psycopg.OperationalError:
            self.close()
            raise
        self._failed = False
        connection.door = self
        return connection


def _waited() -> float:
    """Return for how many seconds the server was silent to this request."""
    silence: float = g.get("database_silence", 0.0) if has_request_context() else 0.0
    return silence


def wait_anew() -> None:
    """Let this request wait once more for as long as anybody waits: the server was not silent, it
    has refused what would have waited for somebody else's lock."""
    g.pop("database_silence", None)


def is_of_others(error: BaseException | None) -> bool:
    """Tell whether a driver's error says that others held what was needed, and nothing else."""
    of_others = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected)
    return isinstance(error, of_others)


def _has_waited() -> bool:
    """Tell whether this request has waited for as long as anybody waits."""
    return _waited() > SILENCE


class Listener(psycopg.Connection[Any]):
    """A connection that a request gives up when the server was silent for too long."""

    door: _Door | None = None
    _bound = 0.0

    def bound_locks(self, seconds: float) -> None:
        """Let the server refuse what would wait longer for a lock; with 0 it waits on.

        A connection is lent again and again, and mostly to the same kind of work.
        """
        if seconds == self._bound:
            return
        # Within a transaction it would be taken back with that.
        self.autocommit = True
        self.execute(f"SET lock_timeout = {int(seconds * 1000)}")
        self.autocommit = False
        self._bound = seconds

    def wait(
        self, gen: PQGen[Any], interval: float = _INTERVAL, timeout: float | None = None
    ) -> Any:
        """Wait for an answer; what is no request, such as a migration, waits as long as it takes.

        Raises psycopg.OperationalError, and closes the connection, when a request has waited for
        too long.
        """
        if not has_request_context():
            return super().wait(gen, interval, timeout)
        return super().wait(self._listen(gen), interval, timeout)

    def _listen(self, gen: PQGen[Any]) -> Generator[Any, Any, Any]:
        silent = 0.0
        try:
            wanted = next(gen)
            while True:
                began = monotonic()
                ready = yield wanted
                if not ready:
                    waited = monotonic() - began
                    silent += waited
                    self._count(waited, silent)
                wanted = gen.send(ready)
        except StopIteration as end:
            return end.value

    def _count(self, waited: float, silent: float) -> None:
        """Count what the request waits; `silent` is how much of it was for this one answer.

        A server that is well would have said by then that somebody else holds a lock. Where several
        waits came together, only this request is given up.
        """
        g.database_silence = _waited() + waited
        if _has_waited():
            self.pgconn.finish()
            if self.door and silent > LOCKED:
                self.door.doubt()
            raise psycopg.OperationalError(f"the server was silent for {SILENCE:.0f} seconds")


def listen(engine: Engine) -> None:
    """Let the connections of an engine for PostgreSQL be ones that listen."""
    door = _Door()

    @sa.event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, arguments: Any, options: Any) -> Listener:
        return door.connect(lambda: Listener.connect(*arguments, **options))

    @sa.event.listens_for(engine, "checkout")
    def _lend(connection: Listener, _record: Any, _lent: Any) -> None:
        # A migration or a job has time; whoever waits for a page has not.
        connection.bound_locks(LOCKED if has_request_context() else 0.0)

    @sa.event.listens_for(engine, "before_cursor_execute")
    def _bound_what_is_left(_connection: Any, cursor: Any, *_statement: Any) -> None:
        # Of several locks that are waited for, the last one is as little silence as the first. In a
        # transaction that has failed the server takes nothing but its end, or that of a part.
        waited, listener = _waited(), cursor.connection
        if waited and listener.info.transaction_status != TransactionStatus.INERROR:
            left = max(LOCKED - waited, _INTERVAL)
            listener.execute(f"SET LOCAL lock_timeout = {int(left * 1000)}")
