"""The map of squares: who sends and who receives, about where each lies to the others."""

from itertools import combinations

import pytest

from webapp.core.words.translation import _
from webapp.core.words.vocabularies import PARTICIPATING, jurisdiction_codes
from webapp.insights import places
from webapp.insights.kinds import Chart, Line, Statistic

REGION = [*PARTICIPATING, "KGZ", "KAZ", "ARM", "GEO", "TJK"]


def statistic(*codes: str | None) -> Statistic:
    lines = tuple(Line(code or "not known", (number, 1), code) for number, code in enumerate(codes))
    return Statistic("places", _("t"), _("s"), _("of"), ("sent", "received"), lines, Chart.MAP)


def test_nearly_every_jurisdiction_lies_somewhere() -> None:
    known = places.coordinates().keys()
    assert set(REGION) <= known
    # Codes of tests and of places where nobody lives stay out.
    assert len(jurisdiction_codes().keys() & known) > 240


@pytest.mark.parametrize(
    ("code", "north", "east"),
    [("SRB", 44.8, 20.5), ("KGZ", 42.9, 74.6), ("ARG", -34.6, -58.5), ("XKX", 42.7, 21.2)],
)
def test_places_lie_where_they_are(code: str, north: float, east: float) -> None:
    assert places.coordinates()[code] == pytest.approx((north, east), abs=0.1)


@pytest.mark.parametrize("number", [1, 2, 3, 7, len(REGION)])
def test_each_has_a_square_of_its_own_and_none_stands_outside(number: int) -> None:
    drawn = places.draw(statistic(*REGION[:number]))
    corners = {(square.left, square.top) for square in drawn.squares}
    assert len(corners) == len(drawn.squares) == number
    for square in drawn.squares:
        assert 0 <= square.left <= places.WIDE - drawn.wide + 0.1
        assert 0 <= square.top <= drawn.height - places.TALL


def test_most_pairs_stand_to_each_other_as_they_lie() -> None:
    points = {code: places.coordinates()[code] for code in REGION}
    placed = places.place(points)
    right = wrong = 0
    for one, other in combinations(REGION, 2):
        for axis, sign in ((1, 1), (0, -1)):
            lies = sign * (points[one][axis] - points[other][axis])
            stands = placed[one][1 - axis] - placed[other][1 - axis]
            right += lies * stands > 0
            wrong += lies * stands < 0
    assert right > 9 * wrong


def test_the_same_map_is_drawn_each_time_in_whatever_order_they_come() -> None:
    points = {code: places.coordinates()[code] for code in REGION}
    assert places.place(points) == places.place(dict(reversed(points.items())))


def test_who_lies_nowhere_stands_in_the_table_alone() -> None:
    shown = {one.code for one in places.draw(statistic("SRB", None, "MNE")).squares}
    assert shown == {"SRB", "MNE"}
    assert places.draw(statistic(None)).squares == ()


def test_a_map_of_many_shows_the_largest() -> None:
    codes = sorted(places.coordinates())[:60]
    shown = {one.code for one in places.draw(statistic(*codes)).squares}
    assert shown == set(codes[: places.MOST])
