"""The demo has a past, and can be given a longer one; a platform of real people cannot."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.databases import reading
from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.errors import ForbiddenError
from webapp.core.transactions import transaction
from webapp.core.unit_of_work import UnitOfWork
from webapp.demo import FIRST_CONSENT
from webapp.demo_history import in_the_demo, made_up
from webapp.deployments.models import Deployment, DeploymentState
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Expert, ExpertState
from webapp.experts.standing_queries import list_calls
from webapp.messages.models import Notice, OutboxMessage


@pytest.mark.long
def test_the_demo_has_a_past_and_can_be_given_a_longer_one(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_the_demo, "AT_ONCE", 40)
    with app.app_context():
        commands = app.test_cli_runner()
        assert commands.invoke(args=["demo", "--history", "100"]).exit_code == 0
        assert commands.invoke(args=["check"]).output == "The database is sound.\n"
    lately = clock.now() - timedelta(days=11)
    with reading(app) as session:
        states = set(session.scalars(sa.select(Deployment.state)))
        assert states >= {DeploymentState.FOLLOWED_UP, DeploymentState.DEPLOYED}
        assert session.query(ExpertiseRequest).count() == 60 + 24 + 100
        assert session.query(Expert).filter_by(state=ExpertState.DORMANT).count() == 4
        # Nobody agreed to the words of today before they were written.
        agreed = session.scalars(sa.select(Expert.consented_at).where(Expert.consent_version != ""))
        assert all(at and at >= FIRST_CONSENT for at in agreed)
        told = set(session.scalars(sa.select(Expert.name).where(Expert.name.like("Fictional P%"))))
        assert len(told) == 3 * made_up.FEWEST, "each part has people of its own"
        # What was told long ago is no news, no mail of it leaves, and nobody is to be called.
        unread = session.scalars(sa.select(Notice.created_at).where(Notice.read_at.is_(None)))
        waiting = session.scalars(sa.select(OutboxMessage.created_at))
        assert min([*unread, *waiting, *(call.since for call in list_calls(session))]) > lately


def test_no_history_is_made_up_beside_real_people(app: Flask) -> None:
    refused = pytest.raises(ForbiddenError, match="demo alone")
    with app.app_context(), refused, transaction() as session:
        in_the_demo.add_at_once(UnitOfWork(session, SYSTEM, clock.now()), 10)
