"""The roster's search over whole profiles, and facets whose numbers say what they would find."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.record import disclosure
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.vocabularies import CefrLevel, HelpKind
from webapp.experts import operations as profiles
from webapp.experts.models import (
    Evidence,
    EvidenceKind,
    Expert,
    ExpertState,
    ExpertTheme,
    Gender,
    LanguageSkill,
    ProfileView,
)
from webapp.experts.revisions import touch
from webapp.experts.workflow import ExpertStep
from webapp.matches.models import BookedDay, MatchState
from webapp.matches.ranking.narrowing import Load
from webapp.my_data import operations as my_data
from webapp.roster import facets, queries
from webapp.roster.facets import Moment
from webapp.roster.kinds import Approved, Asked, Confirmed, Sort

SignIn = Callable[..., Pages]


@pytest.fixture
def coordinator(sign_in_as: SignIn) -> Pages:
    return sign_in_as(Role.COORDINATOR)


def names(page: Page) -> list[str]:
    return [words for words, url in page.links.items() if re.fullmatch(r"/roster/\d+", url)]


def add(app: Flask, **values: Any) -> int:
    with writing(app) as session:
        return factories.expert(session, signs_in=False, **values).id


def armourer(app: Flask, **values: Any) -> int:
    told = Evidence(
        kind=EvidenceKind.PROJECT,
        title="Storage of explosives",
        description="Inspected armouries and rebuilt the storage of ammunition after a flood.",
    )
    return add(
        app, **{"name": "Ana Zgled", "summary": "", "themes": [], "evidence": [told], **values}
    )


def test_a_profile_is_found_by_what_stands_in_it_with_the_sentence(
    app: Flask, coordinator: Pages
) -> None:
    armourer(app)
    add(app, name="Boris Primer")
    page = coordinator.get("/roster", query={"q": "flooded ammunition storage"})
    assert names(page) == ["Ana Zgled"]
    assert "rebuilt the storage of ammunition after a flood" in page.text


def test_a_place_is_no_subject_and_finds_who_was_there(app: Flask, coordinator: Pages) -> None:
    armourer(
        app, evidence=[Evidence(kind=EvidenceKind.MISSION, title="Storage", jurisdiction="FJI")]
    )
    # The matcher knows a word for fibre that is written like the name of the islands.
    add(app, name="Boris Primer", summary="Compares paint and glass fibre in hit-and-run cases.")
    assert names(coordinator.get("/roster", query={"q": "Fiji"})) == ["Ana Zgled"]


def test_who_is_called_so_stands_before_whose_profile_tells_of_it(
    app: Flask, coordinator: Pages
) -> None:
    armourer(app)
    add(app, name="Flood Zupanc", summary="", themes=[], evidence=[])
    assert names(coordinator.get("/roster", query={"q": "flood"})) == ["Flood Zupanc", "Ana Zgled"]


STATES = sorted(set(ExpertState) - {ExpertState.ERASED}, key=lambda state: state.value)


@pytest.mark.parametrize("state", STATES)
def test_a_profile_is_found_by_what_stands_in_it_until_its_owner_has_left(
    app: Flask, coordinator: Pages, state: ExpertState
) -> None:
    armourer(app, state=state)
    found = coordinator.get("/roster", query={"q": "ammunition storage"})
    is_gone = state is ExpertState.WITHDRAWN
    assert names(found) == ([] if is_gone else ["Ana Zgled"])
    assert ("rebuilt the storage of ammunition" in found.text) is not is_gone
    assert names(coordinator.get("/roster", query={"q": "zgled"})) == ["Ana Zgled"]


def test_who_can_be_sent_is_found_before_who_cannot_and_nobody_twice(
    app: Flask, coordinator: Pages
) -> None:
    search = {"q": "ammunition storage"}
    number = armourer(app, summary="Storage of ammunition.", state=ExpertState.DORMANT)
    armourer(app, name="Boris Zgled")
    assert names(coordinator.get("/roster", query=search)) == ["Boris Zgled", "Ana Zgled"]
    for state, expected in (
        (ExpertState.ACTIVE, ["Ana Zgled", "Boris Zgled"]),
        (ExpertState.SUSPENDED, ["Boris Zgled", "Ana Zgled"]),
        (ExpertState.WITHDRAWN, ["Boris Zgled"]),
    ):
        with writing(app) as session:
            expert = session.get_one(Expert, number)
            expert.state = state
            touch(session, expert)
        assert names(coordinator.get("/roster", query=search)) == expected


def test_who_cannot_be_sent_is_not_shown_for_hardly_bearing_on_the_words(
    app: Flask, coordinator: Pages
) -> None:
    armourer(app)
    add(app, name="Boris Primer", summary="Keeps a storage of uniforms.", state=ExpertState.DORMANT)
    page = coordinator.get("/roster", query={"q": "inspection of armouries, storage of ammunition"})
    assert names(page) == ["Ana Zgled"]


def varied(app: Flask) -> None:
    """Put people on the roster of whom each has something that the others have not."""
    now, today = clock.now(), clock.today()
    skill = LanguageSkill
    add(
        app,
        name="Ana",
        jurisdiction="SRB",
        institution="Customs",
        gender=Gender.FEMALE,
        themes=[ExpertTheme(theme_code="SALW-POL", priority=1)],
        ways=(HelpKind.TRAINER,),
        languages=[
            skill(language="en", level=CefrLevel.B1),
            skill(language="sr", level=CefrLevel.C2),
        ],
        last_confirmed_at=now - timedelta(days=200),
        approved_until=today + timedelta(days=30),
    )
    add(
        app,
        name="Boris",
        jurisdiction="SRB",
        gender=Gender.MALE,
        ways=(HelpKind.TRAINER, HelpKind.SPEAKER),
        languages=[skill(language="en", level=CefrLevel.C1)],
        last_confirmed_at=now - timedelta(days=500),
        approved_until=today + timedelta(days=400),
    )
    add(
        app,
        name="Ceca",
        gender=None,
        last_confirmed_at=None,
        state=ExpertState.SCREENING,
        approved_until=today - timedelta(days=1),
        languages=[],
    )
    add(app, name="Dora", gender=Gender.FEMALE)


FOUND: list[tuple[dict[str, Any], list[str]]] = [
    ({"theme": "SALW-POL"}, ["Ana"]),
    ({"jurisdiction": "SRB"}, ["Ana", "Boris"]),
    ({"institution": "Customs"}, ["Ana"]),
    ({"language": "en"}, ["Ana", "Boris", "Dora"]),
    ({"language": "en", "level": CefrLevel.C1}, ["Boris", "Dora"]),
    ({"level": CefrLevel.C2}, ["Ana", "Dora"]),
    ({"way": HelpKind.TRAINER}, ["Ana", "Boris"]),
    ({"way": HelpKind.SPEAKER, "jurisdiction": "SRB"}, ["Boris"]),
    ({"state": ExpertState.SCREENING}, ["Ceca"]),
    ({"confirmed": Confirmed.LATELY}, ["Dora"]),
    ({"confirmed": Confirmed.THIS_YEAR}, ["Ana"]),
    ({"confirmed": Confirmed.LONG_AGO}, ["Boris"]),
    ({"confirmed": Confirmed.NEVER}, ["Ceca"]),
    ({"approval": Approved.VALID}, ["Boris"]),
    ({"approval": Approved.ENDING}, ["Ana"]),
    ({"approval": Approved.ENDED}, ["Ceca"]),
    ({"approval": Approved.NONE}, ["Dora"]),
    ({"jurisdiction": "SRB", "language": "en", "approval": Approved.ENDED}, []),
]


@pytest.mark.both_databases
def test_each_facet_finds_its_people_and_counts_them_as_it_finds_them(app: Flask) -> None:
    varied(app)
    with reading(app) as session:
        moment = Moment(clock.now(), SYSTEM)
        for chosen, expected in FOUND:
            asked = Asked(**chosen)
            page = queries.list_page(session, asked, moment)
            assert [line.expert.name for line in page.items] == expected, chosen
            counted = facets.count_all(session, asked, moment)
            for name, value in chosen.items():
                if name != "level":
                    assert counted[name].get(str(value), 0) == len(expected), (chosen, name)
        everybody = facets.count_all(session, Asked(), moment)
        assert everybody["gender"] == {"female": 2, "male": 1, "": 1}
        assert everybody["jurisdiction"] == {"SRB": 2, "MNE": 2}


def test_how_much_somebody_is_away_this_year_is_a_facet_and_an_order(
    app: Flask, world: factories.World
) -> None:
    match = world.matches[MatchState.SHORTLISTED]
    first = date(clock.today().year, 1, 1)
    with writing(app) as session:
        days = [first + timedelta(days=n) for n in range(12)]
        session.add_all(
            BookedDay(expert_id=match.expert_id, day=day, match_id=match.id) for day in days
        )
        session.add(
            BookedDay(expert_id=match.expert_id, day=date(first.year - 1, 5, 1), match_id=match.id)
        )
    with reading(app) as session:
        booked = session.scalars(sa.select(BookedDay.day).filter_by(expert_id=match.expert_id))
        away = sum(day.year == first.year for day in booked)
        assert away >= len(days)
        moment = Moment(clock.now(), SYSTEM)
        page = queries.list_page(session, Asked(load=Load.SOME), moment)
        assert [(line.expert.id, line.days) for line in page.items] == [(match.expert_id, away)]
        most = queries.list_page(session, Asked(), moment, sort=Sort.MOST)
        assert most.items[0].expert.id == match.expert_id
        assert facets.count_all(session, Asked(), moment)["load"]["some"] == 1


@pytest.mark.both_databases
def test_what_is_counted_of_everybody_is_right_at_the_next_look_after_any_change(
    app: Flask,
) -> None:
    """Counts of the whole roster are kept until a profile changes: also for who is suspended, is
    erased, or has said something else of themselves."""
    varied(app)
    kept = app.extensions["roster"]
    told: list[dict[str, dict[str, int]]] = []

    def look() -> dict[str, dict[str, int]]:
        with reading(app) as session:
            moment = Moment(clock.now(), SYSTEM)
            fresh = facets.count_all(session, Asked(), moment)
            seen = facets.count_all(session, Asked(), moment, kept.remembered)
        assert seen == fresh
        told.append(seen)
        return seen

    def suspend(work: UnitOfWork, one: Expert) -> None:
        profiles.take(work, one, ExpertStep.SUSPEND, factories.grounds())

    def erase(work: UnitOfWork, one: Expert) -> None:
        my_data.erase(work, one)

    def edit(work: UnitOfWork, one: Expert) -> None:
        one.gender, one.jurisdiction = None, "ALB"
        touch(work.session, one)

    look()
    for change in (edit, suspend, erase):
        with writing(app) as session:
            one = session.scalars(sa.select(Expert).where(Expert.state == "active")).first()
            assert one
            change(factories.work(session), one)
        look()
    assert all(before != after for before, after in pairwise(told))


@pytest.mark.both_databases
def test_whom_a_count_tells_of_on_a_page_that_does_not_show_them_is_recorded(
    app: Flask, sign_in_as: SignIn
) -> None:
    """Of whoever is alone in an institution, each filter would say something on its first page."""
    with writing(app) as session:
        for number in range(queries.PER_PAGE):
            factories.expert(
                session, signs_in=False, name=f"Ana {number:02}", state=ExpertState.DORMANT,
                institution="Border police",
            )  # fmt: skip
        alone = factories.expert(
            session, signs_in=False, name="Zora", state=ExpertState.DORMANT,
            institution="Guard of the Peak",
        ).id  # fmt: skip
        other = factories.expert(session, signs_in=False, name="Yana", institution="Elsewhere").id
    page = sign_in_as(Role.COORDINATOR).get("/roster", query={"state": "dormant"})
    assert len(names(page)) == queries.PER_PAGE
    assert "Zora" not in page.text
    # Nearly every institution has few people, and is found by its words.
    assert "Border police (" in page.text
    assert "Guard of the Peak" not in page.text
    with reading(app) as session:
        shown = set(session.scalars(sa.select(ProfileView.expert_id)))
    # That one other is not dormant is told by the count of that state.
    assert other in shown
    assert alone not in shown
    found = page.pages.get("/roster", query={"q": "Guard Peak"})
    assert names(found) == ["Zora"]
    chosen = page.pages.get("/roster", query={"institution": "Guard of the Peak"})
    assert "Guard of the Peak (1)" in chosen.text


@pytest.mark.parametrize("given", ["words", "language", "level"])
def test_whom_a_list_of_nobody_would_show_without_one_thing_is_recorded(
    app: Flask, coordinator: Pages, given: str
) -> None:
    """So it says of the only one of an institution what they are, one question for each thing."""
    spoken = [LanguageSkill(language="mk", level=CefrLevel.B1)]
    add(app, name="Goran", institution="Guard of the Peak", languages=spoken)
    nobody = {
        "words": {"q": "zzzzqq", "institution": "Guard of the Peak"},
        "language": {"language": "sq", "level": "B1"},
        "level": {"language": "mk", "level": "C2"},
    }
    page = coordinator.get("/roster", query=nobody[given])
    assert names(page) == []
    assert ": 1 expert" in page.text, page.text
    with reading(app) as session:
        assert session.scalars(sa.select(ProfileView.expert_id)).all() != []


@pytest.mark.parametrize(
    "chosen",
    [
        {"jurisdiction": "MNE"}, {"state": "dormant"}, {"language": "mk"}, {"level": "C2"},
        {"institution": "Nowhere"}, {"confirmed": "never"}, {"load": "much"}, {"way": "mentor"},
    ],
)  # fmt: skip
def test_whom_counts_tell_of_though_the_list_shows_nobody_is_recorded(
    app: Flask, coordinator: Pages, chosen: dict[str, str]
) -> None:
    """The list of one thing says what somebody is whose name was looked for."""
    varied(app)
    page = coordinator.get("/roster", query={"q": "Boris", **chosen})
    assert names(page) == []
    with reading(app) as session:
        seen = session.scalars(
            sa.select(Expert.name).join(ProfileView, ProfileView.expert_id == Expert.id)
        ).all()
        assert "Boris" in seen


def test_counts_of_many_tell_of_nobody(app: Flask, coordinator: Pages) -> None:
    for number in range(disclosure.FEW):
        add(app, name=f"Petar {number}", jurisdiction="SRB")
    page = coordinator.get("/roster", query={"q": "Petar", "jurisdiction": "MNE"})
    assert names(page) == []
    with reading(app) as session:
        assert session.scalars(sa.select(ProfileView)).all() == []


def test_a_choice_stands_in_the_address_and_can_be_taken_away(
    app: Flask, coordinator: Pages
) -> None:
    varied(app)
    page = coordinator.get("/roster", query={"jurisdiction": "SRB", "way": "trainer"})
    assert names(page) == ["Ana", "Boris"]
    assert "Women: 1, men: 1, other or not said: 0." in page.text
    wider = coordinator.get(page.links["Take away: Jurisdiction"])
    assert "way=trainer" in page.links["Take away: Jurisdiction"]
    assert names(wider) == ["Ana", "Boris"]
    assert "trainer (2)" in page.text


def test_nobody_says_whom_a_wider_choice_would_find(app: Flask, coordinator: Pages) -> None:
    varied(app)
    page = coordinator.get("/roster", query={"jurisdiction": "SRB", "state": "screening"})
    assert "Nobody on the roster fits all of this" in page.text
    assert "Without “Jurisdiction”: 1 expert" in page.text
    assert "Without “State”: 2 experts" in page.text
    farther = {"theme": "SALW-POL", "state": "screening", "way": "speaker"}
    assert "take several away" in coordinator.get("/roster", query=farther).text


def test_columns_are_chosen_and_kept_in_the_address(app: Flask, coordinator: Pages) -> None:
    varied(app)
    page = coordinator.get("/roster", query={"columns": ["approval", "load"], "sort": "approval"})
    assert [th.text for th in page.tree.iter("th") if th.get("scope") == "col"] == [
        "Name", "Approved until", "Days this year",
    ]  # fmt: skip
    assert names(page) == ["Ceca", "Ana", "Boris", "Dora"]
    for wrong in ({"columns": "age"}, {"sort": "gender"}, {"approval": "x"}, {"level": "D1"}):
        assert coordinator.get("/roster", query=wrong, status=400).errors
