"""Subjects are called by their names in the reader's language."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

import matcher
from tests import factories
from tests.databases import writing
from tests.html import text_of
from tests.pages import Page, Pages
from webapp.core.roles import Role
from webapp.core.words.language import in_language
from webapp.expertise_requests.models import RequestState
from webapp.matches.ranking.names import Name, called
from webapp.matches.ranking.subjects import marked_subject, subject_name
from webapp.matches.ranking.vocabulary import shipped_tables
from webapp.matches.ranking.wording import shown_to_requester

ENGLISH, RUSSIAN = "weapons tracing", "отслеживание оружия"
ASKED = "Training of investigators in tracing of weapons"


@pytest.fixture(params=["en", "ru"])
def reader(app: Flask, visitor: Callable[[], Pages], request: pytest.FixtureRequest) -> Pages:
    """Return the browser of a coordinator who reads a language."""
    with writing(app) as session:
        person = factories.account(session, Role.COORDINATOR)
        person.language = request.param
    return visitor().come_in(person)


def marked(page: Page) -> set[tuple[str, str]]:
    """Return the names of subjects on a page that say in which language they are."""
    return {
        (span.get("lang", ""), text_of(span))
        for span in page.tree.iter("span")
        if span.get("lang") and text_of(span) in {ENGLISH, RUSSIAN}
    }


def shown(app: Flask, reader: Pages, address: str) -> Page:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED, title=ASKED)
        people = [factories.expert(session) for _ in range(2)]
        people[0].summary = "I have traced seized guns for ten years."
        first, second = (one.id for one in people)
    return reader.get(address.format(request=request.id, first=first, second=second))


@pytest.mark.parametrize(
    "address",
    [
        "/requests/{request}/matches",
        "/requests/{request}/compare?expert={first}&expert={second}",
        "/roster/{first}/reading",
    ],
)
def test_a_subject_has_its_name_in_the_readers_language(
    app: Flask, reader: Pages, address: str
) -> None:
    page = shown(app, reader, address)
    language = page.tree.get("lang")
    assert marked(page) == {(language, {"en": ENGLISH, "ru": RUSSIAN}[str(language)])}


def test_what_is_narrowed_to_a_subject_says_its_name(app: Flask, reader: Pages) -> None:
    page = shown(app, reader, "/requests/{request}/matches")
    name = {"en": ENGLISH, "ru": RUSSIAN}[str(page.tree.get("lang"))]
    (option,) = [one for one in page.tree.iter("option") if text_of(one) == name]
    narrowed = reader.get(f"{page.url}?subject={option.get('value')}")
    assert f": {name} " in narrowed.text


def test_a_subject_that_has_no_name_in_a_language_is_marked_as_english() -> None:
    with in_language("ru"):
        assert subject_name("arms control on the Moon") == "arms control on the Moon"
        assert marked_subject("<i>") == '<span lang="en">&lt;i&gt;</span>'
        assert marked_subject(ENGLISH) == f'<span lang="ru">{RUSSIAN}</span>'


def test_what_is_only_claimed_is_not_told_in_english_words(app: Flask, reader: Pages) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED, title=ASKED)
        expert = factories.expert(session, summary="I drive.", post="", evidence=[])
        address = f"/requests/{request.id}/compare?expert={expert.id}"
        other = factories.expert(session)
    page = reader.get(f"{address}&expert={other.id}")
    words = {"en": "only claimed as a theme:", "ru": "только указано как тема"}
    assert words[str(page.tree.get("lang"))] in page.text
    assert "только указано как тема:" not in page.text


def test_a_russian_page_says_neither_a_subject_nor_an_everyday_word_in_english(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.COORDINATOR)
        person.language = "ru"
        request = factories.request(
            session, RequestState.ACCEPTED, title="Calibre",
            objectives="An action plan for small arms.",
        )  # fmt: skip
        people = [factories.expert(session) for _ in range(2)]
        people[0].summary = "I wrote the action plan on small arms, by calibre."
        ids = [one.id for one in people]
    tables = shipped_tables()
    english = {one.label for one in tables.concepts if "ru" in one.labels}
    words = {one.labels["en"][0] for one in tables.senses if "ru" in one.labels}
    for address in ("matches", f"compare?expert={ids[0]}&expert={ids[1]}"):
        page = visitor().come_in(person).get(f"/requests/{request.id}/{address}")
        named = [
            text_of(span)
            for place in page.tree.iter()
            if place.tag == "th" or place.get("class") in ("term-asked", "lacks")
            for span in place.iter("span")
        ]
        assert {"стратегия и план действий", "калибр"} <= {*named}
        assert not {*named} & (english | words)


def test_the_words_that_both_sides_use_are_told_once_in_the_readers_language() -> None:
    term = {
        "asked": "action plan", "found": "action plans", "concept": "strategy and action plan",
        "concept_id": "G05", "claimed": False, "same_words": True,
    }  # fmt: skip
    told = {"terms": [term]}
    assert shown_to_requester(told) == [Name("action plan", "")]
    with in_language("ru"):
        assert shown_to_requester(told) == [Name("стратегия и план действий", "ru")]


def test_an_everyday_word_is_quoted_to_whoever_reads_english_and_where_it_is_not_known() -> None:
    word = {"concept": None, "asked": "careers"}
    assert called({**word, "sense": "career"}) == Name("careers", "")
    with in_language("ru"):
        assert called({**word, "sense": "career"}) == Name("карьера", "ru")
        assert called(word) == called({**word, "sense": "no-such"}) == Name("careers", "")


def test_an_everyday_word_is_named_only_where_the_request_has_what_the_thesaurus_calls_it() -> None:
    index = matcher.ExpertIndex(
        [matcher.Expert("1", summary="Calibres of cannons, insurance."), matcher.Expert("2")]
    )
    senses = {}
    for title in ("Calibre", "Compensation", "Калибр"):
        (told,) = index.rank(matcher.Request("r", title=f"{title}.")).explain(["1"])
        words: list[Any] = [*told.terms, *told.besides, *told.lacking]
        senses[title] = {one.sense for one in words}
    assert senses == {"Calibre": {"calibre"}, "Compensation": {None}, "Калибр": {"calibre"}}


@pytest.mark.parametrize(
    "asked",
    [
        "Contracts", "Contrats", "Контракты", "Контракти", "Contractelor", "Kontratë", "Договорот",
        "Ugovora",
    ],
)  # fmt: skip
def test_an_everyday_word_of_any_language_has_a_name_in_the_readers(asked: str) -> None:
    index = matcher.ExpertIndex(
        [matcher.Expert("1", summary="Contract, kontrata, договор."), matcher.Expert("2")]
    )
    (told,) = index.rank(matcher.Request("r", title=f"{asked}.")).explain(["1"])
    (word,) = told.terms
    with in_language("ru"):
        assert called(word._asdict()).text == "контракт"


@pytest.mark.parametrize("language", ["en", "fr", "ru", "uk", "ro", "sq", "mk", "bcms"])
def test_the_wording_of_a_subject_is_told_by_its_name_where_it_was_read_as_words(
    language: str,
) -> None:
    told = {
        (concept.label, wording)
        for concept in shipped_tables().concepts
        for wording in concept.labels.get(language, ())
        if len(matcher.tokenize(wording, language)) > 1
    }
    with in_language("ru"):
        named = [
            called({"concept": None, "asked": wording}).text == subject_name(subject)
            for subject, wording in told
        ]
        assert called({"concept": None, "asked": "shells"}) == Name("shells", "")
    assert len(named) > 100
    assert sum(named) > 0.95 * len(named), "but for those that two subjects have"
