"""Who has acted on a profile for which side stands beside it, whichever process has written it."""

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from webapp.core import clock, invariants
from webapp.core.roles import Role
from webapp.experts import joining, operations, rules, sweep
from webapp.experts.approvals import Wanted
from webapp.experts.joining import Nominee
from webapp.experts.models import ActedOnProfile, Expert
from webapp.experts.workflow import ExpertStep


@pytest.mark.both_databases
def test_acts_with_profiles_that_are_not_noted_are_found_and_noted_within_a_minute(
    app: Flask,
) -> None:
    with writing(app) as session:
        home = factories.organisation(session).id
        person = factories.account(session, Role.NOMINATING_AUTHORITY, organisation_id=home)
        wanted = Wanted(clock.today(), factories.FOR_YEARS)
        expert = joining.nominate(factories.work(session, person), Nominee("Ivo Nov"), wanted)
        office = factories.account(session, Role.COORDINATOR)
        operations.take(factories.work(session, office), expert, ExpertStep.START_SCREENING)
        numbers = person.id, office.id, expert.id
        session.flush()
        session.execute(sa.delete(ActedOnProfile))
    with reading(app) as session:
        found = " ".join(invariants.run(session))
    assert f"account {numbers[0]} acted on expert {numbers[2]} as nominating authority" in found
    assert f"account {numbers[1]} acted on expert {numbers[2]} as coordinator" in found
    with app.app_context():
        sweep.note_acts()
    with reading(app) as session:
        acted = {(act.account_id, act.side) for act in session.get_one(Expert, numbers[2]).acted}
        assert acted == {(numbers[0], Role.NOMINATING_AUTHORITY), (numbers[1], Role.COORDINATOR)}
        assert invariants.run(session) == []


def test_who_begins_their_own_profile_has_nominated_nobody(app: Flask) -> None:
    with writing(app) as session:
        home = factories.organisation(session).id
        person = factories.account(
            session, Role.NOMINATING_AUTHORITY, Role.EXPERT, organisation_id=home
        )
        expert = joining.begin_own(factories.work(session, person), person)
        assert rules.owners_of(expert)[Role.NOMINATING_AUTHORITY].acted == frozenset()
    with reading(app) as session:
        assert invariants.run(session) == []
