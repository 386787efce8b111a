"""Fields: what each refuses, in which words, and that nothing typed is lost."""

import unicodedata
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask_wtf.file import FileField
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import SelectChoice

from webapp.core import clock
from webapp.core.forms import fields
from webapp.core.forms import page_forms as forms
from webapp.core.words import text_rules

# The last year in which a day of the test's form may lie is 2100.
AHEAD = 2100 - clock.today().year
CHOICES = [("a", "The first"), ("b", "The second")]


class Row(forms.RowForm):
    """One row."""

    word = fields.line("Word", 10)


class Everything(forms.PageForm):
    """A form with a field of each kind."""

    name = fields.line("Name", 20)
    needed = fields.line("Needed", 20, required=True)
    story = fields.text("Story", 100)
    day = fields.day("Day", 1950, AHEAD)
    days = fields.number("Days", 1, 730)
    must = fields.number("Must", 1, 20, required=True)
    when = fields.day("When", 1950, AHEAD, required=True)
    one = fields.choice("One", CHOICES)
    some = fields.CheckboxesField("Some", choices=[SelectChoice(*pair) for pair in CHOICES])
    words = fields.rows("Words", Row, 3)
    version = fields.VersionField()


GOOD = {"needed": "x", "version": "3", "must": "1", "when": "2031-01-01"}
# Characters that have no width, turn text around, or only say where a word may be parted.
INVISIBLE = [
    chr(number) for number in (
        0xAD, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x2070),
        0xFEFF, 0xFFF9, 0xE0041,
    )
]  # fmt: skip
Check = Callable[..., Everything]


@pytest.fixture
def check(app: Flask) -> Check:
    """Return a function that fills in the form, lets it look, and returns it."""
    app.config["WTF_CSRF_ENABLED"] = False

    def fill(**values: Any) -> Everything:
        with app.test_request_context("/", method="POST"):
            form = Everything(MultiDict({**GOOD, **values}))
            form.validate()
            for field in form:
                # The messages of rows stand at their fields.
                field.errors = [e if isinstance(e, dict) else str(e) for e in field.errors]
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
@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x9f", "\ufdd0", "\uffff"])
def test_characters_that_no_page_can_hold_are_refused_and_shown_as_a_mark(
    check: Check, field: str, character: str
) -> None:
    form = check(**{field: f"be{character}fore"})
    assert f"U+{ord(character):04X}" in form.errors[field][0]
    assert character not in drawn(form, field)
    assert "be\N{REPLACEMENT CHARACTER}fore" in drawn(form, field)


@pytest.mark.parametrize("field", ["name", "story", "needed"])
@pytest.mark.parametrize("character", INVISIBLE)
def test_what_nobody_sees_is_dropped_without_a_word(
    check: Check, field: str, character: str
) -> None:
    form = check(**{field: f"{character}exe.{character}fdp{character}"})
    assert (form.errors, form[field].data) == ({}, "exe.fdp")


@pytest.mark.parametrize("kept", ["👩🏽\u200d🚒", "می\u200cخواهم", "क्\u200dष"])
def test_joiners_stay_where_they_shape_what_is_seen(check: Check, kept: str) -> None:
    assert check(name=kept).name.data == kept


@pytest.mark.parametrize("joined", ["A\u200dna", "\u200cAna", "Ana\u200d", "A\u200c\u200bna"])
def test_joiners_between_other_letters_are_dropped(check: Check, joined: str) -> None:
    assert check(name=joined).name.data == "Ana"


LINE_ENDS = ["\n", "\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"]


@pytest.mark.parametrize("end", LINE_ENDS)
def test_line_ends_of_every_program_end_a_line_in_a_text_and_are_a_blank_in_a_line(
    check: Check, end: str
) -> None:
    form = check(name=f"one{end}two", story=f"one{end}two")
    assert (form.errors, form.name.data, form.story.data) == ({}, "one two", "one\ntwo")


@pytest.mark.parametrize("blank", ["\t", "\u00a0", "\u202f", "\u2009", "\u3000"])
def test_wide_and_fixed_blanks_are_a_blank_in_a_line(check: Check, blank: str) -> None:
    assert check(name=f"Ana{blank}Primer").name.data == "Ana Primer"


def test_a_text_keeps_its_tabs(check: Check) -> None:
    assert check(story="three\tfour").story.data == "three\tfour"


def test_spaces_around_a_text_are_dropped(check: Check) -> None:
    assert check(name="  Ana  ").name.data == "Ana"


@pytest.mark.parametrize(("field", "limit"), [("name", 20), ("story", 100)])
def test_a_text_may_be_as_long_as_it_says_and_no_longer(
    check: Check, field: str, limit: int
) -> None:
    assert check(**{field: "ж" * limit}).errors == {}
    form = check(**{field: "ж" * (limit + 1)})
    assert form.errors == {field: [f"You wrote {limit + 1} characters; at most {limit} fit."]}
    assert "ж" * (limit + 1) in drawn(form, field)
    assert f'data-limit="{limit}"' in drawn(form, field)
    assert "maxlength" not in drawn(form, field)


def test_a_count_is_written_as_the_reader_writes_numbers(check: Check) -> None:
    told = check(story="x" * 10_245).errors["story"]
    assert told == ["You wrote 10,245 characters; at most 100 fit."]


def test_the_count_is_that_of_what_would_be_stored(check: Check) -> None:
    padded = " \u200b" + "a\r\n" * 48 + "👩🏽\u200d🚒\u2060" + "\r\n" * 9
    form = check(story=padded)
    assert (form.errors, len(form.story.data)) == ({}, 100)
    assert check(story="a" + padded).errors["story"][0].startswith("You wrote 102")


