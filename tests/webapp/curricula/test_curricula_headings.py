"""Which section a heading begins, also one that names two."""

import pytest

from webapp.curricula import pieces

CURRICULUM = """Милица Савин

РАДНО ИСКУСТВО
09/2006 – 04/2012
Полицијски службеник, Београд
{first}
Октобар 2019
Саветник на конференцији, Црна Гора
{second}
2006
Дипломирани криминалиста, Академија у Београду
2016
Gender trainers' course, Belgrade
"""


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("МИСИЈЕ И ПРОЈЕКТИ", "ОБРАЗОВАЊЕ И ОБУКА"),
        ("Missions & projects", "Education and courses"),
        ("Misije i održane obuke", "Školovanje / Kursevi"),
        ("Missions", "Références et formations"),
    ],
)
def test_a_heading_that_names_two_sections_begins_one(first: str, second: str) -> None:
    found = pieces.read(CURRICULUM.format(first=first, second=second))
    assert [(one.kind, one.description) for one in found.evidence] == [
        ("post held", ""),
        ("mission", ""),
    ]
    assert [one.title for one in found.trainings] == [
        "Дипломирани криминалиста, Академија у Београду (2006)",
        "Gender trainers' course, Belgrade (2016)",
    ]


@pytest.mark.parametrize("line", ["Радио и телевизија", "Missions and failures", "i", "&"])
def test_a_line_of_which_a_part_is_no_heading_begins_nothing(line: str) -> None:
    found = pieces.read(CURRICULUM.format(first=line, second="Образовање"))
    assert [one.kind for one in found.evidence] == ["post held", "post held"]
