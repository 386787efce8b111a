"""The code before a migration goes on with the tables after it, until its processes are replaced.

What that code knows is the tables as they were: it reads and writes their columns by name. So each
row that it could write must be taken by the new tables, and read again as it was (ADR 108).
"""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from _pytest.mark import ParameterSet
from flask import Flask

from tests.databases import close, make_app, reading, writing
from tests.structure.test_migrations import downgrade, engine_of, upgrade
from webapp.core import clock, invariants
from webapp.core.db import alembic
from webapp.core.job_runs import FormerJobRun, JobRun
from webapp.expertise_requests import sweep as requests_sweep
from webapp.experts import sweep as experts_sweep
from webapp.messages import sweep as messages_sweep

# Those before were brought out while everybody had stopped.
FIRST = "0044"
# So many of the newest are tried each time.
LATEST = 4
SOME: dict[type, Any] = {
    str: "x",
    # A JSON column may hold anything.
    object: {},
    dict: {},
    # As long as the number that tells its size.
    bytes: b"x",
    date: date(2031, 1, 1),
    datetime: datetime(2031, 1, 1, tzinfo=UTC),
}
FOLDER = Path(__file__).resolve().parents[2] / "webapp" / "migrations"

Rows = dict[str, list[tuple[Any, ...]]]

pytestmark = [pytest.mark.both_databases, pytest.mark.thorough]


def steps() -> list[ParameterSet]:
    """Return the revisions from the first that is held to this, each with the one before it.

    Those that were brought out some time ago change no more: they take part in the long tests.
    """
    chain = in_order()
    held = list(pairwise(chain[chain.index(FIRST) - 1 :]))
    return [
        pytest.param(*step, marks=[pytest.mark.long] if step in held[:-LATEST] else [])
        for step in held
    ]


def in_order() -> list[str]:
    """Return all revisions as they follow each other; that may not be the order of their numbers,
    which are given when a change is begun."""
    stems = [path.stem for path in FOLDER.glob("0*.py")]
    modules = [import_module(f"webapp.migrations.{stem}") for stem in stems]
    after = {module.down_revision: module.revision for module in modules}
    found = [after[None]]
    while found[-1] in after:
        found.append(after[found[-1]])
    return found


def given_up(revision: str) -> set[str]:
    """Return the columns and tables that the code before a migration has stopped to use."""
    (path,) = FOLDER.glob(f"{revision}_*.py")
    module = import_module(f"webapp.migrations.{path.stem}")
    return set(getattr(module, "given_up", ()))


@pytest.fixture
def make_app_on(tmp_path: Path, database_maker: Any) -> Iterator[Callable[[str], Flask]]:
    """Return what makes an application on a database that is "empty", or "populated"."""
    with ExitStack() as stack:

        def make(kind: str) -> Flask:
            folder = tmp_path / kind
            folder.mkdir()
            app = make_app(folder, stack.enter_context(getattr(database_maker, kind)(folder)))
            stack.callback(close, app)
            return app

        yield make


@pytest.fixture
def rows_of_before(make_app_on: Callable[[str], Flask]) -> Flask:
    """Return an application whose database has rows in every table."""
    app = make_app_on("populated")
    with writing(app) as session:
        # Of its columns some go with each other.
        session.add(FormerJobRun(name="x", last_good_at=clock.now()))
        session.add(JobRun(host="x", name="x", last_good_at=clock.now()))
    with engine_of(app).begin() as connection:
        for table in reflected(app):
            if connection.execute(table.select().limit(1)).first() is None:
                connection.execute(table.insert().values(_some_row(connection, table)))
    return app


def _some_row(connection: sa.Connection, table: sa.Table) -> dict[str, Any]:
    """Return a row for a table in which the world has none; it says nothing that makes sense."""
    row: dict[str, Any] = {}
    for column in table.columns:
        if column.nullable:
            continue
        if column.foreign_keys:
            (reference,) = column.foreign_keys
            # Two that refer to one table mean different rows of it.
            place = [other.foreign_keys for other in table.columns if other.name in row]
            chosen = sa.select(reference.column).order_by(reference.column)
            row[column.name] = connection.scalar(chosen.offset(sum(map(bool, place))).limit(1))
        else:
            row[column.name] = _some_value(connection, table, column)
    return row


def _some_value(connection: sa.Connection, table: sa.Table, column: sa.Column[Any]) -> Any:
    """Return the first of the values to choose from, or one of the right kind."""
    checks = sa.inspect(connection).get_check_constraints(table.name)
    # What is said of the column alone lists its values; what relates it to others may not hold.
    names = {other.name for other in table.columns} - {column.name}
    for check in sorted(
        checks, key=lambda one: len(names & set(re.findall(r"\w+", one["sqltext"])))
    ):
        chosen = re.search(rf"\b{column.name}\b.*?'(\w+)'", check["sqltext"])
        if chosen:
            return chosen[1]
    kind = column.type.python_type
    return SOME[kind] if kind in SOME else kind(1)


def reflected(app: Flask) -> list[sa.Table]:
    """Return the tables as the database has them, referred ones first."""
    tables = sa.MetaData()
    tables.reflect(engine_of(app))
    return [table for table in tables.sorted_tables if table.name != "alembic_version"]


def known(tables: list[sa.Table], gone: set[str]) -> dict[str, list[str]]:
    """Return by table the columns that the code of before uses."""
    return {
        table.name: [c.name for c in table.columns if f"{table.name}.{c.name}" not in gone]
        for table in tables
        if table.name not in gone
    }


def read(app: Flask, columns: dict[str, list[str]]) -> Rows:
    """Return all rows by the columns that the code of before knows."""
    tables = {table.name: table for table in reflected(app)}
    with engine_of(app).connect() as connection:
        return {
            name: sorted(
                map(
                    tuple,
                    connection.execute(sa.select(*(tables[name].c[column] for column in wanted))),
                ),
                key=repr,
            )
            for name, wanted in columns.items()
        }


def write(app: Flask, rows: Rows, columns: dict[str, list[str]]) -> None:
    """Write rows as the code of before would, into a database that has none."""
    tables = reflected(app)
    with engine_of(app).begin() as connection:
        for table in reversed(tables):
            if connection.execute(table.select().limit(1)).first():
                connection.execute(table.delete())  # What an installation begins with.
        for table in tables:
            for row in rows.get(table.name, ()):
                values = dict(zip(columns[table.name], row, strict=True))
                connection.execute(table.insert().values(values))


def faults(app: Flask) -> set[str]:
    """Return what the invariants say."""
    with reading(app) as session:
        return set(invariants.run(session))


def at(app: Flask, revision: str) -> Flask:
    """Bring an empty database to one revision."""
    with app.app_context():
        alembic.upgrade(revision)
    return app


@pytest.mark.parametrize(("before", "after"), steps())
def test_what_the_code_before_a_migration_reads_and_writes_stays_possible(
    before: str, after: str, rows_of_before: Flask, make_app_on: Callable[[str], Flask]
) -> None:
    # The rows that make no sense are told of, before as after.
    nonsense = faults(rows_of_before)
    downgrade(rows_of_before, before)
    columns = known(reflected(rows_of_before), given_up(after))
    rows = read(rows_of_before, columns)
    assert all(rows.values()), [name for name in rows if not rows[name]]
    fresh = at(make_app_on("empty"), after)
    write(fresh, rows, columns)
    assert read(fresh, columns) == rows
    upgrade(fresh)
    with fresh.app_context():
        # What the job worker mends of it by itself.
        requests_sweep.note_acts()
        experts_sweep.note_acts()
        messages_sweep.note_people()
    assert faults(fresh) <= nonsense
