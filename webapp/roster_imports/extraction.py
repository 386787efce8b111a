"""Reads the cells of a table, an XLSX workbook or CSV text; it runs apart, within bounds.

It stands alone, as core/files/bounded_program.py wants it, which runs it.

A workbook is read as it comes, without a tree of it in memory. Source: ECMA-376 part 1, chapter 18.
"""

import csv
import io
import math
import re
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from xml.parsers import expat

# What the operating system holds this program to.
MEMORY = 500_000_000
SECONDS = 4
LIBRARIES = ()
# Larger than any roster, and small enough to be read in the time.
LARGEST_FILE = 10_000_000
# A text comes in another encoding than it had, and a letter is told by six.
LARGEST_INPUT, LARGEST_ANSWER = 2 * LARGEST_FILE, 5 * LARGEST_FILE
LARGEST_PART, LARGEST_UNPACKED = 60_000_000, 120_000_000
MOST_ROWS, LAST_ROW = 10_000, 1_048_576
MOST_COLUMNS, MOST_PARTS = 100, 2_000
MOST_MERGES, MOST_SHEETS = 20_000, 50
# A range of cells, such as A1:C12, within the 16,384 columns and 1,048,576 rows of a sheet.
_RANGE = re.compile(
    r"(?P<left>[A-Z]{1,3})(?P<first>\d{1,7}):(?P<right>[A-Z]{1,3})(?P<last>\d{1,7})"
)
LONGEST_CELL = 32_767
# Faults of a table, as they may stand in a sheet that is none.
OUT_OF_SHAPE = ("too long", "too wide", "long cell")
CHUNK = 1 << 16

# Numbers of formats that show a day. Source: ECMA-376 part 1, 18.8.30.
_DAY_FORMATS = frozenset({*range(14, 18), 22, *range(27, 37), *range(50, 59)})
# What a format says in quotes or brackets, or behind a backslash, is no letter of it.
_LITERALS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
# What stands in other namespaces, as newer programs add it, can have the same names.
_NAMESPACES = (
    "",
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://schemas.openxmlformats.org/package/2006/relationships",
)
_TRUE = ("1", "true")
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
    try:
        return _workbook(data) if data[:4] == b"PK\x03\x04" else _text(data.decode(*_TEXT))
    except (IndexError, OverflowError, ValueError) as error:
        # A number that leads nowhere: of a text, of a row, or of a style.
        raise FaultError("broken") from error


def _text(text: str) -> dict[str, Any]:
    csv.field_size_limit(LARGEST_FILE)
    first = re.match(r"sep=(.)\r?\n", text)
    # A spreadsheet reads such a line as an advice, and counts it as no row.
    text = text[first.end() :] if first else text
    rows: list[Any] = []
    sign = first[1] if first else _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
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
    if not (rows[-1][0] if rows else 0) < number <= LAST_ROW:  # Of two, one would hide the other.
        raise FaultError("broken")
    if any(len("".join(cell)) > LONGEST_CELL for cell in filled.values()):
        raise FaultError("long cell")
    rows.append([number, [filled.get(at, "") for at in range(width)]])


def _workbook(data: bytes) -> dict[str, Any]:
    archive = _archive(data)
    sheets, from_1904 = _sheets(archive)
    shared = _shared_texts(archive)
    days = _day_styles(archive)
    read, others = None, []
    for name, part in sheets:
        found = _Sheet(shared, days, from_1904)
        try:
            found.read(archive, part)
        except FaultError as fault:
            # Of a sheet that is not taken nothing is asked but whether anything stands in it.
            if read is None or str(fault) not in OUT_OF_SHAPE:
                raise
            others.append(name)
            continue
        if found.rows and read is None:
            read = {"name": name, **found.table()}
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
    if any(re.search("vbaproject.bin$|/macrosheets/", name.lower()) for name in names):
        raise FaultError("macros")
    return archive


def _walk(
    archive: zipfile.ZipFile,
    name: str,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] = lambda _tag: None,
    text: Callable[[str], None] = lambda _text: None,
) -> None:
    """Tell these of each element of a part, and of each text; of elements that are no part of a
    workbook the name is empty."""

    def refuse(*_: Any) -> None:
        raise FaultError("bomb")

    def name_of(tag: str) -> str:
        namespace, _space, local = tag.rpartition(" ")
        return local if namespace in _NAMESPACES else ""

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    # Office programs write no declarations of their own, and entities are read from these.
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda tag, attributes: start(name_of(tag), attributes)
    parser.EndElementHandler = lambda tag: end(name_of(tag))
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
            from_1904 = attributes.get("date1904") in _TRUE
        elif tag == "sheet" and attributes.get("state", "visible") == "visible":
            number = next((v for k, v in attributes.items() if k.endswith(" id")), "")
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
        self.reads = self.hides = False
        self.hidden_rows: list[int] = []
        self.hidden_columns: set[int] = set()

    def read(self, archive: zipfile.ZipFile, part: str) -> None:
        """Read the part of a workbook that holds the sheet."""
        _walk(archive, part, self._start, self._end, self._text)

    def table(self) -> dict[str, Any]:
        """Return what was read."""
        filled = {at for _n, cells in self.rows for at, cell in enumerate(cells) if cell}
        return {"rows": self.rows, "merges": self.merges, "hidden_rows": self.hidden_rows,
                "hidden_columns": sorted(self.hidden_columns & filled)}  # fmt: skip

    def _start(self, tag: str, attributes: Attributes) -> None:
        if tag == "c":
            place = attributes.get("r", "")
            self.column = _column(place) if place else self.column + 1
            self.kind = attributes.get("t", "n")
            self.style = int(attributes.get("s", "0"))
            self.formula, self.pieces = False, []
        elif tag == "t" or (tag == "v" and self.kind != "inlineStr"):
            self.reads = True
        elif tag == "f":
            self.formula = True
        elif tag == "row":
            self.number = int(attributes.get("r", self.number + 1))
            self.column, self.cells = -1, {}
            self.hides = attributes.get("hidden") in _TRUE
        elif tag == "col" and attributes.get("hidden") in _TRUE:
            last = min(int(attributes.get("max", "0")), MOST_COLUMNS)
            self.hidden_columns.update(range(int(attributes.get("min", "1")) - 1, last))
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _text(self, piece: str) -> None:
        if self.reads:
            self.pieces.append(piece)

    def _end(self, tag: str) -> None:
        if tag in ("v", "t", "rPh"):
            self.reads = False
        elif tag == "c" and (self.pieces or self.formula):
            if self.column in self.cells:
                raise FaultError("broken")
            value = self._value("".join(self.pieces))
            self.cells[self.column] = [value] if self.formula else value
        elif tag == "row" and self.cells:
            before = len(self.rows)
            _keep(self.rows, self.number, self.cells)
            if self.hides and len(self.rows) > before:
                self.hidden_rows.append(self.number)

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
            # Spreadsheets that count from 1900 take it for a leap year.
            early = self.first_day.year < 1900 and number < 60
            return (self.first_day + timedelta(days=int(number) + early)).isoformat()
        if not math.isfinite(number) or abs(number) >= 1e15:
            return written
        # It is written with more digits than anybody typed: 2.3199999999999998 stands for 2.32.
        return str(int(number)) if number.is_integer() else repr(number)

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
