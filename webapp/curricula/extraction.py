"""Reads the text of a PDF, DOCX, ODT or TXT file; it runs apart, within bounds.

It stands alone, as core/files/bounded_program.py wants it, which runs it.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

# What the operating system holds this program to.
MEMORY = 400_000_000
SECONDS = 4
LIBRARIES = ("pypdf", "pypdf.filters")
# Larger than any curriculum, and small enough to be read in the time.
LARGEST_FILE = 5_000_000
# One more tells that a file is larger.
LARGEST_INPUT = LARGEST_FILE + 1
LARGEST_PART = 12_000_000
LARGEST_UNPACKED = 40_000_000
MOST_PARTS = 2_000
MOST_PAGES = 60
LONGEST_TEXT = 200_000
# A letter can stand for twelve.
LARGEST_ANSWER = 4_000_000
# Of a text hardly any letter is a control; a few are left behind by programs.
SOME_CONTROLS, MOST_CONTROLS = 10, 0.02
# Each is looked at for periods and headings, by the process that serves others meanwhile.
MOST_LINES = 6_000
# Fewer letters on a page are the header of a scan.
LEAST_LETTERS = 20

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# These stand around paragraphs, rows and cells: forms, and what somebody has inserted.
_AROUND = frozenset({f"{_WORD}sdt", f"{_WORD}sdtContent", f"{_WORD}ins"})
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_DOCX, _ODT = "word/document.xml", "content.xml"
# The styles of lists that Word brings along; headings can be numbered, too, and are none.
_LISTS = ("ListBullet", "ListNumber")
# What stands before a point of a list whose mark the program draws by itself.
_MARK = "• "


class FaultError(Exception):
    """Why a file cannot be read; its argument is a code that reading.py has words for."""


def extract(data: bytes) -> dict[str, str]:
    """Return as `text` that of a file by what it is, whatever its name says.

    Cells of a table are parted by tabs, and paragraphs by line ends. Raises FaultError.
    """
    if len(data) > LARGEST_FILE:
        raise FaultError("too large")
    if not data.strip():
        raise FaultError("empty")
    if data.lstrip()[:5] == b"%PDF-":
        text = _pdf(data)
    elif data[:4] == b"PK\x03\x04":
        text = _zip(data)
    else:
        text = _plain(data)
    if not re.search(r"\w", text):
        raise FaultError("empty")
    controls = sum(map(_is_control, text))
    if controls > SOME_CONTROLS and controls > len(text) * MOST_CONTROLS:
        raise FaultError("another kind")
    lines = sum(bool(line.strip()) for line in text.splitlines())
    if len(text) > LONGEST_TEXT or lines > MOST_LINES:
        raise FaultError("too long")
    return {"text": text}


def _is_control(letter: str) -> bool:
    return letter < " " and letter not in "\t\n\r\x0b\x0c"


def _plain(data: bytes) -> str:
    """Return what an editor has written: Unicode, or the code pages of the region."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    if (
        b"\0" in data
        or data[:4] in (b"\x89PNG", b"\xd0\xcf\x11\xe0")
        or data[:3] == b"\xff\xd8\xff"
    ):
        raise FaultError("another kind")
    if data.lstrip()[:5].lower() in (b"{\\rtf", b"<html", b"<!doc", b"<?xml"):
        raise FaultError("another kind")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    # Of the code pages the one fits in which letters stand together as words.
    readings = [data.decode(name, "replace") for name in ("cp1251", "cp1250")]
    return max(readings, key=_likeness)


def _likeness(text: str) -> float:
    """How much a text looks like words: few signs, and no word of two scripts."""
    words = re.findall(r"\w+", text)
    mixed = sum(bool(re.search("[A-Za-z]", w) and re.search("[А-яЀ-џ]", w)) for w in words)
    inner = len(re.findall(r"[a-zà-ž][A-ZÀ-Ž]|[а-яѐ-џ][А-ЯЀ-Џ]", text))
    signs = len(re.findall(r"[^\w\s.,;:()/@+–—'\"-]", text))
    return -(3 * mixed + 2 * inner + signs) / (len(words) + 1)


def _zip(data: bytes) -> str:
    """Return the text of an office file, of which the sizes are looked at before it is unpacked."""
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
    if _DOCX in names:
        return "\n".join(_docx(_xml(archive, _DOCX)))
    if _ODT in names:
        return "\n".join(_odt(_xml(archive, _ODT)))
    raise FaultError("another kind")


class _NoDoctype(ET.TreeBuilder):
    """Builds a tree, and refuses what office files never have: a list of entities of their own."""

    def doctype(self, *_: Any) -> None:
        raise FaultError("bomb")


def _xml(archive: zipfile.ZipFile, name: str) -> ET.Element:
    try:
        with archive.open(name) as part:
            # The size that the archive names may be a lie.
            content = part.read(LARGEST_PART + 1)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise FaultError("broken") from error
    if len(content) > LARGEST_PART:
        raise FaultError("bomb")
    try:
        # No entities are taken, and this program has neither files nor a network.
        parser = ET.XMLParser(target=_NoDoctype())  # noqa: S314
        parser.feed(content)
        root: ET.Element = parser.close()
    except (ET.ParseError, LookupError, ValueError) as error:
        raise FaultError("broken") from error
    return root


