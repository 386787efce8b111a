"""What is kept about a person: in which rows, what of them the person is given, what erasing does.

Each package names here at start-up the rules of its tables. A table that tells of a person and has
no rule fails a test, and so does a column that is neither given to the person nor withheld for a
reason (tests/structure/test_personal_data.py).
"""

import enum
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from blinker import Signal
from flask import Flask, current_app
from sqlalchemy.orm import InstrumentedAttribute, Session

from webapp.core.db import Base
from webapp.core.record.disclosure import Person
from webapp.core.words.translation import Message

# Sent with `work`, in the transaction in which a person is erased: who keeps something about them
# that is no row of theirs, such as their name in a text to somebody else, takes it out.
erasing = Signal()


class Fate(enum.Enum):
    """What becomes of rows when their person is erased."""

    DELETED = enum.auto()
    EMPTIED = enum.auto()
    KEPT = enum.auto()


@dataclass(frozen=True)
class Whose:
    """One person: the number of the account, of the profile, or of both.

    `joined` are the numbers of profiles that were joined with this one, and `closed` those of
    accounts that were closed by it. By `names` and `addresses`, these in small letters, others have
    written of the person without knowing a number.
    """

    account_id: int | None = None
    expert_id: int | None = None
    joined: tuple[int, ...] = ()
    closed: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()

    @property
    def pseudonym(self) -> str:
        """Return what stands for the name of somebody who was erased, in any language."""
        return f"#{self.expert_id or self.account_id}"

    @property
    def people(self) -> set[Person]:
        """Return whom rows tell of that tell of this person."""
        accounts = {("account", number) for number in self.accounts}
        return accounts | {("expert", number) for number in self.profiles}

    @property
    def accounts(self) -> tuple[int, ...]:
        """Return the numbers of the accounts by which this person signs in, or did."""
        return self.closed if self.account_id is None else (self.account_id, *self.closed)

    @property
    def profiles(self) -> tuple[int, ...]:
        """Return the numbers under which this person stands or stood on the roster."""
        return () if self.expert_id is None else (self.expert_id, *self.joined)


Rows = Callable[[Whose], sa.ColumnElement[bool]]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What holds for the rows of one table that tell of a person.

    `rows` finds them, and `erased` those that erasing reaches where these are more: a copy tells of
    nothing that somebody else still writes. `given` names the columns of which the person gets a
    copy, in their words; `withheld` says of the other columns why not. Of rows that are EMPTIED the
    columns in `emptied` take these values; `because` tells the person why something stays, where it
    does.
    """

    table: type[Base]
    title: Message
    rows: Rows
    erased: Rows | None = None
    given: Mapping[str, Message]
    withheld: Mapping[str, str] = field(default_factory=dict)
    fate: Fate
    emptied: Mapping[str, Any] = field(default_factory=dict)
    because: Message | None = None


@dataclass(frozen=True)
class Section:
    """The rows of one table in the copy that a person gets."""

    rule: Rule
    rows: Sequence[Mapping[str, Any]]


def of_account(column: InstrumentedAttribute[Any]) -> Rows:
    """Find rows by the numbers of the person's accounts."""
    return lambda whose: column.in_(whose.accounts)


def of_expert(column: InstrumentedAttribute[Any]) -> Rows:
    """Find rows by the numbers of the person's profile."""
    return lambda whose: column.in_(whose.profiles)


def of_address(column: InstrumentedAttribute[Any]) -> Rows:
    """Find rows by the addresses under which the person is known."""
    return lambda whose: sa.func.lower(column).in_(whose.addresses)


def init_app(app: Flask) -> None:
    """Begin without a rule."""
    app.extensions["personal_data"] = []


def keep(app: Flask, *rules: Rule) -> None:
    """Add the rules of a package; rows that refer to others are named before those."""
    app.extensions["personal_data"].extend(rules)


def all_rules() -> list[Rule]:
    """Return the rules, those of packages that know others last."""
    rules: list[Rule] = current_app.extensions["personal_data"]
    return rules


def sections(session: Session, whose: Whose) -> Iterator[Section]:
    """Yield what is kept about a person, table by table."""
    for rule in all_rules():
        columns = rule.table.__table__.columns
        chosen = sa.select(*(columns[name].label(name) for name in rule.given))
        ordered = chosen.where(rule.rows(whose)).order_by(*rule.table.__table__.primary_key)
        rows = session.execute(ordered).mappings().all()
        yield Section(rule, [dict(row) for row in rows])


def count(session: Session, rule: Rule, whose: Whose) -> int:
    """Return how many rows of one table are kept about a person, without reading them."""
    chosen = sa.select(sa.func.count()).select_from(rule.table)
    return session.scalar(chosen.where(rule.rows(whose))) or 0


def plain(value: Any) -> Any:
    """Return a stored value as JSON can hold it."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    return value


def erase_rows(session: Session, whose: Whose) -> dict[str, int]:
    """Delete and empty the rows of a person by the rules; return how many of each table."""
    done: dict[str, int] = {}
    # Those that know others go first, as they were named last.
    for rule in reversed(all_rules()):
        if rule.fate is Fate.KEPT:
            continue
        chosen = (rule.erased or rule.rows)(whose)
        change: sa.Delete | sa.Update = (
            sa.delete(rule.table).where(chosen)
            if rule.fate is Fate.DELETED
            else sa.update(rule.table).where(chosen).values(_values(rule, whose))
        )
        if rows := session.execute(change).rowcount:  # type: ignore[attr-defined]
            done[rule.table.__tablename__] = rows
    session.expire_all()
    return done


def _values(rule: Rule, whose: Whose) -> dict[str, Any]:
    return {
        name: value(whose) if callable(value) else value for name, value in rule.emptied.items()
    }
