"""The factories make every state, and what they make is sound by the platform's own checks."""

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.factories import matching, requests
from webapp.core import invariants
from webapp.core.record import audit
from webapp.core.roles import Role
from webapp.deployments.models import Deployment
from webapp.expertise_requests.models import RequestState
from webapp.experts.models import Expert
from webapp.matches.models import MatchState


@pytest.mark.parametrize("state", RequestState)
def test_requests_reach_every_state(app: Flask, state: RequestState) -> None:
    with writing(app) as session:
        # Without a coordinator what was sent in waits for an administrator.
        factories.account(session, Role.ADMINISTRATOR)
        factories.request(session, state)
    with reading(app) as session:
        assert invariants.run(session) == []
        assert audit.verify(session) == []


@pytest.mark.parametrize("state", matching.PATHS)
def test_matches_reach_every_state(app: Flask, state: MatchState) -> None:
    with writing(app) as session:
        factories.match(session, state)
    with reading(app) as session:
        assert invariants.run(session) == []
        planned = session.scalar(sa.select(sa.func.count()).select_from(Deployment))
        assert planned == (state is MatchState.SELECTED)


def test_every_state_is_reached() -> None:
    assert set(MatchState) == set(matching.PATHS)
    assert set(RequestState) == set(requests.PATHS)


@pytest.mark.both_databases
def test_a_profile_is_stored_whole(app: Flask) -> None:
    with writing(app) as session:
        number = factories.expert(session).id
    with reading(app) as session:
        expert = session.get_one(Expert, number)
        assert [row.theme_code for row in expert.themes] == ["SALW-MTR", "SALW-TRF"]
        assert expert.evidence
        assert expert.revision == 1
        assert expert.account is not None
