"""Of two reminders that are due at once the later one is sent alone."""

from datetime import UTC, datetime, timedelta

import time_machine
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from webapp.core.roles import Role
from webapp.experts import approvals
from webapp.experts.approvals import Wanted
from webapp.experts.standing_workflow import ApprovalStep
from webapp.messages.models import Notice
from webapp.upkeep import sweep

BEGIN = datetime(2031, 1, 1, 9, tzinfo=UTC)


def test_an_approval_that_ends_within_days_is_reminded_of_once(app: Flask) -> None:
    with time_machine.travel(BEGIN, tick=False) as days:
        with writing(app) as session:
            home = factories.organisation(session).id
            member = factories.account(session, Role.NOMINATING_AUTHORITY, organisation_id=home)
            expert = factories.expert(session, authority_id=home)
            wanted = Wanted(BEGIN.date(), BEGIN.date() + timedelta(days=10))
            approvals.grant(factories.work(session, member), expert, ApprovalStep.GRANT, wanted)
        for _day in range(3):
            with app.app_context():
                sweep.run_due()
            days.shift(timedelta(days=1))
        with reading(app) as session:
            told = session.query(Notice).filter_by(account_id=member.id).all()
            assert [one.words["subject"]["text"] for one in told] == ["An approval ends soon"]
