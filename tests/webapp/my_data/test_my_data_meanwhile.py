"""Somebody is erased while others work on what concerns them: they wait for each other in turn."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.db import db, lock
from webapp.core.record.actions import Action
from webapp.experts.models import Expert, ExpertState
from webapp.matches.models import Match, MatchState
from webapp.membership import letters
from webapp.messages import operations as messages
from webapp.my_data import operations

WAITING = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND wait_event_type = 'Lock'"
)


def wait_until_somebody_waits(app: Flask) -> None:
    """Return once a transaction waits for another one."""
    until = clock.now() + timedelta(seconds=10)
    with db.engine.connect() as connection:
        while not connection.scalar(WAITING):
            connection.rollback()
            assert clock.now() < until, "nobody waits"


@pytest.mark.postgres
def test_an_expert_is_erased_after_the_news_that_is_on_its_way(app: Flask) -> None:
    with writing(app) as session:
        match = factories.match(session, MatchState.AVAILABLE)
        expert = match.expert
        number, account = expert.id, expert.account_id
    failed: list[Exception] = []

    def erase() -> None:
        try:
            with writing(app) as session:
                own = session.get_one(Account, account)
                operations.erase(factories.work(session, own), own)
        except Exception as error:
            failed.append(error)

    erasing = threading.Thread(target=erase)
    with writing(app) as session:
        again = session.get_one(Match, match.id)
        lock(session, again.request)
        erasing.start()
        wait_until_somebody_waits(app)
        # As a step with the match does it: its expert is told.
        letter = letters.way_in_changed(Action.PASSKEY_ADDED)
        messages.queue(factories.work(session), account, letter)
        session.flush()
    erasing.join()
    assert failed == []
    with reading(app) as session:
        assert session.get_one(Expert, number).state is ExpertState.ERASED
