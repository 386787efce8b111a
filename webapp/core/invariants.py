"""Invariants of the whole database, each kept by a package that names it here at start-up.

`flask check` runs them all, after faults, after a restore and in the tests.
"""

from collections.abc import Callable, Iterable

from flask import Flask, current_app
from sqlalchemy.orm import Session

from webapp.core import audit

Invariant = Callable[[Session], Iterable[str]]


def init_app(app: Flask) -> None:
    """Begin the list with what core itself keeps: the chain of the audit log."""
    app.extensions["invariants"] = [audit.verify]


def keep(app: Flask, *invariants: Invariant) -> None:
    """Add functions that yield one sentence for each fault they find."""
    app.extensions["invariants"].extend(invariants)


def run(session: Session) -> list[str]:
    """Return the sentences of all faults; an empty list is a sound database."""
    return [fault for find in current_app.extensions["invariants"] for fault in find(session)]
