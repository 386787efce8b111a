"""Invariants of the whole database, each kept by a package that names it here at start-up.

`flask check` runs them all, after faults, after a restore and in the tests.
"""

from collections.abc import Callable, Iterable, Sequence

from flask import Flask, current_app
from sqlalchemy.orm import Session

from webapp.core.record import audit

Invariant = Callable[[Session], Iterable[str]]


def init_app(app: Flask) -> None:
    """Begin the list with what core itself keeps: the chain of the audit log."""
    app.extensions["invariants"] = [audit.verify]
    app.extensions["invariants.to_see_to"] = []


def keep(app: Flask, *invariants: Invariant) -> None:
    """Add functions that yield one sentence for each fault they find."""
    app.extensions["invariants"].extend(invariants)


def begin_with(app: Flask, find: Invariant) -> None:
    """Look first at an invariant that compares the database with what lies outside it: it reads
    that before the moment which the database shows, and so nothing that is newer."""
    app.extensions["invariants"].insert(0, find)


def see_to(app: Flask, *findings: Invariant) -> None:
    """Add functions that yield a sentence for each thing that somebody has to see to, or that comes
    right by itself, though the database is sound."""
    app.extensions["invariants.to_see_to"].extend(findings)


def all_of(app: Flask) -> Sequence[Invariant]:
    """Return all invariants, in the order in which they are looked at."""
    kept: Sequence[Invariant] = app.extensions["invariants"]
    return kept


def run(session: Session, among: Iterable[Invariant] | None = None) -> list[str]:
    """Return the sentences of all faults; an empty list is a sound database.

    `among` gives the invariants one by one to who wants to show how far it is.
    """
    found: list[str] = []
    for find in all_of(current_app) if among is None else among:
        found += find(session)
    return found


def list_to_see_to(session: Session) -> list[str]:
    """Return the sentences of what is to be seen to in a sound database."""
    findings: Sequence[Invariant] = current_app.extensions["invariants.to_see_to"]
    return [sentence for find in findings for sentence in find(session)]
