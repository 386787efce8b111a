"""The filters of a ranking, and what stands first on a match's page."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.html import text_of
from tests.pages import Page, Pages
from webapp.core import clock
from webapp.core.roles import Role
from webapp.core.words.vocabularies import CefrLevel
from webapp.expertise_requests.models import RequestState
from webapp.experts.models import (
    ConfirmationState,
    EvidenceConfirmation,
    Expert,
    ExpertTheme,
    LanguageSkill,
    ProfileView,
)
from webapp.matches.models import MatchState


@pytest.fixture
def coordinator(sign_in_as: Callable[..., Pages]) -> Pages:
    """Return a coordinator's browser."""
    return sign_in_as(Role.COORDINATOR)


@pytest.fixture
def ranking(app: Flask) -> str:
    """Return the address of a ranking of three experts of two jurisdictions."""
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED)
        factories.expert(session, name="Ana Prva", jurisdiction="MNE")
        factories.expert(session, name="Boris Drugi", jurisdiction="SRB")
        other = [ExpertTheme(theme_code="SALW-TRF", priority=1)]
        factories.expert(session, name="Cveta Treta", jurisdiction="SRB", themes=other)
    return f"/requests/{request.id}/matches"


def people(page: Page) -> list[str]:
    """Return the names of the experts on the page, in the order of the ranking."""
    return [text_of(heading) for heading in page.tree.iter("h3")]


def options(page: Page, name: str) -> list[str]:
    """Return the values that a list of the page offers."""
    found = next(select for select in page.tree.iter("select") if select.get("name") == name)
    return [option.get("value", "") for option in found.iter("option")]


@pytest.mark.both_databases
def test_an_institution_that_no_database_can_hold_is_refused_at_its_field(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED)
    pages = sign_in_as(Role.COORDINATOR)
    for address in (f"/requests/{request.id}/matches", "/roster"):
        for value in ("\0", "Police\0"):
            page = pages.get(address, query={"institution": value}, status=400)
            assert "Please choose one of the list." in page.text


def test_only_jurisdictions_of_the_roster_are_offered(coordinator: Pages, ranking: str) -> None:
    assert options(coordinator.get(ranking), "jurisdiction") == ["", "MNE", "SRB"]


def test_what_profiles_bring_after_a_first_look_is_offered_at_the_next(
    app: Flask, coordinator: Pages, ranking: str
) -> None:
    """What a worker remembers of the roster to narrow it by goes no further than its revision."""
    before = coordinator.get(ranking)
    assert "mk" not in options(before, "language")
    assert "MKD" not in options(before, "jurisdiction")
    spoken = [LanguageSkill(language="mk", level=CefrLevel.C1)]
    with writing(app) as session:
        factories.expert(session, jurisdiction="MKD", languages=spoken)
    after = coordinator.get(ranking)
    assert "mk" in options(after, "language")
    assert "MKD" in options(after, "jurisdiction")


def test_filters_narrow_the_list(coordinator: Pages, ranking: str) -> None:
    assert len(people(coordinator.get(ranking))) == 3
    page = coordinator.get(ranking, query={"jurisdiction": "SRB", "theme": "SALW-MTR"})
    assert people(page) == ["Boris Drugi"]


@pytest.mark.parametrize(
    ("query", "wrong", "left"),
    [
        ({"jurisdiction": "MNE", "theme": "NOTHING"}, "theme", ["Ana Prva"]),
        ({"jurisdiction": "ZWE", "theme": "SALW-MTR"}, "jurisdiction", ["Ana Prva", "Boris Drugi"]),
    ],
)
def test_a_wrong_filter_is_told_at_its_field_and_leaves_the_other(
    coordinator: Pages, ranking: str, query: dict[str, str], wrong: str, left: list[str]
) -> None:
    page = coordinator.get(ranking, query=query, status=400)
    assert page.errors == {wrong: "Please choose one of the list."}
    assert sorted(people(page)) == left


