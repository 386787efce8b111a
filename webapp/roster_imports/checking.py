"""The dry run: what a table would bring, and each cell that stands against it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from webapp.core.record.stored_words import pack, unpack_words
from webapp.core.words.translation import Message, Words, _
from webapp.roster_imports import queries
from webapp.roster_imports.columns import Header, header_at
from webapp.roster_imports.models import ImportedTable, RosterImport, Twins
from webapp.roster_imports.people import Fault, Person, Reading, is_repeated, rows_of
from webapp.roster_imports.reading import Sheet, letter, numbers_of
from webapp.roster_imports.twins import NearNames, Roster, Twin, twins_within

# Who reads more than these mends the table in another way than cell by cell.
MOST_FAULTS = 2_000
# How often it is told how far the check is.
STEP = 500

FILLS = _("%(name)s stands on the roster already: what is empty in the profile is filled in.")
LEFT = _("%(name)s stands on the roster already, and is left as it is.")
KEPT = _(
    "%(name)s stands on the roster already and is vetted, or keeps the profile: left as it is."
)
TWICE = _("%(name)s stands on the roster already, and in a row before this one: left as it is.")


@dataclass
class Findings:
    """What a table would bring: people to add, people to fill, and what is told of the others."""

    add: list[Person] = field(default_factory=list)
    fill: list[Twin] = field(default_factory=list)
    left: int = 0
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Fault] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """Return how many there are of each."""
        return {
            "added": len(self.add),
            "filled": len(self.fill),
            "left": self.left,
            "faults": len(self.faults),
            "faulty_rows": len({fault.row for fault in self.faults}),
            "remarks": len(self.remarks),
        }

    def packed(self) -> dict[str, Any]:
        """Return what is told of the cells, as it is stored."""
        return {
            "faults": [_packed(one) for one in self.faults[:MOST_FAULTS]],
            "remarks": [_packed(one) for one in self.remarks[:MOST_FAULTS]],
            "notes": [pack(note) for note in self.notes],
        }


@dataclass(frozen=True)
class Told:
    """A stored finding, ready to be written: the number of the row, the column, and why."""

    row: int
    column: str
    why: str | Words


def _packed(fault: Fault) -> list[Any]:
    return [fault.row, fault.column, pack(fault.why)]


def told(stored: list[Any]) -> Told:
    """Return a stored finding."""
    row, column, why = stored
    return Told(row, column, unpack_words(why))


def note(stored: Any) -> str | Words:
    """Return a stored note on the whole file."""
    return unpack_words(stored)


def sheet_of(table: ImportedTable) -> Sheet:
    """Return the cells of a stored table."""
    content = dict(table.content)
    for name in ("rows", "merges"):
        content[name] = [tuple(one) for one in content[name]]
    return Sheet(**content)


def check(
    session: Session, row: RosterImport, today: date, step: Callable[[int], object]
) -> Findings:
    """Read the whole table of an import against the roster; `step` is told how many rows are done.

    Nothing is written.
    """
    sheet = sheet_of(queries.get_table(session, row))
    header = header_at(sheet, row.header_row)
    themes = queries.list_theme_wordings(session)
    known = queries.list_known(session)
    reading = Reading(header, list(row.fields), themes, today, sheet.from_1904)
    twins = row.twins
    session.rollback()  # The rest takes seconds, in which no transaction should stand open.
    people, findings = [], Findings(notes=list(_notes(sheet, header, reading.fields)))
    for number, (place, content) in enumerate(rows_of(sheet, header), start=1):
        person, faults = reading.read(place, content)
        findings.faults += faults
        people.append(person)
        if number % STEP == 0:
            step(number)
    named = [person for person in people if person.name]
    findings.faults += twins_within(named)
    findings.faults.sort(key=lambda fault: (fault.row, len(fault.column), fault.column))
    _sort_out(findings, named, Roster(known), NearNames(known), twins)
    return findings


def _notes(sheet: Sheet, header: Header, fields: Any) -> Iterator[Message]:
    """Yield what of the file is not read at all."""
    yield from sheet.remarks()
    out = [
        f"{letter(at)} ({label[:40]})" if label else letter(at)
        for at, label in enumerate(header.labels)
        if not fields[at]
    ]
    if out:
        yield _("Columns that are left out: %(columns)s.", columns="; ".join(out))
    if above := [number for number, _cells in sheet.rows if number < header.row]:
        yield _("Rows above the headings are not read: %(rows)s.", rows=numbers_of(above))
    below = [(number, cells) for number, cells in sheet.rows if number > header.row]
    if again := [number for number, cells in below if is_repeated(cells, header)]:
        yield _(
            "Rows in which the headings stand again are not read: %(rows)s.", rows=numbers_of(again)
        )


def _sort_out(
    findings: Findings, people: list[Person], roster: Roster, near: NearNames, twins: Twins
) -> None:
    """Tell who is new from those who stand on the roster, and who perhaps does."""
    met: set[int] = set()
    for person in people:
        known, column = roster.find(person), person.column_of("name")
        if known is None:
            findings.add.append(person)
            findings.remarks += [Fault(person.row, column, why) for why in near.find(person)]
            continue
        fills = twins is Twins.FILL and known.can_be_filled and known.id not in met
        if fills:
            findings.fill.append(Twin(person, known))
        else:
            findings.left += 1
        why = FILLS if fills else _why_left(twins, again=known.id in met)
        met.add(known.id)
        findings.remarks.append(Fault(person.row, column, why % {"name": known.named}))


def _why_left(twins: Twins, *, again: bool) -> Message:
    if twins is Twins.LEAVE:
        return LEFT
    return TWICE if again else KEPT
