"""What an expert's page tells a coordinator of missions, requests, load and rest."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.roles import Role
from webapp.deployments.models import Deployment, DeploymentState
from webapp.experts import queries as experts
from webapp.experts.models import UnavailablePeriod
from webapp.matches.models import BookedDay, MatchState
from webapp.roster import commitments


def test_missions_requests_load_and_rest(app: Flask, sign_in_as: Callable[..., Pages]) -> None:
    today = clock.today()
    day = timedelta(days=1)
    with writing(app) as session:
        expert = factories.expert(
            session,
            most_missions=1,
            unavailable=[
                UnavailablePeriod(start=today + 5 * day, end=today + 6 * day),
                UnavailablePeriod(start=today + 300 * day, end=today + 301 * day),
            ],
        )
        chosen = factories.match(session, MatchState.SELECTED, expert=expert)
        waiting = factories.match(session, MatchState.INVITED, expert=expert)
        ended = factories.match(session, MatchState.DECLINED, expert=expert)
        session.query(Deployment).filter_by(match_id=chosen.id).delete()
        session.query(BookedDay).filter_by(match_id=chosen.id).delete()
        session.add(
            Deployment(
                match_id=chosen.id, state=DeploymentState.PLANNED, state_since=clock.now(),
                start=today - 12 * day, end=today - 10 * day, tor_version=1,
            )
        )  # fmt: skip
        session.add(BookedDay(expert_id=expert.id, day=today + 40 * day, match_id=chosen.id))
    with reading(app) as session:
        person = experts.get(session, expert.id)
        actor = Actor(None, roles=frozenset({Role.COORDINATOR}))
        told = commitments.read(session, actor, person, today)
        assert [row.match_id for row in told.missions_past] == [chosen.id]
        assert told.missions_ahead == []
        assert {match.id for match in told.open_matches} == {chosen.id, waiting.id}
        assert [match.id for match in told.ended_matches] == [ended.id]
        assert (told.days_at_home, told.rests_until) == (10, today + 20 * day)
        assert told.booked == [(today + 40 * day, today + 40 * day)]
        assert told.away == [(today + 5 * day, today + 6 * day)]
        assert [load.year for load in told.loads] == [today.year, today.year + 1]
        assert sum(load.days for load in told.loads) == 1
        later = commitments.read(session, actor, person, today + 40 * day)
        assert later.rests_until is None
    page = sign_in_as(Role.COORDINATOR).get(f"/roster/{expert.id}")
    assert "usual rest until" in page.text
    assert waiting.request.reference in page.text
