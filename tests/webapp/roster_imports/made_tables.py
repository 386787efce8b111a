"""Tables of made-up people as files: workbooks and texts, as spreadsheets write them."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

from webapp.roster_imports.reading import letter

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
# The style of cells that show a day.
DAY = 1
HEADINGS = ("Name", "Jurisdiction", "Institution", "E-mail", "Languages")


class Formula(str):
    """What a formula last came to."""


class Raw(str):
    """A cell as it is written in the part, for what no spreadsheet writes."""


def people(count: int) -> list[list[Any]]:
    """Return rows of people who do not exist, each with another name and address."""
    first = ("Ana", "Besnik", "Cveta", "Dragan", "Elira", "Filip", "Gordana", "Halil", "Ivana")
    last = ("Testova", "Fikcija", "Primer", "Shembull", "Exemplu", "Priklad", "Mostra")
    places = ("Montenegro", "Serbia", "Albania", "MKD", "Bosnia and Herzegovina")
    return [
        [
            f"{first[n % len(first)]} {last[n % len(last)]} {_letters(n)}",
            places[n % len(places)],
            f"Fictional Directorate {n % 37}",
            f"import{n}@example.org",
            "EN C1; SR native",
        ]
        for n in range(count)
    ]


def _letters(number: int) -> str:
    """Return a third name for a number, as names have no digits."""
    name = ""
    while True:
        number, rest = divmod(number, 20)
        name += "bcdfghjklmnpqrstvwxz"[rest] + "aeiou"[rest % 5]
        if not number:
            return name.capitalize()


def text(
    rows: Iterable[Sequence[Any]], delimiter: str = ",", encoding: str = "utf-8", **options: Any
) -> bytes:
    """Return rows as CSV."""
    made = io.StringIO(newline="")
    csv.writer(made, delimiter=delimiter, **options).writerows(rows)
    return made.getvalue().encode(encoding)


def workbook(
    rows: Sequence[Sequence[Any]] | None = None,
    *,
    sheets: Mapping[str, Sequence[Sequence[Any]]] | None = None,
    merges: Sequence[str] = (),
    from_1904: bool = False,
    hidden: Sequence[str] = (),
    more: Mapping[str, bytes | str] | None = None,
    shared: bool = True,
    compression: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """Return rows as a workbook; `more` adds parts, or takes the place of some."""
    named = sheets or {"People": rows or []}
    texts: dict[str, int] = {}
    parts: dict[str, bytes | str] = {
        f"xl/worksheets/sheet{number}.xml": _sheet(content, merges, texts if shared else None)
        for number, content in enumerate(named.values(), start=1)
    }
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"'
        + (' state="hidden"/>' if name in hidden else "/>")
        for number, name in enumerate(named, start=1)
    )
    related = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet"'
        f' Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, len(named) + 1)
    )
    counted = '<workbookPr date1904="1"/>' if from_1904 else ""
    parts |= {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{counted}'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}">{related}</Relationships>'
        ),
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><numFmts><numFmt numFmtId="164"'
        ' formatCode="dd\\.mm\\.yyyy"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">'
        + "".join(f"<si><t>{escape(one)}</t></si>" for one in texts)
        + "</sst>",
        **(more or {}),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def _sheet(
    rows: Sequence[Sequence[Any]], merges: Sequence[str], texts: dict[str, int] | None
) -> str:
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(_cell(f"{letter(at)}{number}", one, texts) for at, one in enumerate(row))
        lines.append(f'<row r="{number}">{cells}</row>')
    merged = "".join(f'<mergeCell ref="{place}"/>' for place in merges)
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(lines)}</sheetData>'
        f"<mergeCells>{merged}</mergeCells></worksheet>"
    )


def _cell(place: str, value: Any, texts: dict[str, int] | None) -> str:
    if isinstance(value, Raw):
        return value.replace("{place}", place)
    kind, content = _content(value, texts)
    return f'<c r="{place}"{kind}>{content}</c>'


def _content(value: Any, texts: dict[str, int] | None) -> tuple[str, str]:
    """Return the attributes of a cell and what stands in it."""
    if value is None or value == "":
        return ' s="0"', ""
    if isinstance(value, Formula):
        return ' t="str"', f"<f>A1&amp;B1</f><v>{escape(value)}</v>"
    if isinstance(value, date):
        return f' s="{DAY}"', f"<v>{(value - date(1899, 12, 30)).days}</v>"
    if isinstance(value, int | float):
        return "", f"<v>{value}</v>"
    if texts is None:
        return ' t="inlineStr"', f"<is><t>{escape(value)}</t></is>"
    return ' t="s"', f"<v>{texts.setdefault(value, len(texts))}</v>"
