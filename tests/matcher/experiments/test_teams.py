"""What a team is measured by; and that a suggested one beats the first places of a ranking."""

from statistics import fmean

import pytest

from matcher import Expert, Request
from matcher.experiments.tuning.collection import Collection, read_collection
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
    demo = read_collection()
    first, team = (fmean(half_grades(demo, 30, 2, coverage)) for coverage in (None, 0.2))
    assert team > first
    first, team = (fmean(member_grades(demo, 2, coverage)) for coverage in (None, 0.2))
    # Three grades of the two dozen requests; by all collections it is as well (notebook `aims`).
    assert team > first - 0.1