@pytest.mark.parametrize("sent", [
    "2031-02-30", "31.11.2018", "tomorrow", "2031-13-01", "0000-00-00", "99999-01-01", "2031-1-1x",
    "²", "5/11/2018", "05-11-2018", "5.11.18", "11/25/2018", "5 Pluviose 2018", "9" * 5000,
])  # fmt: skip
def test_a_day_that_is_none_is_told_how_to_be_written_and_kept(check: Check, sent: str) -> None:
    form = check(day=sent)
    assert form.errors == {"day": ["Please write a day as year-month-day, such as 2027-03-15."]}
    assert sent in drawn(form, "day")


@pytest.mark.parametrize("sent", [
    "2018-11-05", "2018-11-5", "2018/11/05", "2018.11.05.", "5.11.2018", "05.11.2018", "5.11.2018.",
    "5. 11. 2018.", " 5.\u00a011.\u202f2018\n", "\u200e5.11.2018\u200f", "٥.١١.٢٠١٨",
    "２０１８-１１-０５", "5 November 2018", "5. november 2018", "2018 - 11 - 05",
])  # fmt: skip
def test_a_day_is_understood_as_people_write_it_and_shown_as_a_calendar_takes_it(
    check: Check, sent: str
) -> None:
    form = check(day=sent)
    assert (form.errors, form.day.data) == ({}, date(2018, 11, 5))
    assert 'value="2018-11-05"' in drawn(form, "day")


@pytest.mark.parametrize("sent", ["25/11/2018", "25-11-2018", "11/11/2018"])
def test_slashes_are_understood_where_they_can_mean_one_day_only(check: Check, sent: str) -> None:
    assert check(day=sent).errors == {}


def test_what_a_calendar_could_not_show_stands_in_a_plain_line(check: Check) -> None:
    assert 'type="text"' in drawn(check(day="5/11/2018"), "day")
    assert 'type="date"' in drawn(check(day="5.11.2018"), "day")
    assert 'type="date"' in drawn(check(), "day")


@pytest.mark.parametrize("sent", ["1949-12-31", "2101-01-01", "0001-01-01", "9999-12-31"])
def test_a_year_that_is_a_slip_is_refused(check: Check, sent: str) -> None:
    assert check(day=sent).errors == {"day": ["The year must lie between 1950 and 2100."]}


@given(st.dates(date(1950, 1, 1), date(2100, 12, 31)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
def test_every_day_of_the_calendar_is_read(check: Check, sent: date) -> None:
    assert check(day=sent.isoformat()).day.data == sent


@pytest.mark.parametrize(
    "sent",
    ["1.5", "x", "²", "NaN", "1e9", "--1", "4 6", "15 11", "4\u202f2", "1 0000", "1_0", "9" * 5000],
)
def test_a_number_that_is_none_is_told_and_kept(check: Check, sent: str) -> None:
    form = check(days=sent)
    assert form.errors.keys() == {"days"}
    assert form.errors["days"][0] == "Please write a whole number."
    assert sent in drawn(form, "days")


@pytest.mark.parametrize("sent", [
    "0", "-1", "731", "99999999999999999999", "9" * 309, "9" * 400, "-" + "9" * 4300,
])  # fmt: skip
def test_a_number_out_of_range_is_told_the_range(check: Check, sent: str) -> None:
    assert check(days=sent).errors == {"days": ["Please give a number from 1 to 730."]}


@pytest.mark.parametrize("sent", ["42", " 42\u00a0", "\u200e4\u200f2\n", "٤٢", "４２", "+42"])
def test_a_number_is_understood_in_every_script_and_with_blanks_around_it(
    check: Check, sent: str
) -> None:
    form = check(days=sent)
    assert (form.errors, form.days.data) == ({}, 42)


@pytest.mark.parametrize("sent", ["\u200b", "\u00a0", " \u2060 ", "\n"])
def test_a_number_or_a_day_that_nobody_sees_is_none(check: Check, sent: str) -> None:
    form = check(days=sent, day=sent)
    assert (form.errors, form.days.data, form.day.data) == ({}, None, None)
    assert check(must=sent, when=sent).errors == {
        "must": ["Please give a number."], "when": ["Please give a day."],
    }  # fmt: skip


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
    assert not set(INVISIBLE) & set(stored)
    assert text_rules.cleaned_text(stored) == stored
    controls = {c for c in stored if unicodedata.category(c) == "Cc"}
    assert controls <= {"\n", "\t"}


def test_markup_is_drawn_as_text(check: Check) -> None:
    form = check(name="<b>\"'")
    assert "&lt;b&gt;" in drawn(form, "name")
    assert "<b>" not in drawn(form, "name")


class WithFile(forms.PageForm):
    """A form with a file beside texts."""

    name = fields.line("Name", 20, required=True)
    day = fields.day("Day", 1950, AHEAD)
    one = fields.choice("One", CHOICES)
    file = FileField("File")


def test_a_file_in_the_place_of_a_text_is_taken_for_nothing_and_the_rest_is_kept(
    app: Flask,
) -> None:
    for name in ("name", "day", "one"):
        sent: dict[str, Any] = {"name": "Ana", "day": "2030-01-02", "one": "a"}
        sent |= {name: (BytesIO(b"2030-01-02"), "a.txt"), "file": (BytesIO(b"whole"), "b.pdf")}
        with app.test_request_context("/", method="POST", data=sent):
            form = WithFile(meta={"csrf": False})
            assert form.validate() is (name != "name")
            assert form.file.data.read() == b"whole"
            assert (form.name.data == "Ana") is (name != "name")
            assert not form[name].data
