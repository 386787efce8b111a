"""Whoever is chosen before others that fit better is so with a reason, told and counted."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.core.errors import ConflictError
from webapp.core.record.reasons import Grounds, Reason, ReasonKind
from webapp.core.roles import Role
from webapp.core.words.vocabularies import CefrLevel
from webapp.expertise_requests.models import RequestState
from webapp.experts.models import LanguageSkill
from webapp.matches import operations, rules
from webapp.matches.models import Match, MatchState, OutOfTurn
from webapp.matches.placing import Placing

EMPTY: dict[str, Any] = {"summary": "", "post": "", "themes": [], "evidence": [], "trainings": []}
WHY = {"kind": "knows place", "reason": "Served there for a year."}


@pytest.fixture
def coordinator(sign_in_as: Callable[..., Pages]) -> Pages:
    """Return a coordinator's browser."""
    return sign_in_as(Role.COORDINATOR)


def chosen(app: Flask) -> list[tuple[OutOfTurn | None, ReasonKind | None, int, int]]:
    """Return how those on shortlists stood and why they were chosen, and the places."""
    with reading(app) as session:
        rows = session.execute(
            sa.select(Match.out_of_turn, Reason.kind, Match.rank, Match.ranked_among)
            .outerjoin(Reason, Match.choice_reason_id == Reason.id)
            .order_by(Match.id)
        )
        return [(how, kind, rank, among) for how, kind, rank, among in rows]


def with_languages(level: CefrLevel) -> list[LanguageSkill]:
    """Return a little or much English."""
    return [LanguageSkill(language="en", level=level)]


@pytest.mark.parametrize(
    ("facts", "how", "rank"),
    [
        ({"languages": with_languages(CefrLevel.A2)}, OutOfTurn.RULED_OUT, 1),
        (EMPTY, OutOfTurn.NOTHING, 2),
    ],
)
def test_whoever_is_not_ranked_is_chosen_with_a_reason(
    app: Flask, coordinator: Pages, facts: dict[str, Any], how: OutOfTurn, rank: int
) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED)
        factories.expert(session)
        odd = factories.expert(session, name="Neko Drugi", **facts)
    page = coordinator.get(f"/requests/{request.id}/matches")
    page = page.follow("Shortlist all the same: Neko Drugi")
    assert "Shortlist Neko Drugi out of turn?" in page.text
    refused = page.submit("Shortlist", status=400)
    assert refused.errors == {"kind": "Please choose one."}
    assert chosen(app) == []
    done = refused.submit("Shortlist", WHY)
    assert "Neko Drugi is on the shortlist." in done.text
    ((how_then, kind, place, among),) = chosen(app)
    assert (how_then, kind, among) == (how, ReasonKind.KNOWS_PLACE, 1)
    assert place in {1, 2}
    if how is OutOfTurn.NOTHING:
        assert place == rank
    story = coordinator.get(f"/requests/{request.id}").text
    assert "Served there for a year." in story
    with reading(app) as session:
        (match,) = session.scalars(sa.select(Match).where(Match.expert_id == odd.id)).all()
        number = match.id
    shown = coordinator.get(f"/matches/{number}").text
    assert "Chosen out of turn" in shown
    assert "The expert knows the place or its people" in shown


def test_the_eleventh_needs_a_reason_while_the_ten_above_are_not_considered(
    app: Flask, coordinator: Pages
) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED)
        for _ in range(12):
            factories.expert(session)
    address = f"/requests/{request.id}/matches"
    first = coordinator.get(address)
    assert "Shortlist …" not in first.text
    second = coordinator.get(address, query={"page": "2"})
    assert second.text.count("Shortlist …") == 2
    forms = [form.get("action", "") for form in first.tree.iter("form")]
    coordinator.post(next(action for action in forms if "/matches/" in action))
    assert chosen(app)[0][:2] == (None, None)
    # One of the ten is considered now, so the eleventh is the tenth of those who are left.
    assert coordinator.get(address, query={"page": "2"}).text.count("Shortlist …") == 1


def test_shortlisting_leads_back_to_the_card_on_the_list_as_it_was(
    app: Flask, coordinator: Pages
) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED)
        expert = factories.expert(session, jurisdiction="SRB")
    address = f"/requests/{request.id}/matches"
    page = coordinator.get(address, query={"jurisdiction": "SRB"})
    action = next(
        form.get("action", "")
        for form in page.tree.iter("form")
        if f"/matches/{expert.id}" in form.get("action", "")
    )
    data = {"csrf_token": coordinator.own_token()}
    answer = coordinator.client.post(action, data=data)
    assert answer.status_code == 302
    assert answer.location == f"{address}?jurisdiction=SRB&page=1#expert-{expert.id}"


def test_the_address_of_the_question_takes_nothing_but_what_narrows_the_list(
    app: Flask, coordinator: Pages
) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED)
        odd = factories.expert(session, **EMPTY)
    address = f"/requests/{request.id}/matches/{odd.id}"
    strange = {"request_id": "7", "_anchor": "x", "_scheme": "ftp", "theme": "SALW-MTR"}
    page = coordinator.get(address, query=strange)
    links = [link.get("href") for link in page.tree.iter("a")]
    assert f"/requests/{request.id}/matches?theme=SALW-MTR" in links


def test_the_operation_refuses_what_the_page_would_ask_for(app: Flask) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED)
        expert = factories.expert(session)
        person = factories.account(session, Role.COORDINATOR)
        facts = {**vars(factories.matching.PLACING), "out_of_turn": OutOfTurn.FAR_BELOW}
        placing = Placing(**facts)
        work = factories.people.work(session, person)
        for why in (None, Grounds(ReasonKind.DATES), Grounds(ReasonKind.OTHER)):
            with pytest.raises(ConflictError):
                operations.shortlist(work, request, expert, placing, why)
        made = operations.shortlist(work, request, expert, placing, Grounds(ReasonKind.FOR_TEAM))
        assert made.state is MatchState.SHORTLISTED
        assert made.choice_reason is not None


@pytest.mark.parametrize(
    ("relative", "above", "far"),
    [(1.0, 0, False), (0.35, 0, False), (0.349, 0, True), (0.9, 9, False), (0.9, 10, True)],
)
def test_far_below_is_little_of_the_best_or_ten_above(
    relative: float, above: int, *, far: bool
) -> None:
    assert rules.is_far_below(relative, above) is far
