"""Profiles as far as it takes to tell whether two of them are of one person."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.accounts.models import Account
from webapp.core.portions import ROWS
from webapp.core.record.disclosure import Named
from webapp.core.words.search import first_spelling
from webapp.experts.models import Expert, ExpertState
from webapp.roster_imports.twins import keys_of


@dataclass(frozen=True)
class Sketch:
    """A profile as far as it takes to compare it; texts are folded but for the name."""

    id: int
    name: str
    jurisdiction: str | None
    institution: str
    post: str
    # The last digits of the number, and all of one that begins with the code of a country.
    telephone: str
    abroad: str
    emails: frozenset[str]
    state: ExpertState
    has_account: bool

    @property
    def named(self) -> Named:
        """Return the name, so that whoever reads it is recorded."""
        return Named(self.name, (Expert.__tablename__, self.id))

    @property
    def keys(self) -> frozenset[str]:
        """Return the spellings under which the name is the same."""
        return keys_of(self.name)


def list_sketches(session: Session, *only: sa.ColumnElement[bool]) -> list[Sketch]:
    """Return everybody on the roster and once on it, but for those who were erased."""
    return [
        Sketch(
            row.id,
            row.name,
            row.jurisdiction,
            _plain(row.institution),
            _plain(row.post),
            _digits(row.telephone)[-8:],
            _from_abroad(row.telephone),
            frozenset(mail.lower() for mail in (row.contact_email, row.email) if mail),
            row.state,
            row.email is not None,
        )
        for row in _rows(session, *only)
    ]


def sketch_all_of(session: Session, numbers: Collection[int]) -> Iterator[Sketch]:
    """Yield those of whom the numbers are given, however many, and of everybody only these."""
    left = sorted(numbers)
    for start in range(0, len(left), ROWS):
        yield from list_sketches(session, Expert.id.in_(left[start : start + ROWS]))


def read_versions(session: Session) -> dict[int, int]:
    """Return of everybody a number that is another one when anything in their sketch is."""
    return {row.id: hash(tuple(row)) for row in _rows(session)}


def _rows(session: Session, *only: sa.ColumnElement[bool]) -> Iterable[Any]:
    return session.execute(
        sa.select(
            Expert.id, Expert.name, Expert.jurisdiction, Expert.institution, Expert.post,
            Expert.telephone, Expert.contact_email, Account.email, Expert.state,
        )
        .outerjoin(Account, Account.id == Expert.account_id)
        .where(Expert.state != ExpertState.ERASED, *only)
        .order_by(Expert.id)
    ).yield_per(ROWS)  # fmt: skip


@lru_cache(maxsize=20_000)
def _plain(text: str) -> str:
    return first_spelling(text).strip()


def _digits(telephone: str) -> str:
    return "".join(c for c in telephone if c.isdigit())


def _from_abroad(telephone: str) -> str:
    """Return the digits of a number that begins with the code of a country; of another, nothing."""
    digits, given = _digits(telephone), telephone.strip()
    if given.startswith("+"):
        return digits
    return digits.removeprefix("00") if digits.startswith("00") else ""
