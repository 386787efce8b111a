"""Past missions of a made-up history are reported, followed up, paid for, and have taught."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.webapp.demo_history.histories import played, told, written
from webapp.demo_history.afterwards import said_of
from webapp.demo_history.outcomes import Mission, Outcome, outcome_of
from webapp.demo_history.remains import OF_SUBJECTS
from webapp.demo_history.subjects import NAMES_AHEAD, SUBJECTS
from webapp.deployments.models import Deployment, DeploymentState
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.matches.models import Match
from webapp.mission_costs.models import MissionCost
from webapp.mission_reports.models import (
    FollowUp,
    Judgement,
    Lesson,
    MissionEntry,
    MissionReport,
    Side,
)


def _missions(one: Outcome) -> dict[int, Mission]:
    found = {whom: considered.mission for whom, considered in one.considered.items()}
    return {whom: mission for whom, mission in found.items() if mission and mission.reported}


def _expected(outcomes: Sequence[Outcome]) -> Counter[Any]:
    """Count what each story comes to: reports with their moments and numbers, and answers."""
    found: Counter[Any] = Counter()
    for one in outcomes:
        said, missions = said_of(one.story.content), _missions(one)
        if said and missions:
            title, numbers = one.story.content.title, said.by_requester
            moments = [mission.reported for mission in missions.values()]
            for whom, mission in missions.items():
                rating = said.by_expert(whom).rating
                found[title, Side.EXPERT, mission.reported, numbers.women, rating] += 1
            found[title, Side.REQUESTER, min(filter(None, moments)), numbers.women, None] += 1
            states = {mission.state for mission in missions.values()}
            found[title, said.months_after.in_use] += DeploymentState.FOLLOWED_UP in states
    return +found


def _stored(session: Session) -> Counter[Any]:
    title = ExpertiseRequest.title

    def of_missions(*columns: Any) -> Any:
        joined = sa.select(title, *columns).join(columns[0].class_.deployment)
        return session.execute(joined.join(Deployment.match).join(Match.request)).all()

    found: Counter[Any] = Counter(
        tuple(row)
        for row in of_missions(
            MissionReport.side, MissionReport.sent_at, MissionReport.women, MissionReport.rating
        )
    )
    answered = sa.select(title, FollowUp.in_use).join(
        ExpertiseRequest, ExpertiseRequest.id == FollowUp.request_id
    )
    return found + Counter(tuple(row) for row in session.execute(answered))


@pytest.mark.long
@pytest.mark.thorough
def test_what_is_said_step_by_step_is_what_the_story_comes_to(session: Session) -> None:
    world, stories = told(30)
    played(session, world, stories)
    session.expire_all()
    assert _stored(session) == _expected([outcome_of(story) for story in stories])
    for table in (Lesson, MissionCost, MissionEntry, Judgement):
        assert session.scalars(sa.select(sa.func.count()).select_from(table)).one() > 0, table
    taught = session.scalars(sa.select(Lesson.text)).all()
    assert len(taught) == len(set(taught)), "nobody writes the same lesson twice"


@pytest.mark.both_databases
def test_what_is_written_at_once_is_what_the_story_comes_to(session: Session) -> None:
    _, outcomes = written(session, 60)
    session.expire_all()
    assert _stored(session) == _expected(outcomes)
    went = sa.select(sa.func.count()).select_from(Judgement)
    assert session.scalars(went).one() >= sum(
        len(_missions(one)) for one in outcomes if said_of(one.story.content)
    )


def test_most_missions_are_told_of_and_no_two_alike() -> None:
    _, stories = told(300)
    reported = [one for one in map(outcome_of, stories) if _missions(one)]
    said = [told_of for one in reported if (told_of := said_of(one.story.content))]
    assert 0.75 < len(said) / len(reported) < 0.95, "of some the reports came by mail"
    assert 0.4 < sum(bool(one.lesson) for one in said) / len(said) < 0.8
    audiences = Counter((one.by_requester.women, one.by_requester.men) for one in said)
    assert len(audiences) > len(said) / 3
    ratings = Counter(one.by_expert(0).rating for one in said)
    assert ratings.keys() == {3, 4, 5}
    assert said_of(reported[0].story.content) == said_of(reported[0].story.content)


def test_requests_say_until_when_names_are_needed_and_some_on_how_many_days() -> None:
    _, stories = told(60)
    asked = [story.content for story in stories]
    assert {one.start - one.names_by for one in asked if one.start and one.names_by} == {
        NAMES_AHEAD
    }
    some = [one for one in asked if one.days_needed]
    assert 0 < len(some) < len(asked) / 2
    for one in some:
        assert one.start
        assert one.end
        assert one.days_needed == (one.end - one.start).days


def test_each_subject_leaves_something_behind() -> None:
    assert {subject.objectives for subject in SUBJECTS} == OF_SUBJECTS.keys()
