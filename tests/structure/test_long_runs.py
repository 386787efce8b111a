"""No expression looks through one long run of signs again and again.

Such a run is as easily typed as pasted, and while an expression is at it no thread of the process
does anything else. In quadratic time none of these would come back within a day.
"""

import itertools
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest

from tests.pages import Pages
from webapp.accounts.rules import spelled_once
from webapp.core.words.days import read_day, read_month
from webapp.core.words.search import folded
from webapp.core.words.text_rules import (
    MOST_MARKS,
    has_too_many_marks,
    storable,
    stream_safe,
    without_addresses,
)
from webapp.curricula import dates, lines, sections
from webapp.experts.contents import TrainingContent
from webapp.experts.models import ExpertState, NatoRank
from webapp.kept_texts import rules as kept_texts
from webapp.roster import duplicates
from webapp.roster.marks import Marks
from webapp.roster.sketches import Sketch
from webapp.roster_imports import cells, lists, people
from webapp.roster_imports.cells import CellError
from webapp.roster_imports.reading import _clean

LONG = 1_000_000
RUNS = [
    " ",
    "\u00a0",
    "_",
    "-",
    ",",
    "(",
    ".",
    "1",
    "a",
    "\u0436",
    "\n",
    "a ",
    "1 ",
    "@",
    "x@",
    "\u0301\u0323",
]


def refused(read: Callable[[str], object]) -> Callable[[str], object]:
    def reading(text: str) -> object:
        try:
            return read(text)
        except (CellError, ValueError):
            return None

    return reading


def sketch(number: int, name: str) -> Sketch:
    return Sketch(
        number,
        name,
        "SRB",
        "police",
        "",
        "",
        "",
        frozenset(),
        ExpertState.ACTIVE,
        has_account=False,
    )


READERS: dict[str, Callable[[str], object]] = {
    "a cell of a table": refused(lambda text: cells.name(_clean(text))),
    "a line of a curriculum": lambda text: lines.prepared(storable(text)),
    "an address": spelled_once,
    "a kept text": lambda text: kept_texts.passages([("text", text)]),
    "a rank": refused(cells.nato_rank),
    "a day in a table": refused(cells.day),
    "a telephone": refused(cells.telephone),
    "a day": refused(read_day),
    "a month": refused(read_month),
    "themes in a table": refused(lambda text: lists._theme(text, {})),
    "the end of a period": lambda text: dates._present_after(text, 0),
    "a heading of two": sections._JOINTS.split,
    "addresses in a text": without_addresses,
}


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("reader", READERS)
def test_a_long_run_of_signs_is_read_once(reader: str, run: str) -> None:
    READERS[reader](("a" + run * LONG)[:LONG])
    READERS[reader]((run * LONG)[:LONG] + "!")


@pytest.mark.parametrize(
    ("written", "rank"), [("OF-3", "OF-3"), ("of 3", "OF-3"), ("OF3", "OF-3"), ("or__7", "OR-7")]
)
def test_a_rank_is_read_however_its_parts_are_set_apart(written: str, rank: str) -> None:
    assert cells.nato_rank(written) is NatoRank(rank)


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("Misije  i  projekti", ["Misije", "projekti"]),
        ("Education & training", ["Education", "training"]),
        ("Training+courses", ["Training", "courses"]),
        ("Institution", ["Institution"]),
    ],
)
def test_two_headings_in_one_are_set_apart(line: str, parts: list[str]) -> None:
    assert sections._JOINTS.split(line) == parts


def test_addresses_in_a_text_are_found() -> None:
    line = "mail to <ana@example.org>, b.c@x.example.org: refused @ noon"
    assert without_addresses(line) == "mail to <…>, …: refused @ noon"


@pytest.mark.parametrize(
    ("values", "passages"),
    [(["one"], []), (["two words"], ["two words"]), (["- word"], []), (["a\nb"], ["a\nb"])],
)
def test_a_kept_text_of_several_words_is_known_again(
    values: list[str], passages: list[str]
) -> None:
    assert kept_texts.passages([("text", value) for value in values]) == passages


def test_a_cell_that_lists_thousands_is_refused_at_once() -> None:
    """Each is compared with those before."""
    listed: list[TrainingContent] = []
    more = [TrainingContent(f"{number}") for number in range(100_000)]
    with pytest.raises(CellError, match="that many are not kept"):
        people._add(listed, more)
    assert len(listed) <= people.MOST_LISTED + 1


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("a, b", ["a", "b"]),
        ("police (BiH, RS), army", ["police (BiH, RS)", "army"]),
        ("army (x, y", ["army (x", "y"]),
        ("a) b, c", ["a) b", "c"]),
    ],
)
def test_a_list_is_cut_at_its_commas_outside_of_brackets(written: str, parts: list[str]) -> None:
    assert lists.parts_of(written) == parts


def count_compared(people: list[Sketch]) -> int:
    marks = Marks()
    marks.take(people)
    return len(list(marks.pairs()))


def test_thousands_of_like_names_are_not_all_compared_with_each_other() -> None:
    """In one institution, of one first name and with surnames that begin alike."""
    letters = itertools.product("abcdefghij", repeat=4)
    everybody = [sketch(number, f"Ana M{''.join(each)}ic") for number, each in enumerate(letters)]
    assert count_compared(everybody) < 100 * len(everybody)
    namesakes = [sketch(number, "Ana Kos") for number in range(5000)]
    assert count_compared(namesakes) == 0


