"""Invariants of the whole database, each registered by the room that keeps it.

`flask check` runs them all, after faults, after a restore and in the tests.
"""

from collections.abc import Callable, Iterable

from sqlalchemy.orm import Session

Check = Callable[[Session], Iterable[str]]
_checks: list[Check] = []


def invariant(check: Check) -> Check:
    """Register a function that yields one sentence for each fault it finds."""
    _checks.append(check)
    return check


def run(session: Session) -> list[str]:
    """Return the sentences of all faults; an empty list is a sound database."""
    return [fault for check in _checks for fault in check(session)]
