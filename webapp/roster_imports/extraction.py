"""Reads the cells of a table, an XLSX workbook or CSV text; it runs as a program of its own.

It gets the file on its standard input, and writes one JSON object to its standard output: the rows
of the first sheet in which anything stands, or the code of a `fault`. It stands alone, so that it
runs without the platform: without its database, its secrets and its memory. It sets bounds to
itself before it looks at the file: memory, time of the processor, no file written, and no further
file or network connection opened at all.

Whoever starts it (core/bounded_process.py) ends it when it takes longer than it may.

A workbook is read as it comes, without a tree of it in memory. Source: ECMA-376 part 1, chapter 18.
"""

import codecs
import csv
import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from xml.parsers import expat

# What the operating system holds this program to.
MEMORY = 500_000_000
SECONDS = 4
# Larger than any roster, and small enough to be read in the time.
LARGEST_FILE = 10_000_000
LARGEST_PART = 60_000_000
LARGEST_UNPACKED = 120_000_000
MOST_PARTS = 2_000
MOST_ROWS = 10_000
MOST_COLUMNS = 100
MOST_MERGES = 20_000
MOST_SHEETS = 50
# A range of cells, such as A1:C12, within the 16,384 columns and 1,048,576 rows of a sheet.
_RANGE = re.compile(
    r"(?P<left>[A-Z]{1,3})(?P<first>\d{1,7}):(?P<right>[A-Z]{1,3})(?P<last>\d{1,7})"
)
LONGEST_CELL = 32_767
CHUNK = 1 << 16

# Numbers of formats that show a day. Source: ECMA-376 part 1, 18.8.30.
_DAY_FORMATS = frozenset({*range(14, 18), 22, *range(27, 37), *range(50, 59)})
# What a format says in quotes or brackets, or behind a backslash, is no letter of it.
_LITERALS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
# As the text of a file is handed over: a lone half of a character passes, and is named later.
_TEXT = ("utf-8", "surrogatepass")

Attributes = dict[str, str]


class FaultError(Exception):
    """Why a file cannot be read; its argument is a code that reading.py has words for."""


def extract(data: bytes) -> dict[str, Any]:
    """Return the first sheet with anything in it: its name, rows with numbers, and merged cells.

    A cell is a text; of a formula it is a list with the value that was stored. Raises FaultError.
    """
    return _workbook(data) if data[:4] == b"PK\x03\x04" else _text(data.decode(*_TEXT))


def _text(text: str) -> dict[str, Any]:
    csv.field_size_limit(LARGEST_FILE)
    first = re.match(r"sep=(.)\r?\n", text)
    # A spreadsheet reads such a line as an advice, and counts it as no row.
    text = text[first.end() :] if first else text
    rows: list[Any] = []
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=first[1] if first else _delimiter(text)
    )
    try:
        for number, cells in enumerate(reader, start=1):
            _keep(rows, number, dict(enumerate(cells)))
    except csv.Error as error:
        raise FaultError("broken") from error
    return {"name": "", "others": [], "rows": rows, "merges": [], "from_1904": False}


