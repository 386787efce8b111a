"""Tables that people send: every usual encoding and separator, and what is no table at all."""

import pytest

from webapp.core.files.tables import MOST_BYTES, MOST_ROWS, BadTableError, read_table

LATIN = "name;post\r\nŽeljka Đurić-Šoć;Načelnica odjeljenja\r\n"
CYRILLIC = "name;post\r\nЂорђина Савков;Начелница одељења\r\n"
RUSSIAN = "name;post\r\nЁлкина Анна Петровна;Старший инспектор\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [LATIN, CYRILLIC, RUSSIAN])
def test_unicode_is_read_with_and_without_its_mark(text: str, encoding: str) -> None:
    assert read_table(text.encode(encoding)).rows[0][1] == tuple(text.splitlines()[1].split(";"))


@pytest.mark.parametrize(
    ("text", "encoding"), [(LATIN, "cp1250"), (CYRILLIC, "cp1251"), (RUSSIAN, "cp1251")]
)
def test_code_pages_are_told_apart(text: str, encoding: str) -> None:
    assert read_table(text.encode(encoding)).rows[0][1][0] == text.splitlines()[1].split(";")[0]


@pytest.mark.parametrize("sign", [";", ",", "\t"])
def test_cells_are_separated_by_any_usual_sign_and_may_hold_it_in_quotes(sign: str) -> None:
    data = f'name{sign}post\n"Ana{sign} Primer"{sign}Head\n{sign}\n'.encode()
    table = read_table(data)
    assert table.heads == ("name", "post")
    ((line, cells),) = table.rows
    assert line == 2
    assert cells[1] == "Head"
    assert cells[0].startswith("Ana")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"name;post\n",
        b"PK\x03\x04\x00\x00\x00\x00" * 20,
        b"a" * (MOST_BYTES + 1),
        b"name\n" + b"Ana\n" * (MOST_ROWS + 1),
        b"name\n" + b"a;" * 50,
        b'name\n"' + b"x" * 200_000,
    ],
    ids=["empty", "only heads", "a workbook", "large", "long", "wide", "one cell without an end"],
)
def test_what_is_no_table_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(BadTableError):
        read_table(data)
