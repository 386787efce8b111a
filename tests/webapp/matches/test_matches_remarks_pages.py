"""Where remarks are read: on the pages of coordinators and experts, and by nobody else."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from webapp.core import clock
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState
from webapp.experts import standing_queries
from webapp.experts.models import Training, UnavailablePeriod
from webapp.matches.models import Match, MatchState

RAN_OUT = "Certificate valid only until 1 January 2019: Diving"
OWN_YES = "You have said yes to another mission on some of these days: 7–9 May 2031."


@pytest.fixture
def coordinator(sign_in_as: Callable[..., Pages]) -> Pages:
    """Return a coordinator's browser."""
    return sign_in_as(Role.COORDINATOR)


def overlapping(app: Flask, here: MatchState, there: MatchState) -> tuple[Match, Match]:
    """Consider one expert for two requests whose days overlap; the second is called secret."""
    with writing(app) as session:
        expert = factories.expert(
            session, trainings=[Training(title="Diving", expires=date(2019, 1, 1))]
        )
        asked = factories.request(session, RequestState.ACCEPTED)
        other = factories.request(
            session,
            RequestState.ACCEPTED,
            title="A secret mission",
            start=date(2031, 5, 7),
            end=date(2031, 5, 9),
        )
        mine = factories.match(session, here, request=asked, expert=expert)
        theirs = factories.match(session, there, request=other, expert=expert)
        # They are read after the session has ended.
        assert mine.request.requester
        assert theirs.request.requester
        assert expert.account
    return mine, theirs


@pytest.mark.both_databases
def test_a_yes_to_two_overlapping_missions_is_said_on_both_matches(
    app: Flask, coordinator: Pages
) -> None:
    mine, theirs = overlapping(app, MatchState.AVAILABLE, MatchState.AVAILABLE)
    for match, other in ((mine, theirs), (theirs, mine)):
        page = coordinator.get(f"/matches/{match.id}")
        assert f"Said yes to {other.request.reference} too" in page.text
        assert RAN_OUT in page.text


def test_remarks_stand_in_the_ranking_and_before_approving(app: Flask, coordinator: Pages) -> None:
    mine, theirs = overlapping(app, MatchState.AVAILABLE, MatchState.AVAILABLE)
    for url in (f"/requests/{mine.request_id}/matches", f"/matches/{mine.id}/approve"):
        page = coordinator.get(url)
        assert RAN_OUT in page.text
        assert f"Said yes to {theirs.request.reference}" in page.text


@pytest.mark.parametrize(
    ("state", "pages"),
    [
        (MatchState.SHORTLISTED, ("/matches/{0}", "/requests/{1}/matches", "/requests/{1}/invite")),
        (MatchState.AVAILABLE, ("/matches/{0}", "/matches/{0}/approve")),
    ],
)
def test_what_an_approval_is_for_stands_wherever_somebody_is_chosen(
    app: Flask, coordinator: Pages, state: MatchState, pages: tuple[str, ...]
) -> None:
    with writing(app) as session:
        expert = factories.expert(session, approved_until=date(2031, 12, 31))
        match = factories.match(session, state, expert=expert)
        (approval,) = standing_queries.list_approvals(session, match.expert_id)
        approval.scope = "Trainings at home only"
    for page in pages:
        told = coordinator.get(page.format(match.id, match.request_id)).text
        assert "It is given for: Trainings at home only" in told, page


