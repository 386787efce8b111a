"""Tables that people send as CSV: read whatever program wrote them, in whichever encoding.

Spreadsheets write UTF-8 or UTF-16 with a mark at the beginning, or the code page of the computer:
1250 for the Latin letters of the region, 1251 for the Cyrillic ones. The two are told apart by what
stands beside a letter beyond ASCII: in Latin words mostly plain letters, in Cyrillic ones others of
its kind.
"""

import codecs
import csv
import io
import re
from dataclasses import dataclass

from webapp.core.errors import DomainError
from webapp.core.words.text_rules import cleaned_line, stream_safe
from webapp.core.words.translation import _

MOST_BYTES = 500_000
MOST_ROWS = 500
MOST_COLUMNS = 40
_BESIDE_ITS_KIND = re.compile(rb"[\x80-\xff]{2}")
_BESIDE_PLAIN = re.compile(rb"[A-Za-z][\x80-\xff]|[\x80-\xff][A-Za-z]")
# By these a spreadsheet begins a formula.
_FORMULA = ("=", "@", "+", "-", "\t", "\r", "\uff1d", "\uff20", "\uff0b", "\uff0d")


class BadTableError(DomainError):
    """The file cannot be read as a table."""


@dataclass(frozen=True)
class Table:
    """A table as it was read: the heads of its columns, and its rows with their line numbers."""

    heads: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_table(data: bytes) -> Table:
    """Return the table that a CSV file holds; rows without anything in them are left out.

    Raises BadTableError for one that is empty, too large, or no text.
    """
    if len(data) > MOST_BYTES:
        raise BadTableError(
            _("The file is too large: at most %(most)s kB are read.", most=MOST_BYTES // 1000)
        )
    text = stream_safe(decoded(data))
    if "\x00" in text:
        raise BadTableError(_("This is no CSV file. Please save the table as CSV and send that."))
    lines = _lines(text)
    if len(lines) < 2:
        raise BadTableError(_("The file holds no rows below the names of its columns."))
    (_number, heads), *rows = lines
    if len(rows) > MOST_ROWS:
        raise BadTableError(
            _("The table is too long: at most %(most)s rows are read at once.", most=MOST_ROWS)
        )
    if max(len(row) for _line, row in lines) > MOST_COLUMNS:
        raise BadTableError(_("The table has too many columns."))
    return Table(heads, tuple(rows))


def _lines(text: str) -> list[tuple[int, tuple[str, ...]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    lines = []
    try:
        for row in reader:
            cells = tuple(map(cleaned_line, row))
            if any(cells):
                lines.append((reader.line_num, cells))
            if len(lines) > MOST_ROWS + 1:
                break
    except csv.Error as error:
        raise BadTableError(
            _("Line %(line)s of the file cannot be read.", line=reader.line_num)
        ) from error
    return lines


def _delimiter(text: str) -> str:
    """Return what separates the cells: the one of the usual signs that the first line has most."""
    first = text.lstrip("\r\n").partition("\n")[0]
    return max(";,\t", key=first.count)


def decoded(data: bytes) -> str:
    """Return the text of a file in whichever encoding it was written."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    # In UTF-16 the second byte of each plain letter, sign and line end is empty, or the first.
    for odd, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if data[odd::2].count(0) and not data[1 - odd :: 2].count(0):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        cyrillic = len(_BESIDE_ITS_KIND.findall(data)) > len(_BESIDE_PLAIN.findall(data))
        return data.decode("cp1251" if cyrillic else "cp1250", "replace")


def may_be_formula(cell: str) -> bool:
    """Tell whether a spreadsheet would take a cell for a formula."""
    return cell.startswith(_FORMULA)
