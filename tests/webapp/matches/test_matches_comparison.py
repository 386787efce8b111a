"""Two to four experts side by side."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.html import text_of
from tests.pages import Page, Pages
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState
from webapp.experts import confirmations
from webapp.experts.models import Evidence, EvidenceKind, Expert, ExpertState, Training
from webapp.matches.ranking import comparison
from webapp.matches.ranking.sources import Source, find_source

EMPTY: dict[str, Any] = {"summary": "", "post": "", "themes": [], "evidence": [], "trainings": []}


@pytest.fixture
def coordinator(sign_in_as: Callable[..., Pages]) -> Pages:
    """Return a coordinator's browser."""
    return sign_in_as(Role.COORDINATOR)


def rows(page: Page) -> dict[str, list[str]]:
    """Return, by their labels, the cells of the comparison."""
    return {
        text_of(next(row.iter("th"))): [text_of(next(td.iter("div"))) for td in row.iter("td")]
        for row in page.tree.iter("tr")
        if next(row.iter("td"), None) is not None
    }


def test_a_mission_elsewhere_in_the_region_is_told_as_none_there(app: Flask) -> None:
    parts: Any = app.jinja_env.get_template("matches/_parts.html")
    with writing(app) as session, app.test_request_context():
        known = SimpleNamespace(there=[], like=[factories.match(session)])
        assert parts.make_module().fact_there(known).startswith("none; elsewhere in its region:")


def test_what_each_shows_of_what_is_asked_stands_side_by_side(
    app: Flask, coordinator: Pages
) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED)
        first = factories.expert(session, name="Ana Prva", notice_days=3)
        low = factories.expert(session, name="Boris Drugi", languages=[])
        empty = factories.expert(session, name="Cveta Treta", **EMPTY)
    query = "&".join(f"expert={one.id}" for one in (low, first, empty))
    page = coordinator.get(f"/requests/{request.id}/compare?{query}")
    told = rows(page)
    assert [len(cells) for cells in told.values()] == [3] * len(told)
    head = [text_of(th) for th in next(page.tree.iter("thead")).iter("th")]
    assert head[1:] == ["Boris Drugi", "Ana Prva", "Cveta Treta"]
    assert told["Notice needed"] == ["14 days", "3 days", "14 days"]
    assert "too thin to rank" in told["Place"][2]
    assert told["Languages"][1] == "English C1, asked for: B2"
    assert any("not found in the profile" in cells[2] for cells in told.values())
    assert "Taught the tracing of seized firearms" in told["In their own words"][1]


def test_each_cell_names_the_entry_its_year_and_whether_it_is_confirmed(
    app: Flask, coordinator: Pages
) -> None:
    entry = {
        "kind": EvidenceKind.MISSION,
        "title": "Tracing of firearms in Osh",
        "description": "Taught the tracing of seized firearms.",
    }
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED)
        people = [
            factories.expert(
                session, summary="Plays chess.", themes=[], trainings=[], evidence=[
                    Evidence(**entry, started=date(year, 3, 1), ended=date(year, 5, 1))
                ],
            )
            for year in (2017, 2019)
        ]  # fmt: skip
        known = people[1].evidence[0]
        confirmations.note(factories.work(session), known, "R-1", "A fictional academy")
        alone = factories.expert(session, **EMPTY | {"summary": "Traces seized firearms."})
        courses = [Training(title="Course on firearms tracing")]
        trained = factories.expert(session, **EMPTY | {"trainings": courses})
    query = "&".join(f"expert={one.id}" for one in (*people, alone, trained))
    page = coordinator.get(f"/requests/{request.id}/compare?{query}")
    told = rows(page)
    del told["In their own words"]
    cells = next(cells for cells in told.values() if "Tracing of firearms in Osh" in cells[0])
    assert "Evidence: Tracing of firearms in Osh · 2017 · by their own word" in cells[0]
    assert "Evidence: Tracing of firearms in Osh · 2019 · confirmed by others" in cells[1]
    assert cells[2].endswith("Summary")
    assert any(cells[3].endswith("Training: Course on firearms tracing") for cells in told.values())


def test_a_claimed_theme_and_words_within_others_come_from_no_entry() -> None:
    row = Evidence(kind=EvidenceKind.POST, title="Army depot", description="Kept the arms.")
    twin = Evidence(kind=row.kind, title=row.title, description="", kept_out=True)
    expert = Expert(evidence=[twin, row])
    army = {"kind": "experience", "title": "Army depot", "text": "Army depot\n\nKept the arms."}
    other = {"kind": "experience", "title": "Army", "text": "Army, alarms."}
    theme = {"kind": "theme", "title": "arms", "text": "arms"}
    explanation = {"entries": [theme, other, army]}
    found = find_source(explanation, {"found": "arms, pistols", "claimed": False}, expert)
    assert found == Source("experience", "Army depot", row, more=0)
    assert find_source(explanation, {"found": "arms", "claimed": True}, expert) is None
    assert find_source(explanation, {"found": "", "claimed": False}, expert) is None
    assert find_source(explanation, {"found": "rifles", "claimed": False}, expert) is None
    several = find_source(explanation, {"found": "army", "claimed": False}, expert)
    assert several == Source("experience", "Army", None, more=1)


