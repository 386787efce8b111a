"""A request can say on how many of its days somebody is needed: five days, any time in May."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.core.actor import Actor
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.matches import moved
from webapp.matches.booked_days import taken_in_year
from webapp.matches.commitments import count_days_taken
from webapp.matches.models import BookedDay, Match, MatchState
from webapp.matches.ranking.facets import list_ids
from webapp.matches.ranking.narrowing import Load, Wanted

OFFICE = Actor(None, frozenset({Role.COORDINATOR}))
SAID = "1–31 May 2031 (5 days of these 31)"


def any_time_in_may(app: Flask, state: MatchState, days_needed: int | None) -> Match:
    """Consider somebody who can be away for ten days for a request of this month."""
    with writing(app) as session:
        asked = factories.request(
            session, RequestState.ACCEPTED, start=date(2031, 5, 1), end=date(2031, 5, 31),
            days_needed=days_needed,
        )  # fmt: skip
        expert = factories.expert(session, name="Ana Away", max_days=10)
        found = factories.match(session, state, request=asked, expert=expert)
        assert found.request.requester
        assert expert.account
        return found


@pytest.mark.parametrize(("needed", "is_ranked"), [(None, False), (11, False), (10, True)])
def test_the_days_that_are_needed_count_against_the_longest_assignment(
    app: Flask, sign_in_as: Callable[..., Pages], needed: int | None, is_ranked: bool
) -> None:
    found = any_time_in_may(app, MatchState.SHORTLISTED, needed)
    with writing(app) as session:
        factories.expert(session, name="Ben There", max_days=10)
    page = sign_in_as(Role.COORDINATOR).get(f"/requests/{found.request_id}/matches")
    ruled_out = f"The assignment takes {needed or 31} days; the expert can be away for at most 10."
    assert (ruled_out in page.text) is not is_ranked


@pytest.mark.both_databases
def test_all_days_are_booked_and_those_that_are_needed_are_the_load(app: Flask) -> None:
    found = any_time_in_may(app, MatchState.APPROVED, 5)
    with writing(app) as session:
        days = session.query(BookedDay).filter_by(match_id=found.id).count()
        whole = factories.match(session, MatchState.APPROVED)
    with reading(app) as session:
        assert days == 31
        people = [found.expert_id, whole.expert_id]
        assert count_days_taken(session, OFFICE, people, 2031) == {
            found.expert_id: 5,
            whole.expert_id: 4,
        }
        assert session.execute(taken_in_year(OFFICE, 2032)).all() == []
        little = list_ids(session, Wanted(load=Load.LITTLE), OFFICE, 2031)
        assert str(found.expert_id) in (little or ())


@pytest.mark.both_databases
def test_a_mission_that_was_moved_takes_all_of_its_days(app: Flask) -> None:
    found = any_time_in_may(app, MatchState.APPROVED, 2)
    days = date(2031, 6, 2), date(2031, 6, 6)
    with writing(app) as session:
        match = session.get_one(Match, found.id)
        work = factories.work(session, factories.account(session, Role.COORDINATOR))
        moved.follow(work, match.request, *days)
    with reading(app) as session:
        taken = count_days_taken(session, OFFICE, [found.expert_id], 2031)
        assert taken == {found.expert_id: 5}


@pytest.mark.both_databases
def test_over_new_year_each_year_has_its_share_of_the_days_that_are_needed(app: Flask) -> None:
    with writing(app) as session:
        asked = factories.request(
            session, RequestState.ACCEPTED, start=date(2031, 12, 20), end=date(2032, 1, 10),
            days_needed=5,
        )  # fmt: skip
        who = factories.match(session, MatchState.APPROVED, request=asked).expert_id
        taken = [count_days_taken(session, OFFICE, [who], year)[who] for year in (2031, 2032)]
    assert taken == [3, 2]


def test_each_who_decides_reads_how_many_days_are_needed(
    app: Flask, sign_in_as: Callable[..., Pages], visitor: Callable[[], Pages]
) -> None:
    found = any_time_in_may(app, MatchState.INVITED, 5)
    coordinator = sign_in_as(Role.COORDINATOR)
    expert = visitor().come_in(found.expert.account)
    requester = visitor().come_in(found.request.requester)
    for pages, address in (
        (coordinator, f"/requests/{found.request_id}"),
        (coordinator, f"/requests/{found.request_id}/matches"),
        (requester, f"/requests/{found.request_id}"),
        (expert, f"/invitations/{found.id}"),
        (expert, f"/invitations/{found.id}/accept"),
    ):
        assert SAID in pages.get(address).text, address
    with writing(app) as session:
        session.get_one(ExpertiseRequest, found.request_id).days_needed = 31
    text = requester.get(f"/requests/{found.request_id}").text
    assert "1–31 May 2031 (31 days)" in text
