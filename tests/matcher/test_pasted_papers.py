"""Papers and letters in eight languages in which the request stands where it is easily lost."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from matcher.boilerplate import asides
from matcher.boilerplate.headings import heading_kind
from matcher.language import guess_language

TABLE = Path(__file__).with_name("pasted_papers.tsv")
with TABLE.open(encoding="utf-8") as lines:
    PAPERS = {row["language"]: row for row in csv.DictReader(lines, delimiter="\t")}
PARTS = {
    "reporting": "reports",
    "travel": "logistics",
    "payment": "pay",
    "qualifications": "qual",
}


def left(text):
    """What is left of a text when all that is set aside is taken away."""
    kept = list(text)
    for piece in asides("Armouries", text, guess_language(text)):
        kept[piece.start : piece.end] = " " * (piece.end - piece.start)
    return " ".join("".join(kept).split())


def labelled(paper):
    """The parts of a paper, each behind its heading."""
    asked = f"{paper['tells']} {paper['asks']}"
    parts = [f"{paper[f'heading of {heading}']}: {paper[part]}" for heading, part in PARTS.items()]
    return [
        f"{paper['heading of background']}: {paper['opening']}",
        f"{paper['heading of scope']}: {asked}",
        *parts,
    ]


@pytest.mark.parametrize("between", ["\n", " "], ids=["headings in lines", "all on one line"])
@pytest.mark.parametrize("language", PAPERS)
def test_of_a_paper_whose_headings_stand_before_their_text_the_request_is_left(language, between):
    paper = PAPERS[language]
    asked = f"{paper['heading of scope']}: {paper['tells']} {paper['asks']}"
    assert left(between.join(labelled(paper))) == asked


@pytest.mark.parametrize("language", PAPERS)
def test_a_letter_with_the_journey_in_its_middle_is_read_before_and_behind_it(language):
    paper = PAPERS[language]
    parts = (paper[part] for part in ("hello", "tells", "logistics", "asks"))
    assert left("\n\n".join(parts)) == f"{paper['tells']} {paper['asks']}"


@pytest.mark.parametrize("language", PAPERS)
def test_what_was_written_above_a_letter_that_is_passed_on_asks_for_nothing(language):
    paper = PAPERS[language]
    parts = (paper[part] for part in ("opening", "hello", "asks", "logistics"))
    assert left("\n\n".join(parts)) == paper["asks"]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Linked activities", "host"),
        ("Activități conexe", "host"),
        ("Activities", "task"),
        ("Background and activities", "task"),
        ("Portée", "task"),
    ],
)
def test_a_longer_wording_of_a_heading_takes_the_words_in_it(heading, kind):
    assert heading_kind(heading) == kind
