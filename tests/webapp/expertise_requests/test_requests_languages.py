"""Of several languages that a request asks for, one can be enough."""

import json
from collections.abc import Callable

from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.html import text_of
from tests.pages import Pages
from webapp.core.roles import Role
from webapp.core.words.vocabularies import CefrLevel, LanguageNeed
from webapp.expertise_requests.content import Content, read_json
from webapp.expertise_requests.models import (
    ExpertiseRequest,
    RequestState,
    RequiredLanguage,
)
from webapp.experts.models import LanguageSkill

ONE_OF = LanguageNeed.ONE_OF
WANTED = (("ru", CefrLevel.B2, ONE_OF), ("en", CefrLevel.C1, ONE_OF))


def test_a_requester_says_that_one_of_some_languages_is_enough(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    pages = sign_in_as(Role.REQUESTER)
    rows = {
        f"languages-{number}-{name}": value
        for number, (code, level, need) in enumerate(WANTED)
        for name, value in (("language", code), ("level", level.value), ("need", need.value))
    }
    page = pages.get("/requests/new").submit("Save as draft", {"Title": "A workshop", **rows})
    assert "Russian, B2 or better; one of several is enough" in page.text
    with reading(app) as session:
        (request,) = session.query(ExpertiseRequest)
        assert [(row.language, row.level, row.need) for row in request.languages] == list(WANTED)
        address = f"/requests/{request.id}/edit"
    form = pages.get(address).form("Save as draft")
    assert form.values["languages-1-need"] == [ONE_OF.value]


def test_who_has_none_of_them_is_ruled_out_and_who_has_one_lacks_nothing(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED)
        request.languages = []
        session.flush()
        request.languages = [RequiredLanguage.asked(*asked) for asked in WANTED]
        speaks = [("Ana Ruska", "ru", "B2"), ("Boris Engleski", "en", "C2"), ("Cveta", "ru", "A2")]
        people = {
            name: factories.expert(session, name=name, languages=[skill(code, level)]).id
            for name, code, level in speaks
        }
    page = sign_in_as(Role.COORDINATOR).get(f"/requests/{request.id}/matches")

    def card(name: str) -> str:
        found = (one for one in page.tree.iter("li") if one.get("id") == f"expert-{people[name]}")
        return text_of(next(found))

    assert "Russian B2, asked for: B2 (one of several is enough)" in card("Ana Ruska")
    assert "English" not in card("Ana Ruska")
    assert "English C2, asked for: C1" in card("Boris Engleski")
    assert "none of them well enough: English C1, Russian B2." in page.text


def skill(code: str, level: str) -> LanguageSkill:
    return LanguageSkill(language=code, level=CefrLevel(level))


def test_terms_of_before_that_one_could_be_enough_are_read_as_they_were_meant() -> None:
    before = [["en", "B2", True], ["fr", "A1", False]]
    assert read_json({"languages": before})["languages"] == (
        ("en", CefrLevel.B2, LanguageNeed.REQUIRED),
        ("fr", CefrLevel.A1, LanguageNeed.USEFUL),
    )
    kept = json.loads(json.dumps(Content(languages=WANTED).as_json()))
    assert read_json(kept)["languages"] == WANTED


def test_a_single_language_is_no_choice(app: Flask, sign_in_as: Callable[..., Pages]) -> None:
    only = {
        "languages-0-language": "en", "languages-0-level": "C1", "languages-0-need": ONE_OF.value,
        # A row without a language is none.
        "languages-1-need": ONE_OF.value,
    }  # fmt: skip
    page = (
        sign_in_as(Role.REQUESTER)
        .get("/requests/new")
        .submit("Save as draft", {"Title": "A workshop", **only}, status=400)
    )
    assert "mark another language as well" in page.errors["languages-0-need"]
