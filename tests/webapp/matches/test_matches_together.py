"""What there is to remark of several experts as a team, on each page that puts one together."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.roles import Role
from webapp.core.words.vocabularies import CefrLevel, LanguageNeed
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts.models import ExpertTheme, Gender, LanguageSkill, UnavailablePeriod
from webapp.matches.models import MatchState
from webapp.matches.teams.together import list_together, on_origins, on_sexes

MEN = "All of them are men."
INVITE = "Invite those who are ticked"
OF_ONE = "From one jurisdiction: 2 of 2 (Serbia)."


@pytest.fixture
def coordinator(sign_in_as: Callable[..., Pages]) -> Pages:
    """Return a coordinator's browser."""
    return sign_in_as(Role.COORDINATOR)


def told(app: Flask, asked: dict[str, Any], *profiles: dict[str, Any]) -> list[str]:
    """Return what is remarked of experts with these profiles for a request like this."""
    with writing(app) as session:
        made = factories.request(session, RequestState.ACCEPTED, **{"experts_needed": 2, **asked})
        people = [factories.expert(session, signs_in=False, **profile) for profile in profiles]
        office = Actor(None, frozenset({Role.COORDINATOR}))
        return [str(one) for one in list_together(session, office, made, people, clock.now())]


def mixed(**profile: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return two profiles of whom nothing is remarked, each with what is given."""
    return (
        {"gender": Gender.MALE, "jurisdiction": "SRB", **profile},
        {"gender": Gender.FEMALE, "jurisdiction": "ALB", **profile},
    )


def test_of_a_mixed_team_that_covers_what_is_asked_nothing_is_remarked(app: Flask) -> None:
    assert told(app, {}, *mixed()) == []
    assert told(app, {}) == []


@pytest.mark.parametrize(
    ("genders", "remarked"),
    [
        ([Gender.MALE, Gender.MALE], [MEN]),
        ([Gender.FEMALE, Gender.FEMALE], ["All of them are women."]),
        ([Gender.MALE, Gender.MALE, None], ["All of them whose profiles say it are men."]),
        ([Gender.MALE, None], []),
        ([Gender.OTHER, Gender.OTHER], []),
        ([Gender.MALE, Gender.FEMALE], []),
    ],
)
def test_a_team_of_one_sex_is_remarked_as_far_as_profiles_say(
    app: Flask, genders: list[Gender | None], remarked: list[str]
) -> None:
    with writing(app) as session:
        people = [factories.expert(session, signs_in=False, gender=one) for one in genders]
        assert [str(one) for one in on_sexes(people)] == remarked


@pytest.mark.parametrize(
    ("homes", "remarked"),
    [
        (["SRB", "SRB"], [OF_ONE]),
        (["SRB", "SRB", "ALB"], ["From one jurisdiction: 2 of 3 (Serbia)."]),
        (["SRB", "SRB", "ALB", "MNE"], []),
        ([None, None], []),
        (["SRB"], []),
    ],
)
def test_most_of_a_team_from_one_jurisdiction_are_remarked(
    app: Flask, homes: list[str | None], remarked: list[str]
) -> None:
    with writing(app) as session:
        people = [factories.expert(session, signs_in=False, jurisdiction=one) for one in homes]
        assert [str(one) for one in on_origins(people)] == remarked


def test_most_of_a_team_from_one_institution_are_remarked(app: Flask) -> None:
    found = told(app, {}, *mixed(institution="Border Police"))
    assert found == ["From one institution: 2 of 2 (Border Police)."]
    assert told(app, {}, *mixed(institution="")) == []


def test_where_one_expert_is_asked_for_nobody_is_counted_by_sex_or_home(app: Flask) -> None:
    alike: dict[str, Any] = {"gender": Gender.MALE, "jurisdiction": "SRB"}
    assert told(app, {}, alike, alike) == [MEN, OF_ONE]
    assert told(app, {"experts_needed": 1}, alike, alike) == []


def test_themes_that_nobody_claims_are_named(app: Flask) -> None:
    one, other = mixed()
    one["themes"] = [ExpertTheme(theme_code="SALW-TRF", priority=1)]
    other["themes"] = []
    (found,) = told(app, {}, one, other)
    assert found.startswith("Nobody of them claims these themes of the request: ")
    assert "marking" in found.lower()
    assert "trafficking" not in found.lower()


def test_names_stand_in_the_order_in_which_the_team_was_put_together(app: Flask) -> None:
    with writing(app) as session:
        made = factories.request(
            session, RequestState.ACCEPTED, experts_needed=2,
            **in_languages(LanguageNeed.REQUIRED, LanguageNeed.USEFUL),
        )  # fmt: skip
        people = [factories.expert(session, name=name, languages=[]) for name in ("Ana", "Ben")]
        office = Actor(None, frozenset({Role.COORDINATOR}))
        found = list_together(session, office, made, people[::-1], clock.now())
        assert "French at B1 is required and not in the profile of: Ben, Ana." in map(str, found)


def in_languages(french: LanguageNeed, russian: LanguageNeed) -> dict[str, Any]:
    """Return a request's languages, and how each of them is needed."""
    return {"languages": (("fr", CefrLevel.B1, french), ("ru", CefrLevel.B2, russian))}


def speakers() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return one who has French well enough, and one whose Russian is not."""
    one, other = mixed()
    one |= {"name": "Ana French", "languages": [LanguageSkill(language="fr", level=CefrLevel.B2)]}
    other |= {"name": "Ben Mute", "languages": [LanguageSkill(language="ru", level=CefrLevel.A2)]}
    return one, other


def test_languages_are_told_by_name_where_required_and_once_where_useful(app: Flask) -> None:
    asked = in_languages(LanguageNeed.REQUIRED, LanguageNeed.USEFUL)
    assert told(app, asked, *speakers()) == [
        "French at B1 is required and not in the profile of: Ben Mute.",
        "Russian at B2 would be useful, and nobody of them has it.",
    ]


def test_whoever_has_none_of_several_languages_is_named(app: Flask) -> None:
    asked = in_languages(LanguageNeed.ONE_OF, LanguageNeed.ONE_OF)
    assert told(app, asked, *speakers()) == [
        "One of several languages is required, and none of them is in the profile of: Ben Mute."
    ]


def test_days_that_clash_are_told_by_name(app: Flask) -> None:
    one, other = mixed()
    away = UnavailablePeriod(start=date(2031, 5, 8), end=date(2031, 5, 9))
    other |= {"name": "Ben Away", "unavailable": [away]}
    assert told(app, {}, one, other) == [
        "Ben Away: Not available on days of this mission: 8–9 May 2031."
    ]


def two_men_of_one_jurisdiction(app: Flask, state: MatchState) -> ExpertiseRequest:
    """Return a request for two whose only matches are of two men of one jurisdiction."""
    with writing(app) as session:
        made = factories.request(session, RequestState.ACCEPTED, experts_needed=2)
        for _ in range(2):
            expert = factories.expert(session, gender=Gender.MALE, jurisdiction="SRB")
            factories.match(session, state, request=made, expert=expert)
        return made


@pytest.mark.parametrize(
    ("page", "state"),
    [
        ("team", MatchState.APPROVED),
        ("team", MatchState.SHORTLISTED),
        ("propose", MatchState.APPROVED),
        ("invite", MatchState.SHORTLISTED),
    ],
)
def test_two_men_of_one_jurisdiction_are_remarked_and_barred_nowhere(
    app: Flask, coordinator: Pages, page: str, state: MatchState
) -> None:
    made = two_men_of_one_jurisdiction(app, state)
    text = coordinator.get(f"/requests/{made.id}/{page}").text
    assert MEN in text
    assert OF_ONE in text


def test_those_already_proposed_count_with_those_who_are_going_to_be(
    app: Flask, coordinator: Pages
) -> None:
    made = two_men_of_one_jurisdiction(app, MatchState.PROPOSED)
    with writing(app) as session:
        made = session.get_one(ExpertiseRequest, made.id)
        expert = factories.expert(session, gender=Gender.FEMALE, jurisdiction="ALB")
        factories.match(session, MatchState.APPROVED, request=made, expert=expert)
    text = coordinator.get(f"/requests/{made.id}/propose").text
    assert MEN not in text
    assert "From one jurisdiction: 2 of 3 (Serbia)." in text


def test_ticks_that_were_changed_are_looked_at_again_and_nobody_is_invited(
    app: Flask, coordinator: Pages
) -> None:
    made = two_men_of_one_jurisdiction(app, MatchState.SHORTLISTED)
    with writing(app) as session:
        made = session.get_one(ExpertiseRequest, made.id)
        expert = factories.expert(session, gender=Gender.FEMALE, jurisdiction="ALB")
        woman = factories.match(session, request=made, expert=expert).id
    page = coordinator.get(f"/requests/{made.id}/invite")
    assert MEN not in page.text
    ticked = [one for one in page.form(INVITE).values["match"] if one != str(woman)]
    page = page.submit("Look at those ticked together", {"match": ticked})
    assert MEN in page.text
    assert page.form(INVITE).values["match"] == ticked
    assert "Invited: " not in page.text
    # They are looked at with whoever was asked already.
    coordinator.post(f"/matches/{woman}/invite")
    page = coordinator.get(f"/requests/{made.id}/invite")
    assert MEN not in page.text
