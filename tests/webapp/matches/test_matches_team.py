"""A team is suggested that covers a request together, beside the ranking and changing nothing."""

import dataclasses
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask

import matcher
from tests import factories, html
from tests.databases import writing
from tests.pages import Page, Pages
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest, RequestState, RequestTheme
from webapp.experts import confirmations
from webapp.experts.models import (
    Evidence,
    EvidenceKind,
    Expert,
    ExpertTheme,
    Gender,
    ThemeLevel,
)
from webapp.matches import rules
from webapp.matches.models import MatchState
from webapp.matches.teams import team
from webapp.themes.models import Theme

WANTED = "Farriers who shoe horses of patrols. Luthiers who carve violins of maple."


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a busy machine take its time: how long a page waits is not what is tested here."""
    monkeypatch.setattr(team, "SECONDS", 60.0)


@pytest.fixture
def coordinator(sign_in_as: Callable[..., Pages]) -> Pages:
    """Return a coordinator's browser."""
    return sign_in_as(Role.COORDINATOR)


def request_of(
    app: Flask, needed: int, facts: dict[str, dict[str, Any]] | None = None, **ended: MatchState
) -> int:
    """Make a roster and a request for `needed` experts; return the request's id.

    `facts` has what else some of the experts are, by their names.
    """
    texts: dict[str, Any] = {"title": "Two crafts", "background": "", "objectives": WANTED}
    profiles = {
        "Shoes Horses": "Farrier. Shoes horses of patrols, farrier of the guard.",
        "Shoes Again": "Farrier. Shoes horses of patrols daily.",
        "Carves Violins": "Luthier, carves violins.",
    }
    with writing(app) as session:
        people = {
            name: factories.expert(
                session, name=name, summary=summary, **(facts or {}).get(name, {})
            )
            for name, summary in profiles.items()
        }
        made = factories.request(
            session,
            RequestState.ACCEPTED,
            **{**texts, "tasks": "", "themes": (), "languages": (), "experts_needed": needed},
        )
        for name, state in ended.items():
            expert: Expert = people[name.replace("_", " ")]
            factories.match(session, state, request=made, expert=expert)
        return made.id


def members(page: Page) -> set[str | None]:
    """Return the names in the team."""
    return {link.text for link in page.tree.iterfind(".//h2/a")}


def choice(page: Page) -> dict[str | None, str | None]:
    """Return who can be put in, by what the list sends back."""
    return {
        option.get("value"): option.text
        for option in page.tree.iterfind(".//select[@name='put_in']/option")
    }


def offered(page: Page) -> list[str]:
    """Return where those in the team are sent who are not on the shortlist yet."""
    return [
        urlsplit(form.action).path
        for form in page.forms
        if "Shortlist" in map(html.text_of, form.buttons)
    ]


def test_two_crafts_are_covered_by_two_people(app: Flask, coordinator: Pages) -> None:
    address = f"/requests/{request_of(app, 2)}/team"
    page = coordinator.get(f"{address}?first=subjects")
    assert "Carves Violins" in members(page)
    assert len(members(page)) == 2
    assert "Covers best in this team: carve" in page.text


def test_the_ranking_leads_to_the_team_where_several_are_needed(
    app: Flask, coordinator: Pages
) -> None:
    several, one = request_of(app, 2), request_of(app, 1)
    assert f"/requests/{several}/team" in coordinator.get(f"/requests/{several}/matches").addresses
    assert f"/requests/{one}/team" not in coordinator.get(f"/requests/{one}/matches").addresses
    assert coordinator.get(f"/requests/{one}/team").url.endswith("/matches")


