"""A file that does harm, or is no table, is refused in words before it costs others their time."""

import io
import re
import time
import zipfile
from collections.abc import Callable

import pytest

from tests.webapp.roster_imports.made_tables import HEADINGS, Raw, people, text, workbook
from webapp.roster_imports import reading
from webapp.roster_imports.columns import covered, find_header, rows_below
from webapp.roster_imports.reading import UnreadableError, read_sheet

ANA = ["Ana Novak", "Montenegro", "Police Directorate", "ana@example.org", "EN C1; SR native"]


def bomb() -> bytes:
    """Return a workbook of 60 kB that is 60 MB unpacked, and says that it is small."""
    return workbook([HEADINGS], more={"xl/sharedStrings.xml": b"<sst>" + b" " * 70_000_000})


def lying_bomb() -> bytes:
    """Return a workbook whose directory says that its largest part is small."""
    data = bytearray(bomb())
    for mark in (b"PK\x01\x02", b"PK\x03\x04"):
        at = data.rfind(b"xl/sharedStrings.xml")
        start = data.rfind(mark, 0, at)
        offset = start + (24 if mark == b"PK\x01\x02" else 22)
        if start >= 0:
            data[offset : offset + 4] = (1000).to_bytes(4, "little")
    return bytes(data)


def many_rows(count: int, cell: str) -> bytes:
    """Return a workbook with so many rows."""
    rows = "".join(f'<row r="{n}">{cell}</row>' for n in range(1, count + 1))
    return workbook([], more={"xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{rows}"
                              "</sheetData></worksheet>"})  # fmt: skip


def entities() -> bytes:
    """Return a workbook whose entities grow, and one of which is a file."""
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
    part = (f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">'
            f'<!ENTITY a0 "ha">{laughs}]><sst><si><t>&f;&a8;</t></si></sst>')  # fmt: skip
    return workbook([HEADINGS], more={"xl/sharedStrings.xml": part})


def locked() -> bytes:
    """Return a workbook in which a part is encrypted."""
    data = bytearray(workbook([HEADINGS, ANA]))
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def endless_quote() -> bytes:
    """Return a text whose first quotation mark is never closed."""
    return text([HEADINGS]) + b'"' + text(people(2_000))