def test_of_many_with_a_like_name_a_slip_is_still_found() -> None:
    letters = itertools.product("abcdefghij", repeat=3)
    others = [sketch(number, f"Ana {''.join(each)}men") for number, each in enumerate(letters, 10)]
    pair = [sketch(1, "Ana Markovic"), sketch(2, "Ana Markovc")]
    found = duplicates.find_pairs([*pair, *others], set())
    assert (1, 2) in {one.numbers for one in found}


# Signs that become marks in a compatible form, and marks parted by what is taken out of a text.
LONG_RUNS_OF_MARKS = {
    "two marks by turns": "\u0301\u0323" * 80_000,
    "voiced marks of half a width": "\u0301\uff9e" * 20_000,
    "blanks without width": ("\u0301" * 15 + "\u0316" * 15 + "\u200b") * 5_000,
    "joiners": ("\u0316" * 30 + "\u200d") * 5_000,
    "fillers, which count as letters": ("\u0301" * 15 + "\u0316" * 14 + "\u3164\uffa0") * 5_000,
    # Fields, and who reads them, take these out as well.
    "blanks": ("\u0301" * 15 + "\u0316" * 14 + "\u00a0") * 5_000,
    "line ends": ("\u0301" * 15 + "\u0316" * 14 + "\r\n") * 5_000,
    "apostrophes": ("\u0301" * 15 + "\u0316" * 14 + "\u2019") * 5_000,
    "hyphens and full stops": ("\u0301" * 15 + "\u0316" * 14 + "-.") * 5_000,
}


@pytest.mark.parametrize("path", ["/login", "/password"])
@pytest.mark.parametrize("run", LONG_RUNS_OF_MARKS)
@pytest.mark.parametrize("before", [[], ["expert"]], ids=["the first value", "a later one"])
def test_letters_with_marks_without_end_are_refused_before_anybody_reads_them(
    pages: Pages, path: str, run: str, before: list[str]
) -> None:
    """Bringing them into one form takes a process for itself, and a stranger can send them."""
    written = "a" + LONG_RUNS_OF_MARKS[run] + "@example.org"
    sent = {"email": [*before, written], "csrf_token": pages.own_token()}
    answer = pages.client.post(path, data=sent)
    assert answer.status_code == 400
    assert "more marks above or below" in answer.text


@pytest.fixture
def brought_into_form(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that is brought into one of Unicode's normal forms from now on, by anybody."""
    texts: list[str] = []
    normalize = unicodedata.normalize

    def noting(form: Any, text: str) -> str:
        texts.append(text)
        return normalize(form, text)

    monkeypatch.setattr(unicodedata, "normalize", noting)
    return texts


@pytest.mark.parametrize("path", ["/login", "/password", "/join"])
def test_an_address_longer_than_any_is_brought_into_no_form(
    pages: Pages, brought_into_form: list[str], path: str
) -> None:
    """By no library either: each takes the whole of what it is given."""
    written = "a\u0301" * 20_000 + "@example.org"
    sent = {"email": written, "password": "kajak vrbas maslina", "csrf_token": pages.own_token()}
    assert pages.client.post(path, data=sent).status_code in {200, 400, 404, 405}
    assert max(map(len, brought_into_form), default=0) <= 1000


def test_a_form_with_thousands_of_values_is_refused_whatever_their_names(pages: Pages) -> None:
    sent = {"email": ["a"] * 2001, "csrf_token": pages.own_token()}
    assert pages.client.post("/login", data=sent).status_code == 413


def test_every_sign_that_begins_with_a_mark_counts_as_one() -> None:
    for code in range(0x110000):
        written = unicodedata.normalize("NFKD", chr(code))
        for sign in {chr(code), written[0]} if unicodedata.combining(written[0]) else ():
            assert has_too_many_marks("a" + sign * 31), hex(code)


@pytest.mark.parametrize("between", ["'", "\u2019", "\u200b", "\u00ad"])
def test_what_is_folded_is_brought_into_one_form_in_a_time_that_grows_with_its_length(
    brought_into_form: list[str], between: str
) -> None:
    """Folding takes out apostrophes and signs that nobody sees, which bring marks together."""
    folded("Ana" + ("\u0301" * 15 + "\u0316" * 15 + between) * 40)
    assert 0 < max(map(longest_run_of_marks, brought_into_form)) <= MOST_MARKS


def longest_run_of_marks(text: str) -> int:
    runs = itertools.groupby(text, key=lambda sign: unicodedata.combining(sign) > 0)
    return max((len(list(signs)) for is_mark, signs in runs if is_mark), default=0)


def test_letters_with_the_marks_of_their_language_are_sent_as_ever(pages: Pages) -> None:
    assert not has_too_many_marks("Nguye\u0302\u0303n, s\u030c, \u05e9\u05bc\u05c1\u05b8")
    assert not has_too_many_marks("a" + "\u0301" * 30)
    assert stream_safe("a" + "\u0301" * 50 + "b") == "a" + "\u0301" * 30 + "b"
