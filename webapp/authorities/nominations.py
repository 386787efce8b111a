"""Nominations as a list: each row is checked as the form of one is, and all are made or none."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from webapp.core.errors import ConflictError, DomainError
from webapp.core.files.tables import BadTableError, Table, may_be_formula
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.search import first_spelling
from webapp.core.words.translation import Message, Words, _
from webapp.core.words.vocabularies import jurisdictions
from webapp.experts import joining
from webapp.experts.models import Expert
from webapp.experts.standing_forms import NominationForm

# What the columns may be called, beside the label of the field in the reader's language.
COLUMNS = {
    "name": "name",
    "post": "post",
    "rank": "rank",
    "institution": "institution",
    "jurisdiction": "jurisdiction",
    "contact_email": "e-mail",
    "telephone": "telephone",
    "approved_until": "approved until",
    "scope": "scope",
}
MOST_FAULTS = 50


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell of the file: its line, its column, and why."""

    line: int
    column: str | Words
    why: str | Words


@dataclass(frozen=True)
class Row:
    """A row of the list with its form, which says what was refused."""

    line: int
    form: NominationForm


def read_rows(table: Table, home: str | None) -> list[Row]:
    """Return the rows of a list as forms; `home` is the jurisdiction where none is written.

    Raises BadTableError for a column that nobody knows, or one that stands twice.
    """
    names = _names_of(table.heads)
    by_name = {first_spelling(name): code for code, name in jurisdictions().items()}
    return [
        Row(line, _form(dict(zip(names, cells, strict=False)), home, by_name))
        for line, cells in table.rows
    ]


def list_columns() -> dict[str, Words | str]:
    """Return, by the short name of each column, what the form of one nomination calls it: both are
    understood, the latter in the reader's language."""
    form = NominationForm(meta={"csrf": False})
    return {word: form[name].label.text for name, word in COLUMNS.items()}


def _names_of(heads: tuple[str, ...]) -> list[str]:
    labels = {_key(field.label.text): field.name for field in NominationForm(meta={"csrf": False})}
    known = labels | {_key(word): name for name, word in COLUMNS.items()}
    names = []
    for head in heads:
        name = known.get(_key(head))
        if name is None:
            raise BadTableError(
                _(
                    "The column “%(column)s” is not known. Known are: %(known)s.",
                    column=head[:60],
                    known=", ".join(COLUMNS.values()),
                )
            )
        if name in names:
            raise BadTableError(_("The column “%(column)s” stands there twice.", column=head[:60]))
        names.append(name)
    if "name" not in names:
        raise BadTableError(_("The column “name” is missing."))
    return names


def _key(words: object) -> str:
    return re.sub(r"[\W_]", "", str(words)).casefold()


def _form(cells: dict[str, str], home: str | None, by_name: dict[str, str]) -> NominationForm:
    written = cells.get("jurisdiction", "")
    cells["jurisdiction"] = by_name.get(first_spelling(written), written.upper()) or home or ""
    return NominationForm(MultiDict(cells), meta={"csrf": False})


def find_faults(rows: list[Row]) -> list[Fault]:
    """Return what stands against the list, cell by cell, in the order of the file."""
    faults: list[Fault] = []
    first_line: dict[tuple[str, str | None], int] = {}
    for row in rows:
        faults += _faults_of(row)
        who = (first_spelling(row.form.name.data or ""), row.form.jurisdiction.data)
        if who in first_line:
            why = _("The same person stands in line %(line)s.", line=first_line[who])
            faults.append(Fault(row.line, row.form.name.label.text, why))
        first_line.setdefault(who, row.line)
    return faults


def _faults_of(row: Row) -> Iterator[Fault]:
    row.form.validate()
    for field in row.form:
        for why in field.errors:
            yield Fault(row.line, field.label.text, why)
        if field.name != "telephone" and may_be_formula(str((field.raw_data or [""])[0] or "")):
            yield Fault(row.line, field.label.text, FORMULA)


FORMULA = _("This begins as formulas of spreadsheets do. Please write it otherwise.")


def nominate_all(work: UnitOfWork, rows: list[Row]) -> tuple[list[Expert], list[Fault]]:
    """Nominate all of a list without faults; return those made, and what was refused after all.

    Whoever gets faults must not commit.
    """
    made: list[Expert] = []
    faults: list[Fault] = []
    for row in rows:
        with _noting(row, faults):
            made.append(joining.nominate_among(work, row.form.content(), row.form.approval()))
    if made and not faults:
        joining.end_list(work, made)
    return made, faults


@contextmanager
def _noting(row: Row, faults: list[Fault]) -> Iterator[None]:
    """Note what is refused for a row."""
    try:
        yield
    except ConflictError as error:
        faults.append(Fault(row.line, row.form.name.label.text, _words_of(error)))


def _words_of(error: DomainError) -> Message | str:
    words: Message | str = error.args[0]
    return words
