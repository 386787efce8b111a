"""Who stands there twice: within a table, and in a table and on the roster.

Names are the same in whichever script, with or without marks and titles, first name first or last.
One that another has all the words of, and further ones, is perhaps the same: with a middle name or
an initial, with a former name in brackets, or with both names of a marriage.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from webapp.core.record.disclosure import Named
from webapp.core.words.search import folded
from webapp.core.words.translation import Message, _
from webapp.experts.models import Expert
from webapp.roster_imports.cells import words
from webapp.roster_imports.people import Fault, Person

# Nobody's name has more words than this; in a column with posts in it all would share some.
_LONGEST_NAME = 6
# Two words that so many people have say nothing of who is who.
MOST_NAMESAKES = 50


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


@lru_cache(maxsize=50_000)
def words_of(name: str) -> tuple[frozenset[str], ...]:
    """Return the whole words of a name in each of its spellings, of both names with a hyphen each;
    initials and titles say too little.

    Of what has too many for a name nothing is returned.
    """
    apart = re.sub(r"[-‐‑–.,()\[\]]", " ", name)
    spellings = (
        frozenset(
            part for part in spelling.split() if len(part) > 1 and (part,) not in words("title")
        )
        for spelling in folded(apart).split("\n")
    )
    return tuple(spelling for spelling in spellings if len(spelling) <= _LONGEST_NAME)


def pairs_of(name: str) -> Iterator[tuple[frozenset[str], tuple[str, ...]]]:
    """Yield any two words of a name in each of its spellings, with all of that spelling."""
    for spelling in words_of(name):
        for two in combinations(sorted(spelling), 2):
            yield spelling, two


def is_within(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell whether one of two names has all the words of the other, and no fewer than two."""
    return len(one & other) > 1 and (one <= other or other <= one)


def has_all_of(one: str, other: str) -> bool:
    """Tell whether one of two names has all the words of the other in some spelling of both."""
    return any(is_within(mine, theirs) for mine in words_of(one) for theirs in words_of(other))


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
                _(
                    "%(who)s stands in row %(row)s, too.",
                    who=person.name,
                    row=first.row,
                ),
            )
        elif person.email in by_email:
            yield Fault(
                person.row,
                person.column_of("contact_email"),
                _(
                    "%(who)s has the address that stands in row %(row)s, too.",
                    who=person.name,
                    row=by_email[person.email].row,
                ),
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


class NearNames:
    """The people of a table and of the roster by any two words of their names."""

    def __init__(self, known: Iterable[Known]) -> None:
        self._by_words: dict[tuple[str, ...], list[tuple[Known | Person, frozenset[str]]]] = (
            defaultdict(list)
        )
        for one in known:
            self._add(one)

    def find(self, person: Person) -> Iterator[Message]:
        """Yield who is perhaps the same on the roster or in a row before, and keep this one for the
        rows that follow."""
        found = next(self._like(person), None)
        self._add(person)
        if isinstance(found, Known):
            yield _(
                "%(who)s is perhaps %(name)s, who stands on the roster already: please compare the"
                " two.",
                who=person.name,
                name=found.named,
            )
        elif found is not None:
            yield _(
                "%(who)s is perhaps %(other)s in row %(row)s: please compare the two.",
                who=person.name,
                other=found.name,
                row=found.row,
            )

    def _like(self, person: Person) -> Iterator[Known | Person]:
        keys = keys_of(person.name)  # Whose name is the same is told of elsewhere.
        for mine, two in pairs_of(person.name):
            for other, theirs in self._by_words.get(two, ()):
                if (
                    is_within(mine, theirs)
                    and agree(person.jurisdiction, other.jurisdiction)
                    and keys.isdisjoint(keys_of(other.name))
                ):
                    yield other

    def _add(self, one: Known | Person) -> None:
        for name, two in pairs_of(one.name):
            if len(self._by_words[two]) < MOST_NAMESAKES:
                self._by_words[two].append((one, name))
