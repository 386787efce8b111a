"""Hashing of passwords, bounded apart from the pages.

A hash takes a core for a good part of a second and much memory, by intention. Whoever posts many
passwords at once must not take the threads that serve pages: each process hashes one at a time, few
wait for it, and who finds it busy is refused early and asked to try again.

Strangers wait in a line of their own, behind those who have shown something that others do not
have: a browser in which they signed in before, a session, a link from a mail. After each of their
hashes strangers let as much time pass as it took, from however many addresses they come, so that
half of a process's hashing is left to those others and to the pages (docs/adr/0128). Where a hash
took unusually long, as on a machine that stood still, they let only a part of their patience pass:
two people who sign in one after the other are no crowd.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition
from time import monotonic

import flask_security

from webapp.accounts import rules
from webapp.core.errors import TooOftenError
from webapp.core.words.translation import _

TRY_AGAIN_SECONDS = 5
# What strangers let pass at most after one of their hashes, as a part of how long they would wait.
PAUSE_AT_MOST = 0.5


@dataclass(frozen=True, eq=False)
class Line:
    """Who waits for a hash: how many at most, and for how many seconds.

    All who hash or wait are fewer than the threads of a process (gunicorn_conf.py).
    """

    waiting_at_most: int
    seconds: float


STRANGERS = Line(waiting_at_most=2, seconds=1.0)
KNOWN = Line(waiting_at_most=3, seconds=3.0)


class _Slot:
    """The right to hash, which one thread of this process has at a time."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._taken = False
        self._waiting: Counter[Line] = Counter()
        self._strangers_from = 0.0

    @contextmanager
    def held(self, line: Line) -> Iterator[None]:
        with self._changed:
            self._take(line)
        began = monotonic()
        try:
            yield
        finally:
            with self._changed:
                self._taken = False
                if line is STRANGERS:
                    ended = monotonic()
                    pause = min(ended - began, line.seconds * PAUSE_AT_MOST)
                    self._strangers_from = ended + pause
                self._changed.notify_all()

    def _take(self, line: Line) -> None:
        if self._pause(line) and not self._wait(line):
            raise TooOftenError(
                _("Many people are signing in at this moment. Please try again in a few seconds."),
                TRY_AGAIN_SECONDS,
            )
        self._taken = True

    def _wait(self, line: Line) -> bool:
        """Wait for a turn, and tell whether it came."""
        if self._waiting[line] == line.waiting_at_most:
            return False
        self._waiting[line] += 1
        until = monotonic() + line.seconds
        try:
            while (pause := self._pause(line)) and (left := until - monotonic()) > 0:
                self._changed.wait(min(left, pause))
        finally:
            self._waiting[line] -= 1
        # The strangers waited for this one, too.
        self._changed.notify_all()
        return not pause

    def _pause(self, line: Line) -> float:
        """Return how long this line has to wait if nothing changes before; 0 for its turn."""
        if self._taken or (line is STRANGERS and self._waiting[KNOWN]):
            return line.seconds
        return max(0.0, self._strangers_from - monotonic()) if line is STRANGERS else 0.0


_slot = _Slot()


@contextmanager
def slot(line: Line) -> Iterator[None]:
    """Hold the right to hash; raise `TooOftenError` if others hold it long, or many wait."""
    with _slot.held(line):
        yield


def hash_password(password: str) -> str:
    """Return the hash of a new password of somebody who has a session or a link from a mail."""
    with slot(KNOWN):
        return str(flask_security.hash_password(rules.in_one_form(password)))


def is_right(password: str, hashed: str) -> bool:
    """Tell whether a password of somebody who has a session is the one with this hash."""
    with slot(KNOWN):
        return bool(flask_security.verify_password(rules.in_one_form(password), hashed))
