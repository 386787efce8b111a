"""The head of the log is published once a day, and what was published must be part of the log."""

import smtplib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_mailman import EmailMessage

from tests import factories
from tests.databases import reading, writing
from webapp.audit_log import publishing
from webapp.core import invariants
from webapp.core.db import db
from webapp.core.record import audit
from webapp.core.roles import Role


def publish(app: Flask) -> list[str]:
    """Let the job run; return what stands in the file."""
    with app.app_context():
        publishing.publish_due()
        return Path(app.config["AUDIT_HEADS_FILE"]).read_text("ascii").splitlines()


def add(app: Flask) -> None:
    """Let something happen."""
    with writing(app) as session:
        factories.account(session, Role.REQUESTER)


def faults(app: Flask) -> list[str]:
    """Return what `flask check` says."""
    with reading(app) as session:
        return invariants.run(session)


@pytest.fixture
def without_guard(app: Flask) -> None:
    """Let events be deleted, as somebody with the database's own password could."""
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(sa.text("DROP TRIGGER audit_event_no_delete"))


def test_a_line_a_day_stands_in_the_file(app: Flask, clock: Any) -> None:
    add(app)
    (first,) = publish(app)
    add(app)
    assert publish(app) == [first]
    clock.shift(timedelta(days=1))
    _, second = publish(app)
    with reading(app) as session:
        number, digest = audit.get_head(session)
    assert (number, second.partition(" ")[2]) == (2, f"2:{digest}")
    assert faults(app) == []


def test_a_log_that_is_cut_back_does_not_hold_what_was_published(
    app: Flask, clock: Any, without_guard: None
) -> None:
    add(app)
    with reading(app) as session:
        older = dict(session.execute(sa.text("SELECT * FROM audit_head")).mappings().one())
    add(app)
    publish(app)
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM audit_event WHERE id > 1"))
        connection.execute(
            sa.text("UPDATE audit_head SET event_id=:event_id, hash=:hash, signature=:signature"),
            older,
        )
    (fault,) = faults(app)
    assert "is not the one that was published" in fault
    shown = app.test_cli_runner().invoke(args=["audit-verify"])
    assert (shown.exit_code, fault in shown.output) == (1, True)


def test_a_file_that_cannot_be_read_is_a_fault(app: Flask) -> None:
    add(app)
    publish(app)
    Path(app.config["AUDIT_HEADS_FILE"]).write_text("2026-03-01 something\n")
    (fault,) = faults(app)
    assert "cannot be read" in fault


def test_the_head_leaves_by_mail_once_a_day_and_again_after_a_fault(
    app: Flask, clock: Any, outbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["AUDIT_HEAD_MAIL"] = ["auditor@example.org"]
    add(app)

    def fail(_mail: EmailMessage) -> None:
        raise smtplib.SMTPServerDisconnected("on purpose")

    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", fail)
        (line,) = publish(app)
    publish(app)
    publish(app)
    (mail,) = outbox
    assert mail.to == ["auditor@example.org"]
    assert line.partition(" ")[2] in mail.body


@pytest.mark.both_databases
def test_of_two_hosts_each_writes_its_file_and_one_sends_the_mail(
    make_app: Callable[..., Flask], tmp_path: Path
) -> None:
    left: list[Any] = []
    for number in range(2):
        host = make_app(
            AUDIT_HEADS_FILE=str(tmp_path / f"heads-{number}"),
            AUDIT_HEAD_MAIL=["auditor@example.org"],
        )
        host.extensions["mailman"].outbox = left
        add(host) if not number else None
        assert len(publish(host)) == 1
    assert len(left) == 1


@pytest.mark.both_databases
def test_a_head_of_somebodys_own_is_verified_by_the_command(app: Flask) -> None:
    add(app)
    run = app.test_cli_runner().invoke
    sound = run(args=["audit-verify"])
    assert (sound.exit_code, sound.output.startswith("The audit log is sound.")) == (0, True)
    head = sound.output.split()[-1]
    add(app)
    assert run(args=["audit-verify", "--head", head]).exit_code == 0
    for wrong, code in ((f"2:{head.partition(':')[2]}", 1), (f"9:{'0' * 64}", 1), ("nothing", 2)):
        assert run(args=["audit-verify", "--head", wrong]).exit_code == code, wrong


def test_signing_anew_asks_first_and_is_logged(app: Flask) -> None:
    add(app)
    run = app.test_cli_runner().invoke
    assert run(args=["audit-sign"], input="n\n").exit_code == 1
    assert run(args=["audit-sign"], input="y\n").exit_code == 0
    with reading(app) as session:
        assert session.get_one(audit.AuditEvent, 2).action == "audit log signed"
    assert faults(app) == []


@pytest.mark.parametrize("left", ["2026-11", "2026-11-27 12:abc"])
def test_a_line_that_was_cut_off_keeps_no_later_day_from_being_published(
    app: Flask, clock: Any, left: str
) -> None:
    add(app)
    (first,) = publish(app)
    path = Path(app.config["AUDIT_HEADS_FILE"])
    path.write_text(f"{first}\n{left}", "ascii")
    assert faults(app) == []
    clock.shift(timedelta(days=1))
    assert publish(app)[0] == first
    assert len(publish(app)) == 2
    assert faults(app) == []