@pytest.fixture
def different(app: Flask) -> str:
    """Return the address of a ranking of experts who differ in everything that can be chosen."""
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED, languages=())
        year = request.start.year if request.start else 0
        first = factories.expert(session, name="Ana Prva", institution="Fictional Guard")
        first.evidence[0].confirmation = EvidenceConfirmation(
            expert_id=first.id, state=ConfirmationState.CONFIRMED, state_since=clock.now(),
            name="Some Body", organisation="", email="body@example.org", expires_at=clock.now(),
        )  # fmt: skip
        french = [LanguageSkill(language="fr", level=CefrLevel.B1)]
        second = factories.expert(session, name="Boris Drugi", languages=french)
        factories.expert(
            session,
            name="Cveta Treta",
            summary="Destroys surplus small arms and light weapons.",
            evidence=[],
            themes=[ExpertTheme(theme_code="SALW-MTR", priority=1)],
        )
        other = factories.request(
            session, RequestState.ACCEPTED, start=date(year, 1, 10), end=date(year, 1, 14)
        )
        factories.match(session, MatchState.APPROVED, request=other, expert=second)
    return f"/requests/{request.id}/matches"


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ({"language": "fr"}, ["Boris Drugi"]),
        ({"language": "fr", "level": "B1"}, ["Boris Drugi"]),
        ({"language": "fr", "level": "B2"}, []),
        ({"level": "C1"}, ["Ana Prva", "Cveta Treta"]),
        ({"institution": "Fictional Guard"}, ["Ana Prva"]),
        ({"institution": "Fictional Nobody"}, []),
        ({"load": "nothing"}, ["Ana Prva", "Cveta Treta"]),
        ({"load": "little"}, ["Boris Drugi"]),
        ({"evidence": "confirmed"}, ["Ana Prva"]),
        ({"evidence": "unconfirmed"}, ["Boris Drugi", "Cveta Treta"]),
    ],
)
def test_each_filter_leaves_those_who_fit(
    coordinator: Pages, different: str, query: dict[str, str], left: list[str]
) -> None:
    assert sorted(people(coordinator.get(different, query=query))) == left


def cards_of(page: Page) -> dict[str, str]:
    """Return, by name, what the cards of the ranked say."""
    cards = [one for one in page.tree.iter("li") if (one.get("id") or "").startswith("expert-")]
    return {text_of(next(card.iter("h3"))): text_of(card) for card in cards}


def test_a_subject_leaves_those_of_whom_no_card_says_that_they_lack_it(
    coordinator: Pages, different: str
) -> None:
    page = coordinator.get(different)
    select = next(one for one in page.tree.iter("select") if one.get("name") == "subject")
    subjects = {option.get("value", ""): text_of(option) for option in select.iter("option")}
    subjects.pop("")
    cards = cards_of(page)
    left = {key: people(coordinator.get(different, query={"subject": key})) for key in subjects}
    assert any(0 < len(found) < len(cards) for found in left.values())
    for key, label in subjects.items():
        lacking = {name for name, said in cards.items() if label in said.partition("Asked for,")[2]}
        assert set(left[key]) == cards.keys() - lacking, label


def test_filters_narrow_those_who_are_not_ranked_too(app: Flask, coordinator: Pages) -> None:
    low = CefrLevel.A2
    empty: dict[str, Any] = {
        "summary": "", "post": "", "themes": [], "evidence": [], "trainings": [],
    }  # fmt: skip
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED)
        for home in ("MNE", "SRB", "SRB"):
            english = [LanguageSkill(language="en", level=low)]
            factories.expert(session, languages=english, jurisdiction=home)
            factories.expert(session, jurisdiction=home, **empty)
    address = f"/requests/{request.id}/matches"
    assert "Ruled out (3)" in coordinator.get(address).text
    page = coordinator.get(address, query={"jurisdiction": "SRB"})
    assert "Ruled out (2 of 3)" in page.text
    assert "Nothing to go on (2 of 3)" in page.text
    assert len(page.tree.findall(".//ul[@class='set-aside']/li")) == 4


def test_what_was_chosen_is_taken_away_one_by_one_or_at_once(
    coordinator: Pages, ranking: str
) -> None:
    both = {"jurisdiction": "SRB", "theme": "SALW-MTR"}
    page = coordinator.get(ranking, query=both)
    (line,) = page.tree.findall(".//ul[@class='pills chosen']")
    links = {link.get("href") for link in line.iter("a")}
    assert links == {f"{ranking}?jurisdiction=SRB", f"{ranking}?theme=SALW-MTR", ranking}


def test_an_empty_list_says_which_filter_emptied_it_and_whom_that_tells_of_is_recorded(
    app: Flask, coordinator: Pages, ranking: str
) -> None:
    page = coordinator.get(ranking, query={"jurisdiction": "MNE", "load": "much"})
    without = "Without “Days on missions in the year of the request”: 1 expert"
    assert "Without “Home jurisdiction”" not in page.text
    with reading(app) as session:
        told = sa.select(Expert.name).join(ProfileView, ProfileView.expert_id == Expert.id)
        assert session.scalars(told).all() == ["Ana Prva"], "The count alone tells of her load."
    assert people(page.follow(without)) == ["Ana Prva"]


def test_an_approved_match_is_proposed_before_all_else(app: Flask, coordinator: Pages) -> None:
    with writing(app) as session:
        match = factories.match(session, MatchState.APPROVED)
    propose = "Propose the approved experts to the requester"
    page = coordinator.get(f"/matches/{match.id}")
    assert page.text.index(propose) < page.text.index("End this match")
    assert page.text.index("What can be done now") < page.text.index(propose)
    said = {"Why you propose this expert": "She has done it."}
    proposed = page.follow(propose).submit("Propose to the requester", said)
    assert f"{match.expert.name} proposed" in proposed.text
