"""Who stands there twice: within a table, and in a table and on the roster.

Names are the same in whichever script, with or without marks and titles, first name first or last.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from webapp.core.record.disclosure import Named
from webapp.core.words.search import folded
from webapp.core.words.translation import _
from webapp.experts.models import Expert
from webapp.roster_imports.cells import words
from webapp.roster_imports.people import Fault, Person


@dataclass(frozen=True)
class Known:
    """Somebody on the roster, as far as it takes to find them again.

    `can_be_filled` says that nobody keeps the profile yet, and nobody has vetted it.
    """

    id: int
    name: str
    jurisdiction: str | None
    emails: tuple[str, ...]
    can_be_filled: bool

    @property
    def named(self) -> Named:
        """Return the name, so that whoever reads it is recorded."""
        return Named(self.name, (Expert.__tablename__, self.id))


@dataclass(frozen=True)
class Twin:
    """A person of a table who stands on the roster already."""

    person: Person
    known: Known


@lru_cache(maxsize=50_000)
def keys_of(name: str) -> frozenset[str]:
    """Return the spellings under which a name is the same, its words in the order of the ABC."""
    found = set()
    for spelling in folded(name.replace(",", " ").replace(".", ". ")).split("\n"):
        parts = [part.strip(".") for part in spelling.split()]
        plain = sorted(part for part in parts if part and (part,) not in words("title"))
        found.add(" ".join(plain or parts))
    return frozenset(found)


def agree(one: str | None, other: str | None) -> bool:
    """Tell whether two jurisdictions may be one person's: the same, or one of them not known."""
    return one is None or other is None or one == other


def twins_within(people: Iterable[Person]) -> Iterator[Fault]:
    """Yield a fault for each row of somebody who stands in a row before."""
    by_key: dict[str, list[Person]] = defaultdict(list)
    by_email: dict[str, Person] = {}
    for person in people:
        # Two whose names could not be read are not one person by that.
        keys = keys_of(person.name) if person.name else ()
        first = next(
            (
                other
                for key in keys
                for other in by_key[key]
                if agree(person.jurisdiction, other.jurisdiction)
            ),
            None,
        )
        if first is not None:
            yield Fault(
                person.row,
                person.column_of("name"),
                _("The same person stands in row %(row)s.", row=first.row),
            )
        elif person.email in by_email:
            yield Fault(
                person.row,
                person.column_of("contact_email"),
                _("The same address stands in row %(row)s.", row=by_email[person.email].row),
            )
        for key in keys:
            by_key[key].append(person)
        if person.email:
            by_email.setdefault(person.email, person)


class Roster:
    """The people on the roster by their names and addresses."""

    def __init__(self, known: Iterable[Known]) -> None:
        self._by_key: dict[str, list[Known]] = defaultdict(list)
        self._by_email: dict[str, Known] = {}
        for one in known:
            for key in keys_of(one.name):
                self._by_key[key].append(one)
            for email in one.emails:
                self._by_email[email] = one

    def find(self, person: Person) -> Known | None:
        """Return who has the same address, or else the same name and no other jurisdiction."""
        if known := self._by_email.get(person.email):
            return known
        return next(
            (
                one
                for key in sorted(keys_of(person.name))
                for one in self._by_key.get(key, ())
                if agree(person.jurisdiction, one.jurisdiction)
            ),
            None,
        )
