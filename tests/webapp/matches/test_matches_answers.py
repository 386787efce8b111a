"""Answers to invitations and proposals, and what those who give them read of where they stand."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.core import clock
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Expert, ExpertState
from webapp.matches.models import Match, MatchState


def matched(app: Flask, state: MatchState) -> Match:
    """Make a match in `state`, with its people."""
    with writing(app) as session:
        match: Match = factories.match(session, state)
        assert match.expert.account
        assert match.request.requester
    return match


def state_of(app: Flask, match: Match) -> MatchState:
    """Return where a match stands in the database."""
    with reading(app) as session:
        return session.get_one(Match, match.id).state


def test_an_expert_answers_once_and_sees_nobody_elses_invitation(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    mine, other = matched(app, MatchState.INVITED), matched(app, MatchState.INVITED)
    expert = visitor().come_in(mine.expert.account)
    expert.get(f"/invitations/{other.id}", status=404)
    expert.post(f"/invitations/{other.id}/accept", status=404)
    expert.post(
        f"/invitations/{mine.id}/decline",
        {"decline-kind": "other", "decline-reason": ""},
        status=400,
    )
    expert.post(
        f"/invitations/{mine.id}/decline",
        {"decline-kind": "other", "decline-reason": "I am on leave."},
    )
    expert.post(f"/invitations/{mine.id}/accept", status=409)
    expert.post(f"/invitations/{mine.id}/perhaps", status=404)
    assert state_of(app, mine) is MatchState.DECLINED
    assert state_of(app, other) is MatchState.INVITED


def test_an_expert_who_is_interested_says_on_which_other_days(
    app: Flask, visitor: Callable[[], Pages], sign_in_as: Callable[..., Pages]
) -> None:
    made = matched(app, MatchState.INVITED)
    expert = visitor().come_in(made.expert.account)
    page, step = expert.get(f"/invitations/{made.id}"), "No, I cannot go"
    first, last = {"decline-first_day": "2031-06-02"}, {"decline-last_day": "2031-06-13"}
    kind = {"decline-kind": "not then"}
    for values in (
        kind,
        kind | first,
        kind | last,
        kind | first | {"decline-last_day": "2031-06-01"},
    ):
        refused = page.submit(step, values, status=400)
        assert "decline-last_day" in refused.errors
    page.submit(step, kind | first | last)
    text = sign_in_as(Role.COORDINATOR).get(f"/matches/{made.id}").text
    assert "Interested, but on other days: 2–13 June 2031" in text


def test_an_expert_is_asked_once_more_before_a_yes(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    made = matched(app, MatchState.INVITED)
    expert = visitor().come_in(made.expert.account)
    asked = expert.get(f"/invitations/{made.id}").follow("Yes, I am available")
    assert asked.heading == "Say yes to this mission?"
    assert state_of(app, made) is MatchState.INVITED
    asked.submit("Yes, I am available")
    assert state_of(app, made) is MatchState.AVAILABLE
    # Who comes back to the question by way of the history is led to what became of it.
    later = expert.get(f"/invitations/{made.id}/accept")
    assert later.url == f"/invitations/{made.id}"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (MatchState.INVITED, "Others were chosen for this mission before you answered"),
        (MatchState.RELEASED, "You said yes, and others were chosen for this mission."),
        (MatchState.DECLINED, "You declined this invitation."),
    ],
)
def test_an_expert_reads_that_others_were_chosen(
    app: Flask, visitor: Callable[[], Pages], state: MatchState, said: str
) -> None:
    chosen = matched(app, MatchState.PROPOSED)
    with writing(app) as session:
        request = session.get_one(ExpertiseRequest, chosen.request_id)
        late = factories.match(session, state, request=request)
        person, number = late.expert.account, late.id
    expert = visitor().come_in(person)
    before = expert.get("/invitations")
    assert ("Your answer is awaited." in before.text) is (state is MatchState.INVITED)
    assert "were chosen" not in expert.get(f"/invitations/{number}").text
    visitor().come_in(chosen.request.requester).post(f"/proposals/{chosen.id}/select")
    page = expert.get(f"/invitations/{number}")
    assert said in page.text
    assert "Yes, I am available" not in page.links
    assert "Your answer is awaited." not in expert.get("/invitations").text


def test_an_expert_who_is_suspended_reads_why_only_a_no_is_left(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    made = matched(app, MatchState.INVITED)
    with writing(app) as session:
        session.get_one(Expert, made.expert_id).state = ExpertState.SUSPENDED
    page = visitor().come_in(made.expert.account).get(f"/invitations/{made.id}")
    assert "Your profile is “suspended” on the roster" in page.text
    assert "Yes, I am available" not in page.links


WHY = "Why you propose this expert"


def test_a_second_hand_that_proposes_is_told_that_nobody_waits(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    made = matched(app, MatchState.APPROVED)
    coordinator = sign_in_as(Role.COORDINATOR)
    address = f"/requests/{made.request_id}/propose"
    coordinator.get(address).submit("Propose to the requester", {WHY: "She has done it."})
    assert "perhaps a colleague has just proposed" in coordinator.post(address, status=409).text


def test_the_proposed_page_counts_who_is_selected(app: Flask, visitor: Callable[[], Pages]) -> None:
    made = matched(app, MatchState.PROPOSED)
    requester = visitor().come_in(made.request.requester)
    page = requester.get(f"/requests/{made.request_id}/proposed")
    assert "Nobody is selected yet." in page.text
    page = page.follow(f"Select: {made.expert.name}").submit("Select")
    assert "1 is selected." in page.text


def test_whoever_selects_is_not_told_until_when_somebody_is_approved(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    made = matched(app, MatchState.PROPOSED)
    requester = visitor().come_in(made.request.requester)
    page = requester.get(f"/requests/{made.request_id}/proposed")
    page = page.follow(f"Select: {made.expert.name}")
    with writing(app) as session:
        expert = session.get_one(Expert, made.expert_id)
        expert.approved_until = clock.today() + timedelta(days=1)
    refused = page.submit("Select", status=409)
    assert "This expert cannot be sent on these days" in refused.text
    assert "approval" not in refused.text.lower()
