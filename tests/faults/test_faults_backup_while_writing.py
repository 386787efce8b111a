"""A backup made while people write has every write that was acknowledged before it began."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests import databases, factories
from tests.databases import reading, writing
from webapp.accounts.models import Account
from webapp.core import invariants
from webapp.core.actor import SYSTEM
from webapp.core.record.actions import Action
from webapp.core.record.audit import record
from webapp.core.roles import Role

pytestmark = [pytest.mark.thorough, pytest.mark.both_databases]


class Writers:
    """Four who write one row after the other, each with its event, until they are told to stop."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._write) for _ in range(4)]
        self.acknowledged: list[int] = []

    def _write(self) -> None:
        while not self._stop.is_set():
            with writing(self._app) as session:
                made = factories.account(session, Role.EXPERT)
                record(factories.work(session, SYSTEM), Action.ACCOUNT_CREATED, made)
            self.acknowledged.append(made.id)

    def __enter__(self) -> "Writers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()


@pytest.fixture
def fresh(tmp_path: Path, sqlite_databases: databases.SqliteDatabases) -> Iterator[Flask]:
    """Return an installation that nobody has used."""
    folder = tmp_path / "fresh"
    folder.mkdir()
    with sqlite_databases.empty(folder) as url:
        app = databases.make_app(folder, url)
        yield app
        databases.close(app)


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., None]:
    """Return a function that runs a command, which must succeed."""
    word = tmp_path / "passphrase"
    word.write_text("of the tests and of nothing else")

    def run_command(app: Flask, *arguments: str) -> None:
        with app.app_context():
            result = app.test_cli_runner().invoke(
                args=list(arguments), env={"BACKUP_PASSPHRASE_FILE": str(word)}
            )
        assert result.exit_code == 0, result.output

    return run_command


def test_nothing_that_was_acknowledged_is_missing_and_nothing_is_half(
    app: Flask,
    make_app: Callable[..., Flask],
    fresh: Flask,
    run: Callable[..., None],
    tmp_path: Path,
) -> None:
    operator = make_app()
    with Writers(app) as writers:
        while len(writers.acknowledged) < 20:
            threading.Event().wait(0.05)
        before = set(writers.acknowledged)
        run(operator, "backup", str(tmp_path / "backup"))
        after = len(writers.acknowledged)
        while len(writers.acknowledged) == after:  # People went on, and go on.
            threading.Event().wait(0.05)
    run(fresh, "restore", str(tmp_path / "backup"))
    fresh.config["AUDIT_KEY"] = databases.AUDIT_KEY
    with reading(fresh) as session:
        assert before <= {number for (number,) in session.query(Account.id)}
        assert invariants.run(session) == []
