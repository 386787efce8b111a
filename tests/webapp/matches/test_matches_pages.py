"""The pages about matches, as coordinators, experts and requesters meet them."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.core.words.vocabularies import CefrLevel
from webapp.expertise_requests.models import RequestState
from webapp.experts.models import ExpertState, LanguageSkill
from webapp.matches.models import Match, MatchState
from webapp.messages import delivery

EMPTY: dict[str, Any] = {"summary": "", "post": "", "themes": [], "evidence": [], "trainings": []}


@pytest.fixture
def coordinator(sign_in_as: Callable[..., Pages]) -> Pages:
    """Return a coordinator's browser."""
    return sign_in_as(Role.COORDINATOR)


def matched(app: Flask, state: MatchState, **facts: Any) -> Any:
    """Make a match in `state` and return its ids and people."""
    with writing(app) as session:
        match = factories.match(session, state, **facts)
        return {
            "match": match.id,
            "request": match.request_id,
            "expert": match.expert,
            "person": match.expert.account,
            "requester": match.request.requester,
        }


def state_of(app: Flask, match_id: int) -> MatchState:
    """Return where a match stands in the database."""
    with reading(app) as session:
        return session.get_one(Match, match_id).state


def test_the_ranking_says_why_and_what_is_lacking_and_who_is_set_aside(
    app: Flask, coordinator: Pages
) -> None:
    with writing(app) as session:
        request = factories.request(
            session, RequestState.ACCEPTED, outputs="A plan for the destruction of surplus."
        )
        first = factories.expert(session, name="Ana Prva")
        factories.expert(session, name="Bez Engleskog", languages=[])
        factories.expert(session, name="Prazan Profil", **EMPTY)
        factories.expert(
            session,
            name="Slab Engleski",
            languages=[LanguageSkill(language="en", level=CefrLevel.A2)],
        )
    page = coordinator.get(f"/requests/{request.id}/matches")
    assert first.name in page.text
    assert "Asked for, not found in the profile" in page.text
    assert "English at B2 is required; the profile has A2." in page.text
    assert "languages are not filled in" in page.text
    assert "Prazan Profil" in page.text
    assert "too thin to rank" in page.text


def test_an_impatient_second_click_shortlists_once(app: Flask, coordinator: Pages) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED, languages=())
        expert = factories.expert(session)
    address = f"/requests/{request.id}/matches/{expert.id}"
    coordinator.post(address)
    assert "is on the shortlist already" in coordinator.post(address).text
    with reading(app) as session:
        assert len(session.scalars(sa.select(Match)).all()) == 1


@pytest.mark.parametrize("state", [ExpertState.SUSPENDED, ExpertState.NOMINATED])
def test_an_expert_who_is_not_active_cannot_be_shortlisted(
    app: Flask, coordinator: Pages, state: ExpertState
) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED, languages=())
        expert = factories.expert(session, state=state)
    coordinator.post(f"/requests/{request.id}/matches/{expert.id}", status=409)


def test_a_step_without_its_reason_shows_the_message_and_changes_nothing(
    app: Flask, coordinator: Pages
) -> None:
    made = matched(app, MatchState.INVITED)
    page = coordinator.post(
        f"/matches/{made['match']}/cancel",
        {"cancel-kind": "other", "cancel-reason": "  "},
        status=400,
    )
    assert "Please say it in words" in page.text
    assert state_of(app, made["match"]) is MatchState.INVITED
    page = coordinator.post(
        f"/matches/{made['match']}/cancel",
        {"cancel-kind": "other", "cancel-reason": "Typed with care"},
        token="forged",
        status=400,
    )
    assert "Typed with care" in page.response.get_data(as_text=True)
    assert state_of(app, made["match"]) is MatchState.INVITED


@pytest.mark.parametrize("step", ["record-the-release", "approve", "reconsider", "invite"])
def test_steps_cannot_be_skipped_by_posting(app: Flask, coordinator: Pages, step: str) -> None:
    made = matched(app, MatchState.INVITED)
    coordinator.post(
        f"/matches/{made['match']}/{step}",
        {f"{step}-kind": "other", f"{step}-reason": "Now."},
        status=409,
    )
    coordinator.post(f"/matches/{made['match']}/made-up", status=404)
    assert state_of(app, made["match"]) is MatchState.INVITED


