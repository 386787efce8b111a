"""What is kept of those without an account ends by its age; commands reach it by the address."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from webapp.core import clock
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.membership import letters
from webapp.membership.models import AccountRequest
from webapp.messages import operations as messages
from webapp.messages.models import OutboxMessage
from webapp.messages.rules import RETRIES

EMAIL = "nova@example.org"


@pytest.fixture
def run(app: Flask) -> Callable[..., Result]:
    """Return a function that runs a command as on the command line."""

    def run_command(*arguments: str) -> Result:
        with app.app_context():
            return app.test_cli_runner().invoke(args=list(arguments))

    return run_command


def keep(app: Flask, age: timedelta) -> None:
    """Let a stranger have asked so long ago, and a mail to them have been given up then."""
    then = clock.now() - age
    with writing(app) as session:
        factories.account_request(session, email=EMAIL, created_at=then)
        refused = letters.account_refused(Grounds(ReasonKind.OUTSIDE))
        messages.write_to(factories.work(session), EMAIL, refused)
        session.flush()
        given_up = {"created_at": then, "due_at": then, "attempts": len(RETRIES) + 1}
        session.execute(sa.update(OutboxMessage).values(**given_up))


def left(app: Flask) -> list[int]:
    with reading(app) as session:
        tables = (AccountRequest, OutboxMessage)
        return [session.scalar(sa.select(sa.func.count()).select_from(one)) or 0 for one in tables]


@pytest.mark.both_databases
def test_a_request_on_which_nobody_decides_ends_by_its_age(
    app: Flask, run: Callable[..., Result]
) -> None:
    keep(app, timedelta(days=181))
    told = run("retention", "--dry-run").output
    assert "1 requests for an account and 1 mails would be deleted" in told
    assert left(app) == [1, 1]
    run("retention")
    assert left(app) == [0, 0]


def test_what_is_younger_stays(app: Flask, run: Callable[..., Result]) -> None:
    keep(app, timedelta(days=179))
    run("retention")
    assert left(app) == [1, 1]


def test_a_copy_reaches_whoever_only_asked_or_was_written_to(
    app: Flask, run: Callable[..., Result], tmp_path: Path
) -> None:
    keep(app, timedelta(days=1))
    path = tmp_path / "copy.json"
    assert (
        "has a copy of 2 rows" in run("personal-data", "copy", "Nova@Example.org", str(path)).output
    )
    rows = {one["table"]: one["rows"] for one in json.loads(path.read_text())["sections"]}
    assert rows["account_request"][0]["name"] == "Nova Testova"
    assert rows["outbox_message"][0]["address"] == EMAIL


def test_so_does_erasing_and_the_log_has_no_address(app: Flask, run: Callable[..., Result]) -> None:
    keep(app, timedelta(days=1))
    done = run("personal-data", "erase", EMAIL, "--yes")
    assert "1 outbox_message" in done.output
    assert left(app) == [0, 0]
    with reading(app) as session:
        erased = AuditEvent.action == Action.PERSON_ERASED
        (details,) = session.scalars(sa.select(AuditEvent.details).where(erased))
        assert EMAIL not in json.dumps(details)
    assert "There is no account" in str(run("personal-data", "erase", EMAIL, "--yes").output)
