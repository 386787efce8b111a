"""What people remove by its number: an old button, or the same sent again, removes nothing else."""

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.structure.test_migrations import downgrade, upgrade
from webapp.core.db import Base
from webapp.core.errors import DoneSinceError
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.roles import Role
from webapp.deployments.models import Deployment
from webapp.expertise_requests.models import RequestState
from webapp.matches.models import MatchState
from webapp.mission_reports import lessons
from webapp.mission_reports.content import LessonContent
from webapp.roster import operations as roster
from webapp.roster.models import CoordinatorNote


def test_sqlite_gives_every_number_once(app: Flask) -> None:
    numbered = {
        table.name
        for table in Base.metadata.sorted_tables
        if table.autoincrement_column is not None
    }
    with reading(app) as session:
        rows = session.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
        stored = {name for name, sql in rows if "AUTOINCREMENT" in (sql or "")}
    assert stored == numbered
    assert {"lesson", "outbox_message", "phone_call", "expertise_request"} <= numbered


def test_an_upgrade_goes_on_after_the_numbers_that_stand_in_the_log(app: Flask) -> None:
    with writing(app) as session:
        work = factories.work(session)
        draft = factories.request(session, RequestState.DRAFT)
        number = draft.id
        audit.record(work, Action.REQUEST_DRAFTED, draft, request_id=number)
        session.flush()
        session.delete(draft)
    # The tables of before know nothing of a row that is gone, but the log does.
    downgrade(app, "0077")
    upgrade(app)
    with writing(app) as session:
        assert factories.request(session, RequestState.DRAFT).id == number + 1


@pytest.mark.both_databases
def test_a_removal_that_is_sent_again_leaves_what_was_added_since(session: Session) -> None:
    office = factories.account(session, Role.COORDINATOR)
    match = factories.match(session, MatchState.SELECTED, coordinator=office)
    mission = session.scalars(sa.select(Deployment).where(Deployment.match == match)).one()
    work = factories.work(session, office)
    first = lessons.add(work, mission, LessonContent("The first."))
    number = first.id
    lessons.remove(work, mission, number)
    second = lessons.add(work, mission, LessonContent("The second."))
    assert second.id != number
    with pytest.raises(DoneSinceError):
        lessons.remove(work, mission, number)


@pytest.mark.both_databases
def test_a_note_written_since_has_another_number(session: Session) -> None:
    office, expert = factories.account(session, Role.COORDINATOR), factories.expert(session)
    work = factories.work(session, office)
    roster.write_note(work, expert, "The first.")
    note = session.scalars(sa.select(CoordinatorNote)).one()
    number = note.id
    roster.throw_note_away(work, expert, note, seen_version=note.version)
    roster.write_note(work, expert, "The second.")
    assert session.scalars(sa.select(CoordinatorNote.id)).one() != number


@pytest.mark.thorough
@pytest.mark.both_databases
def test_who_asks_for_an_account_next_has_another_number_than_who_was_decided_on(
    session: Session,
) -> None:
    numbers = []
    for _ in range(2):
        asked = factories.account_request(session)
        numbers.append(asked.id)
        session.delete(asked)
        session.flush()
    assert len(set(numbers)) == 2