def zipped(parts: dict[str, str]) -> bytes:
    """Return an archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def twice() -> bytes:
    """Return a workbook that has one part two times."""
    made = io.BytesIO(workbook([HEADINGS, ANA]))
    with zipfile.ZipFile(made, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return made.getvalue()


OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a bomb": (bomb, "(far larger than a roster|took too long)"),
    "a bomb that lies": (lying_bomb, "(far larger|damaged)"),
    "entities": (entities, "(far larger than a roster|took too long)"),
    "macros": (
        lambda: workbook([HEADINGS], more={"xl/vbaProject.bin": b"macro"}), "holds macros",
    ),
    "macros of before": (
        lambda: workbook([HEADINGS], more={"xl/macrosheets/sheet1.xml": "<x/>"}), "holds macros",
    ),
    "cut in the middle": (lambda: workbook([HEADINGS, *people(50)])[:900], "damaged"),
    "cut behind the first bytes": (lambda: b"PK\x03", "damaged"),
    "an empty archive": (lambda: b"PK\x05\x06" + bytes(18), "damaged"),
    "an encrypted part": (locked, "password"),
    "an encrypted workbook": (
        lambda: OFFICE + "EncryptedPackage".encode("utf-16-le"), "password",
    ),
    "an old workbook": (lambda: OFFICE, "old kind"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "no table"),
    "a PDF file": (lambda: b"%PDF-1.7\n" + b"x" * 100, "no table"),
    "a page": (lambda: b"<!DOCTYPE html><table><tr><td>Name</td></tr></table>", "no table"),
    "a text document": (
        lambda: zipped({"word/document.xml": "<w/>", "[Content_Types].xml": "<x/>"}), "no table",
    ),
    "a million rows": (lambda: many_rows(1 << 20, ""), "(nothing in the file|too long)"),
    "a million rows with a cell": (
        lambda: many_rows(1 << 19, '<c><v>1</v></c>'), "more than 10000 rows",
    ),
    "a million lines": (lambda: b"Name,Country\n" + b"Ana,RS\n" * (1 << 20), "more than 10000"),
    "NUL in a text": (lambda: b"Name,Country\nAna\0Novak,RS\n", "no table"),
    "NUL alone": (lambda: bytes(5_000), "no table"),
    "nothing": (lambda: b"", "nothing in the file"),
    "blanks": (lambda: b" \r\n \r\n", "nothing in the file"),
    "a workbook without a cell": (lambda: workbook([]), "nothing in the file"),
    "11 MB": (lambda: b"Name;x\n" + b"a" * 11_000_000, "larger than 10 MB"),
    "a quotation mark that is not closed": (endless_quote, "quotation mark"),
    "a column far out": (
        lambda: workbook([[Raw('<c r="XFD1"><v>1</v></c>')]]), "beyond column 100",
    ),
    "a few words in thousands of cells": (
        lambda: workbook(
            [[Raw('<c t="s"><v>0</v></c>')] * 50] * 3,
            more={"xl/sharedStrings.xml": f"<sst><si><t>{'a' * 32_000}</t></si></sst>"},
        ), "More than 4 million letters",
    ),
    "a text that is not there": (
        lambda: workbook([[Raw('<c r="A1" t="s"><v>99</v></c>')]]), "damaged",
    ),
    "no end of XML": (
        lambda: workbook([], more={"xl/worksheets/sheet1.xml": "<worksheet><sheetData><row>"}),
        "damaged",
    ),
    "deep XML": (
        lambda: workbook([], more={"xl/sharedStrings.xml": "<a>" * 2_000_000}),
        "(damaged|too long)",
    ),
    "the same part twice": (twice, "far larger"),
    "cells merged far beyond the columns of a sheet": (
        lambda: workbook([HEADINGS], merges=["A1:AAAAAA1"]), "damaged",
    ),
    "cells merged far beyond the rows of a sheet": (
        lambda: workbook([HEADINGS], merges=["A2:A50000000"]), "damaged",
    ),
    "a long cell merged over thousands of rows": (
        lambda: workbook([HEADINGS, ["a" * 9_000], *[[None, "x"]] * 900], merges=["A2:A900"]),
        "More than 4 million letters",
    ),
    "many merged cells": (
        lambda: workbook([HEADINGS], merges=["A1:B2"] * 30_000), "far larger",
    ),
}  # fmt: skip


@pytest.mark.thorough
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_refused_in_words(kind: str) -> None:
    make, words = HOSTILE[kind]
    data = make()
    started = time.monotonic()
    with pytest.raises(UnreadableError) as refused:
        read_sheet(data)
    # Other tests take the processors meanwhile; the program itself is held to five seconds.
    assert time.monotonic() - started < 20
    assert re.search(words, str(refused.value.message))


def test_the_program_takes_nothing_of_the_platform_with_it() -> None:
    source = reading.PROGRAM.read_text("utf-8")
    assert "from webapp" not in source
    assert "import webapp" not in source


def test_ranges_that_repeat_each_other_are_walked_once() -> None:
    repeated = [(2, 0, 1_048_576, 0), (5, 0, 9, 0)] * 10_000
    found = list(covered(repeated, range(1, 2001)))
    assert found == [(number, 0, 2) for number in range(3, 2001)]


def test_a_range_over_a_whole_sheet_fills_the_cells_that_there_are() -> None:
    sheet = read_sheet(
        workbook(
            [["People"], ["Name", "Post"], ["Ana"], ["Eva"]], merges=["B1:XFD1", "A3:A1048576"]
        )
    )
    header = find_header(sheet)
    assert (header.row, header.labels) == (2, ("Name", "Post"))
    assert rows_below(sheet, header) == [(3, ["Ana"]), (4, ["Eva"])]
