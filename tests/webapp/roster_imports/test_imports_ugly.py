"""Sheets as ministries send them, each unlike the others: read right, or told by row and column."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.webapp.roster_imports.made_tables import HEADINGS, Formula, text, workbook
from tests.webapp.roster_imports.test_imports_reading import ANA, faults_of, read
from webapp.roster_imports.columns import fields_of, find_header, guess_all
from webapp.roster_imports.reading import read_sheet

WHERE = ANA[1:3]
ADDRESSES = ["a@example.org", "b@example.org", "c@example.org", "d@example.org", "e@example.org"]

READ: dict[str, tuple[Callable[[], bytes], list[str]]] = {
    "groups of headings over the headings": (
        lambda: workbook(
            [["Personal data", None, "Service", None, "Contact", None],
             ["Name", "Country", "Institution", "Rank", "E-mail", "Phone"],
             ["Ana Novak", "Serbia", "Ministry of Interior", "Major", "a@example.org", "+381 1"]],
            merges=["A1:B1", "C1:D1", "E1:F1"],
        ),
        ["Ana Novak"],
    ),
    "headings and cells in two scripts": (
        lambda: workbook(
            [["Име / Name", "Држава / Country", "Institucija / Институција", "Jezici (Languages)"],
             ["Ана Новак", "Crna Gora", "Управа policije", "енглески C1, ruski B2"]]
        ),
        ["Ана Новак"],
    ),
    "a hundred empty columns behind the table": (
        lambda: workbook([[*HEADINGS, *[None] * 100], [*ANA, *[" "] * 100]]), ["Ana Novak"],
    ),
    "windows-1250 with semicolons": (
        lambda: text([["Ime i prezime", "Država", "E-pošta"],
                      ["Šćepan Đokić", "Crna Gora", "s@example.org"],
                      ["Žaklina Čuk", "Srbija", "z@example.org"]], ";", "cp1250"),
        ["Šćepan Đokić", "Žaklina Čuk"],
    ),
    "windows-1251 with semicolons in Macedonian": (
        lambda: text([["Име и презиме", "Држава"], ["Ѓорѓи Џамбазов", "Северна Македонија"]], ";",
                     "cp1251"),
        ["Ѓорѓи Џамбазов"],
    ),
    "a mark of the order of bytes, and tabs": (
        lambda: text([HEADINGS, ANA], "\t", "utf-8-sig"), ["Ana Novak"],
    ),
    "numbers before the names": (
        lambda: workbook([["Name", "Country"], ["1. Ana Novak", "Serbia"], ["2) Bo Kos", "MNE"]]),
        ["Ana Novak", "Bo Kos"],
    ),
    "blank rows and a blank column before the table": (
        lambda: workbook([[], [None, *HEADINGS], [None, *ANA]]), ["Ana Novak"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", READ)
def test_an_ugly_sheet_is_read_right(kind: str) -> None:
    make, names = READ[kind]
    found, faults = read(make())
    assert faults == []
    assert [person.name for person in found] == names


TOLD: dict[str, tuple[Callable[[], bytes], list[str]]] = {
    "two people with their numbers in a cell": (
        lambda: workbook([HEADINGS, ["1. Ana Novak 2. Boris Kos", *ANA[1:]]]), ["A2 Several"],
    ),
    "a table on its side": (
        lambda: workbook([["Name", "Ana Novak", "Bo Kos"], ["Country", "Serbia", "Albania"],
                          ["E-mail", "a@example.org", "b@example.org"]]),
        ["A2 This is what a column is called", "A3 This is what a column is called"],
    ),
    "a heading over two lines that are not merged": (
        lambda: workbook([["Name of", "Home", "E-mail"], ["expert", "country", "address"],
                          ["Ana Novak", "Serbia", "a@example.org"]]),
        ["A2 This is what a column is called", "C2 This is no e-mail"],
    ),
    "a row of totals": (
        lambda: workbook([HEADINGS, ANA, ["Total: 1 expert"]]), ["A3 Nothing else stands"],
    ),
    "rows of totals in which a number stands as in a row of a person": (
        lambda: text([["Name", "Country", "Institution"], ["Ana Novak", "Serbia", "MoI"],
                      ["Total", "", "1"], ["УКУПНО:", "", "1"], ["Totali", "Albania", "MoI"]]),
        ["A3 This is a row of totals", "A4 This is a row of totals", "A5 This is a row of totals"],
    ),
    "a row of sums": (
        lambda: workbook([["Name", "Country", "Max days"], ["Ana Novak", "Serbia", 14],
                          ["Sum", "", Formula("14")]]),
        ["A3 This is a row of totals", "C3 A formula"],
    ),
    "rows that name the country of those below": (
        lambda: workbook([["Name", "Institution"], ["SERBIA", None], ["Ana Novak", "MoI"]],
                         merges=["A2:B2"]),
        ["A2 Nothing else stands"],
    ),
    "the same person in another spelling": (
        lambda: workbook([HEADINGS, ["Đorđe Šoć", *WHERE, ADDRESSES[0], ""],
                          ["Šoć, Djordje", *WHERE, ADDRESSES[1], ""],
                          ["ЂОРЂЕ ШОЋ", *WHERE, ADDRESSES[2], ""]]),
        ["A3 Djordje Šoć stands in row 2, too", "A4 ЂОРЂЕ ШОЋ stands in row 2, too"],
    ),
    "a telephone that a spreadsheet has shortened": (
        lambda: text([["Name", "Phone"], ["Ana Novak", "3,81E+11"]], ";"), ["B2 This is no tele"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", TOLD)
def test_what_cannot_be_read_of_an_ugly_sheet_is_told_by_row_and_column(kind: str) -> None:
    make, told = TOLD[kind]
    faults = faults_of(make())
    assert len(faults) == len(told), faults
    assert all(fault.startswith(words) for fault, words in zip(faults, told, strict=True)), faults


def test_languages_below_one_heading_have_their_levels_in_columns_of_their_own() -> None:
    rows: list[list[str | None]] = [
        ["Name", "Country", "Languages", None], [None, None, "English", "French"],
        ["Ana Novak", "Serbia", "C1", "B2"], ["Boris Kos", "Serbia", "B2", ""],
    ]  # fmt: skip
    found, faults = read(workbook(rows, merges=["A1:A2", "B1:B2", "C1:D1"]))
    assert faults == []
    assert [[(one.language, one.level) for one in person.languages] for person in found] == [
        [("en", "C1"), ("fr", "B2")], [("en", "B2")],
    ]  # fmt: skip


def test_days_as_text_in_several_forms_are_one_day() -> None:
    forms = ["31.12.2027", "2027-12-31", "31 December 2027", "Dec 31, 2027", "31/12/27"]
    rows = [
        [f"Ana Nova{letter}", "Serbia", form] for letter, form in zip("bdfgk", forms, strict=True)
    ]
    found, faults = read(workbook([["Name", "Country", "Approved until"], *rows]))
    assert faults == []
    assert {person.approved_until for person in found} == {date(2027, 12, 31)}


def test_numbers_as_text_are_numbers_and_an_address_may_stand_behind_a_name() -> None:
    rows = [
        ["No.", "Name", "Max days", "Phone", "E-mail"],
        ["1", "Ana Novak", " 14 days", "0038111123456", "Ana Novak <a@example.org>"],
    ]
    (person,), faults = read(workbook(rows))
    assert faults == []
    told = (person.about["max_days"], person.about["telephone"], person.about["contact_email"])
    assert told == (14, "0038111123456", "a@example.org")


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        (["Name", "Old e-mail", "E-mail"], ["name", "", "contact_email"]),
        (["Name", "Years of service", "Ministry"], ["name", "", "institution"]),
        (["Име и презиме", "Радни стаж", "Место рођења"], ["name", "", ""]),
    ],
)
def test_a_heading_is_not_taken_for_one_that_it_only_holds(
    headings: list[str], fields: list[str]
) -> None:
    sheet = read_sheet(workbook([headings, ["Ana Novak", "x", "y"]]))
    assert guess_all(find_header(sheet)) == fields


@pytest.mark.parametrize(
    ("headings", "contacts", "field"),
    [
        (["Name", "Contact"], ["a@example.org", "b@example.org", "+381 11 1"], "contact_email"),
        (["Name", "Contact"], ["+381 11 000 001", "ana@example.org"], "telephone"),
        (["Name", "Contact"], [""], "telephone"),
        (["Name", "Contact", "E-mail"], ["ana@example.org"], "telephone"),
    ],
)  # fmt: skip
def test_a_column_of_contacts_is_what_it_holds(
    headings: list[str], contacts: list[str], field: str
) -> None:
    sheet = read_sheet(workbook([headings, *(["Ana Novak", one] for one in contacts)]))
    assert fields_of(sheet, find_header(sheet))[1] == field