@pytest.mark.parametrize("number", [0, 1, 5])
def test_fewer_than_two_and_more_than_four_are_not_compared(
    app: Flask, coordinator: Pages, number: int
) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED)
        people = [factories.expert(session) for _ in range(number)]
    query = "&".join(f"expert={one.id}" for one in people)
    page = coordinator.get(f"/requests/{request.id}/compare?{query}", status=400)
    assert "Two to four experts of the lists can be compared." in page.text


def test_whom_the_ranking_does_not_know_is_not_compared(app: Flask, coordinator: Pages) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED)
        known = factories.expert(session)
        gone = factories.expert(session, name="Neko Drugi", state=ExpertState.SUSPENDED)
    query = f"expert={known.id}&expert={gone.id}&expert=x&expert=999999&expert={known.id}"
    page = coordinator.get(f"/requests/{request.id}/compare?{query}", status=400)
    assert "Neko Drugi" not in page.text


def test_those_ticked_on_the_list_are_compared_and_recorded_as_shown(
    app: Flask, coordinator: Pages
) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED)
        people = [factories.expert(session) for _ in range(3)]
    page = coordinator.get(f"/requests/{request.id}/matches")
    ticks = [one for one in page.tree.iter("input") if one.get("form") == "compare"]
    assert {one.get("value") for one in ticks} == {str(one.id) for one in people}
    (form,) = [one for one in page.tree.iter("form") if one.get("id") == "compare"]
    two = "&".join(f"expert={one.get('value')}" for one in ticks[:2])
    coordinator.get(f"{form.get('action')}?{two}")
    with reading(app) as session:
        events = session.query(AuditEvent).order_by(AuditEvent.id.desc()).limit(2).all()
        assert any("matches.compare" in str(event.details) for event in events)


def test_what_is_too_little_to_be_a_reason_is_still_found() -> None:
    """The profile says it, so the page must not say that it does not."""
    share = term("patrol officers", "patrol boat", 0.02)
    explanation = {"terms": [term("customs", "customs officer", 0.1)], "besides": [share]}
    assert comparison.found_in(explanation, "patrol officers") == share
    assert comparison.found_in(explanation, "smuggling") is None


def test_what_weighs_next_to_nothing_proves_no_subject() -> None:
    """A broad subject shares a little with a great many words."""
    little = term("capacity development", "artificial intelligence", 0.002)
    explanation = {"terms": [term("customs", "customs officer", 0.1)], "besides": [little]}
    assert comparison.found_in(explanation, "capacity development") is None


def test_words_that_are_told_together_differently_are_one_row() -> None:
    told = {
        "Ana": word("association, associations, women police association", "udruženja"),
        "Boris": word("women police association, associations", "association"),
    }
    explanations = [{"terms": [share], "besides": [], "lacking": []} for share in told.values()]
    (row,) = comparison._subjects(explanations)
    for explanation, share in zip(explanations, told.values(), strict=True):
        assert comparison.found_in(explanation, row) == share


def test_a_comparison_calls_lacking_what_a_card_does(app: Flask, coordinator: Pages) -> None:
    """Whose words the profile has is not lacking, though they are no subject together."""
    asked = "Legalizacija oružja i seksualno uznemiravanje."
    with writing(app) as session:
        request = factories.request(
            session, RequestState.ACCEPTED, title="Pomoć", background="", objectives=asked,
            tasks="",
            themes=(),
        )  # fmt: skip
        apart = {"summary": "Zakon o oružju. Rokovi za legalizaciju."}
        people = [
            factories.expert(session, **EMPTY | texts)
            for texts in (apart, {"summary": "Legalizacija oružja."}, {"summary": "Oružje."})
        ]
    query = "&".join(f"expert={one.id}" for one in people)
    told = rows(coordinator.get(f"/requests/{request.id}/compare?{query}"))
    cells = next(cells for cells in told.values() if cells[1].startswith("Legalizacija oružja"))
    assert cells[0] == "only words in passing"
    assert cells[2] == "not found in the profile"
    assert told["sexual harassment"] == ["not found in the profile"] * 3


def test_what_is_told_of_the_work_stands_before_the_name_of_a_theme() -> None:
    named = {**term("domestic violence", "domestic violence", 0.1), "claimed": True}
    told = term("domestic violence", "restraining orders", 0.05)
    explanation = {"terms": [named], "besides": [told]}
    assert comparison.found_in(explanation, "domestic violence") == told


def term(concept: str, found: str, contribution: float) -> dict[str, Any]:
    return {"concept": concept, "asked": concept, "found": found, "contribution": contribution}


def word(asked: str, found: str) -> dict[str, Any]:
    return {"concept": None, "asked": asked, "found": found, "contribution": 0.1}
