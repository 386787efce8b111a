"""The link of the question whether a profile is true answers that question, and no later one."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from tests.webapp.upkeep.test_upkeep import link, run, stored
from webapp.accounts import operations as accounts
from webapp.accounts.models import Account
from webapp.core import clock as now
from webapp.experts import operations
from webapp.experts.models import Availability, Expert


@pytest.mark.parametrize("said", ["on the platform", "by an edit", "others shut out"])
def test_a_link_answers_nothing_once_it_was_said_otherwise_or_others_are_shut_out(
    app: Flask, clock: Any, pages: Pages, said: str
) -> None:
    with writing(app) as session:
        number = factories.expert(session).id
    clock.shift(timedelta(days=92))
    run(app)
    address = link(app)
    clock.shift(timedelta(hours=1))
    with writing(app) as session:
        expert = session.get_one(Expert, number)
        work = factories.work(session, expert.account)
        if said == "on the platform":
            operations.confirm(work, expert, Availability.FREE, seen_version=expert.version)
        elif said == "by an edit":
            expert.last_confirmed_at = now.now()
        else:
            accounts.end_sessions(work, work.session.get_one(Account, work.actor.id))
    pages.get(address, status=410)
    answer = {"availability": Availability.NOT_FREE.value}
    pages.post(address, answer, token=pages.own_token(), status=410)
    assert stored(app, number).availability is not Availability.NOT_FREE