def test_an_expert_is_asked_before_a_second_yes_and_may_say_it(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    mine, theirs = overlapping(app, MatchState.INVITED, MatchState.AVAILABLE)
    expert = visitor().come_in(mine.expert.account)
    page = expert.get(f"/invitations/{mine.id}")
    assert OWN_YES in page.text
    assert page.text.index(OWN_YES) < page.text.index("Yes, I am available")
    assert "Your certificate is valid only until 1 January 2019: Diving" in page.text
    for unsaid in (theirs.request.reference, theirs.request.title, theirs.request.requester.name):
        assert unsaid not in page.text
    asked = page.follow("Yes, I am available")
    assert asked.heading == "Say yes to this mission?"
    assert OWN_YES in asked.text
    answered = asked.submit("Yes, I am available")
    assert "Thank you." in answered.text
    assert OWN_YES not in answered.text


def test_the_requester_reads_no_remark(app: Flask, visitor: Callable[[], Pages]) -> None:
    mine, theirs = overlapping(app, MatchState.PROPOSED, MatchState.AVAILABLE)
    requester = visitor().come_in(mine.request.requester)
    for url in (f"/requests/{mine.request_id}/proposed", f"/requests/{mine.request_id}"):
        page = requester.get(url)
        assert theirs.request.reference not in page.text
        assert "until 1 January 2019" not in page.text


def test_a_request_that_has_ended_says_nothing_any_more(app: Flask, coordinator: Pages) -> None:
    mine, _theirs = overlapping(app, MatchState.CANCELLED, MatchState.AVAILABLE)
    assert RAN_OUT in coordinator.get(f"/matches/{mine.id}").text
    coordinator.post(
        f"/requests/{mine.request_id}/leave-unfilled",
        {"leave-unfilled-kind": "other", "leave-unfilled-reason": "Nobody."},
    )
    assert RAN_OUT not in coordinator.get(f"/matches/{mine.id}").text
    assert RAN_OUT not in coordinator.get(f"/requests/{mine.request_id}/matches").text


@pytest.mark.both_databases
def test_unavailable_days_over_booked_ones_are_saved_said_and_a_task_until_they_go(
    app: Flask, coordinator: Pages, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        match = factories.match(session, MatchState.APPROVED)
        title, name, account = match.request.title, match.expert.name, match.expert.account
    expert = visitor().come_in(account)
    task = f"{name} is not available on days that are booked: 7–8 May 2031"
    assert "is not available on days" not in coordinator.get("/queue").text
    page = expert.get("/profile/unavailable").submit(
        "Save", {"periods-0-start": "2031-05-07", "periods-0-end": "2031-05-20"}
    )
    assert "The days on which you are not available are saved." in page.text
    warning = f"You are booked for “{title}”, 5–8 May 2031, but not available on these days of it:"
    assert f"{warning} 7–8 May 2031." in page.text
    queue = coordinator.get("/queue")
    assert task in queue.text
    assert "Not available on days of this mission" in queue.follow(task).text
    page = expert.get("/profile/unavailable").submit(
        "Save", {"periods-0-start": "2031-05-09", "periods-0-end": "2031-05-20"}
    )
    assert "You are booked for" not in page.text
    assert "is not available on days" not in coordinator.get("/queue").text


def test_days_that_are_past_are_nobodys_task(app: Flask, coordinator: Pages) -> None:
    today = clock.today()
    with writing(app) as session:
        asked = factories.request(
            session, RequestState.ACCEPTED, start=today - timedelta(days=1), end=today
        )
        match = factories.match(session, MatchState.APPROVED, request=asked)
        yesterday = today - timedelta(days=1)
        match.expert.unavailable.append(UnavailablePeriod(start=yesterday, end=yesterday))
    assert "is not available on days" not in coordinator.get("/queue").text


def test_days_taken_are_those_of_the_year_of_the_request(app: Flask, coordinator: Pages) -> None:
    with writing(app) as session:
        expert = factories.expert(session)
        for year, days in ((2031, 4), (2032, 2)):
            start = date(year, 3, 1)
            booked = factories.request(
                session,
                RequestState.ACCEPTED,
                start=start,
                end=start + timedelta(days=days - 1),
            )
            factories.match(session, MatchState.APPROVED, request=booked, expert=expert)
        asked = [
            factories.request(session, RequestState.ACCEPTED, start=day, end=day)
            for day in (date(2031, 12, 31), date(2032, 1, 1))
        ]
    this, following = (coordinator.get(f"/requests/{one.id}/matches").text for one in asked)
    assert "4 days taken by missions in 2031" in this
    assert "2 days taken by missions in 2032" in following