def _docx(root: ET.Element) -> Iterator[str]:
    """Yield paragraphs and rows of tables in the order of the file, text boxes included."""
    # Word writes a text box twice, the second time for programs that know no drawings.
    for branch in list(root.iter()):
        for child in [c for c in branch if c.tag.endswith("}Fallback")]:
            branch.remove(child)
    body = root.find(f"{_WORD}body")
    yield from _docx_block(body if body is not None else root)


def _docx_block(block: ET.Element) -> Iterator[str]:
    for element in block:
        if element.tag == f"{_WORD}p":
            line = _docx_line(element)
            yield f"{_MARK}{line}" if line.strip() and _is_listed(element) else line
            for box in element.iter(f"{_WORD}txbxContent"):
                yield from _docx_block(box)
        elif element.tag == f"{_WORD}tbl":
            for row in _within(element, "tr"):
                yield from _row([list(_docx_block(cell)) for cell in _within(row, "tc")])
        elif element.tag in _AROUND:
            yield from _docx_block(element)


def _is_listed(paragraph: ET.Element) -> bool:
    """Tell whether Word draws a mark before a paragraph, which stands nowhere in its text."""
    number = paragraph.find(f"{_WORD}pPr/{_WORD}numPr/{_WORD}numId")
    if number is not None:
        return number.get(f"{_WORD}val") != "0"
    style = paragraph.find(f"{_WORD}pPr/{_WORD}pStyle")
    return style is not None and str(style.get(f"{_WORD}val")).startswith(_LISTS)


def _within(block: ET.Element, tag: str) -> Iterator[ET.Element]:
    """Yield the rows of a table, or the cells of a row, without those of tables in its cells."""
    for element in block:
        if element.tag == f"{_WORD}{tag}":
            yield element
        elif element.tag in _AROUND:
            yield from _within(element, tag)


def _docx_line(paragraph: ET.Element) -> str:
    within = {id(e) for box in paragraph.iter(f"{_WORD}txbxContent") for e in box.iter()}
    said = []
    for element in paragraph.iter():
        if id(element) in within:
            continue
        if element.tag == f"{_WORD}t":
            said.append(element.text or "")
        elif element.tag == f"{_WORD}tab":
            said.append("\t")
        elif element.tag in (f"{_WORD}br", f"{_WORD}cr"):
            said.append("\n")
        elif element.tag == f"{_WORD}noBreakHyphen":
            said.append("-")
    return "".join(said)


def _odt(root: ET.Element) -> Iterator[str]:
    body = root.find(f"{_OFFICE}body/{_OFFICE}text")
    yield from _odt_block(body if body is not None else root)


def _odt_block(block: ET.Element) -> Iterator[str]:
    for element in block:
        if element.tag in (f"{_TEXT}p", f"{_TEXT}h"):
            yield _odt_line(element)
        elif element.tag == f"{_TABLE}table-row":
            cells = [list(_odt_block(cell)) for cell in element.findall(f"{_TABLE}table-cell")]
            yield from _row(cells)
        elif element.tag == f"{_TEXT}list-item":
            first, *rest = list(_odt_block(element)) or [""]
            # In a list within a list the inner point has a mark of its own.
            yield first if first.startswith(_MARK) or not first.strip() else f"{_MARK}{first}"
            yield from rest
        elif element.tag != f"{_TEXT}tracked-changes":
            yield from _odt_block(element)


def _odt_line(paragraph: ET.Element) -> str:
    said = [paragraph.text or ""]
    for child in paragraph:
        if child.tag == f"{_TEXT}tab":
            said.append("\t")
        elif child.tag == f"{_TEXT}line-break":
            said.append("\n")
        elif child.tag == f"{_TEXT}s":
            said.append(" ")
        elif child.tag.startswith(_TEXT):
            said.append(_odt_line(child))
        else:
            said.append("\n" + "\n".join(_odt_block(child)) if len(child) else "")
        said.append(child.tail or "")
    return "".join(said)


def _row(cells: list[list[str]]) -> Iterator[str]:
    """Yield a row of a table: on one line where each cell has one, else cell by cell."""
    filled = [[line for line in cell if line.strip()] for cell in cells]
    filled = [cell for cell in filled if cell]
    if filled and all(len(cell) == 1 for cell in filled):
        yield "\t".join(cell[0] for cell in filled)
        return
    for cell in filled:
        yield from cell


def _pdf(data: bytes) -> str:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise FaultError("locked")
        if len(reader.pages) > MOST_PAGES:
            raise FaultError("too long")
        pages = [_page(page) for page in reader.pages]
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        # Broken files break the library in many ways, none of which is a fault of the platform.
        raise FaultError("broken") from error
    letters = sum(len(re.findall(r"\w", page)) for page in pages)
    if letters < LEAST_LETTERS * max(len(pages), 1):
        raise FaultError("scanned")
    return "\n".join(pages)


def _page(page: Any) -> str:
    return str(page.extract_text())
