"""What the sections of a profile hold besides: notes on jurisdictions, skills, another entry."""

import pytest
from flask import Flask

from tests.pages import Pages
from tests.webapp.experts.test_experts_profile_pages import EDIT_PAGES, Person, send
from webapp.experts.models import Evidence, EvidenceKind


@pytest.fixture
def person(app: Flask, pages: Pages) -> Person:
    return Person(app, pages)


def test_a_jurisdiction_is_delicate_known_and_off_the_list_again(person: Person) -> None:
    url = "/profile/closed-jurisdictions"
    for kind in ("sensitive", "known"):
        values = {"Jurisdiction to add": "UKR", "What it is to you": kind}
        page = send(person.pages.get(url), values)
    assert "Delicate, to be asked first:" in page.text
    assert "Known from work there:" in page.text
    page = person.pages.get(url).submit("Remove: Ukraine, delicate: please ask me first")
    assert "Delicate" not in page.text
    assert "Known to you from work there" in page.text
    version = str(person.stored("version"))
    gone = "/profile/jurisdictions/sensitive/UKR/remove"
    person.pages.post(gone, {"version": version}, status=404)


def test_levels_of_skills_stand_beside_those_of_stanag(person: Person) -> None:
    values = {"skills-0-listening": "C1", "skills-0-writing": "B2", "skills-0-stanag": "33-2+2"}
    page = send(person.pages.get("/profile/languages"), values)
    assert "listening C1 · writing B2 · STANAG 6001: 3 3 2+ 2" in page.text


def test_saving_can_lead_to_an_empty_form_for_another(person: Person) -> None:
    page = person.pages.get("/profile/evidence/new")
    values = {"Kind of work": "project", "Title": "A new register"}
    page = page.submit("Save and add another", values)
    assert page.heading == "Add a piece of evidence"
    assert page.form("Save").values["title"] == [""]
    assert "is in your profile" in page.text
    assert len(person.stored("evidence")) == 2


@pytest.mark.parametrize("url", ["/profile/evidence/new", "/profile/training/new"])
def test_the_same_entry_in_a_form_opened_anew_is_not_added_again(person: Person, url: str) -> None:
    """The Back button loads the page anew, and with it the newest version."""
    send(person.pages.get(url), EDIT_PAGES[url])
    version = person.stored("version")
    page = send(person.pages.get(url), EDIT_PAGES[url], status=409)
    assert "nothing was added a second time" in page.text
    title = EDIT_PAGES[url]["Title"]
    assert person.pages.get(page.links[title]).form("Save").values["title"] == [title]
    send(page, {}, status=409)
    assert person.stored("version") == version
    send(page, {"Title": "Another"})
    assert person.stored("version") == version + 1


@pytest.mark.parametrize(
    ("summary", "english", "asked"),
    [
        ("Vodim mrežu policijskih službenica i pišem planove rada svake godine.", "", True),
        ("Vodim mrežu policijskih službenica i pišem planove rada svake godine.", "Leads.", False),
        ("Веду учёт оружия и обучаю сотрудников областных отделов полиции страны.", "", True),
        ("I lead the network of women officers and write the plans of its work.", "", False),
        ("Načelnica odjela.", "", True),
        # Of so few words none tells a language.
        ("Obuka.", "", False),
    ],
)
def test_a_summary_in_english_is_asked_for_where_there_is_another(
    app: Flask, pages: Pages, summary: str, english: str, asked: bool
) -> None:
    person = Person(app, pages, summary=summary, english_summary=english)
    page = person.pages.get("/profile")
    assert ("A short summary in English" in page.links) is asked


@pytest.mark.parametrize("summary", ["I lead the network of women officers.", ""])
def test_a_summary_in_english_is_asked_for_where_evidence_is_in_another_language(
    app: Flask, pages: Pages, summary: str
) -> None:
    told = Evidence(kind=EvidenceKind.PROJECT, title="Pregovori o statusu mreže u agencijama")
    person = Person(app, pages, summary=summary, evidence=[told])
    assert "A short summary in English" in person.pages.get("/profile").links