def test_a_refused_release_is_told_and_can_be_taken_up_again(
    app: Flask, coordinator: Pages, visitor: Callable[[], Pages]
) -> None:
    made = matched(app, MatchState.AVAILABLE)
    address = f"/matches/{made['match']}"
    coordinator.post(f"{address}/ask-for-release")
    coordinator.post(
        f"{address}/record-the-refusal",
        {"record-the-refusal-kind": "other", "record-the-refusal-reason": "Elections."},
    )
    assert (
        "Elections." in visitor().come_in(made["person"]).get(f"/invitations/{made['match']}").text
    )
    coordinator.post(
        f"{address}/reconsider",
        {"reconsider-kind": "other", "reconsider-reason": "The elections moved."},
    )
    assert state_of(app, made["match"]) is MatchState.SHORTLISTED


def test_a_shortlisted_expert_sees_nothing_before_being_invited(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    made = matched(app, MatchState.SHORTLISTED)
    expert = visitor().come_in(made["person"])
    assert "You have no invitations yet" in expert.get("/invitations").text
    expert.get(f"/invitations/{made['match']}", status=404)


def test_an_expert_without_a_profile_is_led_from_the_first_page_to_beginning_it(
    sign_in_as: Callable[..., Pages],
) -> None:
    first = sign_in_as(Role.EXPERT).get("/")
    assert first.heading == "Invitations"
    assert first.follow("Begin my profile").heading == "Join the roster"


@pytest.mark.parametrize(
    "state", [MatchState.SHORTLISTED, MatchState.AVAILABLE, MatchState.APPROVED]
)
def test_a_requester_sees_nobody_who_was_not_proposed(
    app: Flask, visitor: Callable[[], Pages], state: MatchState
) -> None:
    made = matched(app, state)
    requester = visitor().come_in(made["requester"])
    for address in (f"/requests/{made['request']}/proposed", f"/requests/{made['request']}"):
        assert made["expert"].name not in requester.get(address).text
    requester.post(f"/proposals/{made['match']}/select", status=404)
    assert state_of(app, made["match"]) is state


def test_contact_is_disclosed_by_the_selection_and_to_its_requester_alone(
    app: Flask, visitor: Callable[[], Pages], sign_in_as: Callable[..., Pages]
) -> None:
    made = matched(app, MatchState.PROPOSED)
    address = f"/requests/{made['request']}/proposed"
    requester, stranger = visitor().come_in(made["requester"]), sign_in_as(Role.REQUESTER)
    page = requester.get(address)
    assert made["expert"].name in page.text
    assert made["person"].email not in page.text
    stranger.get(address, status=404)
    stranger.post(f"/proposals/{made['match']}/select", status=404)
    requester.post(f"/proposals/{made['match']}/select")
    assert made["person"].email in requester.get(address).text
    requester.post(f"/proposals/{made['match']}/select", status=409)


def test_somebody_passed_over_reads_the_reason_and_is_free_again(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    made = matched(app, MatchState.PROPOSED)
    requester = visitor().come_in(made["requester"])
    field = f"match-{made['match']}-reason"
    other = {f"match-{made['match']}-kind": "other"}
    requester.post(f"/proposals/{made['match']}/pass-over", {**other, field: ""}, status=400)
    requester.post(f"/proposals/{made['match']}/pass-over", {**other, field: "We need a lawyer."})
    expert = visitor().come_in(made["person"])
    assert "We need a lawyer." in expert.get(f"/invitations/{made['match']}").text
    with reading(app) as session:
        assert session.get_one(Match, made["match"]).booked_days == []


def test_who_opened_a_profile_by_way_of_a_match_is_recorded(
    app: Flask, coordinator: Pages, visitor: Callable[[], Pages]
) -> None:
    made = matched(app, MatchState.PROPOSED)
    coordinator.get(f"/matches/{made['match']}")
    visitor().come_in(made["requester"]).get(f"/requests/{made['request']}/proposed")
    with reading(app) as session:
        views = session.scalars(
            sa.select(AuditEvent.role).where(
                AuditEvent.action == "profile viewed", AuditEvent.subject_id == made["expert"].id
            )
        ).all()
    assert views == ["coordinator", "requester"]


def test_the_queue_shows_what_waits_for_whom(app: Flask, coordinator: Pages) -> None:
    assert "Nothing waits for you." in coordinator.get("/queue").text
    with writing(app) as session:
        factories.request(session, RequestState.SUBMITTED, title="Just sent in")
        factories.request(session, RequestState.DRAFT, title="Still a draft")
    ours, theirs = matched(app, MatchState.AVAILABLE), matched(app, MatchState.INVITED)
    text = coordinator.get("/queue").text
    assert "Just sent in" in text
    assert "Still a draft" not in text
    before, after = text.split("Waits for others")
    assert f"{ours['expert'].name} said yes" in before
    assert f"{theirs['expert'].name} answers the invitation" in after


def test_experts_read_what_the_matcher_reads(app: Flask, visitor: Callable[[], Pages]) -> None:
    with writing(app) as session:
        full = factories.expert(session)
        empty = factories.expert(session, **EMPTY)
        people = full.account, empty.account
    assert "tracing" in visitor().come_in(people[0]).get("/profile/preview").text
    assert "finds nothing to read" in visitor().come_in(people[1]).get("/profile/preview").text


def _take_back(coordinator: Pages, match_id: int, reason: str) -> None:
    step = "take-back-the-proposal"
    coordinator.post(
        f"/matches/{match_id}/{step}", {f"{step}-kind": "other", f"{step}-reason": reason}
    )


def test_a_requester_learns_that_a_proposed_expert_fell_out_but_not_why(
    app: Flask, coordinator: Pages, visitor: Callable[[], Pages], outbox: list[Any]
) -> None:
    made = matched(app, MatchState.SELECTED)
    _take_back(coordinator, made["match"], "A private illness.")
    text = visitor().come_in(made["requester"]).get(f"/requests/{made['request']}").text
    assert f"{made['expert'].name} is no longer available for this request" in text
    assert "A private illness." not in text
    with app.app_context():
        delivery.deliver_due()
    assert any(mail.subject.endswith("an expert fell out") for mail in outbox)


@pytest.mark.thorough
@pytest.mark.parametrize(("state", "step"), [("AVAILABLE", "approve"), ("CANCELLED", "reconsider")])
def test_the_notes_of_coordinators_are_not_shown_to_the_expert(
    app: Flask, coordinator: Pages, visitor: Callable[[], Pages], state: str, step: str
) -> None:
    made = matched(app, MatchState[state])
    note = "Private: her minister is slow."
    coordinator.post(
        f"/matches/{made['match']}/{step}", {f"{step}-kind": "other", f"{step}-reason": note}
    )
    assert note in coordinator.get(f"/matches/{made['match']}").text
    assert note not in visitor().come_in(made["person"]).get(f"/invitations/{made['match']}").text


@pytest.mark.parametrize(
    ("step", "state"),
    [("note-the-yes", MatchState.AVAILABLE), ("note-the-no", MatchState.DECLINED)],
)
def test_an_answer_given_elsewhere_is_noted_with_its_source(
    app: Flask, coordinator: Pages, step: str, state: MatchState
) -> None:
    with writing(app) as session:
        expert = factories.expert(session, signs_in=False)
        made = factories.match(session, MatchState.SHORTLISTED, expert=expert).id
    assert (
        "has no open account and gets no mail" in coordinator.post(f"/matches/{made}/invite").text
    )
    coordinator.post(
        f"/matches/{made}/{step}", {f"{step}-kind": "other", f"{step}-reason": ""}, status=400
    )
    coordinator.post(
        f"/matches/{made}/{step}",
        {f"{step}-kind": "other", f"{step}-reason": "By telephone, 3 May."},
    )
    assert state_of(app, made) is state


def test_a_request_waits_for_us_when_nobody_is_left_to_select(
    app: Flask, coordinator: Pages
) -> None:
    made = matched(app, MatchState.PROPOSED)
    assert "Nobody is left to select" not in coordinator.get("/queue").text
    _take_back(coordinator, made["match"], "Ill.")
    ours, _ = coordinator.get("/queue").text.split("Waits for others")
    assert "Nobody is left to select: find somebody else" in ours


@pytest.mark.parametrize(
    ("state", "who", "address"),
    [
        (MatchState.SHORTLISTED, "coordinator", "/matches/{match}/invite"),
        (MatchState.INVITED, "person", "/invitations/{match}/accept"),
        (MatchState.RELEASED, "coordinator", "/matches/{match}/approve"),
        (MatchState.APPROVED, "coordinator", "/requests/{request}/propose"),
        (MatchState.PROPOSED, "requester", "/proposals/{match}/select"),
        (MatchState.PROPOSED, "requester", "/proposals/{match}/keep-as-alternate"),
    ],
)
def test_a_suspended_expert_gets_no_further(
    app: Flask,
    coordinator: Pages,
    visitor: Callable[[], Pages],
    state: MatchState,
    who: str,
    address: str,
) -> None:
    made = matched(app, state)
    with writing(app) as session:
        session.get_one(type(made["expert"]), made["expert"].id).state = ExpertState.SUSPENDED
    pages = coordinator if who == "coordinator" else visitor().come_in(made[who])
    pages.post(address.format(**made), status=409)
    assert state_of(app, made["match"]) is state
