"""A synonym that an administrator adds is read by the next ranking, and no more when it is gone."""

import threading

import pytest
from flask import Flask
from sqlalchemy.orm import Session

import matcher
from tests import factories
from tests.databases import reading, writing
from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts.models import Expert, ExpertTheme
from webapp.matches.ranking import rankings
from webapp.matches.ranking.roster_index import RosterIndex
from webapp.matches.ranking.vocabulary import thesaurus_of
from webapp.themes import operations, queries
from webapp.themes.forms import LANGUAGES
from webapp.themes.models import Theme, ThemeSynonym

WORDING = "zorbelite quell"


def claiming(session: Session, code: str) -> Expert:
    """Make an expert who claims one theme and says nothing else of it."""
    return factories.expert(
        session, summary="Speaks at conferences.", post="Inspector", evidence=[], trainings=[],
        themes=[ExpertTheme(theme_code=code, priority=1)],
    )  # fmt: skip


def places(roster: RosterIndex, app: Flask, request_id: int) -> list[int]:
    """Return the ids of the ranked experts, best first."""
    with reading(app) as session:
        request = session.get_one(ExpertiseRequest, request_id)
        found = rankings.show(session, rankings.read_order(roster, session, request), SYSTEM)
        return [candidate.expert.id for candidate in found.candidates]


@pytest.mark.thorough
@pytest.mark.both_databases
@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_synonym_is_understood_by_every_worker_from_the_next_ranking_on(
    app: Flask, language: str
) -> None:
    wording = WORDING if language == "en" else "зорбелитовая квелла"
    with writing(app) as session:
        wanted = claiming(session, "POL-REF").id
        claiming(session, "TRN-PSO")
        request = factories.request(
            session, RequestState.ACCEPTED, title=wording, objectives=wording, tasks="",
            background="", themes=(), languages=(), place="",
        )  # fmt: skip
    workers = [RosterIndex(), RosterIndex()]
    for worker in workers:
        assert places(worker, app, request.id) == []
    with writing(app) as session:
        theme = queries.get(session, "POL-REF")
        synonym = operations.add_synonym(factories.work(session), theme, language, wording)
    for worker in workers:
        assert places(worker, app, request.id) == [wanted]
    with writing(app) as session:
        operations.remove_synonym(
            factories.work(session), session.get_one(ThemeSynonym, synonym.id)
        )
    for worker in workers:
        assert places(worker, app, request.id) == []


def test_rankings_while_synonyms_change_see_one_state_whole(app: Flask) -> None:
    with writing(app) as session:
        wanted = claiming(session, "POL-REF").id
        request = factories.request(
            session, RequestState.ACCEPTED, title=WORDING, objectives=WORDING, tasks="",
            background="", themes=(), languages=(),
        )  # fmt: skip
    roster, seen = RosterIndex(), list[tuple[int, ...]]()
    faults = list[Exception]()

    def rank() -> None:
        try:
            seen.extend(tuple(places(roster, app, request.id)) for _number in range(5))
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=rank) for _number in range(3)]
    for thread in threads:
        thread.start()
    with writing(app) as session:
        theme = queries.get(session, "POL-REF")
        operations.add_synonym(factories.work(session), theme, "en", WORDING)
    for thread in threads:
        thread.join()
    assert faults == []
    assert set(seen) <= {(), (wanted,)}
    assert places(roster, app, request.id) == [wanted]


def test_the_languages_are_those_that_the_matcher_reads() -> None:
    for language in LANGUAGES:
        concept = matcher.Concept("x", {"en": ("one",), language: ("one",)})
        matcher.build_thesaurus([concept], [], [])
    with pytest.raises(matcher.ThesaurusError):
        matcher.build_thesaurus([matcher.Concept("x", {"en": ("one",), "de": ("eins",)})], [], [])


def test_what_the_shipped_thesaurus_knows_is_refused_with_what_it_stands_for(
    session: Session,
) -> None:
    theme = queries.get(session, "POL-REF")
    work = factories.work(session)
    with pytest.raises(operations.TakenError, match="knows this wording already, as “weapons”"):
        operations.add_synonym(work, theme, "en", "Gun")
    with pytest.raises(operations.TakenError, match="reads nothing in this wording"):
        operations.add_synonym(work, theme, "en", "of the")
    operations.add_synonym(work, theme, "en", WORDING)
    with pytest.raises(operations.TakenError, match="stands for"):
        operations.add_synonym(work, queries.get(session, "TRN-PSO"), "en", WORDING.upper())


def test_a_wording_that_a_newer_release_brings_is_left_to_its_concept() -> None:
    """Such a row was stored before the release; rankings must go on all the same."""
    old = ThemeSynonym(language="en", wording="firearm", folded="firearm", created_at=clock.now())
    theme = Theme(code="POL-REF", label="Policing", shipped_label="Policing", synonyms=[old])
    thesaurus = thesaurus_of([theme])
    assert "theme POL-REF" not in thesaurus.concepts
    assert "firearm" in thesaurus.themes["POL-REF"].synonyms


def test_without_changes_the_shipped_thesaurus_is_shared(session: Session) -> None:
    assert thesaurus_of(queries.list_with_synonyms(session)) is matcher.default_thesaurus()


def test_an_own_theme_and_a_new_name_reach_the_ranking(session: Session) -> None:
    work = factories.work(session)
    own = operations.add(work, "Drone defence of barracks", operations.AREA_NAMES[0])
    theme = queries.get(session, "POL-REF")
    before = theme.label
    operations.rename(work, theme, "Neighbourhood policing", seen=before)
    thesaurus = thesaurus_of(queries.list_with_synonyms(session))
    assert thesaurus.themes[own.code].label == "Drone defence of barracks"
    assert thesaurus.themes["POL-REF"].label == "Neighbourhood policing"
    # What people wrote when it had its old name is still found.
    assert before.casefold() in thesaurus.themes["POL-REF"].text.casefold()
