"""The roster is searched and ordered the same on both databases, however names are written."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.roster import queries
from webapp.roster.facets import Moment
from webapp.roster.kinds import Asked

pytestmark = pytest.mark.both_databases

PEOPLE = {
    "Јелена Радељић": ("Министарство унутрашњих послова", "Начелница"),
    "Đorđina Škundrić\u2011Ban": ("Žandarmerija", "Voditeljka"),
    "Radivoje Klikovac": ("Uprava policije", "Dog handler (K-9)"),
    "Ana O’Primer": ("Policia e Shtetit, Shkodër", "100 % remote"),
    "Ірина Зброєва": ("Національна поліція", "зв’язки"),
}
FOUND = [
    ("Radeljić", {"Јелена Радељић"}),
    ("radeljic jelena", {"Јелена Радељић"}),
    ("unutrasnjih nacelnica", {"Јелена Радељић"}),
    ("Djordjina", {"Đorđina Škundrić\u2011Ban"}),
    ("Škundrić-Ban", {"Đorđina Škundrić\u2011Ban"}),
    ("Škundrić\u2011Ban, Đorđina", {"Đorđina Škundrić\u2011Ban"}),
    ("Шкундрић Бан", {"Đorđina Škundrić\u2011Ban"}),
    ("Klikovac, Radivoje", {"Radivoje Klikovac"}),
    ("k9", {"Radivoje Klikovac"}),
    ("shkoder", {"Ana O’Primer"}),
    ("O'Primer", {"Ana O’Primer"}),
    ("%", {"Ana O’Primer"}),
    ("_", set()),
    ("zbroyeva", {"Ірина Зброєва"}),
    ("polic", {"Radivoje Klikovac", "Ana O’Primer", "Ірина Зброєва"}),
    ("Klikovac Đorđina", set()),
    ("\u200b ", set(PEOPLE)),
]


def names_of(session: Session, words: str) -> list[str]:
    page = queries.list_page(session, Asked(words), Moment(clock.now(), SYSTEM))
    return [line.expert.name for line in page.items]


@pytest.fixture
def roster(app: Flask) -> Flask:
    """Return the application with these people on the roster."""
    with writing(app) as session:
        for name, (institution, post) in PEOPLE.items():
            factories.expert(session, name=name, institution=institution, post=post)
    return app


def test_people_are_found_however_they_are_written(roster: Flask) -> None:
    with reading(roster) as session:
        for words, names in FOUND:
            found = set(names_of(session, words))
            assert found == names, words


def test_names_are_ordered_as_if_all_were_in_latin(roster: Flask) -> None:
    with reading(roster) as session:
        names = names_of(session, "")
    assert names == [
        "Ana O’Primer",
        "Đorđina Škundrić\u2011Ban",
        "Ірина Зброєва",
        "Јелена Радељић",
        "Radivoje Klikovac",
    ]