@pytest.mark.parametrize("state", [MatchState.INVITED, MatchState.APPROVED, MatchState.SELECTED])
def test_whoever_was_asked_is_a_member_and_the_other_places_are_filled(
    app: Flask, coordinator: Pages, state: MatchState
) -> None:
    number = request_of(app, 2, Carves_Violins=state)
    page = coordinator.get(f"/requests/{number}/team")
    assert "Carves Violins" in members(page)
    assert len(members(page)) == 2
    assert "1 expert of this team was asked already" in page.text
    assert "1 place is filled with the best who can go." in page.text
    assert "Find somebody else instead: Carves Violins" not in page.links
    # Nobody is put out of it by an address either, nor put in twice.
    with writing(app) as session:
        expert = session.query(Expert).filter_by(name="Carves Violins").one().id
    changed = coordinator.get(f"/requests/{number}/team", query={"out": str(expert)})
    assert "Carves Violins" in members(changed)
    assert str(expert) not in choice(page)


def test_a_team_of_all_who_were_asked_is_shown_though_they_are_more_than_needed(
    app: Flask, coordinator: Pages
) -> None:
    names = ("Shoes_Horses", "Shoes_Again", "Carves_Violins")
    number = request_of(app, 2, None, **dict.fromkeys(names, MatchState.INVITED))
    page = coordinator.get(f"/requests/{number}/team")
    assert members(page) == {name.replace("_", " ") for name in names}
    assert "3 experts of this team were asked already" in page.text
    assert "That is 1 more than the request asks for." in page.text


def test_somebody_in_reserve_is_no_member_and_can_be_put_in(app: Flask, coordinator: Pages) -> None:
    number = request_of(app, 2, Carves_Violins=MatchState.ALTERNATE)
    page = coordinator.get(f"/requests/{number}/team")
    assert members(page) == {"Shoes Horses", "Shoes Again"}
    reserve = next(key for key, name in choice(page).items() if name == "Carves Violins")
    page = coordinator.get(f"/requests/{number}/team", query={"put_in": reserve})
    assert "Carves Violins" in members(page)


def test_somebody_on_the_shortlist_is_put_in_though_a_rule_speaks_against_them(
    app: Flask, coordinator: Pages
) -> None:
    away = {"Carves Violins": {"max_days": 1}}
    number = request_of(app, 2, away, Carves_Violins=MatchState.SHORTLISTED)
    address = f"/requests/{number}/team"
    page = coordinator.get(address)
    assert members(page) == {"Shoes Horses", "Shoes Again"}
    offered_first = list(choice(page).items())[1]
    assert offered_first[1] == "Carves Violins"
    page = coordinator.get(address, query={"put_in": offered_first[0]})
    assert "Carves Violins" in members(page)
    assert len(members(page)) == 2


def test_nobody_who_has_declined_is_suggested_again(app: Flask, coordinator: Pages) -> None:
    number = request_of(app, 2, Carves_Violins=MatchState.DECLINED)
    page = coordinator.get(f"/requests/{number}/team?first=subjects")
    assert members(page) == {"Shoes Horses", "Shoes Again"}


def test_where_fewer_can_go_than_are_needed_the_page_says_so(
    app: Flask, coordinator: Pages
) -> None:
    page = coordinator.get(f"/requests/{request_of(app, 4)}/team")
    assert not members(page)
    assert "No team can be suggested" in page.text


