"""Files of the statistics hold no small number of people, nor one that others give away."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from webapp.core.words.translation import _
from webapp.insights import leaving, report, rules
from webapp.insights.kinds import Asked, Line, Statistic
from webapp.insights.queries import missions
from webapp.insights.queries.missions import Otherwise
from webapp.insights.rules import FEWEST, Number


def _hidden(name: str, *rows: Sequence[int]) -> list[tuple[str, tuple[Number, ...]]]:
    lines = tuple(Line(str(number), tuple(row)) for number, row in enumerate(rows))
    found = Statistic(name, _("Missions"), _("Missions"), _("Missions"), ("",), lines)
    return [(str(line.label), line.values) for line in leaving.for_files([found])[0].lines]


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ([9, 7], [9, 7]),
        ([9, 0], [9, 0]),
        ([9, 3, 7, 7], [9, None, None, None]),
        ([9, 2, 2, 6], [9, None, None, None]),
        ([9, 3, 2], [9, None, None]),
        ([3], [None]),
    ],
)
def test_what_is_hidden_cannot_be_reckoned_from_the_sum(
    counts: list[int], told: list[Number]
) -> None:
    assert rules.hide_small(counts) == told


@given(st.lists(st.integers(0, 20), max_size=9))
def test_whatever_is_counted_the_hidden_are_several_and_many_or_all(counts: list[int]) -> None:
    told = rules.hide_small(counts)
    hidden = [count for count, one in zip(counts, told, strict=True) if one is None]
    assert all(one is None or one == 0 or one >= FEWEST for one in told)
    assert not hidden or (len(hidden) > 1 and sum(hidden) >= FEWEST) or not any(told)
    assert sorted(told, key=str) == sorted(rules.hide_small(counts[::-1]), key=str)


def test_homes_are_hidden_alike_in_the_report_and_on_the_map() -> None:
    assert [values for _, values in _hidden("homes", [9], [3], [7])] == [(9,), (None,), (None,)]
    places = _hidden("places", [7, 0], [9, 2], [3, 1])
    assert [values for _, values in places] == [(None, 0), (9, 2), (None, 1)]


@pytest.mark.parametrize("name", ["themes", "gaps"])
def test_of_a_theme_few_experts_are_hidden_and_its_requests_told(name: str) -> None:
    told = _hidden(name, [4, 2, 9], [3, 1, 4], [2, 2, 0])
    assert [values for _, values in told] == [(4, 2, 9), (3, 1, None), (2, 2, 0)]


def test_ways_are_told_where_none_is_small() -> None:
    assert [values for _, values in _hidden("ways", [9, 0], [5, 6])] == [(9, 0), (5, 6)]
    assert {one for _, values in _hidden("ways", [9, 0], [4, 6]) for one in values} == {None}


def test_experts_with_many_missions_are_told_as_one_number() -> None:
    assert _hidden("load", [40], [9], [6], [3], [4]) == [
        ("0", (40,)), ("1", (9,)), ("2", (6,)), ("3 or more", (7,))
    ]  # fmt: skip
    assert _hidden("load", [40], [9], [6], [3]) == [
        ("0", (40,)), ("1", (9,)), ("2 or more", (9,))
    ]  # fmt: skip
    assert _hidden("load", [40], [9]) == [("0", (40,)), ("1", (9,))]
    assert _hidden("load", [2], [2]) == [("0 or more", (None,))]


def test_each_small_number_of_choices_is_hidden() -> None:
    assert _hidden("out-of-turn", [6, 1, 0]) == [("0", (6, None, 0))]


def test_a_report_tells_few_on_its_page_and_not_in_its_files(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(missions, "count_otherwise", lambda *_: Otherwise(2, 7))
    made = report.make(session, Asked(date(2030, 1, 1), date(2030, 12, 31)))
    few = [[one.value for one in found.figures if one.few] for found in (made, made.for_files())]
    assert few == [[2, 7], [None, 7]]
