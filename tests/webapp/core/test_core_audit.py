"""The audit log: what is written stays, and what is tampered with is found."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from webapp.core import invariants
from webapp.core.actor import SYSTEM
from webapp.core.db import db
from webapp.core.record import audit, reasons
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent, AuditHead
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.core.transactions import transaction
from webapp.core.unit_of_work import UnitOfWork
from webapp.themes.models import Theme

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WRITERS, EVENTS_EACH = 8, 5

pytestmark = pytest.mark.both_databases


def record(session: Any, action: str = "something", **details: Any) -> None:
    """Record an event about the first theme there is."""
    subject = session.scalars(sa.select(Theme).limit(1)).one()
    audit.record(UnitOfWork(session, SYSTEM, NOW), action, subject, **details)


def write_events(app: Flask, count: int) -> None:
    """Write `count` events, each in a transaction of its own."""
    for number in range(count):
        with writing(app) as session:
            record(session, number=number)


def faults_of(app: Flask) -> list[str]:
    """Return what the verification says."""
    with reading(app) as session:
        return list(audit.verify(session))


def without_guard(app: Flask, *statements: str) -> None:
    """Drop the guard and change rows, as somebody with the database's own password could."""
    with app.app_context(), db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("DROP TRIGGER audit_event_append_only ON audit_event")
        else:
            for action in ("update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER audit_event_no_{action}")
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_a_log_that_nobody_touched_is_sound(app: Flask, world: factories.World) -> None:
    assert faults_of(app) == []
    with reading(app) as session:
        numbers = session.scalars(sa.select(AuditEvent.id).order_by(AuditEvent.id)).all()
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) > 50


TAMPERING = {
    "a reason rewritten": ("UPDATE audit_event SET reason = 'another' WHERE id = 3",
                           "audit event 3 was changed"),
    "an actor exchanged": ("UPDATE audit_event SET actor_id = 77 WHERE id = 2",
                           "audit event 2 was changed"),
    "a role exchanged": ("UPDATE audit_event SET role = 'expert' WHERE id = 2",
                         "audit event 2 was changed"),
    "an address wiped": ("UPDATE audit_event SET address = '10.0.0.1' WHERE id = 4",
                         "audit event 4 was changed"),
    "an action renamed": ("UPDATE audit_event SET action = 'nothing' WHERE id = 1",
                          "audit event 1 was changed"),
    "a subject exchanged": ("UPDATE audit_event SET subject_id = 99 WHERE id = 1",
                            "audit event 1 was changed"),
    "details rewritten": ("UPDATE audit_event SET details = '{}' WHERE id = 3",
                          "audit event 3 was changed"),
    "a time moved": ("UPDATE audit_event SET at = '2020-01-01 00:00:00' WHERE id = 3",
                     "audit event 3 was changed"),
    "an event taken out": ("DELETE FROM audit_event WHERE id = 3", "audit event 3 is missing"),
    "the first event taken out": ("DELETE FROM audit_event WHERE id = 1",
                                  "audit event 1 is missing"),
    "the end cut off": ("DELETE FROM audit_event WHERE id >= 4", "the end of the audit log"),
    "everything taken out": ("DELETE FROM audit_event", "the end of the audit log"),
    "the head set back": ("UPDATE audit_head SET event_id = 2", "the end of the audit log"),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERING)
def test_tampering_is_found(app: Flask, what: str) -> None:
    statement, expected = TAMPERING[what]
    write_events(app, 5)
    assert faults_of(app) == []
    without_guard(app, statement)
    assert any(expected in fault for fault in faults_of(app)), faults_of(app)
    with reading(app) as session:
        assert set(faults_of(app)) <= set(invariants.run(session))


def test_an_event_that_is_slipped_in_is_found(app: Flask) -> None:
    write_events(app, 3)
    copy = "INSERT INTO audit_event SELECT 4, at, actor_id, role, address, action, subject,"
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql(
            f"{copy} subject_id, request_id, 'forged', details, hash, '{'f' * 64}'"
            " FROM audit_event WHERE id = 3"
        )
    found = faults_of(app)
    assert "audit event 4 was changed after it was written" in found
    assert "the end of the audit log does not agree with its head" in found


def test_even_a_forger_who_knows_the_hash_must_rewrite_all_that_follows(app: Flask) -> None:
    write_events(app, 4)
    with reading(app) as session:
        event = session.get_one(AuditEvent, 2)
        event.reason = "another"
        forged = event.digest()
        session.expunge(event)
    statement = f"UPDATE audit_event SET reason = 'another', hash = '{forged}' WHERE id = 2"  # noqa: S608
    without_guard(app, statement)
    assert faults_of(app) == ["audit event 3 does not follow the one before it"]


def fail_after_recording(session: Any) -> None:
    """Record an event, and then something goes wrong."""
    record(session, "rolled back")
    raise RuntimeError("on purpose")


def test_what_is_rolled_back_leaves_no_event(app: Flask) -> None:
    write_events(app, 1)
    with pytest.raises(RuntimeError, match="on purpose"), writing(app) as session:
        fail_after_recording(session)
    write_events(app, 1)
    with reading(app) as session:
        assert session.scalars(sa.select(AuditEvent.action)).all() == ["something"] * 2
        assert session.get_one(AuditHead, 1).event_id == 2
    assert faults_of(app) == []


