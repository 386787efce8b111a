"""Hashing of passwords, bounded apart from the pages.

A hash takes a core for a good part of a second and much memory, by intention. Whoever posts many
passwords at once must not take the threads that serve pages: each process hashes one at a time,
and who finds it busy is refused early and asked to try again.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import flask_security

from webapp.core.errors import TooOftenError
from webapp.core.translation import _

_slot = threading.BoundedSemaphore(1)
# A sign-in or two are worth waiting for; longer, and the threads of the pages would wait here.
WAIT_SECONDS = 0.3
TRY_AGAIN_SECONDS = 5


@contextmanager
def slot() -> Iterator[None]:
    """Hold the right to hash; raise `TooOftenError` if others hold it for too long."""
    if not _slot.acquire(timeout=WAIT_SECONDS):
        raise TooOftenError(
            _("Many people are signing in at this moment. Please try again in a few seconds."),
            TRY_AGAIN_SECONDS,
        )
    try:
        yield
    finally:
        _slot.release()


def hash_password(password: str) -> str:
    """Return the hash of a new password."""
    with slot():
        return str(flask_security.hash_password(password))