def test_nothing_is_both_covered_and_covered_by_nobody(
    app: Flask, coordinator: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/requests/{request_of(app, 2)}/team"
    suggest = matcher.suggest_team

    def with_a_namesake(*arguments: Any, **options: Any) -> Any:
        found = suggest(*arguments, **options)
        return dataclasses.replace(found, uncovered=found.members[0].best_for)

    assert "Covers best in this team" in coordinator.get(address).text
    monkeypatch.setattr(matcher, "suggest_team", with_a_namesake)
    assert "Nobody in this team covers" not in coordinator.get(address).text


def test_nobody_covers_what_the_cards_of_all_members_call_lacking(
    app: Flask, coordinator: Pages
) -> None:
    words = "Zakon o oružju. Rokovi za legalizaciju."
    asked = "Legalizacija oružja i seksualno uznemiravanje."
    empty: dict[str, Any] = {"post": "", "themes": [], "evidence": [], "trainings": []}
    with writing(app) as session:
        for summary in (words, words):
            factories.expert(session, summary=summary, **empty)
        left_out = factories.expert(session, **empty | {"summary": asked})
        made = factories.request(
            session, RequestState.ACCEPTED, title="Pomoć", background="", objectives=asked,
            tasks="",
            themes=(), languages=(), experts_needed=2,
        )  # fmt: skip
    page = coordinator.get(f"/requests/{made.id}/team?out={left_out.id}")
    assert len(members(page)) == 2
    (told,) = [one for one in page.tree.iter("p") if "Nobody in this team" in html.text_of(one)]
    assert html.text_of(told).split(": ")[1].split(" Find")[0] == "sexual harassment"


def test_words_that_are_no_subject_of_the_field_are_not_called_uncovered(
    app: Flask, coordinator: Pages
) -> None:
    page = coordinator.get(f"/requests/{request_of(app, 2)}/team?first=subjects")
    assert "Nobody in this team covers" not in page.text


def test_a_team_has_the_women_and_men_that_were_asked_for(app: Flask, coordinator: Pages) -> None:
    facts = {
        "Shoes Horses": {"gender": Gender.MALE},
        "Shoes Again": {"gender": Gender.MALE},
        "Carves Violins": {"gender": Gender.FEMALE},
    }
    address = f"/requests/{request_of(app, 2, facts)}/team"
    assert "Carves Violins" in members(coordinator.get(address, query={"women": "1"}))
    assert members(coordinator.get(address, query={"men": "2"})) == {"Shoes Horses", "Shoes Again"}


def test_what_cannot_be_had_together_is_named_and_the_nearest_team_shown(
    app: Flask, coordinator: Pages
) -> None:
    men: dict[str, dict[str, Any]] = {
        name: {"gender": Gender.MALE} for name in ("Shoes Horses", "Shoes Again")
    }
    facts = {**men, "Carves Violins": {"gender": Gender.FEMALE}}
    asked = {"women": "2", "most_of_jurisdiction": "2"}
    page = coordinator.get(f"/requests/{request_of(app, 2, facts)}/team", query=asked)
    assert "This cannot be had:" in page.text
    assert "women: at least 2 (1 among those to choose from)" in page.text
    assert "The team below is the best that can be had, and misses:" in page.text
    assert "at most 2 from one jurisdiction" not in page.text
    assert len(members(page)) == 2


def test_one_institution_and_one_jurisdiction_send_no_more_than_allowed(
    app: Flask, coordinator: Pages
) -> None:
    facts = {
        "Shoes Horses": {"institution": "Guard", "jurisdiction": "ALB"},
        "Shoes Again": {"institution": "Guard", "jurisdiction": "ALB"},
        "Carves Violins": {"institution": "Opera", "jurisdiction": "SRB"},
    }
    address = f"/requests/{request_of(app, 2, facts)}/team"
    for quota in ({"most_of_institution": "1"}, {"most_of_jurisdiction": "1"},
                  {"jurisdictions": "2"}):  # fmt: skip
        assert "Carves Violins" in members(coordinator.get(address, query=quota))
    page = coordinator.get(address, query={"most_of_institution": "1", "out": "999"})
    assert "Carves Violins" in members(page)


def test_somebody_put_in_stays_in_and_somebody_left_out_is_named(
    app: Flask, coordinator: Pages
) -> None:
    page = coordinator.get(f"/requests/{request_of(app, 2)}/team")
    gone = members(page) & {"Shoes Horses", "Shoes Again"}
    name = min(filter(None, gone))
    changed = page.follow(f"Find somebody else instead: {name}")
    assert name not in members(changed)
    assert "Left out by you" in changed.text
    assert name in members(changed.follow(f"Leave it open: {name}"))
    kept = page.follow(f"Keep in the team: {name}")
    assert "You put this expert in." in kept.text
    assert name in members(kept)


def test_faulty_quotas_are_refused_at_their_fields(app: Flask, coordinator: Pages) -> None:
    address = f"/requests/{request_of(app, 2)}/team"
    faulty = {"women": "many", "most_of_institution": "0", "language": "xx", "speakers": "9" * 400}
    page = coordinator.get(address, query=faulty, status=400)
    assert set(page.errors) == set(faulty)
    assert len(members(page)) == 2
    coordinator.get(address, query={"keep": "9" * 5000, "out": "x", "put_in": "-1"})


def test_somebody_leads_and_each_theme_has_somebody(app: Flask, coordinator: Pages) -> None:
    number = request_of(app, 2)
    with writing(app) as session:
        found = session.get_one(ExpertiseRequest, number)
        themes = [theme.code for theme in session.query(Theme).order_by(Theme.code)[:2]]
        found.themes = [
            RequestTheme(theme_code=code, position=place) for place, code in enumerate(themes, 1)
        ]
        people = {one.name: one for one in session.query(Expert)}
        for expert in people.values():
            expert.themes.clear()
        session.flush()
        people["Carves Violins"].themes = [
            ExpertTheme(theme_code=themes[0], priority=1, level=ThemeLevel.LEADING)
        ]
        people["Shoes Horses"].themes = [ExpertTheme(theme_code=themes[1], priority=1)]
    address = f"/requests/{number}/team"
    assert "Carves Violins" in members(coordinator.get(address, query={"leads": "yes"}))
    both = members(coordinator.get(address, query={"themes": "yes"}))
    assert both == {"Carves Violins", "Shoes Horses"}


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ({"role": "Head of a school", "confirmed": True}, "Has led, and others confirm it: "),
        ({"role": "Team leader"}, "Has led by their own word: "),
        ({"title": "Head of the luthiers who carve violins", "kind": EvidenceKind.POST}, "Has led"),
        ({"role": "Team leader", "title": "Baking", "description": "Bakes bread."}, ""),
        ({"role": "Team leader", "kept_out": True}, ""),
        ({"role": "Trainer"}, ""),
    ],
)
def test_whoever_led_in_work_that_bears_on_the_request_has_led_and_the_page_says_where(
    app: Flask, coordinator: Pages, entry: dict[str, Any], told: str
) -> None:
    confirmed = entry.pop("confirmed", False)
    written = {
        "kind": EvidenceKind.MISSION,
        "title": "School of luthiers",
        "description": "Carves violins of maple.",
    }
    row = Evidence(started=date(2019, 3, 1), **{**written, **entry})
    number = request_of(app, 2, {"Carves Violins": {"evidence": [row]}})
    if confirmed:
        with writing(app) as session:
            expert = session.query(Expert).filter_by(name="Carves Violins").one()
            confirmations.note(
                factories.work(session), expert.evidence[0], "R-1", "A fictional school"
            )
    page = coordinator.get(f"/requests/{number}/team", query={"leads": "yes"})
    assert ("Has led" in page.text) is bool(told)
    assert ("that can be had, and misses:" in page.text) is (not told)
    if told:
        assert "Carves Violins" in members(page)
        assert told in page.text
        assert f"{row.title} (" in page.text
        assert "2019" in page.text


