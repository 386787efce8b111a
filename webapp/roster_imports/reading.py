"""Reads the table that somebody sent; what a hostile file can do is done in a bounded process."""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from webapp.core.files import bounded_process
from webapp.core.files.bounded_process import BoundsError
from webapp.core.files.tables import decoded
from webapp.core.words.text_rules import cleaned_text, first_unstorable, stream_safe
from webapp.core.words.translation import Message, _
from webapp.roster_imports import extraction
from webapp.roster_imports.extraction import LARGEST_FILE, MOST_COLUMNS, MOST_ROWS

PROGRAM = Path(extraction.__file__)
# In all cells together. A few words to which thousands of cells refer make a small file, and all of
# them are read by processes that serve others.
MOST_LETTERS = 4_000_000
# Stands for what could not be read or stored, and is named where its cell is checked.
UNREADABLE = "\N{REPLACEMENT CHARACTER}"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_OTHERS = (b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"{\\rtf", b"Rar!", b"7z\xbc\xaf")
_MARKUP = re.compile(rb"\s*<(?:html|!doctype|\?xml|table)", re.IGNORECASE)

FAULTS: dict[str, Message] = {
    "too large": _(
        "The file is larger than %(most)s MB. Please send a smaller one.",
        most=LARGEST_FILE // 1_000_000,
    ),
    "empty": _("There is nothing in the file."),
    "another kind": _(
        "This is no table in XLSX or CSV, whatever its name says. Please save it as one of these."
    ),
    "old kind": _("This is a workbook of the old kind (.xls). Please save it as .xlsx or CSV."),
    "locked": _("The file is protected by a password. Please save it without one."),
    "macros": _("The workbook holds macros. Please save it as .xlsx, without them."),
    "broken": _("The file is damaged and cannot be read. Please save it anew and try again."),
    "too long": _(
        "The table has more than %(most)s rows. Please send it in parts.", most=MOST_ROWS
    ),
    "too much": _(
        "More than %(most)s million letters stand in the cells. Please send the table in parts.",
        most=MOST_LETTERS // 1_000_000,
    ),
    "too wide": _(
        "Something stands beyond column %(most)s. Please leave out what is no part of the table.",
        most=MOST_COLUMNS,
    ),
    "long cell": _(
        "A cell holds more text than a spreadsheet can. A quotation mark may be missing."
    ),
    "bomb": _("Unpacked, the file is far larger than a roster, so it was not opened."),
    "too slow": _(
        "Reading the file took too long, so it was stopped. Please save the one sheet as CSV and"
        " send that."
    ),
}


def letter(column: int) -> str:
    """Return the letters of a column, from 0, as spreadsheets show them: A, Z, AA."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def numbers_of(rows: Sequence[int]) -> str:
    """Return the numbers of rows, of many the first forty."""
    told = ", ".join(map(str, rows[:40]))
    return f"{told} …" if len(rows) > 40 else told


class UnreadableError(ValueError):
    """A file that cannot be read; `message` says why."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.message = FAULTS[fault]


@dataclass(frozen=True)
class Sheet:
    """The cells of a table: rows with the numbers that a spreadsheet shows, columns from 0.

    A cell that held a formula is a list with its text. `merges` are ranges of merged cells as first
    row, first column, last row, last column; `others` are sheets that were not read. What is
    hidden, by a filter for example, is read like all else, so that people must be told of it.
    """

    name: str
    others: list[str]
    rows: list[tuple[int, list[Any]]]
    merges: list[tuple[int, int, int, int]]
    from_1904: bool = False
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[int] = ()

    def digest(self) -> str:
        """Return by what just this table is known again."""
        return sha256(json.dumps(vars(self)).encode()).hexdigest()

    def remarks(self) -> Iterator[Message]:
        """Yield what of the file people may not expect."""
        if self.others:
            yield _(
                "Only the sheet “%(name)s” is read. Not read: %(others)s.",
                name=self.name,
                others=", ".join(self.others),
            )
        if self.hidden_rows:
            yield _(
                "Rows that are hidden in the file are read like all others: %(rows)s.",
                rows=numbers_of(self.hidden_rows),
            )
        if self.hidden_columns:
            yield _(
                "Columns that are hidden in the file are read like all others: %(columns)s.",
                columns=", ".join(letter(at) for at in self.hidden_columns),
            )

    @property
    def width(self) -> int:
        """Return how many columns anything stands in."""
        return max((len(cells) for _number, cells in self.rows), default=0)


def read_sheet(data: bytes) -> Sheet:
    """Return the first sheet of a file in which anything stands.

    Raises UnreadableError, and TooOftenError while many files are read.
    """
    try:
        answer = bounded_process.run(PROGRAM, _prepared(data))
    except BoundsError as error:
        raise UnreadableError(str(error)) from None
    if "fault" in answer:
        raise UnreadableError(answer["fault"])
    if not answer["rows"]:
        raise UnreadableError("empty")
    if _letters(dict(answer["rows"]), answer["merges"]) > MOST_LETTERS:
        raise UnreadableError("too much")
    answer["name"] = _clean(answer["name"])
    answer["others"] = [_clean(name) for name in answer["others"]]
    rows = [(number, [_cell(cell) for cell in cells]) for number, cells in answer.pop("rows")]
    return Sheet(rows=rows, **answer)


def _letters(rows: dict[int, list[Any]], merges: Sequence[Sequence[int]]) -> int:
    """Count the letters of all cells; what is merged downward stands in each of its rows."""
    numbers = list(rows)
    letters = sum(len("".join(cell)) for cells in rows.values() for cell in cells)
    for first, left, last, _right in merges:
        if left < len(top := rows.get(first, [])):
            below = bisect_right(numbers, last) - bisect_right(numbers, first)
            letters += below * len("".join(top[left]))
    return letters


def _prepared(data: bytes) -> bytes:
    """Return a workbook as it is, and a text in the one encoding that the program reads."""
    if len(data) > LARGEST_FILE:
        raise UnreadableError("too large")
    if not data.strip():
        raise UnreadableError("empty")
    if data.startswith(b"PK"):
        # A workbook begins with a part; what begins otherwise is empty, or cut.
        if not data.startswith(b"PK\x03\x04"):
            raise UnreadableError("broken")
        return data
    if data.startswith(_OLD_OFFICE):
        raise UnreadableError("locked" if _LOCKED in data else "old kind")
    if data.startswith(_OTHERS) or _MARKUP.match(data):
        raise UnreadableError("another kind")
    text = _decoded(data)
    if "\x00" in text:
        raise UnreadableError("another kind")
    return text.encode("utf-8", "surrogatepass")


def _decoded(data: bytes) -> str:
    try:
        # Halves of characters make no other encoding of it: they are named in their cells.
        return data.decode("utf-8", "surrogatepass").removeprefix("\ufeff")
    except UnicodeDecodeError:
        return decoded(data)


def _cell(cell: Any) -> Any:
    return [_clean(cell[0])] if isinstance(cell, list) else _clean(cell)


def _clean(written: str) -> str:
    while character := first_unstorable(written):
        written = written.replace(character, UNREADABLE)
    return cleaned_text(stream_safe(written))
