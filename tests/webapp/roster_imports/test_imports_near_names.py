"""Who is perhaps one person is pointed out in the dry run, and stands against nothing."""

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.webapp.roster_imports.made_tables import workbook
from tests.webapp.roster_imports.sending import Importer
from webapp.roster_imports.people import Person
from webapp.roster_imports.twins import Known, NearNames

IN_ROW = "Ана М. Новак is perhaps Ana Novak in row 2: please compare the two."


def is_near(one: str, other: str, *, home: str | None = None) -> bool:
    """Tell whether the second name is pointed out beside the first one, of somebody in Serbia."""
    near = NearNames([Known(1, one, "SRB", (), can_be_filled=False)])
    return bool(list(near.find(Person(3, {"name": other, "jurisdiction": home}))))


@pytest.mark.parametrize(
    "other",
    [
        "Ana M. Novak", "Novak, Ana M.", "Ana Marija Novak", "Ana Novak (Horvat)",
        "Ana Novak-Horvat", "Ана Марија Новак", "Dr Ana Maria Nóvak", "NOVAK Ana Marija",
    ],
)  # fmt: skip
def test_a_name_with_further_words_is_pointed_out(other: str) -> None:
    assert is_near("Ana Novak", other)
    assert is_near(other, "Ana Novak")


@pytest.mark.parametrize(
    "other", ["Ana Horvat", "Marija Novak", "A. Novak", "Ana", "Ana Novakova", "Ana Novak"]
)
def test_another_name_is_not_nor_is_the_same_which_is_told_of_as_the_same(other: str) -> None:
    assert not is_near("Ana Novak", other)


def test_a_column_of_names_with_posts_in_it_is_not_compared() -> None:
    post = "Senior Adviser Ministry of Internal Affairs"
    assert not is_near(f"Ana Novak {post}", f"Ana Marija Novak {post}")


def test_of_namesakes_so_many_are_compared_and_no_more() -> None:
    """Each of thousands would else be compared with all before."""
    near = NearNames([Known(at, f"Ana Novak {'abcdefghij'[at % 10]}{at // 10}x", "SRB", (), True)
                      for at in range(400)])  # fmt: skip
    kept = [len(bucket) for bucket in near._by_words.values()]
    assert max(kept) == 50


def test_a_title_that_two_have_makes_nobody_near() -> None:
    assert not is_near("Dr Novak", "Dr Ana Novak")


def test_who_is_of_another_jurisdiction_is_somebody_else() -> None:
    assert is_near("Ana Novak", "Ana M. Novak", home="SRB")
    assert not is_near("Ana Novak", "Ana M. Novak", home="MNE")


def test_the_dry_run_points_at_the_row_and_at_the_roster_and_stores_all_the_same(
    app: Flask, importer: Importer
) -> None:
    with writing(app) as session:
        factories.expert(session, name="Boris Kos")
    names = ["Ana Novak", "Ана М. Новак", "Boris Ivan Kos"]
    page = importer.check(workbook([["Name"], *([name] for name in names)]))
    assert IN_ROW in page.text
    assert "Boris Ivan Kos is perhaps Boris Kos, who stands on the roster already" in page.text
    assert "Store all of it" in page.text