def test_events_of_a_failed_transaction_do_not_wait_for_the_next_one(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(RuntimeError, match="on purpose"), transaction() as session:
            fail_after_recording(session)
        with transaction() as session:
            record(session, "kept")
    with reading(app) as session:
        assert session.scalars(sa.select(AuditEvent.action)).all() == ["kept"]


@pytest.mark.parametrize("round_", range(2))
def test_many_writers_at_once_make_one_chain(
    app: Flask, make_app: Callable[..., Flask], round_: int
) -> None:
    """Each writer has connections of its own, as worker processes have."""
    apps = [make_app() for _ in range(WRITERS)]
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(lambda own: write_events(own, EVENTS_EACH), apps))
    assert faults_of(app) == []
    with reading(app) as session:
        count = session.scalar(sa.select(sa.func.count()).select_from(AuditEvent))
        assert count == WRITERS * EVENTS_EACH
        assert session.get_one(AuditHead, 1).event_id == count


def test_an_event_tells_who_what_when_where_and_why(app: Flask) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.COORDINATOR)
        actor = factories.actor(person)
        work = UnitOfWork(session, actor, NOW)
        reason = reasons.keep(work, Grounds(ReasonKind.DATES, "Because."), person.tells_of)
        audit.record(work, "looked", person, request_id=7, reason=reason, a=1)
    with reading(app) as session:
        event = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "looked")).one()
        assert (event.at, event.actor_id, event.role) == (NOW, person.id, "coordinator")
        assert (event.address, event.subject, event.subject_id) == (
            "127.0.0.1", "account", person.id,
        )  # fmt: skip
        assert (event.request_id, event.reason) == (7, "dates")
        assert event.details == {"a": 1, "reason_id": 1}


def test_no_password_and_no_text_of_a_profile_is_in_the_log(
    app: Flask, world: factories.World
) -> None:
    with reading(app) as session:
        events = session.scalars(sa.select(AuditEvent)).all()
        log = json.dumps([[event.reason, event.details] for event in events])
    hidden = [
        factories.PASSWORD,
        "argon2",
        *(person.password for person, _ in world.people.values()),
    ]
    hidden += [world.experts[0].summary, world.experts[0].evidence[0].description]
    for text in hidden:
        assert text not in log


def write_anew(app: Flask, **changed: Any) -> None:
    """Change an event and write the chain and its head anew, as who knows all but the key could."""
    with reading(app) as session:
        events = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id)).all()
        session.expunge_all()
    previous, statements = audit.GENESIS, []
    for event in events:
        for name, value in changed.items() if event.id == 2 else ():
            setattr(event, name, value)
        event.previous, event.hash = previous, ""
        previous = event.hash = event.digest()
        statements.append(
            f"UPDATE audit_event SET reason = '{event.reason}', previous = '{event.previous}',"  # noqa: S608
            f" hash = '{event.hash}' WHERE id = {event.id}"
        )
    head = f"UPDATE audit_head SET hash = '{previous}'"  # noqa: S608
    without_guard(app, *statements, head)


UNSIGNED = "the end of the audit log is not signed with the key of this installation"


def test_a_log_that_was_written_anew_is_found_by_its_signature(app: Flask) -> None:
    write_events(app, 4)
    write_anew(app, reason="another")
    assert faults_of(app) == [UNSIGNED]
    # What is written later does not make it sound again.
    write_events(app, 1)
    assert faults_of(app) == [UNSIGNED]


def test_a_head_without_a_signature_is_not_sound(app: Flask) -> None:
    write_events(app, 2)
    without_guard(app, "UPDATE audit_head SET signature = ''")
    write_events(app, 1)
    assert faults_of(app) == [UNSIGNED]


def test_another_key_is_noticed_and_can_be_vouched_for(
    app: Flask, make_app: Callable[..., Flask]
) -> None:
    write_events(app, 2)
    other = make_app(AUDIT_KEY="c2l4dHkgZm91ciBjaGFyYWN0ZXJzIG9mIG5vdGhpbmc")
    assert faults_of(other) == [UNSIGNED]
    with writing(other) as session:
        audit.sign_anew(UnitOfWork(session, SYSTEM, NOW))
    assert faults_of(other) == []
    with reading(app) as session:
        assert session.get_one(AuditEvent, 3).action == Action.LOG_SIGNED


def test_a_log_that_was_cut_back_to_an_older_end_is_found_by_a_published_head(app: Flask) -> None:
    write_events(app, 2)
    with reading(app) as session:
        older = session.get_one(AuditHead, 1)
        session.expunge(older)
    write_events(app, 3)
    with reading(app) as session:
        published = audit.get_head(session)
    without_guard(
        app,
        "DELETE FROM audit_event WHERE id > 2",
        f"UPDATE audit_head SET event_id = 2, hash = '{older.hash}',"  # noqa: S608
        f" signature = '{older.signature}'",
    )
    assert faults_of(app) == []
    # The same events again would be the same log.
    for number in range(4):
        with writing(app) as session:
            record(session, "something else", number=number)
    with reading(app) as session:
        assert audit.verify_head(session, older.event_id, older.hash) == []
        (fault,) = audit.verify_head(session, *published)
    assert fault.startswith("audit event 5 is not the one that was published")


@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "REPLACE"])
def test_no_event_is_replaced_by_another(app: Flask, database_kind: str, verb: str) -> None:
    if database_kind == "postgresql":
        return  # It knows no such statement, and its triggers refuse ON CONFLICT DO UPDATE.
    write_events(app, 2)
    columns = "at, actor_id, role, address, action, subject, subject_id, request_id, 'forged'"
    for number, digest in ((2, "'f'"), (3, "hash")):
        forged = f"SELECT {number}, {columns}, details, previous, {digest} FROM audit_event"  # noqa: S608
        with (
            app.app_context(),
            pytest.raises(sa.exc.IntegrityError, match="append-only"),
            db.engine.begin() as connection,
        ):
            connection.exec_driver_sql(f"{verb} INTO audit_event {forged} WHERE id = 2")
    assert faults_of(app) == []
