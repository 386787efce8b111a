"""Lets missions be reported and followed up: each side says what it has to say, as people do."""

from collections.abc import Mapping
from dataclasses import replace

import sqlalchemy as sa

from webapp.core.actor import Actor
from webapp.core.unit_of_work import UnitOfWork
from webapp.demo_history.afterwards import Said, costs_of
from webapp.deployments.models import Deployment, DeploymentState
from webapp.expertise_requests.content import Content
from webapp.expertise_requests.waiting import Side as Acting
from webapp.mission_costs import operations as costs
from webapp.mission_reports import follow_ups, lessons, operations, profile_entries, queries, rules
from webapp.mission_reports.content import Answers, Judged, LessonContent
from webapp.mission_reports.models import Lesson, Side

Sides = Mapping[Acting, Actor]
# Which of a team somebody is, by the number of the mission.
Team = Mapping[int, int]


def report(work: UnitOfWork, mission: Deployment, said: Said, sides: Sides, team: Team) -> None:
    """Let the expert of a mission report, and the requester on all of the team if they have not.

    An expert whom the mission is confirmed to puts it into the profile, if they sign in.
    """
    office = replace(work, actor=sides[Acting.OFFICE])
    signs_in = rules.writes_itself(mission, Side.EXPERT)
    expert = replace(work, actor=sides[Acting.EXPERT]) if signs_in else office
    _send(expert, mission, Side.EXPERT, said.by_expert(team[mission.id]))
    if queries.find(work.session, mission, Side.REQUESTER) is None:
        judged = tuple(Judged(number, *said.judgement(whom)) for number, whom in team.items())
        asker = replace(work, actor=sides[Acting.REQUESTER])
        _send(asker, mission, Side.REQUESTER, replace(said.by_requester, judged=judged))
        if said.lesson and not _is_taught(work, said.lesson):
            request = mission.match.request
            theme = request.themes[0].theme_code if request.themes else None
            lessons.add(office, mission, LessonContent(said.lesson, theme, request.jurisdiction))
    if signs_in:
        version = mission.match.expert.version
        words = profile_entries.draft(work.session, mission)
        profile_entries.add(expert, mission, words, seen_version=version)


def _is_taught(work: UnitOfWork, lesson: str) -> bool:
    """Tell whether a mission before has taught the same: nobody writes it down a second time."""
    return work.session.scalar(sa.select(sa.exists().where(Lesson.text == lesson))) is True


def _send(work: UnitOfWork, mission: Deployment, side: Side, answers: Answers) -> None:
    kept = operations.save(work, mission, side, answers, seen_version=0)
    operations.send(work, mission, side, seen_version=kept.version)


def write_costs(work: UnitOfWork, mission: Deployment, content: Content, whom: int) -> None:
    """Write down what a mission cost that is over."""
    amounts = costs_of(content, whom, mission.start, mission.end)
    costs.write(work, mission, amounts, seen_version=0)


def follow_up(work: UnitOfWork, mission: Deployment, said: Said, asker: Actor) -> None:
    """Let the requester say what has become of a mission, once for all of the team."""
    if mission.state is not DeploymentState.FOLLOWED_UP:
        follow_ups.answer(replace(work, actor=asker), mission, said.months_after)
