"""Migrations make exactly the tables that the models describe, forwards and back."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Engine, Inspector

from tests import factories
from tests.databases import close as close_app
from tests.databases import environment, make_app, reading, rows, writing
from webapp.accounts.models import RoleRow
from webapp.cli import install_platform
from webapp.core import invariants
from webapp.core.db import Base, alembic, db, prepare_engine
from webapp.core.record import audit
from webapp.core.roles import Role

ROOT = Path(__file__).resolve().parents[2]
OWN = {"alembic_version"}

pytestmark = pytest.mark.both_databases


@pytest.fixture
def empty_app(instance: Path, empty_database_url: str) -> Iterator[Flask]:
    """Return the application on a database without tables."""
    app = make_app(instance, empty_database_url)
    yield app
    close_app(app)


def upgrade(app: Flask) -> None:
    """Bring the database to the newest form, as the command does."""
    with app.app_context():
        install_platform()


def downgrade(app: Flask, target: Any) -> None:
    """Take migrations back, down to `target` or as many as it says."""
    with app.app_context():
        alembic.downgrade(target)


def engine_of(app: Flask) -> Engine:
    """Return the engine of the application's database."""
    with app.app_context():
        return db.engine


def described(engine: Engine) -> dict[str, Any]:
    """Return what the database itself says of its tables, in a form that can be compared."""
    found = sa.inspect(engine)
    return {
        name: _table(found, name) for name in sorted(found.get_table_names()) if name not in OWN
    }


def _table(found: Inspector, name: str) -> dict[str, Any]:
    def words(value: Any) -> str:
        """Write conditions of indexes as text, for they are objects of their own."""
        options = value.items() if isinstance(value, dict) else ()
        return ", ".join(f"{key}: {option}" for key, option in options) or str(value)

    def listed(things: list[Any], *keys: str) -> list[Any]:
        return sorted((tuple(words(thing.get(key)) for key in keys) for thing in things), key=repr)

    return {
        "columns": listed(
            found.get_columns(name), "name", "type", "nullable", "default", "autoincrement"
        ),
        "key": found.get_pk_constraint(name)["constrained_columns"],
        "foreign keys": listed(
            found.get_foreign_keys(name),
            "name", "constrained_columns", "referred_table", "referred_columns", "options",
        ),
        "unique": listed(found.get_unique_constraints(name), "name", "column_names"),
        "checks": listed(found.get_check_constraints(name), "name", "sqltext"),
        "indexes": listed(
            found.get_indexes(name), "name", "column_names", "unique", "dialect_options"
        ),
    }  # fmt: skip


def test_what_the_migrations_make_is_what_the_models_describe(
    app: Flask, empty_database_url: str
) -> None:
    with app.app_context():
        assert alembic.compare_metadata() == []
    # Alembic does not compare CHECK constraints and much else, so the databases are compared.
    engine = sa.create_engine(empty_database_url)
    prepare_engine(engine)
    Base.metadata.create_all(engine)
    try:
        made, wanted = described(engine_of(app)), described(engine)
        assert made.keys() == wanted.keys()
        for name, table in wanted.items():
            assert made[name] == table, name
    finally:
        engine.dispose()


@pytest.mark.thorough
def test_every_step_goes_down_and_up_again_with_data(empty_app: Flask) -> None:
    upgrade(empty_app)
    with writing(empty_app) as session:
        factories.world(session)
    with empty_app.app_context():
        steps = len(list(alembic.script_directory.walk_revisions()))
    for _ in range(steps):
        downgrade(empty_app, -1)
    assert described(engine_of(empty_app)) == {}
    upgrade(empty_app)
    with writing(empty_app) as session:
        factories.world(session)
    with reading(empty_app) as session:
        assert invariants.run(session) == []
        assert audit.verify(session) == []


def test_installing_again_changes_nothing(app: Flask, world: factories.World) -> None:
    before = rows(app)
    upgrade(app)
    assert rows(app) == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET reason = 'another' WHERE id = 1",
        "UPDATE audit_event SET reason = reason",
        "DELETE FROM audit_event WHERE id = 1",
        "DELETE FROM audit_event",
    ],
)
def test_the_database_refuses_to_change_the_audit_log(
    statement: str, app: Flask, world: factories.World
) -> None:
    before = rows(app)["audit_event"]
    assert before
    with (
        pytest.raises(sa.exc.DBAPIError, match="append-only"),
        engine_of(app).begin() as connection,
    ):
        connection.execute(sa.text(statement))
    assert rows(app)["audit_event"] == before


def test_the_audit_log_cannot_be_emptied_at_once(
    app: Flask, world: factories.World, database_kind: str
) -> None:
    if database_kind == "sqlite":
        return  # SQLite has no TRUNCATE; its DELETE is tried above.
    with (
        pytest.raises(sa.exc.DBAPIError, match="append-only"),
        engine_of(app).begin() as connection,
    ):
        connection.execute(sa.text("TRUNCATE audit_event CASCADE"))


@pytest.mark.thorough
def test_processes_that_install_at_once_all_find_one_finished_database(
    empty_app: Flask, empty_database_url: str, instance: Path
) -> None:
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "install"],
            cwd=ROOT,
            env=environment(instance, empty_database_url),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    said = [process.communicate(timeout=120) for process in started]
    assert [process.returncode for process in started] == [0, 0, 0, 0], said
    with reading(empty_app) as session:
        assert sorted(session.scalars(sa.select(RoleRow.name))) == sorted(Role)
        assert audit.verify(session) == []


def test_an_upgrade_that_fails_leaves_nothing_behind(
    empty_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A migration is one transaction: after a fault the database is as it was."""
    from alembic import op

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("the power went out")

    monkeypatch.setattr(op, "bulk_insert", broken)
    with pytest.raises(RuntimeError, match="power"):
        upgrade(empty_app)
    assert described(engine_of(empty_app)) == {}
    monkeypatch.undo()
    upgrade(empty_app)
    assert described(engine_of(empty_app))
