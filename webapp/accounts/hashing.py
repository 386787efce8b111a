"""Hashing of passwords, bounded apart from the pages.

A hash takes a core for a good part of a second and much memory, by intention. Whoever posts many
passwords at once must not take the threads that serve pages: each process hashes one at a time, few
wait for it, and who finds it busy is refused early and asked to try again.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import flask_security

from webapp.core.errors import TooOftenError
from webapp.core.translation import _

_slot = threading.BoundedSemaphore(1)
# A sign-in or two are worth waiting for; longer or more, and the threads of the pages (ten in
# gunicorn_conf.py) would wait here.
WAIT_SECONDS = 0.3
WAITING_AT_MOST = 3
_queue = threading.BoundedSemaphore(1 + WAITING_AT_MOST)
TRY_AGAIN_SECONDS = 5


@contextmanager
def slot() -> Iterator[None]:
    """Hold the right to hash; raise `TooOftenError` if others hold it long, or many wait."""
    with _held(_queue, wait=0), _held(_slot, wait=WAIT_SECONDS):
        yield


@contextmanager
def _held(places: threading.Semaphore, *, wait: float) -> Iterator[None]:
    if not places.acquire(timeout=wait):
        raise TooOftenError(
            _("Many people are signing in at this moment. Please try again in a few seconds."),
            TRY_AGAIN_SECONDS,
        )
    try:
        yield
    finally:
        places.release()


def hash_password(password: str) -> str:
    """Return the hash of a new password."""
    with slot():
        return str(flask_security.hash_password(password))
