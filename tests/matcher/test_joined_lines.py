"""A mail that was pasted as one long line, whose lines had ended without a full stop."""

from __future__ import annotations

from matcher.boilerplate import asides
from matcher.boilerplate.layout import Paragraph, paragraphs
from matcher.experiments.tuning.collection import read_collection
from matcher.experiments.tuning.templates import disturbances, losses
from matcher.language import guess_language

BEFORE = (
    "hey Petra, sorry for the short note, loved the dinner and the talk of the customs colleagues"
    " about their new scanners, we have moved offices since then and share the floor with the dog"
    " unit, the laboratory got its microscopes from the donors, the academy takes a class a year"
)
REQUEST = "Unregistered rifles lie in many houses. Owners would bring them to a counter."
BEHIND = (
    "no need for a professor, ten years of experience and decent english will do, we pay the flight"
    " and the hotel, per diem as last time, send the cv by friday"
)


def set_aside(text):
    told = asides("Give it back and go home free", text, guess_language(text))
    return "|".join(text[aside.start : aside.end] for aside in told)


def test_the_request_within_it_is_read_and_what_stands_around_it_is_not():
    gone = set_aside(f"{BEFORE}, {REQUEST} {BEHIND}.")
    assert "scanners" in gone
    assert "professor" in gone
    assert "rifles" not in gone
    assert "counter" not in gone


def test_a_line_ends_within_the_first_words_too():
    for opening in ("Hello there?", "The depots are old."):
        text = f"{opening} we need help with weapons and the people of the {'police ' * 60}"
        assert [one.start for one in paragraphs(text, lambda _: False)] == [0, len(opening) + 1]


def test_a_name_behind_a_comma_and_an_abbreviation_begin_no_line():
    text = (
        "We need advice on weapons for the police of Tirana, Skopje and Podgorica, approx. twenty"
        " officers of each, who keep registers of rifles, pistols and ammunition"
    )
    line = text + ", and of rooms in which evidence waits for a court" * 6
    assert paragraphs(line, lambda _: False) == [Paragraph(0, 0, len(line), apart=True)]


def test_such_a_mail_costs_the_demo_next_to_nothing():
    way = {"line": disturbances("fourteenth")["whole, on one line"]}
    assert losses([read_collection()], way).by_way["line"].mean() <= 0.03
