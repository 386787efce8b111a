"""A ranking read without names: nothing known tells who somebody is before the shortlist."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from webapp.accounts.models import Account
from webapp.core.roles import Role
from webapp.core.words.translation import _
from webapp.expertise_requests.models import (
    ExcludedJurisdiction,
    ExpertiseRequest,
    RequestState,
)
from webapp.experts.models import Expert
from webapp.matches.models import Match
from webapp.matches.ranking.blind import HIDDEN, Disguise

NAMES = "Show the names"
BLIND = "Read this list without names, institutions and home jurisdictions"
HOUSE = "Fictional Directorate of Podgorica"


def a_ranking(app: Flask, count: int = 2) -> tuple[Account, ExpertiseRequest, list[Expert]]:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        request = factories.request(session, RequestState.ACCEPTED, coordinator=office)
        experts = [
            factories.expert(
                session,
                name=f"Zvjezdana Izmišljena{number}",
                institution=HOUSE,
                post=f"Head of unit, {HOUSE}",
                summary=f"Zvjezdana leads tracing of firearms at the {HOUSE} in Montenegro.",
            )
            for number in range(count)
        ]
        # Of another home, whom a request may not be able to receive.
        factories.expert(session, name="Zvjezdana Srpkova", jurisdiction="SRB", institution=HOUSE)
        session.flush()
    return office, request, experts


def blind(pages: Pages, request: ExpertiseRequest, more: str = "") -> Page:
    return pages.get(f"/requests/{request.id}/matches?blind=yes{more}")


def test_nothing_on_the_list_tells_who_somebody_is(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    office, request, _experts = a_ranking(app)
    pages = visitor().come_in(office)
    usual = pages.get(f"/requests/{request.id}/matches")
    assert "Zvjezdana" in usual.text
    page = usual.follow(BLIND)
    assert "Expert at place 1" in page.text
    for told in ("Zvjezdana", "Izmišljena", HOUSE, "Montenegro"):
        assert told not in page.response.text, told
    assert HIDDEN in page.text
    assert not [url for url in page.addresses if url.startswith("/roster/")]
    assert "What people wrote can tell it all the same" in page.text
    names = page.follow(NAMES).text
    assert "Zvjezdana" in names
    assert "What people wrote can tell it" not in names


def test_who_is_ruled_out_stays_unknown_with_the_reason(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    office, request, _experts = a_ranking(app)
    with writing(app) as session:
        stored = session.get_one(ExpertiseRequest, request.id)
        stored.excluded = [ExcludedJurisdiction(code="SRB")]
    page = blind(visitor().come_in(office), request)
    assert "Expert 1 of those ruled out" in page.text
    assert "Serbia" not in page.text.partition("Ruled out (")[2]
    assert "The requester cannot receive experts from" in page.text


def test_somebody_shortlisted_is_known_and_the_others_are_not(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    office, request, experts = a_ranking(app)
    pages = visitor().come_in(office)
    page = blind(pages, request)
    answer = page.submit("Shortlist", action=f"/requests/{request.id}/matches/{experts[0].id}")
    assert "blind=yes" in answer.url
    assert "Izmišljena0" in answer.text
    assert "Izmišljena1" not in answer.text
    with reading(app) as session:
        assert session.query(Match).count() == 1


@pytest.mark.parametrize("narrowed", ["&jurisdiction=SRB", f"&institution={HOUSE}"])
def test_without_names_the_list_is_not_narrowed_to_where_somebody_is_from(
    app: Flask, visitor: Callable[[], Pages], narrowed: str
) -> None:
    office, request, _experts = a_ranking(app)
    page = blind(visitor().come_in(office), request, narrowed)
    form = page.form("Apply")
    assert {"jurisdiction", "institution"}.isdisjoint(form.values)
    assert form.values["blind"] == ["yes"]
    assert "Take away" not in page.text


def test_an_unknown_way_to_look_is_the_usual_one(app: Flask, visitor: Callable[[], Pages]) -> None:
    office, request, _experts = a_ranking(app)
    page = visitor().come_in(office).get(f"/requests/{request.id}/matches?blind=perhaps")
    assert "Zvjezdana" in page.text


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Ana Primer led it.", "███ ██████ led it."),
        ("Served with Primera and Primerom.", "Served with ███████ and ████████."),
        ("A Bosnian network in Herzegovina", "A ███████ network in ███████████"),
        ("At the Ministry of Tests, Unit 7.", "At the █████████████████, ██████."),
        ("Analysis of banana trade", "Analysis of banana trade"),
        ("", ""),
    ],
)
def test_what_is_known_of_a_person_is_hidden_letter_by_letter(
    app: Flask, text: str, hidden: str
) -> None:
    expert = Expert(
        name="Ana Primer",
        institution="Ministry of Tests",
        unit="Unit 7",
        entity="",
        jurisdiction="BIH",
    )
    with app.app_context():
        said = Disguise(expert, _("this expert")).hide(text)
    assert said == hidden
    assert len(said) == len(text)


def test_somebody_of_whom_nothing_is_known_hides_nothing(app: Flask) -> None:
    nobody = Expert(name="", institution="", unit="", entity="", jurisdiction=None)
    with app.app_context():
        said = Disguise(nobody, _("this expert")).hide("All of it stays.")
    assert said == "All of it stays."
    assert not re.search(HIDDEN, said)
