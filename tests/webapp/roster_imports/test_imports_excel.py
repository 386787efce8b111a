"""What office programs write into a workbook beside its cells changes none of them, and what they
hide is told."""

from typing import Any

import pytest
from flask import Flask

from tests.pages import Pages
from tests.webapp.roster_imports.made_tables import HEADINGS, people, workbook
from tests.webapp.roster_imports.sending import Importer
from webapp.roster_imports.reading import UnreadableError, read_sheet

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
NEWER = 'xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"'
OFFICE = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'


def cells_of(sheet: str, **parts: str) -> list[Any]:
    """Return the cells of a workbook whose one sheet holds these elements."""
    rows = read_sheet(made(sheet, **parts)).rows
    return [cell for _number, cells in rows for cell in cells]


def made(sheet: str, **parts: str) -> bytes:
    """Return such a workbook."""
    more = {"xl/worksheets/sheet1.xml": f"<worksheet {MAIN}>{sheet}</worksheet>"}
    return workbook(more=more | {f"xl/{name}.xml": text for name, text in parts.items()})


def test_what_newer_programs_add_under_the_same_name_is_not_taken_for_it() -> None:
    """Each workbook that a newer Excel writes ends with a second `workbookPr` of its own."""
    properties = (
        f'<workbook {MAIN} {OFFICE} {NEWER}><workbookPr date1904="1"/>'
        '<sheets><sheet name="People" sheetId="1" r:id="rId1"/></sheets>'
        '<extLst><ext><x15:workbookPr chartTrackingRefBase="1"/></ext></extLst></workbook>'
    )
    day = '<sheetData><row r="1"><c r="A1" s="1"><v>45290</v></c></row></sheetData>'
    assert cells_of(day, workbook=properties) == ["2027-12-31"]
    foreign = '<x:row xmlns:x="urn:example:other" r="9"><x:c r="C9"><x:v>12</x:v></x:c></x:row>'
    assert cells_of(f"{day}<extLst>{foreign}</extLst>", workbook=properties) == ["2027-12-31"]


def test_prefixes_and_the_strict_form_of_the_standard_are_read() -> None:
    strict = 'xmlns:s="http://purl.oclc.org/ooxml/spreadsheetml/main"'
    part = (
        f"<s:worksheet {strict}><s:sheetData><s:row r='1'><s:c r='A1'><s:v>7</s:v></s:c></s:row>"
        "</s:sheetData></s:worksheet>"
    )
    sheet = read_sheet(workbook(more={"xl/worksheets/sheet1.xml": part}))
    assert sheet.rows == [(1, ["7"])]


def test_numbers_are_read_as_they_were_typed() -> None:
    written = ("2.3199999999999998", "38269123456", "5.0", "1e3", "123456789012345678", "0.1")
    cells = "".join(f"<c><v>{number}</v></c>" for number in written)
    assert cells_of(f'<sheetData><row r="1">{cells}</row></sheetData>') == [
        "2.32", "38269123456", "5", "1000", "123456789012345678", "0.1",
    ]  # fmt: skip


def test_days_before_the_leap_day_that_never_was_are_read_as_shown() -> None:
    cells = "".join(f'<c s="1"><v>{number}</v></c>' for number in (1, 59, 61, 45290))
    assert cells_of(f'<sheetData><row r="1">{cells}</row></sheetData>') == [
        "1900-01-01", "1900-02-28", "1900-03-01", "2023-12-30",
    ]  # fmt: skip


def test_a_text_with_a_number_beside_it_is_read_as_the_text() -> None:
    cell = '<c t="inlineStr"><v>1.0</v><is><t>1.</t></is></c>'
    assert cells_of(f'<sheetData><row r="1">{cell}</row></sheetData>') == ["1."]


def test_a_sheet_that_is_no_table_does_not_refuse_the_one_that_is() -> None:
    far = [[""] * 120 + ["a note far to the right"]]
    sheet = read_sheet(workbook(sheets={"People": [HEADINGS, *people(1)], "Notes": far}))
    assert (sheet.name, sheet.others) == ("People", ["Notes"])


def test_what_is_hidden_is_read_and_told_of() -> None:
    table = [list(HEADINGS), *people(4)]
    lines = "".join(
        f'<row r="{number}"{hidden}>'
        + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells)
        + "</row>"
        for number, (cells, hidden) in enumerate(
            zip(table, ["", "", ' hidden="1"', "", ' hidden="true"'], strict=True), start=1
        )
    )
    hides = '<cols><col min="1" max="2"/><col min="4" max="4" hidden="1"/><col min="9" max="16384"'
    content = f'{hides} hidden="1"/></cols><sheetData>{lines}<row r="9" hidden="1"/></sheetData>'
    sheet = read_sheet(made(content))
    assert len(sheet.rows) == 5
    assert [str(remark) for remark in sheet.remarks()] == [
        "Rows that are hidden in the file are read like all others: 3, 5.",
        "Columns that are hidden in the file are read like all others: D.",
    ]


def test_what_is_hidden_is_told_on_the_pages(app: Flask, pages: Pages) -> None:
    rows = [list(HEADINGS), *people(2)]
    plain = workbook(rows, shared=False)
    assert not list(read_sheet(plain).remarks())
    lines = "".join(
        f'<row r="{number}" hidden="{int(number == 3)}">'
        + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells)
        + "</row>"
        for number, cells in enumerate(rows, start=1)
    )
    importer = Importer(app, pages)
    page = importer.send(made(f"<sheetData>{lines}</sheetData>"))
    said = "Rows that are hidden in the file are read like all others: 3."
    assert said in page.text


@pytest.mark.parametrize("number", ["0", "-1", "1048577", "9223372036854775808", "9" * 309])
def test_a_row_with_a_number_that_no_sheet_has_is_refused(number: str) -> None:
    cell = '<c r="A1" t="inlineStr"><is><t>Name</t></is></c>'
    content = made(f'<sheetData><row r="{number}">{cell}</row></sheetData>')
    with pytest.raises(UnreadableError):
        read_sheet(content)


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1">{}</c></row><row r="1"><c r="A1">{}</c></row>',
        '<row r="2"><c r="A2">{}</c></row><row r="1"><c r="A1">{}</c></row>',
        '<row r="1"><c r="A1">{}</c><c r="A1">{}</c></row>',
        '<row r="1"><c r="B1">{}</c><c r="A1">{}</c><c>{}</c></row>',
    ],
    ids=["a row twice", "rows backwards", "a cell twice", "a cell over another"],
)
def test_nothing_in_a_sheet_hides_something_else(rows: str) -> None:
    written = rows.replace("<c", '<c t="inlineStr"').replace("{}", "<is><t>Name</t></is>")
    with pytest.raises(UnreadableError, match="broken"):
        read_sheet(made(f"<sheetData>{written}</sheetData>"))
