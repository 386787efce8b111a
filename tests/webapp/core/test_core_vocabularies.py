"""Words of the platform: jurisdictions, languages, days and periods as people read them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from webapp.core.responses import template_filters
from webapp.core.words import formats
from webapp.core.words import vocabularies as words

DAYS = st.dates(date(1950, 1, 1), date(2100, 12, 31))


def test_jurisdictions_are_those_of_today_by_name() -> None:
    found = words.jurisdictions()
    assert list(found.values()) == sorted(found.values())
    assert len(found) > 200
    for code, name in {"MNE": "Montenegro", "KGZ": "Kyrgyzstan", "MKD": "North Macedonia",
                       "BIH": "Bosnia and Herzegovina", "SRB": "Serbia"}.items():  # fmt: skip
        assert found[code] == name
    assert not {"YUG", "SCG", "SUN", "DDR"} & found.keys()


def test_lists_show_the_jurisdictions_of_the_region_first_each_group_by_name() -> None:
    found = words.jurisdiction_choices()
    region = [name for code, name, _ in found if code in words.PARTICIPATING]
    assert [name for _, name, _ in found] == sorted(region) + sorted(
        set(words.jurisdictions().values()) - set(region)
    )
    groups = [str(group) for _, _, group in found]
    assert groups == sorted(groups, key=["The platform's region", "All others"].index)
    assert [code for code, _, _ in words.jurisdiction_choices({"KGZ", "SRB"})] == ["SRB", "KGZ"]


def test_kosovo_carries_its_mark_wherever_it_is_named() -> None:
    assert words.jurisdiction_name("XKX") == "Kosovo*"
    assert "1244 (1999)" in str(words.KOSOVO_FOOTNOTE)
    assert str(words.KOSOVO_FOOTNOTE).startswith("*")


@pytest.mark.parametrize("called", ["Fiji", "ФИДЖИ", "Bosnia and Herzegovina", "kosovo", "Kosovo*"])
def test_a_jurisdiction_is_known_by_its_name_in_any_language(called: str) -> None:
    assert words.is_jurisdiction(called)
    assert not words.is_jurisdiction(f"police of {called}")


def test_an_unknown_code_is_shown_as_it_is() -> None:
    assert words.jurisdiction_name("QQQ") == "QQQ"
    assert words.jurisdiction_name(None) == ""
    assert words.language_name("qq") == "qq"


def test_languages_of_the_region_come_first_and_each_has_a_name() -> None:
    found = words.languages()
    assert list(found)[: len(words.LANGUAGES_FIRST)] == list(words.LANGUAGES_FIRST)
    assert found["cnr"] == "Montenegrin"
    assert all(found.values())
    assert all(len(code) <= 3 for code in found)


def test_levels_are_ordered_from_the_lowest() -> None:
    assert [level.value for level in words.CefrLevel] == ["A1", "A2", "B1", "B2", "C1", "C2"]


@pytest.mark.parametrize(
    ("start", "end", "read"),
    [
        (date(2018, 11, 5), date(2018, 11, 6), "5–6 November 2018"),
        (date(2018, 11, 5), date(2018, 11, 5), "5 November 2018"),
        (date(2018, 10, 30), date(2018, 11, 2), "30 October – 2 November 2018"),
        (date(2018, 12, 30), date(2019, 1, 2), "30 December 2018 – 2 January 2019"),
        (date(2018, 11, 5), None, "5 November 2018"),
        (None, None, ""),
    ],
)
def test_a_period_is_as_short_as_it_can_be(start: date, end: date, read: str) -> None:
    assert formats.period_name(start, end) == read


def test_a_period_on_a_page_is_held_together_and_none_is_nothing() -> None:
    drawn = template_filters.period(date(2018, 11, 5), date(2018, 11, 6))
    assert drawn == Markup('<span class="together">5–6 November 2018</span>')
    assert not template_filters.period(None, None)


@given(DAYS, st.integers(0, 800))
def test_no_two_periods_read_the_same(start: date, length: int) -> None:
    end = start + timedelta(days=length)
    said = formats.period_name(start, end)
    assert str(start.year) in said or start.year == end.year
    assert str(end.year) in said
    assert said != formats.period_name(start, end + timedelta(days=1))
    assert said != formats.period_name(start - timedelta(days=1), end)
