"""A made-up history is the same in three tellings: as steps, as rows at once, and as it is told."""

import itertools
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.webapp.demo_history.histories import played, told, written
from webapp.core import invariants
from webapp.demo_history.outcomes import Considered, Outcome, outcome_of
from webapp.deployments.models import Deployment, DeploymentState
from webapp.expertise_requests.models import ExpertiseRequest, RequestState, TermsOfReference
from webapp.experts.models import Expert
from webapp.matches.models import Match, MatchState

pytestmark = [pytest.mark.filterwarnings("error"), pytest.mark.thorough]


def _of_story(one: Outcome) -> tuple[Any, ...]:
    considered = sorted(map(_of_considered, one.considered.values()), key=repr)
    return (one.story.content.title, one.state, one.since, one.sent, one.accepted, considered)


def _of_considered(one: Considered) -> tuple[Any, ...]:
    mission = one.mission
    return (
        one.place.placing.rank, one.state, one.since, one.created, one.invited, one.asked,
        one.proposed, one.why, one.choice,
        mission and (mission.state, mission.since, mission.start, mission.end, mission.why),
    )  # fmt: skip


def _of_rows(session: Session) -> list[tuple[Any, ...]]:
    missions = {row.match_id: row for row in session.scalars(sa.select(Deployment))}
    of_request: dict[int, list[tuple[Any, ...]]] = {}
    for row in session.scalars(sa.select(Match)):
        mission = missions.get(row.id)
        of_request.setdefault(row.request_id, []).append((
            row.rank, row.state, row.state_since, row.created_at, row.invited_at,
            row.release_asked_at, row.proposed_at,
            row.reason and row.reason.kind, row.choice_reason and row.choice_reason.kind,
            mission and (
                mission.state, mission.state_since, mission.start, mission.end,
                mission.reason and mission.reason.kind,
            ),
        ))  # fmt: skip
    accepted = dict(
        session.execute(sa.select(TermsOfReference.request_id, TermsOfReference.accepted_at)).all()
    )
    return [
        (
            row.title, row.state, row.state_since, row.submitted_at, accepted.get(row.id),
            sorted(of_request.get(row.id, []), key=repr),
        )
        for row in session.scalars(sa.select(ExpertiseRequest))
    ]  # fmt: skip


@pytest.mark.long
def test_the_steps_leave_what_the_story_comes_to(session: Session) -> None:
    world, stories = told(30)
    played(session, world, stories)
    session.expire_all()
    expected = sorted((_of_story(outcome_of(story)) for story in stories), key=repr)
    assert sorted(_of_rows(session), key=repr) == expected


@pytest.mark.both_databases
def test_rows_written_at_once_are_what_the_story_comes_to_and_are_sound(session: Session) -> None:
    _, outcomes = written(session, 60)
    session.expire_all()
    assert sorted(_of_rows(session), key=repr) == sorted(map(_of_story, outcomes), key=repr)
    assert invariants.run(session) == []


@pytest.mark.parametrize("size", [1000, pytest.param(10_000, marks=pytest.mark.long)])
def test_a_long_history_is_sound(session: Session, size: int) -> None:
    written(session, size)
    assert session.query(ExpertiseRequest).count() == size
    assert invariants.run(session) == []


def test_a_history_of_a_thousand_has_all_that_happens(clock: Any) -> None:
    # What lasts for days only, there may be none of on the day of the test: this day has all of it.
    clock.move_to(datetime(2026, 11, 24, 13, tzinfo=UTC))
    _, stories = told(1000)
    outcomes = [outcome_of(story) for story in stories]
    considered = [one for outcome in outcomes for one in outcome.considered.values()]
    assert {one.state for one in outcomes} == set(RequestState) - {RequestState.DRAFT}
    assert {one.state for one in considered} == set(MatchState)
    assert {one.mission.state for one in considered if one.mission} == set(DeploymentState)
    assert {one.why for one in considered if one.state is MatchState.DECLINED}
    today = date(2026, 11, 24)
    assert any(
        sum(m.mission is not None and m.mission.state is DeploymentState.DEPLOYED
            for m in one.considered.values()) == 4
        for one in outcomes if one.days[0] <= today <= one.days[1]
    )  # fmt: skip


def test_one_seed_tells_one_history() -> None:
    assert told(60)[1] == told(60)[1]
    assert told(60, 1)[1] != told(60, 2)[1]


def test_nobody_is_sent_to_two_missions_at_once() -> None:
    _, stories = told(1000)
    days: dict[int, list[tuple[date, date]]] = {}
    for one in map(outcome_of, stories):
        for considered in one.considered.values():
            if considered.mission:
                days.setdefault(considered.place.expert, []).append(one.days)
    for periods in days.values():
        ordered = sorted(periods)
        assert all(a[1] < b[0] for a, b in itertools.pairwise(ordered))
    assert len(days) > 50


def test_the_roster_is_as_it_was_told(session: Session) -> None:
    world, _ = written(session, 60)
    rows = session.execute(sa.select(Expert.gender, Expert.jurisdiction)).all()
    assert Counter(map(tuple, rows)) == Counter((p.gender, p.jurisdiction) for p in world.roster)
