import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import Expert, RecordError, Request
from matcher.records.fields import clean
from matcher.records.periods import Period

FAULTY_EXPERTS: list[Any] = [
    ([], "", "object"),
    (None, "", "object"),
    ({}, "id", "required"),
    ({"id": None}, "id", "required"),
    ({"id": 7}, "id", "number"),
    ({"id": ""}, "id", "white space"),
    ({"id": "a b"}, "id", "white space"),
    ({"id": "a\u00a0b"}, "id", "white space"),
    ({"id": "a\x00"}, "id", "control"),
    ({"id": "a\ud800"}, "id", "control"),
    ({"id": "a", "summary": 3}, "summary", "number"),
    ({"id": "a", "headline": ["x"]}, "headline", "list"),
    ({"id": "a", "themes": "SALW"}, "themes", "list"),
    ({"id": "a", "themes": ["SALW-MTR", 4]}, "themes[1]", "number"),
    ({"id": "a", "training": [None]}, "training[0]", "nothing"),
    ({"id": "a", "experience": {}}, "experience", "list"),
    ({"id": "a", "experience": ["x"]}, "experience[0]", "object"),
    ({"id": "a", "experience": [{}, {"start": "May"}]}, "experience[1].start", "YYYY-MM"),
    ({"id": "a", "experience": [{"start": "2019-13"}]}, "experience[0].start", "YYYY-MM"),
    (
        {"id": "a", "experience": [{"start": "2019-05", "end": "2019-04"}]},
        "experience[0].end",
        "before",
    ),
    ({"id": "a", "experience": [{"title": 1}]}, "experience[0].title", "number"),
    ({"id": "a", "languages": ["en"]}, "languages", "object"),
    ({"id": "a", "languages": {"fr": "fluent"}}, "languages.fr", "A1, A2"),
    ({"id": "a", "languages": {"fr": None}}, "languages.fr", "nothing"),
    ({"id": "a", "languages": {" ": "B1"}}, "languages", "empty"),
    ({"id": "a", "languages": {"FR": "B1", "fr": "B2"}}, "languages.fr", "twice"),
    (
        {"id": "a", "unavailable": [{"start": "2027-01-02", "end": "2027-01-01"}]},
        "unavailable[0].end",
        "before",
    ),
    ({"id": "a", "unavailable": [{"start": "2027-01-02"}]}, "unavailable[0].end", "required"),
    ({"id": "a", "booked": [{"end": "2027-01-02"}]}, "booked[0].start", "required"),
    (
        {"id": "a", "booked": [{"start": "2027-02-30", "end": "2027-03-01"}]},
        "booked[0].start",
        "YYYY-MM-DD",
    ),
    ({"id": "a", "approved_until": "20270101"}, "approved_until", "YYYY-MM-DD"),
    ({"id": "a", "approved_until": 2027}, "approved_until", "number"),
    ({"id": "a", "max_days": "ten"}, "max_days", "whole number"),
    ({"id": "a", "max_days": True}, "max_days", "whole number"),
    ({"id": "a", "max_days": 10.0}, "max_days", "whole number"),
    ({"id": "a", "max_days": 0}, "max_days", "between"),
    ({"id": "a", "max_days": 10**400}, "max_days", "between"),
    ({"id": "a", "jurisdiction": 1}, "jurisdiction", "number"),
]


@pytest.mark.parametrize(("row", "field", "words"), FAULTY_EXPERTS)
def test_faulty_expert_is_refused_naming_the_field(row, field, words):
    with pytest.raises(RecordError) as caught:
        Expert.from_dict(row)
    assert caught.value.field == field
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"id": "r", "start": "2027-01-02", "end": "2027-01-01"}, "end"),
        ({"id": "r", "start": "soon"}, "start"),
        ({"id": "r", "required_languages": {"en": "D1"}}, "required_languages.en"),
        ({"id": "r", "excluded_jurisdictions": "SRB"}, "excluded_jurisdictions"),
        ({"id": "r", "experts_needed": -1}, "experts_needed"),
        ({"title": "no id"}, "id"),
    ],
)
def test_faulty_request_is_refused_naming_the_field(row, field):
    with pytest.raises(RecordError) as caught:
        Request.from_dict(row)
    assert caught.value.field == field


def test_only_the_id_is_needed_and_unknown_fields_are_ignored():
    assert Expert.from_dict({"id": "a", "shoe_size": 44, "summary": None}) == Expert("a")
    assert Request.from_dict({"id": "r", "colour": []}) == Request("r")


def test_codes_and_levels_are_brought_to_one_form():
    expert = Expert.from_dict(
        {
            "id": "a",
            "languages": {"EN": " b2 "},
            "jurisdiction": "srb",
            "themes": ["brd", "BRD", " "],
            "excluded_jurisdictions": ["mli"],
        }
    )
    assert expert.languages == {"en": "B2"}
    assert (expert.jurisdiction, expert.themes) == ("SRB", ("BRD",))
    assert expert.excluded_jurisdictions == ("MLI",)


def test_characters_that_hide_or_break_text_are_cleaned():
    expert = Expert.from_dict({"id": "a", "summary": "a\x00b\ud800c\u202ed\ne\tf"})
    assert expert.summary == "a b c d\ne\tf"
    assert clean("žЖ😀") == "žЖ😀"


def test_a_year_and_a_month_of_it_do_not_contradict_each_other():
    row = {"id": "a", "experience": [{"start": "2019-05", "end": "2019"}]}
    assert Expert.from_dict(row).experience[0].end == "2019"


def test_demo_roster_survives_the_way_out_and_in(demo_experts):
    assert [Expert.from_dict(expert.to_dict()) for expert in demo_experts] == demo_experts


def test_empty_languages_are_not_the_same_as_missing_ones():
    none = Expert.from_dict({"id": "a", "languages": {}})
    assert Expert.from_dict(none.to_dict()).languages == {}
    assert Expert.from_dict({"id": "a"}).languages is None


def test_one_given_end_stands_for_both():
    day = datetime.date(2027, 5, 1)
    assert Request("r", start=day).period == Period(day, day)
    assert Request("r", end=day).period == Period(day, day)
    assert Request("r").period is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = sorted({*Expert.__dataclass_fields__, *Request.__dataclass_fields__})


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), json_values), st.sampled_from([Expert, Request]))
def test_whatever_comes_in_is_a_record_or_a_named_error(row, record):
    error = None
    try:
        record.from_dict(row)
    except RecordError as caught:
        error = caught
    assert error is None or error.field.partition(".")[0].partition("[")[0] in FIELDS