def _delimiter(text: str) -> str:
    """Return what parts the cells: that by which most rows get the same number of cells."""

    def score(sign: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
        try:
            widths = [len(cells) for cells, _n in zip(reader, range(40), strict=False) if cells]
        except csv.Error:
            return 0, 0
        usual = max(set(widths), key=widths.count, default=1)
        return (widths.count(usual) if usual > 1 else 0), usual

    return max(";\t,|", key=score)


def _keep(rows: list[Any], number: int, cells: dict[int, Any]) -> None:
    """Add a row without what is empty at its end; refuse one more than are read."""
    filled = {at: cell for at, cell in cells.items() if isinstance(cell, list) or cell.strip()}
    if not filled:
        return
    width = max(filled) + 1
    if width > MOST_COLUMNS:
        raise FaultError("too wide")
    if len(rows) >= MOST_ROWS:
        raise FaultError("too long")
    if any(len(cell) > LONGEST_CELL for cell in filled.values()):
        raise FaultError("long cell")
    rows.append([number, [filled.get(at, "") for at in range(width)]])


def _workbook(data: bytes) -> dict[str, Any]:
    archive = _archive(data)
    sheets, from_1904 = _sheets(archive)
    shared = _shared_texts(archive)
    days = _day_styles(archive)
    read, others = None, []
    for name, part in sheets:
        found = _Sheet(shared, days, from_1904).read(archive, part)
        if found.rows and read is None:
            read = {"name": name, "rows": found.rows, "merges": found.merges}
        elif found.rows:
            others.append(name)
    return {**(read or {"name": "", "rows": [], "merges": []}), "others": others,
            "from_1904": from_1904}  # fmt: skip


def _archive(data: bytes) -> zipfile.ZipFile:
    """Return a workbook, of which the sizes are looked at before anything is unpacked."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise FaultError("broken") from error
    parts = archive.infolist()
    names = {part.filename for part in parts}
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED or len(names) < len(parts):
        raise FaultError("bomb")
    if any(part.flag_bits & 1 for part in parts):
        raise FaultError("locked")
    if "xl/workbook.xml" not in names:
        raise FaultError("another kind")
    if any(name.lower().endswith(("vbaproject.bin", "macrosheets")) for name in names):
        raise FaultError("macros")
    return archive


def _walk(
    archive: zipfile.ZipFile,
    name: str,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] = lambda _tag: None,
    text: Callable[[str], None] = lambda _text: None,
) -> None:
    """Tell these of each element of a part, by its local name, and of each text."""

    def refuse(*_: Any) -> None:
        raise FaultError("bomb")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    # Office programs write no declarations of their own, and entities are read from these.
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda tag, attributes: start(tag.rpartition(":")[2], attributes)
    parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
    parser.CharacterDataHandler = text
    size = 0
    try:
        with archive.open(name) as part:
            # The size that the archive names may be a lie.
            while chunk := part.read(CHUNK):
                size += len(chunk)
                if size > LARGEST_PART:
                    raise FaultError("bomb")
                parser.Parse(chunk)
        parser.Parse(b"", True)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, KeyError,
            expat.ExpatError, LookupError, ValueError) as error:  # fmt: skip
        raise FaultError("broken") from error


def _sheets(archive: zipfile.ZipFile) -> tuple[list[tuple[str, str]], bool]:
    """Return the visible sheets with the parts that hold them, and whether days count from 1904."""
    targets: dict[str, str] = {}
    named: list[tuple[str, str]] = []
    from_1904 = False

    def relation(tag: str, attributes: Attributes) -> None:
        if tag == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def sheet(tag: str, attributes: Attributes) -> None:
        nonlocal from_1904
        if tag == "workbookPr":
            from_1904 = attributes.get("date1904", "0") in ("1", "true")
        elif tag == "sheet" and attributes.get("state", "visible") == "visible":
            number = next((v for k, v in attributes.items() if k.endswith(":id")), "")
            named.append((attributes.get("name", ""), number))

    _walk(archive, "xl/_rels/workbook.xml.rels", relation)
    _walk(archive, "xl/workbook.xml", sheet)
    if len(named) > MOST_SHEETS:
        raise FaultError("bomb")
    parts = [(name, _path(targets.get(number, ""))) for name, number in named]
    # A sheet that is a drawing has no rows.
    return [(name, part) for name, part in parts if "worksheets/" in part], from_1904


def _path(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _shared_texts(archive: zipfile.ZipFile) -> list[str]:
    """Return the texts that cells refer to by number; how a text is pronounced is left out."""
    texts: list[str] = []
    pieces: list[str] = []
    within: list[str] = []

    def start(tag: str, _attributes: Attributes) -> None:
        within.append(tag)
        if tag == "si":
            pieces.clear()

    def end(tag: str) -> None:
        within.pop()
        if tag == "si":
            texts.append(_unescaped("".join(pieces)))

    def text(piece: str) -> None:
        if within and within[-1] == "t" and "rPh" not in within:
            pieces.append(piece)

    if "xl/sharedStrings.xml" in archive.namelist():
        _walk(archive, "xl/sharedStrings.xml", start, end, text)
    return texts


def _unescaped(text: str) -> str:
    """Return a text in which spreadsheets have written controls as _x000D_ and the like."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _day_styles(archive: zipfile.ZipFile) -> frozenset[int]:
    """Return the numbers of the styles that show a number as a day."""
    custom: dict[str, str] = {}
    styles: list[int] = []
    within: list[str] = []

    def start(tag: str, attributes: Attributes) -> None:
        within.append(tag)
        if tag == "numFmt":
            custom[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag == "xf" and "cellXfs" in within:
            number = attributes.get("numFmtId", "0")
            if number in custom:
                is_day = bool(re.search("[dy]", _LITERALS.sub("", custom[number]).lower()))
            else:
                is_day = number.isdigit() and int(number) in _DAY_FORMATS
            styles.append(is_day)

    def end(_tag: str) -> None:
        within.pop()

    if "xl/styles.xml" in archive.namelist():
        _walk(archive, "xl/styles.xml", start, end)
    return frozenset(number for number, is_day in enumerate(styles) if is_day)


class _Sheet:
    """Reads one sheet, row by row."""

    def __init__(self, shared: list[str], days: frozenset[int], from_1904: bool) -> None:
        self.shared, self.days = shared, days
        self.first_day = date(1904, 1, 1) if from_1904 else date(1899, 12, 30)
        self.rows: list[Any] = []
        self.merges: list[tuple[int, int, int, int]] = []
        self.number = self.column = 0
        self.cells: dict[int, Any] = {}
        self.kind, self.style, self.formula = "n", 0, False
        self.pieces: list[str] = []
        self.reads = False

    def read(self, archive: zipfile.ZipFile, part: str) -> "_Sheet":
        """Read the part of a workbook that holds the sheet."""
        _walk(archive, part, self._start, self._end, self._text)
        return self

    def _start(self, tag: str, attributes: Attributes) -> None:
        if tag == "c":
            place = attributes.get("r", "")
            self.column = _column(place) if place else self.column + 1
            self.kind = attributes.get("t", "n")
            self.style = int(attributes.get("s", "0"))
            self.formula, self.pieces = False, []
        elif tag in ("v", "t"):
            self.reads = True
        elif tag == "f":
            self.formula = True
        elif tag == "row":
            self.number = int(attributes.get("r", self.number + 1))
            self.column, self.cells = -1, {}
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _text(self, piece: str) -> None:
        if self.reads:
            self.pieces.append(piece)

    def _end(self, tag: str) -> None:
        if tag in ("v", "t", "rPh"):
            self.reads = False
        elif tag == "c" and (self.pieces or self.formula):
            value = self._value("".join(self.pieces))
            self.cells[self.column] = [value] if self.formula else value
        elif tag == "row" and self.cells:
            _keep(self.rows, self.number, self.cells)

    def _value(self, written: str) -> str:
        if self.kind == "s":
            return self.shared[int(written)]
        if self.kind in ("str", "inlineStr", "e"):
            return _unescaped(written)
        if self.kind == "b":
            return "TRUE" if written == "1" else "FALSE"
        if self.kind == "d":
            return written[:10]
        return self._number(written)

    def _number(self, written: str) -> str:
        try:
            number = float(written)
        except ValueError:
            return written
        if self.style in self.days and 0 < number < 200_000:
            return (self.first_day + timedelta(days=int(number))).isoformat()
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else written

    def _merge(self, place: str) -> None:
        if not (found := _RANGE.fullmatch(place)):
            raise FaultError("broken")
        if len(self.merges) >= MOST_MERGES:
            raise FaultError("bomb")
        left, right = _column(found["left"]), _column(found["right"])
        # What is merged beyond the columns that are read covers nothing of the table.
        right = min(right, MOST_COLUMNS - 1)
        self.merges.append((int(found["first"]), left, int(found["last"]), right))


def _column(place: str) -> int:
    """Return the number of a column, from 0, by the letters of a place such as AB12."""
    number = 0
    for letter in place:
        if not letter.isalpha():
            break
        number = number * 26 + ord(letter.upper()) - 64
    return number - 1


def bound() -> None:
    """Take from this program what a hostile file would use; whatever it needs is open already."""
    # They load what a text may need, and nothing can be loaded afterwards.
    for name in ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp437", "latin-1", "cp1250",
                 "cp1251", "cp1252", "ascii"):  # fmt: skip
        codecs.lookup(name)
    for limit, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 3),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_AS, MEMORY),
    ):
        resource.setrlimit(limit, (most, most))


def answers(data: bytes) -> Iterator[dict[str, Any]]:
    """Yield what is answered about a file."""
    try:
        yield extract(data)
    except FaultError as fault:
        yield {"fault": str(fault)}
    except (IndexError, OverflowError, ValueError):
        # A number that leads nowhere: of a text, of a row, or of a style.
        yield {"fault": "broken"}
    except (MemoryError, RecursionError):
        yield {"fault": "bomb"}


def main() -> None:
    """Read the standard input as a file."""
    bound()
    data = sys.stdin.buffer.read(2 * LARGEST_FILE)
    json.dump(next(answers(data)), sys.stdout)


if __name__ == "__main__":
    main()
