"""What a team is measured by; and that a suggested one beats the first places of a ranking."""

from collections.abc import Callable
from statistics import fmean

import pytest

from matcher import Expert, Request
from matcher.experiments.tuning.collection import Collection, all_collections
from matcher.experiments.tuning.teams import half_grades, joined_requests, member_grades

MARKING = "Marking of weapons with a laser and records of each mark"
BORDERS = "Patrols along the green border with dogs and drones"
SMALL = Collection(
    [
        Expert("marker", summary=f"{MARKING}, in three depots."),
        Expert("second", summary="Marking of weapons with a laser and records."),
        Expert("guard", summary="Patrols along the green border."),
        Expert("cook", summary="Feeds four hundred soldiers."),
    ],
    [
        Request("m", title=MARKING),
        Request("b", title=BORDERS),
        Request("n", title="Weapons marked with lasers"),
    ],
    {"m": {"marker": 3, "second": 2}, "b": {"guard": 3}, "n": {"marker": 3, "second": 3}},
    {},
)


def test_only_requests_that_nobody_suits_both_of_are_joined():
    pairs = {frozenset((one.id, other.id)) for one, other in joined_requests(SMALL, 10)}
    assert pairs == {frozenset("mb"), frozenset("bn")}
    assert len(joined_requests(SMALL, 1)) == 1


def test_grades_are_those_of_the_members_and_of_the_best_for_each_half():
    assert member_grades(SMALL, 2, None)[0] == pytest.approx((3 + 2) / 2)
    assert half_grades(SMALL, 10, 2, 1.0) == [3.0, 3.0]
    assert half_grades(SMALL, 10, 1, 1.0) == [1.5, 1.5]


@pytest.mark.thorough
def test_a_team_covers_two_subjects_better_than_the_first_two_and_one_subject_as_well():
    all_of_them = all_collections().values()

    def mean(grades: Callable[[Collection, float | None], list[float]], coverage: float | None):
        return fmean(grade for one in all_of_them for grade in grades(one, coverage))

    def of_halves(one: Collection, coverage: float | None) -> list[float]:
        return half_grades(one, 20, 2, coverage)

    def of_members(one: Collection, coverage: float | None) -> list[float]:
        return member_grades(one, 2, coverage)

    assert mean(of_halves, 0.2) > mean(of_halves, None)
    assert mean(of_members, 0.2) > mean(of_members, None) - 0.05
