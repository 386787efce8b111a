"""What a card says of an expert to choose by: languages, load, rest, other requests, missions."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.html import text_of
from tests.pages import Pages
from webapp.core.actor import Actor
from webapp.core.roles import Role
from webapp.core.words.vocabularies import CefrLevel
from webapp.deployments.models import Deployment, DeploymentState
from webapp.expertise_requests.models import (
    ExpertiseRequest,
    RequestState,
    RequiredLanguage,
)
from webapp.experts.models import Expert, LanguageSkill
from webapp.matches import facts
from webapp.matches.models import MatchState

pytestmark = pytest.mark.both_databases
FIRST, LAST = date(2028, 5, 8), date(2028, 5, 12)


def facts_of(app: Flask, request_id: int, expert_id: int, actor: Actor) -> dict[str, Any]:
    """Return what is known of one expert for a request, with the numbers of matches."""
    with reading(app) as session:
        request = session.get_one(ExpertiseRequest, request_id)
        expert = session.get_one(Expert, expert_id)
        known = facts.list_facts(session, actor, request, [expert])[expert_id]
        ids = {
            name: [match.id for match in getattr(known, name)]
            for name in ("there", "like", "elsewhere")
        }
        return {**vars(known), **ids}


def test_load_counts_in_the_year_of_the_request_and_rest_before_it(
    app: Flask, sign_in_as: Any
) -> None:
    with writing(app) as session:
        expert = factories.expert(session)
        coordinator = factories.account(session, Role.COORDINATOR).as_actor()
        for start, end in (
            (date(2027, 3, 1), date(2027, 3, 5)),
            (date(2028, 4, 24), date(2028, 4, 28)),
            (date(2028, 9, 4), date(2028, 9, 5)),
        ):
            request = factories.request(session, RequestState.ACCEPTED, start=start, end=end)
            factories.match(session, MatchState.APPROVED, request=request, expert=expert)
        asked = factories.request(session, RequestState.ACCEPTED, start=FIRST, end=LAST)
    known = facts_of(app, asked.id, expert.id, coordinator)
    assert (known["missions"], known["days"]) == (2, 7)
    assert (known["last_day"], known["rest"]) == (date(2028, 4, 28), 9)
    page = sign_in_as(Role.COORDINATOR).get(f"/requests/{asked.id}/matches")
    assert "last mission before this one until 28 April 2028, then 9 days at home" in page.text


def test_missions_are_told_of_the_same_jurisdiction_apart_from_its_region(app: Flask) -> None:
    with writing(app) as session:
        expert = factories.expert(session)
        coordinator = factories.account(session, Role.COORDINATOR).as_actor()
        made: dict[str, Any] = {}
        for at, home in enumerate(("KGZ", "KAZ", "FRA"), start=1):
            request = factories.request(
                session, RequestState.ACCEPTED, jurisdiction=home,
                start=date(2028, at, 10), end=date(2028, at, 12),
            )  # fmt: skip
            made[home] = factories.match(
                session, MatchState.SELECTED, request=request, expert=expert
            ).id
        asked = factories.request(
            session, RequestState.ACCEPTED, jurisdiction="KGZ", start=FIRST, end=LAST
        )
    # Nobody has been anywhere yet: what is ahead is no mission before this one.
    assert facts_of(app, asked.id, expert.id, coordinator)["there"] == []
    with writing(app) as session:
        session.execute(sa.update(Deployment).values(state=DeploymentState.RETURNED))
    known = facts_of(app, asked.id, expert.id, coordinator)
    assert known["there"] == [made["KGZ"]]
    assert known["like"] == [made["KAZ"]]


def test_other_requests_are_told_while_the_match_is_open(app: Flask) -> None:
    with writing(app) as session:
        expert = factories.expert(session)
        coordinator = factories.account(session, Role.COORDINATOR).as_actor()
        invited = factories.match(session, MatchState.INVITED, expert=expert).id
        factories.match(session, MatchState.DECLINED, expert=expert)
        asked = factories.request(session, RequestState.ACCEPTED, start=FIRST, end=LAST)
        factories.match(session, MatchState.SHORTLISTED, expert=expert, request=asked)
    known = facts_of(app, asked.id, expert.id, coordinator)
    assert known["elsewhere"] == [invited]


def test_a_card_holds_languages_against_what_is_asked(app: Flask, sign_in_as: Any) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED)
        request.languages.append(
            RequiredLanguage(language="ru", level=CefrLevel.B1, required=False)
        )
        skills = [
            LanguageSkill(language="en", level=CefrLevel.C1),
            LanguageSkill(language="ru", level=CefrLevel.A2),
        ]
        expert = factories.expert(session, languages=skills, notice_days=21)
    coordinator: Pages = sign_in_as(Role.COORDINATOR)
    page = coordinator.get(f"/requests/{request.id}/matches")
    card = next(one for one in page.tree.iter("li") if one.get("id") == f"expert-{expert.id}")
    assert "English C1, asked for: B2" in text_of(card)
    assert "Russian only A2, asked for: B1 (useful)" in text_of(card)
    assert "Notice needed 21 days" in text_of(card)
