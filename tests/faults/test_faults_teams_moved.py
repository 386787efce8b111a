"""At a server with two workers a team is moved at the moment in which its experts are booked."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.faults.crowd import Click, at_once, copy_of, is_sound, statuses
from tests.live import Visitor
from webapp.core import clock
from webapp.core.roles import Role
from webapp.deployments import moving
from webapp.deployments.models import Deployment
from webapp.expertise_requests.models import RequestState
from webapp.matches.models import BookedDay, Match, MatchState

pytestmark = [pytest.mark.attack, pytest.mark.both_databases, pytest.mark.long]
DAY = timedelta(days=1)
APPROVAL = {
    "approve-kind": "other",
    "approve-reason": "Released by letter of the authority.",
}


def test_a_team_is_moved_as_a_whole_or_not_at_all_while_its_experts_are_booked_and_moved_alone(
    app: Flask, live_url: str, instance: Path, database_url: str
) -> None:
    start = clock.today() + 30 * DAY
    first, last = start + 20 * DAY, start + 22 * DAY
    with writing(app) as session:
        people = [factories.account(session, Role.COORDINATOR) for _number in range(5)]
        asked, other = (
            factories.request(
                session, RequestState.ACCEPTED, experts_needed=3, start=day, end=day + 2 * DAY
            )
            for day in (start, first)
        )
        team = [factories.missions.planned(session, request=asked) for _number in range(3)]
        booked = factories.match(
            session, MatchState.AVAILABLE, request=other, expert=team[2].match.expert
        )
        actor = factories.actor(people[0])
        members = moving.look(session, actor, team, first, last, clock.now())
        seen, numbers, match = moving.marks_of(members), [one.id for one in team], booked.id
    days = {"start": first.isoformat(), "end": last.isoformat()}
    visitors = [Visitor(live_url).sign_in(person) for person in people]
    visitors += [copy_of(visitors[0])]
    whole = f"/deployments/{numbers[0]}/team-days", {**days, "seen": seen}
    acts = [whole, (f"/matches/{match}/approve", APPROVAL), whole]
    acts += [
        (f"/deployments/{number}/days", {**days, "version": str(one.version)})
        for number, one in zip(numbers[:2], team, strict=False)
    ]
    clicks: list[Click] = [
        (who, path, {"csrf_token": who.token("/account"), **values})
        for who, (path, values) in zip(visitors, [*acts, whole], strict=True)
    ]
    answers = at_once(clicks)
    assert set(statuses(answers)) <= {302, 409}
    moved_together = any(answers[place].status == 302 for place in (0, 2, 5))
    with reading(app) as session:
        periods = [
            (one.start, one.end)
            for one in session.query(Deployment).filter(Deployment.id.in_(numbers))
        ]
        approved = session.get_one(Match, match).state is MatchState.APPROVED
        held = session.query(BookedDay).filter_by(expert_id=booked.expert_id, day=first).count()
    assert ((first, last) in periods) or approved
    assert held == 1, "of the team and the other mission one has the third expert"
    if moved_together:
        assert periods == [(first, last)] * 3
        assert not approved
    assert is_sound(instance, database_url)
