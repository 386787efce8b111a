"""Tables as people keep them are read cell by cell, and what is hostile is refused in words."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.webapp.roster_imports.made_tables import (
    HEADINGS,
    Formula,
    Raw,
    text,
    workbook,
)
from webapp.roster_imports.columns import find_header, guess_all, rows_below
from webapp.roster_imports.people import Fault, Person, Reading, rows_of
from webapp.roster_imports.reading import Sheet, letter, read_sheet
from webapp.roster_imports.twins import twins_within

TODAY = date(2026, 11, 27)
THEMES = {("salw", "pssm"): "SALW-PSSM", ("stockpile", "security"): "SALW-PSSM",
          ("gender", "equality", "in", "the", "police"): "GEN-POL"}  # fmt: skip


def read(data: bytes) -> tuple[list[Person], list[Fault]]:
    """Return the people of a file, its columns read as they seem, and what is wrong with it."""
    sheet = read_sheet(data)
    header = find_header(sheet)
    reader = Reading(header, guess_all(header), THEMES, TODAY, sheet.from_1904)
    found, faults = [], []
    for number, cells in rows_of(sheet, header):
        person, wrong = reader.read(number, cells)
        found.append(person)
        faults += wrong
    return found, [*faults, *twins_within(found)]


def faults_of(data: bytes) -> list[str]:
    """Return what is wrong with a file, each as the place of its cell and the words."""
    return [f"{fault.column}{fault.row} {fault.why}" for fault in read(data)[1]]


def names_of(data: bytes) -> list[str]:
    """Return the names in a file in which nothing is wrong."""
    found, faults = read(data)
    assert faults == []
    return [person.name for person in found]


ANA = ["Ana Novak", "Montenegro", "Police Directorate", "ana@example.org", "EN C1; SR native"]
CYRILLIC = [
    ["Име и презиме", "Држава", "Институција", "Језици"],
    ["Ана Новак", "Црна Гора", "Управа полиције", "енглески - C1\nруски - течно"],
]
BOSNIAN = [
    ["Ime i prezime", "Država", "Institucija", "Jezici"],
    ["Željka Đurić", "Bosna i Hercegovina", "Ministarstvo unutrašnjih poslova", "engleski B2"],
]
UKRAINIAN = [["Прізвище, ім'я", "Країна", "Мови"], ["Шевчук, Ганна", "Україна", "англійська C1"]]

WELL: dict[str, tuple[Callable[[], bytes], list[str]]] = {
    "a workbook": (lambda: workbook([HEADINGS, ANA]), ["Ana Novak"]),
    "texts in the cells": (lambda: workbook([HEADINGS, ANA], shared=False), ["Ana Novak"]),
    "commas": (lambda: text([HEADINGS, ANA]), ["Ana Novak"]),
    "semicolons": (lambda: text([HEADINGS, ANA], ";"), ["Ana Novak"]),
    "tabs": (lambda: text([HEADINGS, ANA], "\t"), ["Ana Novak"]),
    "pipes": (lambda: text([HEADINGS, ANA], "|"), ["Ana Novak"]),
    "an advice on the sign": (
        lambda: b"sep=;\r\n" + text([HEADINGS, ANA], ";"), ["Ana Novak"],
    ),
    "a mark of the order of bytes": (
        lambda: text([HEADINGS, ANA], encoding="utf-8-sig"), ["Ana Novak"],
    ),
    "utf-16": (lambda: text(CYRILLIC, "\t", "utf-16"), ["Ана Новак"]),
    "windows-1250": (lambda: text(BOSNIAN, ";", "cp1250"), ["Željka Đurić"]),
    "windows-1251": (lambda: text(CYRILLIC, ";", "cp1251"), ["Ана Новак"]),
    "windows-1251 in Ukrainian": (
        lambda: text(UKRAINIAN, ";", "cp1251"), ["Ганна Шевчук"],
    ),
    "a title above": (
        lambda: workbook([["Roster of experts 2016"], [], HEADINGS, ANA], merges=["A1:E1"]),
        ["Ana Novak"],
    ),
    "merged headings": (
        lambda: workbook(
            [["Name", None, "Jurisdiction", "E-mail"], ["First", "Last", None, None],
             ["Ana", "Novak", "Serbia", "a@example.org"]],
            merges=["A1:B1", "C1:C2", "D1:D2"],
        ),
        ["Ana Novak"],
    ),
    "an institution merged downward": (
        lambda: workbook(
            [HEADINGS, ANA, ["Boris Kos", "Serbia", None, None, "EN B2"]], merges=["C2:C3"]
        ),
        ["Ana Novak", "Boris Kos"],
    ),
    "empty columns at the end": (
        lambda: workbook([[*HEADINGS, None, None], [*ANA, None, " "]]), ["Ana Novak"],
    ),
    "empty rows between": (
        lambda: workbook([HEADINGS, [], ANA, [None], [None, " "]]), ["Ana Novak"],
    ),
    "headings repeated on each page": (
        lambda: workbook([HEADINGS, ANA, HEADINGS, ["Boris Kos", "Serbia", "", "", ""]]),
        ["Ana Novak", "Boris Kos"],
    ),
    "a first sheet that is empty": (
        lambda: workbook(sheets={"Cover": [], "Data": [HEADINGS, ANA]}), ["Ana Novak"],
    ),
    "a first sheet that is hidden": (
        lambda: workbook(
            sheets={"Old": [["Name"], ["Nobody Here"]], "Data": [HEADINGS, ANA]}, hidden=["Old"]
        ),
        ["Ana Novak"],
    ),
    "family name first": (
        lambda: workbook([["Name", "Country"], ["Novak, Ana", "RS"]]), ["Ana Novak"],
    ),
    "two columns of names": (
        lambda: workbook([["Prezime", "Ime", "Država"], ["Novak", "Ana", "Srbija"]]),
        ["Ana Novak"],
    ),
    "quoted line ends": (
        lambda: text([HEADINGS, [*ANA[:4], "EN C1\nSR native"]], quoting=1), ["Ana Novak"],
    ),
    "dashes for nothing": (
        lambda: workbook([HEADINGS, ["Ana Novak", "Serbia", "-", "n/a", "–"]]), ["Ana Novak"],
    ),
    "a title before and behind the name": (
        lambda: workbook([HEADINGS, ["dr Ana Novak, PhD", *ANA[1:]]]), ["dr Ana Novak, PhD"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", WELL)
def test_a_table_as_people_keep_it_is_read(kind: str) -> None:
    make, names = WELL[kind]
    assert names_of(make()) == names


def one(heading: str, cell: Any, **options: Any) -> Person:
    """Return the person of a table that has one column beside the name."""
    found, faults = read(workbook([["Name", heading], ["Ana Novak", cell]], **options))
    assert faults == []
    return found[0]


def fault(heading: str, cell: Any, **options: Any) -> str:
    """Return what is wrong with the one cell beside the name."""
    rows = [["Name", heading], ["Ana Novak", cell]]
    found = faults_of(workbook(rows, **options))
    assert len(found) == 1
    assert found[0].startswith("B2 ")
    return found[0]


@pytest.mark.parametrize(
    "cell",
    [
        date(2027, 12, 31), 46752, "2027-12-31", "31.12.2027.", "31. 12. 2027", "31/12/2027",
        "12/31/2027", "31 December 2027", "31. decembar 2027.", "31 грудня 2027 р.", "31.12.27",
        "December 31, 2027", "12/2027", "децембар 2027", "2027-12-31 00:00:00",
    ],
)  # fmt: skip
def test_a_day_is_read_in_whichever_form_it_is_written(cell: Any) -> None:
    assert one("Approved until", cell).approved_until == date(2027, 12, 31)


@pytest.mark.parametrize(
    "cell",
    [
        "05/11/2027", "31.02.2027", "soon", "2027", "32.1.2027", "12.2015", "00/2027", "0.2027",
        "13/2027", "99/2026", "12/0000", "00.00.2027", "2027-00-00",
    ],
)  # fmt: skip
def test_a_day_that_is_none_or_may_be_two_is_named(cell: str) -> None:
    assert fault("Approved until", cell)


def test_days_of_a_workbook_that_counts_from_1904_are_not_taken_for_others() -> None:
    style = Raw('<c r="{place}" s="1"><v>45290</v></c>')
    assert one("Approved until", style, from_1904=True).approved_until == date(2027, 12, 31)
    assert "not written as a day" in fault("Approved until", 46752, from_1904=True)


@pytest.mark.parametrize(
    ("cell", "levels"),
    [
        ("EN C1; SR native", "en C1, sr C2"),
        ("English (C1), Serbian (native)", "en C1, sr C2"),
        ("EN/C1, SR/native", "en C1, sr C2"),
        ("engleski C1, njemački B2", "en C1, de B2"),
        ("енглески - C1\nруски - течно", "en C1, ru C1"),
        ("EN C1 FR B2", "en C1, fr B2"),
        ("ENG: fluent | ALB: native", "en C1, sq C2"),
    ],
)
def test_several_languages_stand_in_one_cell(cell: str, levels: str) -> None:
    skills = one("Languages", cell).languages
    assert ", ".join(f"{skill.language} {skill.level}" for skill in skills) == levels


def test_a_column_may_be_called_by_its_language() -> None:
    assert [(s.language, s.level) for s in one("English", "B2").languages] == [("en", "B2")]


@pytest.mark.parametrize(
    "cell", ["EN", "Klingon C1", "EN C1 Klingon B2", "English / French C1", "EN C1; EN B2", "C1"]
)
def test_languages_that_cannot_be_understood_are_named_and_none_is_dropped(cell: str) -> None:
    assert fault("Languages", cell)


def test_several_themes_stand_in_one_cell() -> None:
    themes = one("Themes", "SALW-PSSM (5 years); gender equality in the police").themes
    assert [(claim.code, claim.years) for claim in themes] == [("SALW-PSSM", 5), ("GEN-POL", None)]
    assert "underwater basket" in fault("Themes", "stockpile security; underwater basket weaving")


@pytest.mark.parametrize(
    "cell",
    [
        "Ana Novak; Boris Kos", "Ana Novak\nBoris Kos", "Ana Novak, Boris Kos", "Ana Novak/B. Kos",
        "Ana Novak i Boris Kos", "Ana Novak and Boris Kos", "Ана Новак и Борис Кос",
    ],
)  # fmt: skip
def test_several_people_in_one_cell_are_named(cell: str) -> None:
    assert faults_of(workbook([["Name", "Country"], [cell, "Serbia"]])) == [
        "A2 Several people seem to stand in this cell. Please give each a row of their own."
    ]


FAULTY: dict[str, tuple[str, Any, str]] = {
    "a formula": ("Post", Formula("head"), "A formula"),
    "a formula that cells share": (
        "Post",
        Raw('<c r="{place}" t="str"><f t="shared" si="0"/><v>head</v></c>'),
        "A formula",
    ),
    "a formula that nothing was worked out for": (
        "Post",
        Raw('<c r="{place}"><f>A1&amp;"x"</f><v/></c>'),
        "A formula",
    ),
    "what begins as a formula": ("Post", "=HYPERLINK(1)", "A formula"),
    "a control that Excel escapes": ("Post", "head_x0000_", "cannot be read or stored"),
    "half a character that Excel escapes": ("Post", "head_xD800_", "cannot be read or stored"),
    "two addresses": ("E-mail", "a@example.org; b@example.org", "Several addresses"),
    "no address": ("E-mail", "ana", "no e-mail address"),
    "a number in powers of ten": ("Phone", "3.8E+10", "no telephone"),
    "no telephone": ("Phone", "ask Ana", "no telephone"),
    "no jurisdiction": ("Country", "Atlantis", "no jurisdiction"),
    "two jurisdictions": ("Country", "Serbia / Albania", "no jurisdiction"),
    "an unknown sex": ("Gender", "unsure", "not known here"),
    "a long line": ("Post", "x" * 201, "at most 200"),
    "years that are to come": ("In service since", "2050", "between 1950 and"),
    "a mission to come": ("Missions", "2044-2045 Somewhere", "still to come"),
    "too many days": ("Longest mission", "9999", "from 1 to 730"),
    "an error of a formula": ("Country", Raw('<c r="{place}" t="e"><v>#REF!</v></c>'), "no juris"),
}


@pytest.mark.parametrize("kind", FAULTY)
def test_a_cell_that_cannot_be_understood_is_named_by_row_and_column(kind: str) -> None:
    heading, cell, words = FAULTY[kind]
    assert words in fault(heading, cell)


def test_a_row_that_is_a_heading_or_has_no_name_is_named() -> None:
    rows = [HEADINGS, ["MONTENEGRO"], ["", "Serbia", "Police"], ANA]
    first, second = faults_of(workbook(rows, merges=["A2:E2"]))
    assert first.startswith("A2 Nothing else stands in this row")
    assert second.startswith("A3 The name is missing")


def test_names_that_mix_letters_that_look_alike_are_named() -> None:
    assert (
        "mixes letters of two alphabets"
        in faults_of(workbook([["Name", "Country"], ["Аna Novak", "Serbia"]]))[0]
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Ana Novak", "ана новак"), ("Ana Novak", "Novak, Ana"), ("Ana Novak", "dr Ana Novak"),
        ("Željka Đurić", "Zeljka Djuric"), ("Жељка Ђурић", "Željka Đurić"),
        ("Юлія Щербак", "Yuliia Shcherbak"),
    ],
)  # fmt: skip
def test_the_same_person_twice_is_named_in_whichever_script(first: str, second: str) -> None:
    rows = [["Name", "Country", "Post"], [first, "Serbia", "Head"], [second, "", "Head"]]
    read = "Ana Novak" if second == "Novak, Ana" else second
    assert faults_of(workbook(rows)) == [f"A3 {read} stands in row 2, too."]


def test_two_people_of_one_name_and_of_two_jurisdictions_are_two_people() -> None:
    assert (
        len(names_of(workbook([["Name", "Country"], ["A B", "Serbia"], ["A B", "Albania"]]))) == 2
    )


def test_the_same_address_twice_is_named() -> None:
    rows = [["Name", "E-mail"], ["Ana Novak", "a@example.org"], ["Boris Kos", "A@EXAMPLE.ORG"]]
    assert faults_of(workbook(rows)) == ["B3 Boris Kos has the address that stands in row 2, too."]


def test_half_a_character_in_a_text_is_named_in_its_cell() -> None:
    data = "Name,Post\nAna Novak,he\ud800ad\n".encode("utf-8", "surrogatepass")
    assert "cannot be read or stored" in faults_of(data)[0]


@pytest.mark.parametrize(
    ("number", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")]
)
def test_columns_are_called_as_spreadsheets_call_them(number: int, letters: str) -> None:
    assert letter(number) == letters


def test_rows_keep_the_numbers_that_a_spreadsheet_shows() -> None:
    sheet = read_sheet(workbook([["Roster"], [], HEADINGS, [], ANA]))
    assert [number for number, _cells in rows_below(sheet, find_header(sheet))] == [5]
    lines = read_sheet(b"Name;Country\r\n\r\nAna Novak;RS\r\n")
    assert [number for number, _cells in lines.rows] == [1, 3]


def test_sheets_that_are_not_read_are_told() -> None:
    sheet: Sheet = read_sheet(workbook(sheets={"A": [HEADINGS, ANA], "B": [["x"]], "C": []}))
    assert (sheet.name, sheet.others) == ("A", ["B"])
