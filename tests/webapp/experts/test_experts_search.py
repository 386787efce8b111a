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


# What stands in a profile, by its column, and words by which somebody looks for it.
IN_PROFILES = {
    "rank": ("Samostalni inspektor", "samostalni"),
    "entity": ("Kanton Sarajevo", "Kanton Sarajevo"),
    "unit": ("Odjel za ženske mreže", "zenske"),
    "english_summary": ("Negotiated the amnesty for hidden weapons.", "amnesty"),
    "jurisdiction": ("BIH", "Bosnia and Herzegovina"),
    "telephone": ("+387 33 123 456", "033 123-456"),
}
IN_EVIDENCE = {
    "place": ("Suva and Labasa", "Labasa"),
    "role": ("Rapporteur", "rapporteur"),
    "jurisdiction": ("FJI", "Фиджи"),
}


@pytest.mark.parametrize(("column", "written", "words"), [(n, *v) for n, v in IN_PROFILES.items()])
def test_people_are_found_by_what_stands_in_a_profile(
    app: Flask, column: str, written: str, words: str
) -> None:
    with writing(app) as session:
        factories.expert(session, name="Somebody Else")
        expert = factories.expert(session, name="Ajla Primjer")
        session.flush()
        setattr(expert, column, written)
    with reading(app) as session:
        assert names_of(session, words) == ["Ajla Primjer"]


@pytest.mark.parametrize(("column", "written", "words"), [(n, *v) for n, v in IN_EVIDENCE.items()])
def test_people_are_found_by_where_and_as_what_they_were(
    app: Flask, column: str, written: str, words: str
) -> None:
    with writing(app) as session:
        factories.expert(session, name="Somebody Else")
        expert = factories.expert(session, name="Ajla Primjer")
        session.flush()
        setattr(expert.evidence[0], column, written)
        session.flush()
        assert names_of(session, words) == ["Ajla Primjer"]
        expert.evidence.clear()
    with reading(app) as session:
        assert names_of(session, words) == []


@pytest.mark.parametrize(
    "words", ["+387 33 123 456", "+38733123456", "38733123456", "(033) 123-456", "123456"]
)
def test_a_telephone_number_is_found_however_it_is_dialled(app: Flask, words: str) -> None:
    with writing(app) as session:
        factories.expert(session, name="Ajla Primjer", telephone="+387 33 123-456")
        factories.expert(session, name="Somebody Else", telephone="+389 2 100 200")
    with reading(app) as session:
        assert names_of(session, words) == ["Ajla Primjer"]


def test_a_word_inside_another_one_of_a_text_finds_nobody(app: Flask) -> None:
    with writing(app) as session:
        factories.expert(session, english_summary="She is the first woman to head the unit.")
    with reading(app) as session:
        assert names_of(session, "Oman") == []
