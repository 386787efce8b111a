"""Those who are not ranked are counted, and shown a page at a time, however many they are."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from webapp.core.roles import Role
from webapp.core.words.vocabularies import CefrLevel
from webapp.expertise_requests.models import RequestState
from webapp.experts.models import Expert, ExpertState, LanguageSkill
from webapp.experts.revisions import touch
from webapp.matches.models import MatchState

MANY = 3_000
LONGEST = {"name": "Aleksandar-Konstantin Primerović-Fiktivni " * 4, "post": "Head of unit " * 15}
A2 = CefrLevel.A2


def add(app: Flask, number: int, *, summary: str, level: CefrLevel | None, **facts: str) -> None:
    """Add many active experts at once, with a summary and perhaps some English."""
    with writing(app) as session:
        last = factories.expert(session, summary=summary)
        rows = [
            {"name": f"No. {at}", "summary": summary, "post": "", **facts,
             "institution": "", "rank": "", "state": ExpertState.ACTIVE,
             "consent_version": last.consent_version, "consented_at": last.consented_at,
             "revision": last.revision, "version": 1}
            for at in range(number)
        ]  # fmt: skip
        ids = session.scalars(sa.insert(Expert).returning(Expert.id), rows).all()
        if level:
            skills = [{"expert_id": key, "language": "en", "level": level} for key in ids]
            session.execute(sa.insert(LanguageSkill), skills)
        touch(session, last)


@pytest.fixture
def coordinator(sign_in_as: Callable[..., Pages]) -> Pages:
    """Return a coordinator's browser."""
    return sign_in_as(Role.COORDINATOR)


def matches_of(app: Flask) -> str:
    """Make a request that asks for English at B2 and return the address of its matches."""
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED)
        return f"/requests/{request.id}/matches"


@pytest.mark.long
@pytest.mark.thorough
def test_a_page_of_matches_stays_light_however_many_stand_outside(
    app: Flask, coordinator: Pages
) -> None:
    """The client refuses a page of more than 100 kB."""
    address = matches_of(app)
    add(app, MANY, summary="Marks and traces small arms.", level=A2, **LONGEST)
    add(app, MANY, summary="", level=None, **LONGEST)
    page = coordinator.get(address)
    assert "Ruled out (3,000)" in page.text
    assert "Nothing to go on (3,000)" in page.text
    assert "Page 1 of 120" in page.text


def test_each_of_those_outside_stands_on_one_page(app: Flask, coordinator: Pages) -> None:
    address = matches_of(app)
    add(app, 60, summary="Marks and traces small arms.", level=A2)
    add(app, 60, summary="", level=None)
    seen: list[str | None] = []
    for number in ("1", "2", "3"):
        page = coordinator.get(address, query={"ruled-out": number, "nothing": number})
        found = page.tree.findall(".//ul[@class='set-aside']/li/a")
        seen += [link.get("href") for link in found]
    assert len(seen) == len(set(seen)) == 120
    beyond = coordinator.get(address, query={"ruled-out": "9" * 30, "nothing": "x"})
    assert "Page 3 of 3" in beyond.text


def test_a_list_that_was_turned_is_open_and_keeps_the_filter(
    app: Flask, coordinator: Pages
) -> None:
    address = matches_of(app)
    add(app, 60, summary="Marks and traces small arms.", level=A2, jurisdiction="MNE")
    page = coordinator.get(address, query={"jurisdiction": "MNE", "ruled-out": "2"})
    (section,) = page.tree.findall(".//section[@id='ruled-out']")
    assert section.find("details[@open]") is not None
    (link,) = section.findall(".//a[@rel='next']")
    following = link.get("href", "")
    assert "jurisdiction=MNE" in following
    assert "ruled-out=3" in following
    assert following.endswith("#ruled-out")


def test_who_is_on_the_shortlist_is_not_counted_as_ruled_out(
    app: Flask, coordinator: Pages
) -> None:
    with writing(app) as session:
        match = factories.match(session, MatchState.SHORTLISTED)
        for skill in match.expert.languages:
            skill.level = A2
        touch(session, match.expert)
        factories.expert(session, languages=[LanguageSkill(language="en", level=A2)])
        address = f"/requests/{match.request_id}/matches"
    assert "Ruled out (1)" in coordinator.get(address).text
