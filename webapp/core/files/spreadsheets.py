"""Tables that people take away: CSV and XLSX, of which no cell is ever run as a formula.

A spreadsheet takes a cell of a CSV file that begins with an equals sign for a formula, whoever
wrote it. Such a cell gets an apostrophe, which says that it is text. The cells of an XLSX file say
themselves that they are text (ISO/IEC 29500-1, part 18.3.1.4: `inlineStr`).
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from webapp.core.files.tables import may_be_formula

Row = Sequence[str | int | float]

# What XML 1.0 cannot hold, and what a spreadsheet would read as a character written in digits.
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WRITTEN_IN_DIGITS = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OPEN_XML = "http://schemas.openxmlformats.org"
_MAIN = f"{_OPEN_XML}/spreadsheetml/2006/main"
_RELATION = f"{_OPEN_XML}/officeDocument/2006/relationships"
_PACKAGE = f"{_OPEN_XML}/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>'
    "</Types>",
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_RELATION}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>",
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_RELATION}/worksheet" Target="worksheets/sheet1.xml"/>'
    "</Relationships>",
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATION}">'
    '<sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>',
}


def as_csv(rows: Iterable[Row]) -> bytes:
    """Return rows as CSV that spreadsheets open in the right letters: UTF-8 with a mark."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    for row in rows:
        writer.writerow([_as_text(cell) for cell in row])
    return written.getvalue().encode("utf-8-sig", "replace")


def as_xlsx(rows: Iterable[Row]) -> bytes:
    """Return rows as an XLSX file of one sheet; numbers stay numbers, all else is text."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _PARTS.items():
            archive.writestr(name, _HEAD + content)
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            for row in rows:
                cells = "".join(map(_cell, row))
                sheet.write(f"<row>{cells}</row>".encode())
            sheet.write(b"</sheetData></worksheet>")
    return written.getvalue()


def _as_text(cell: str | int | float) -> str | int | float:
    # Blanks before it do not keep every spreadsheet from taking a cell for a formula.
    if isinstance(cell, str) and may_be_formula(cell.lstrip(" \r\n\u00a0")):
        return f"'{cell}"
    return cell


def _cell(cell: str | int | float) -> str:
    if isinstance(cell, int | float):
        return f"<c><v>{cell}</v></c>"
    text = _WRITTEN_IN_DIGITS.sub("_x005F_", _NOT_IN_XML.sub("\ufffd", cell))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
