"""Lessons of like missions: found by subject, theme and place, for pages and for the pack."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from webapp.core.roles import Role
from webapp.demo_history.subjects import SUBJECTS
from webapp.deployments.models import Deployment
from webapp.expertise_requests.content import TEXTS
from webapp.expertise_requests.models import ExpertiseRequest, RequestState, RequestTheme
from webapp.matches.ranking.like_texts import LikeTexts, Text
from webapp.mission_reports import lessons, likeness
from webapp.mission_reports.content import LessonContent
from webapp.mission_reports.models import Lesson
from webapp.themes import operations as themes
from webapp.themes.models import Theme

STOCKPILES = "Security of ammunition stockpiles and depots"


class Taught:
    """A mission of the past of whose request each test says what it was about, and its lessons."""

    def __init__(self, session: Session, clock: Any) -> None:
        self.session = session
        self.mission: Deployment = factories.returned_mission(session, clock)
        self.request = self.mission.match.request
        self.work = factories.work(session, factories.account(session, Role.COORDINATOR))
        self.index = LikeTexts()

    def was_about(self, title: str, objectives: str = "") -> None:
        """Let the mission have been about something."""
        self.request.title, self.request.objectives = title, objectives
        self._set_themes(self.request, ())

    def keep(self, text: str, theme: str | None = None, place: str | None = None) -> Lesson:
        """Keep a lesson of it."""
        return lessons.add(self.work, self.mission, LessonContent(text, theme, place))

    def wanted(self, title: str, *, themes: tuple[str, ...] = ()) -> ExpertiseRequest:
        """Return a new request for help there, of which the lessons are looked for."""
        made = factories.request(self.session)
        for text in TEXTS:
            if text.ranked:
                setattr(made, text.name, "")
        made.title, made.jurisdiction = title, "KGZ"
        self._set_themes(made, themes)
        return made

    def _set_themes(self, request: ExpertiseRequest, codes: tuple[str, ...]) -> None:
        request.themes = []
        self.session.flush()
        request.themes = [RequestTheme(theme_code=code, position=1) for code in codes]
        self.session.flush()

    def found(self, request: ExpertiseRequest) -> list[str]:
        """Return the lessons that are found for a request."""
        return [row.text for row in likeness.list_like(self.session, self.index, request)]


@pytest.fixture
def taught(session: Session, clock: Any) -> Taught:
    """Return such a mission."""
    return Taught(session, clock)


def test_a_like_subject_is_found_in_other_words_without_theme_or_place(taught: Taught) -> None:
    taught.was_about(STOCKPILES, "Officers write rules for the physical protection of depots.")
    taught.keep("Ask for the plan of the depot first.")
    assert taught.found(taught.wanted("PSSM training for storekeepers")) == [
        "Ask for the plan of the depot first."
    ]
    assert taught.found(taught.wanted("Fizička bezbednost i upravljanje zalihama municije")) != []
    assert taught.found(taught.wanted("A network of women police officers")) == []


@pytest.mark.parametrize(
    "title", ["Response of the police to domestic violence", "Destruction of surplus weapons"]
)
def test_a_word_in_common_makes_no_mission_alike(taught: Taught, title: str) -> None:
    taught.was_about("Two days in spring")
    texts = {
        one.title: Text(str(key), taught.request, f"{one.title}. {one.objectives}", ())
        for key, one in enumerate(SUBJECTS)
    }
    keys = [text.key for text in texts.values()]
    near = taught.index.find(taught.session, taught.wanted(title), keys, lambda _: texts.values())
    assert set(near) == {texts[title].key}


def test_the_words_of_the_lesson_itself_are_compared_too(taught: Taught) -> None:
    taught.was_about("Two days in spring")
    taught.keep("A women police network needs a budget of its own.")
    assert len(taught.found(taught.wanted("Support for a network of women police officers"))) == 1


def test_theme_and_place_are_enough_and_come_first_together(taught: Taught) -> None:
    taught.was_about("Two days in spring")
    for text, code, place in (
        ("both", "SALW-MTR", "KGZ"), ("place", None, "KGZ"), ("theme", "SALW-MTR", "USA"),
        ("neither", None, "USA"), ("nothing", None, None),
    ):  # fmt: skip
        taught.keep(text, code, place)
    request = taught.wanted("Choir practice", themes=("SALW-MTR",))
    assert taught.found(request)[0] == "both"
    assert set(taught.found(request)) == {"both", "place", "theme"}
    assert taught.found(taught.request) == [], "those of a request stand with its own reports"


def test_the_very_subject_comes_before_the_place_alone(taught: Taught, clock: Any) -> None:
    taught.was_about(STOCKPILES)
    taught.keep("subject", None, "USA")
    other = Taught(taught.session, clock)
    other.was_about("Two days in spring")
    other.keep("place alone", None, "KGZ")
    assert other.found(other.wanted(STOCKPILES)) == ["subject", "place alone"]


def test_lessons_that_come_and_go_are_followed(taught: Taught) -> None:
    taught.was_about("Two days in spring")
    request = taught.wanted("Ammunition depots")
    assert taught.found(request) == []
    first = taught.keep("Count the ammunition in the depots.")
    taught.keep("Guards of ammunition depots work at night.")
    assert len(taught.found(request)) == 2
    lessons.remove(taught.work, taught.mission, first.id)
    assert taught.found(request) == ["Guards of ammunition depots work at night."]


def test_a_lesson_that_goes_while_it_is_read_is_asked_for_again(taught: Taught) -> None:
    taught.was_about(STOCKPILES)
    wanted = taught.wanted(STOCKPILES)
    one, other = (Text(key, taught.request, STOCKPILES, ()) for key in "12")

    def find(keys: str, *there: Text) -> set[str]:
        return set(taught.index.find(taught.session, wanted, keys, lambda _: there))

    assert find("12", one) == {"1"}
    assert find("12", other) == {"1", "2"}

    def away(_keys: Any) -> tuple[Text, ...]:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        taught.index.find(taught.session, wanted, "23", away)
    assert find("2") == {"2"}
    assert find("12", one) == {"1", "2"}


def test_themes_that_change_are_followed(taught: Taught) -> None:
    taught.was_about("Tukan", "A tukan of one's own.")
    taught.keep("Bring two projectors.", "SALW-MTR", "USA")
    request = taught.wanted("Kolibri")
    assert taught.found(request) == []
    theme = taught.session.get_one(Theme, "SALW-MTR")
    for word in ("kolibri", "tukan"):
        themes.add_synonym(taught.work, theme, "en", word)
    assert taught.found(request) == ["Bring two projectors."]


def test_a_pack_tells_no_state_what_went_wrong_in_another(taught: Taught) -> None:
    taught.was_about(STOCKPILES)
    for text, place in (("here", "KGZ"), ("elsewhere", "USA"), ("nowhere", None)):
        taught.keep(text, None, place)
    request = taught.wanted(STOCKPILES)
    assert set(taught.found(request)) == {"here", "elsewhere", "nowhere"}
    pack = likeness.list_for_pack(taught.session, taught.index, request)
    assert {row.text for row in pack} == {"here", "nowhere"}


def test_the_matches_page_tells_what_like_missions_have_taught(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        past = Taught(session, clock)
        past.was_about(STOCKPILES)
        past.keep("Ask for the plan of the depot first.")
        office = factories.account(session, Role.COORDINATOR)
        request = factories.request(session, RequestState.ACCEPTED, title=STOCKPILES)
    page = visitor().come_in(office).get(f"/requests/{request.id}/matches")
    assert "1 lesson of like missions" in page.text
    assert "Ask for the plan of the depot first." in page.text


def test_no_more_than_three_lessons_stand_unfolded_above_a_request(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        past = Taught(session, clock)
        past.was_about(STOCKPILES)
        for number in range(5):
            past.keep(f"Lesson {number} of the depots.")
        office = factories.account(session, Role.COORDINATOR)
        request = factories.request(session, RequestState.ACCEPTED, title=STOCKPILES)
    page = visitor().come_in(office).get(f"/requests/{request.id}")
    section = ".//section[@aria-labelledby='lessons-title']"
    assert len(page.tree.findall(f"{section}/ul/li")) == 3
    assert len(page.tree.findall(f"{section}/details/ul/li")) == 2
    assert "2 more lessons" in page.text
