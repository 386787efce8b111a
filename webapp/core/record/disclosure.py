"""Whose data a page shows: noted while it is made, and recorded before it leaves.

A template that reads anything of a row that tells of a person notes that person by itself, so that
a new page cannot forget it. Templates do not see what Python has put into words or choices: views
and forms read a name with `name_shown`, and a list to choose from with `people_to_choose`; what
tells of somebody in another way says so with `note`. A test walks all pages and looks for the names
in them. Listeners of `leaving` record what was noted; where one fails, the page is not shown
(core/transactions.py).
"""

from abc import abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa
from flask import Flask, current_app, has_request_context
from flask.templating import Environment
from sqlalchemy.orm import InstrumentedAttribute, Session

from webapp.core.db import db
from webapp.core.limits import Limit, limited
from webapp.core.words.translation import Message, Words, _

View = TypeVar("View", bound=Callable[..., Any])

# A page a second for a minute, or one in nine seconds for an hour, is more than anybody reads; a
# step taken counts twice, with the page that it leads to. Lists show dozens at once. Who was shown
# is recorded besides, or the page does not leave.
_BOTH = {"of_reading": True, "needless_unrecorded": True}
SINGLE = Limit("pages of experts", "60/minute; 400/hour", **_BOTH)
LISTS = Limit("lists of experts", "40/minute; 300/hour", **_BOTH)
# A count of fewer people tells of each of them.
FEW = 5
# The table of a person's own row, and its number.
Person = tuple[str, int]

SHOWN = "shown_people"
# Pages that were named otherwise when the log wrote down that somebody was shown there.
NAMED_NOW = {"experts.roster": "roster.index"}
# What is read to make an address, and says nothing about anybody.
SILENT = frozenset({"id", "account_id", "expert_id", "version"})


class Personal:
    """A table whose rows tell of a person."""

    @property
    @abstractmethod
    def tells_of(self) -> Person:
        """Return whom the row tells of."""


class HasName(Protocol):
    """A row that tells of a person, and has their name."""

    @property
    def name(self) -> str:
        """Return the person's name."""

    @property
    def tells_of(self) -> Person:
        """Return whom the row tells of."""


@dataclass(frozen=True)
class Named(Words):
    """The name of somebody in a text: whoever reads it on a page is recorded, be it at once, as in
    a refusal, or later, as in a notice."""

    name: str
    person: Person

    @classmethod
    def of(cls, row: HasName) -> "Named":
        """Return the name of whom a row tells."""
        return cls(row.name, row.tells_of)

    def __str__(self) -> str:
        if has_request_context():
            note(db.session, self.person)
        return self.name


def is_one_of(
    people: Iterable[Person],
    table: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    number: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
) -> sa.ColumnElement[bool]:
    """Return the condition that two columns hold one of these people.

    It is said table by table: SQLite looks for no pair in an index, but reads every row.
    """
    numbers: dict[str, list[int]] = {}
    for name, one in sorted(people):
        numbers.setdefault(name, []).append(one)
    each = (sa.and_(table == name, number.in_(some)) for name, some in numbers.items())
    return sa.or_(sa.false(), *each)


def note(session: Session, *people: Person) -> None:
    """Note that the answer shows something of `people`."""
    session.info.setdefault(SHOWN, set()).update(people)


def name_shown(person: HasName) -> str:
    """Return the name of somebody for a page that Python puts together, and note them."""
    note(db.session, person.tells_of)
    return person.name


def people_to_choose(people: Iterable[tuple[int, HasName]]) -> list[tuple[str, str]]:
    """Return what a list offers to choose people from, and note them: numbers, and whose each is.

    The number is what the list sends back; it need not be the person's own.
    """
    return [(str(number), name_shown(person)) for number, person in people]


def take(session: Session) -> set[Person]:
    """Return those who were noted since the last time, and forget them."""
    people: set[Person] = session.info.pop(SHOWN, set())
    return people


def shows(words: Message, often: Limit) -> Callable[[View], View]:
    """State that a view shows experts to others: on what kind of page, and how often it may."""

    def mark(view: View) -> View:
        view.shows = words  # type: ignore[attr-defined]
        return limited(often)(view)

    return mark


def page_words(endpoint: str) -> Message:
    """Return what kind of page an endpoint is, for those who were shown on it."""
    view = current_app.view_functions.get(NAMED_NOW.get(endpoint, endpoint))
    words: Message = getattr(view, "shows", _("another page"))
    return words


class NotingEnvironment(Environment):
    """Jinja's environment as Flask makes it, which notes of whom templates read."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Read `obj.attribute`."""
        _note_reading(obj, attribute)
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Read `obj[argument]`; filters such as `selectattr` read attributes in this way."""
        _note_reading(obj, argument)
        return super().getitem(obj, argument)


def _note_reading(row: Any, name: Any) -> None:
    if isinstance(row, Personal) and name not in SILENT:
        note(db.session, row.tells_of)


def init_app(app: Flask) -> None:
    """Give the templates the names of kinds of pages."""
    app.jinja_env.filters.update(page_words=page_words)
