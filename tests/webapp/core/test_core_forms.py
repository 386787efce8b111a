"""Fields: what each refuses, in which words, and that nothing typed is lost."""

import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import SelectChoice

from webapp.core import forms

CHOICES = [("a", "The first"), ("b", "The second")]


class Row(forms.RowForm):
    """One row."""

    word = forms.line("Word", 10)


class Everything(forms.PageForm):
    """A form with a field of each kind."""

    name = forms.line("Name", 20)
    needed = forms.line("Needed", 20, required=True)
    story = forms.text("Story", 100)
    day = forms.day("Day")
    days = forms.number("Days", 1, 730)
    one = forms.choice("One", CHOICES)
    some = forms.CheckboxesField("Some", choices=[SelectChoice(*pair) for pair in CHOICES])
    words = forms.rows("Words", Row, 3)
    version = forms.VersionField()


GOOD = {"needed": "x", "version": "3"}
Check = Callable[..., Everything]


@pytest.fixture
def check(app: Flask) -> Check:
    """Return a function that fills in the form, lets it look, and returns it."""
    app.config["WTF_CSRF_ENABLED"] = False

    def fill(**values: Any) -> Everything:
        with app.test_request_context("/", method="POST"):
            form = Everything(MultiDict({**GOOD, **values}))
            form.validate()
            # Drawn here, because drawing needs the request as well.
            form.drawn = {field.name: str(field()) for field in form}
            return form

    return fill


def drawn(form: Everything, name: str) -> str:
    """Return the HTML of a field."""
    return str(form.drawn[name])


def test_what_is_left_empty_is_fine_where_it_may_be(check: Check) -> None:
    form = check()
    assert form.errors == {}
    assert (form.day.data, form.days.data, form.one.data, form.some.data) == (None, None, None, [])
    assert form.version.data == 3


@pytest.mark.parametrize("value", ["", " ", "\n", "\u200b", "\u2060\ufeff", "…", "--"])
def test_what_must_be_written_must_be_read(check: Check, value: str) -> None:
    assert check(needed=value).errors.keys() == {"needed"}


@pytest.mark.parametrize("value", ["x", "Ж", "ë", "警", "7", "Ć. Š.", "👩 a"])
def test_every_script_counts_as_written(check: Check, value: str) -> None:
    assert check(needed=value).errors == {}


@pytest.mark.parametrize("field", ["name", "story", "needed"])
@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\ufdd0", "\uffff"])
def test_characters_that_no_page_can_hold_are_refused_and_shown_as_a_mark(
    check: Check, field: str, character: str
) -> None:
    form = check(**{field: f"be{character}fore"})
    assert f"U+{ord(character):04X}" in form.errors[field][0]
    assert character not in drawn(form, field)
    assert "be\N{REPLACEMENT CHARACTER}fore" in drawn(form, field)


@pytest.mark.parametrize("character", sorted(forms.REORDERING))
def test_characters_that_turn_text_around_are_refused(check: Check, character: str) -> None:
    form = check(name=f"exe.{character}fdp")
    assert "direction of text" in form.errors["name"][0]


def test_line_ends_are_fine_in_a_text_and_not_in_a_line(check: Check) -> None:
    assert check(story="one\r\ntwo\rthree\tfour").story.data == "one\ntwo\nthree\tfour"
    for end in ("\n", "\r\n", "\r", "\t"):
        assert "name" in check(name=f"one{end}two").errors


def test_spaces_around_a_text_are_dropped(check: Check) -> None:
    assert check(name="  Ana  ").name.data == "Ana"


@pytest.mark.parametrize(("field", "limit"), [("name", 20), ("story", 100)])
def test_a_text_may_be_as_long_as_it_says_and_no_longer(
    check: Check, field: str, limit: int
) -> None:
    assert check(**{field: "ж" * limit}).errors == {}
    form = check(**{field: "ж" * (limit + 1)})
    assert form.errors == {field: [f"Please use at most {limit} characters."]}
    assert "ж" * (limit + 1) in drawn(form, field)
    assert f'maxlength="{limit}"' in drawn(form, field)


@pytest.mark.parametrize("sent", ["2031-02-30", "5.11.2018", "tomorrow", "2031-13-01", "0000-00-00",
                                  "99999-01-01", "2031-1-1x", "²"])  # fmt: skip
def test_a_day_that_is_none_is_told_how_to_be_written_and_kept(check: Check, sent: str) -> None:
    form = check(day=sent)
    assert form.errors == {"day": ["Please write a day as year-month-day, such as 2027-03-15."]}
    assert sent in drawn(form, "day")


@pytest.mark.parametrize("sent", ["1949-12-31", "2101-01-01", "0001-01-01", "9999-12-31"])
def test_a_year_that_is_a_slip_is_refused(check: Check, sent: str) -> None:
    assert check(day=sent).errors == {"day": ["The year must lie between 1950 and 2100."]}


@given(st.dates(date(1950, 1, 1), date(2100, 12, 31)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
def test_every_day_of_the_calendar_is_read(check: Check, sent: date) -> None:
    assert check(day=sent.isoformat()).day.data == sent


@pytest.mark.parametrize("sent", ["1.5", "x", "²", "NaN", "1e9", "--1", "9" * 5000])
def test_a_number_that_is_none_is_told_and_kept(check: Check, sent: str) -> None:
    form = check(days=sent)
    assert form.errors.keys() == {"days"}
    assert form.errors["days"][0] == "Please write a whole number."
    assert sent in drawn(form, "days")


@pytest.mark.parametrize("sent", ["0", "-1", "731", "99999999999999999999"])
def test_a_number_out_of_range_is_told_the_range(check: Check, sent: str) -> None:
    assert check(days=sent).errors == {"days": ["Please give a number from 1 to 730."]}


@pytest.mark.parametrize("sent", ["c", "A", "a b", "The first", "\x00"])
def test_only_what_is_offered_can_be_chosen(check: Check, sent: str) -> None:
    assert check(one=sent).errors == {"one": ["Please choose one of the list."]}
    assert check(some=sent).errors == {"some": ["Please choose from the list only."]}


def test_a_choice_of_spaces_is_none(check: Check) -> None:
    assert check(one=" ").one.data is None
    assert check(one="a").one.data == "a"


def test_rows_beyond_the_last_and_with_strange_numbers_are_not_read(check: Check) -> None:
    sent = {f"words-{n}-word": "w" for n in ("0", "1", "²", "9" * 5000, "-1", "x")}
    assert [row.word.data for row in check(**sent).words] == ["w", "w"]
    many = {f"words-{n}-word": "w" for n in range(50)}
    assert len(check(**many).words.entries) == 3


@pytest.mark.parametrize("sent", ["", "x", "-1", "1.0", "²", "9" * 30, " 3"])
def test_a_version_that_is_no_number_is_one_that_nothing_has(check: Check, sent: str) -> None:
    assert check(version=sent).version.data == -1


@given(st.text(max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
def test_whatever_is_taken_can_be_stored_and_shown(check: Check, sent: str) -> None:
    form = check(story=sent)
    if form.errors:
        return
    stored = form.story.data or ""
    stored.encode("utf-8")
    assert "\x00" not in stored
    assert not forms.REORDERING & set(stored)
    controls = {c for c in stored if unicodedata.category(c) == "Cc"}
    assert controls <= {"\n", "\t"}


def test_markup_is_drawn_as_text(check: Check) -> None:
    form = check(name="<b>\"'")
    assert "&lt;b&gt;" in drawn(form, "name")
    assert "<b>" not in drawn(form, "name")