def test_members_are_put_on_the_shortlist_from_the_team_that_was_found(
    app: Flask, coordinator: Pages
) -> None:
    number = request_of(app, 2)
    page = coordinator.get(f"/requests/{number}/team", query={"first": "subjects"})
    team = members(page)
    for address in offered(page):
        page = page.submit("Shortlist", action=address)
        # What was asked of the team stays, and so does its page.
        assert "first=subjects" in page.url
        assert page.url.startswith(f"/requests/{number}/team")
        assert members(page) == team
    page = page.follow("Invite several at once")
    assert all(name in page.text for name in filter(None, team))


def test_a_member_far_below_is_asked_for_a_reason_and_leads_back_to_the_team(
    app: Flask, coordinator: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = request_of(app, 2)
    page = coordinator.get(f"/requests/{number}/team", query={"first": "subjects"})
    monkeypatch.setattr(rules, "is_far_below", lambda *_: True)
    asked = page.submit("Shortlist", action=offered(page)[0])
    assert "out of turn?" in asked.text
    assert not asked.errors
    asked = asked.submit("Shortlist", status=400)
    assert asked.errors
    back = asked.submit("Shortlist", {"kind": "for team"})
    assert back.url.startswith(f"/requests/{number}/team")
    assert "first=subjects" in back.url
