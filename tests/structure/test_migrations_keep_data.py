"""Migrations lose nothing: rows of every table are the same after each step up and down.

The tables of SQLite are rebuilt where a constraint changes; while they are, rows that refer to them
must stay, and afterwards the database guards references as before.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import op
from flask import Flask

from tests import factories
from tests.databases import close, make_app, reading, writing
from tests.structure.test_migrations import described, downgrade, engine_of, upgrade
from webapp.core import audit, invariants, migrating
from webapp.core.db import alembic
from webapp.core.search import folded
from webapp.expertise_requests.models import RequestState
from webapp.experts.models import ClosedJurisdiction, Expert, UnavailablePeriod
from webapp.matches.models import MatchState

Rows = dict[str, list[dict[str, Any]]]

pytestmark = pytest.mark.both_databases


@pytest.fixture
def empty_app(instance: Path, empty_database_url: str) -> Iterator[Flask]:
    """Return the application on a database without tables."""
    app = make_app(instance, empty_database_url)
    yield app
    close(app)


def upgrade_to(app: Flask, revision: str) -> None:
    """Bring the tables to one revision and no further."""
    with app.app_context():
        alembic.upgrade(revision)


def stored(app: Flask) -> Rows:
    """Return all rows as the database itself has them, by table and column."""
    engine, tables = engine_of(app), sa.MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        return {
            table.name: sorted(
                (dict(row) for row in connection.execute(table.select()).mappings()), key=repr
            )
            for table in tables.sorted_tables
            if table.name != "alembic_version"
        }


def columns_of(before: Rows, after: Rows) -> Rows:
    """Return the rows of `after` with the columns alone that `before` has."""
    return {
        table: sorted(({name: row[name] for name in rows[0]} for row in after[table]), key=repr)
        for table, rows in before.items()
    }


@pytest.fixture
def at_first_revision(empty_app: Flask) -> Flask:
    """Return an application whose database has rows in every table of the first revision."""
    upgrade_to(empty_app, "0001")
    tables = described(engine_of(empty_app))
    upgrade(empty_app)
    with writing(empty_app) as session:
        expert = factories.expert(
            session,
            closed_jurisdictions=[ClosedJurisdiction(code="SRB")],
            unavailable=[UnavailablePeriod(start=date(2030, 2, 1), end=date(2030, 2, 3))],
        )
        request = factories.request(session, RequestState.ACCEPTED, excluded=("ALB",))
        factories.match(session, MatchState.SELECTED, request=request, expert=expert)
    downgrade(empty_app, "0001")
    assert described(engine_of(empty_app)) == tables
    return empty_app


def test_an_upgrade_keeps_every_row_and_a_downgrade_too(at_first_revision: Flask) -> None:
    app = at_first_revision
    before = stored(app)
    assert all(before.values()), [table for table in before if not before[table]]
    upgrade(app)
    after = stored(app)
    assert columns_of(before, after) == before
    with reading(app) as session:
        assert invariants.run(session) == []
        assert audit.verify(session) == []
    downgrade(app, "0001")
    assert stored(app) == before
    upgrade(app)
    assert stored(app) == after


def test_texts_that_were_there_can_be_found_after_the_upgrade(at_first_revision: Flask) -> None:
    upgrade(at_first_revision)
    for table, names in {
        "account": ("name", "institution"),
        "expert": ("name", "institution", "post"),
        "expertise_request": ("title", "place"),
    }.items():
        for row in stored(at_first_revision)[table]:
            assert row["search_text"] == folded("\n".join(row[name] for name in names))
            assert row["search_text"].strip()


def test_references_are_guarded_after_an_upgrade(at_first_revision: Flask) -> None:
    upgrade(at_first_revision)
    with (
        pytest.raises(sa.exc.IntegrityError),
        engine_of(at_first_revision).begin() as connection,
    ):
        connection.execute(sa.text("DELETE FROM account"))


def test_a_row_in_a_state_that_goes_stops_the_upgrade_and_nothing_changes(
    at_first_revision: Flask,
) -> None:
    app = at_first_revision
    with engine_of(app).begin() as connection:
        connection.execute(sa.text("UPDATE expert SET state = 'dormant' WHERE id = 1"))
    before, tables = stored(app), described(engine_of(app))
    with pytest.raises(sa.exc.IntegrityError, match="ck_expert_state"):
        upgrade(app)
    assert (stored(app), described(engine_of(app))) == (before, tables)
    with pytest.raises(sa.exc.IntegrityError), engine_of(app).begin() as connection:
        connection.execute(sa.text("DELETE FROM expert"))
    with engine_of(app).begin() as connection:
        connection.execute(sa.text("UPDATE expert SET state = 'active' WHERE id = 1"))
    upgrade(app)
    with reading(app) as session:
        assert session.get(Expert, 1) is not None


def test_a_migration_that_breaks_a_reference_is_undone(
    at_first_revision: Flask, monkeypatch: pytest.MonkeyPatch, database_kind: str
) -> None:
    if database_kind == "postgresql":
        return  # PostgreSQL never lets go of references.
    app, rebuild = at_first_revision, migrating.rebuild
    before = stored(app)

    def careless(table: str, *arguments: Any) -> None:
        rebuild(table, *arguments)
        op.execute(sa.table(table).delete())

    monkeypatch.setattr(migrating, "rebuild", careless)
    with pytest.raises(RuntimeError, match="references lead nowhere"):
        upgrade(app)
    assert stored(app) == before


def test_a_table_is_rebuilt_only_while_foreign_keys_are_off(app: Flask, database_kind: str) -> None:
    """Otherwise dropping the old table would take what refers to its rows."""
    if database_kind == "postgresql":
        return
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    with (
        engine_of(app).begin() as connection,
        Operations.context(MigrationContext.configure(connection)),
        pytest.raises(RuntimeError, match="foreign keys must be off"),
    ):
        migrating.rebuild("expert", str)
