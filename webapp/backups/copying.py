"""All rows of one database brought into another, whichever of the two kinds each is.

Both must have the newest form. Values go through the types of the tables, so that a moment, a text
and a number are the same on either side; what was copied is counted, and audited by its own chain.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from webapp.core import invariants
from webapp.core.db import WRITING, Base, of_one_moment
from webapp.core.record import audit
from webapp.core.record.audit import AuditEvent

# SQLite counts the numbers that it gives in a table of its own, as soon as it has given any.
COUNTS = "SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'"
# So many rows are in memory at a time.
BATCH = 1000


class FaultyCopyError(RuntimeError):
    """What was copied is not what was there."""


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Give a connection that sees one moment of a database, and keeps nobody from writing."""
    with engine.connect() as connection:
        connection.execution_options(**of_one_moment(engine))
        yield connection


@contextmanager
def filling(engine: Engine) -> Iterator[Connection]:
    """Give a connection to a database whose rows are gone, and take all back if the block fails.

    Nobody sees anything of it before the end: on PostgreSQL whoever comes meanwhile waits.
    """
    with engine.connect() as connection:
        connection.execution_options(**{WRITING: True})
        with connection.begin():
            empty = _empty_postgresql if engine.dialect.name == "postgresql" else _empty_sqlite
            with empty(connection):
                yield connection


def count_rows(connection: Connection) -> dict[str, int]:
    """Return how many rows each table has."""
    count = sa.func.count
    return {
        table.name: connection.scalar(sa.select(count()).select_from(table)) or 0
        for table in _tables()
    }


def copy_rows(source: Connection, target: Connection) -> dict[str, int]:
    """Copy the rows of all tables, and how far their numbers went; return how many each has.

    Raises FaultyCopyError if some did not arrive.
    """
    for table in _tables():
        same = _without_json_null(table)
        everything = sa.select(same).execution_options(yield_per=BATCH)
        for batch in source.execute(everything).mappings().partitions(BATCH):
            target.execute(sa.insert(same), [dict(row) for row in batch])
    wanted, found = count_rows(source), count_rows(target)
    if wanted != found:
        differing = ", ".join(sorted(name for name in wanted if wanted[name] != found[name]))
        raise FaultyCopyError(f"not all rows have arrived of: {differing}")
    go_on_after(_last_numbers(source), target)
    return found


def go_on_after(given: Mapping[str, int], target: Connection) -> None:
    """Let no table of `target` give a number again that it has given, or another database has.

    `given` are the last numbers of the other one, by table.
    """
    own = _counted(target)
    let_go_on = _go_on_in_postgresql if _is_postgresql(target) else _go_on_in_sqlite
    for column in _numbered():
        name = column.table.name
        if (number := given.get(name, 0)) > own.get(name, 0):
            let_go_on(target, column, number)


def faults_of(connection: Connection) -> list[str]:
    """Return a sentence for each invariant that is broken, the audit log's own included."""
    with Session(bind=connection) as session:
        return invariants.run(session)


def head_of(connection: Connection) -> str:
    """Return the head of the audit log, as it is published."""
    with Session(bind=connection) as session:
        number, digest = audit.get_head(session)
    return f"{number}:{digest}"


def is_in_use(connection: Connection) -> bool:
    """Tell whether anybody has ever done anything here."""
    return bool(connection.scalar(sa.select(sa.exists(sa.select(AuditEvent.id)))))


def _tables() -> list[sa.Table]:
    return Base.metadata.sorted_tables


def _without_json_null(table: sa.Table) -> Any:
    """Return a table whose JSON columns write nothing where nothing was read."""
    columns: list[sa.ColumnClause[Any]] = [
        sa.column(
            column.name,
            sa.JSON(none_as_null=True) if isinstance(column.type, sa.JSON) else column.type,
        )
        for column in table.columns
    ]
    return sa.table(table.name, *columns)


@contextmanager
def _empty_sqlite(connection: Connection) -> Iterator[None]:
    """Empty a database that was just made: migrations have put a few rows into it."""
    connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    for table in reversed(_tables()):
        if table is not AuditEvent.__table__:
            connection.execute(sa.delete(table))
    yield
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise FaultyCopyError(f"references lead nowhere: {broken[:5]}")


@contextmanager
def _empty_postgresql(connection: Connection) -> Iterator[None]:
    """Empty a database of which we are the owner.

    References are taken away and made anew behind the rows, which come in no order that would suit
    them; PostgreSQL then checks all of them.
    """
    run = connection.exec_driver_sql
    quote = connection.dialect.identifier_preparer.quote
    log = quote(AuditEvent.__tablename__)
    references = connection.execute(
        sa.text(
            "SELECT conrelid::regclass::text AS of, quote_ident(conname) AS name,"
            " pg_get_constraintdef(oid) AS definition FROM pg_constraint"
            " WHERE contype = 'f' AND connamespace = 'public'::regnamespace"
        )
    ).all()
    run(f"ALTER TABLE {log} DISABLE TRIGGER USER")
    run(f"TRUNCATE {', '.join(quote(table.name) for table in _tables())}")
    for reference in references:
        run(f"ALTER TABLE {reference.of} DROP CONSTRAINT {reference.name}")
    yield
    for reference in references:
        run(f"ALTER TABLE {reference.of} ADD CONSTRAINT {reference.name} {reference.definition}")
    run(f"ALTER TABLE {log} ENABLE TRIGGER USER")


def _is_postgresql(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def _last_numbers(connection: Connection) -> dict[str, int]:
    """Return the last number that each table has given, of rows that are gone as well.

    No number is given twice: the log, the keys of what was told and pages that are open know rows
    by it. A backup of an older version does not say how far they went, so the log is asked, too.
    """
    given = _counted(connection)
    told = sa.select(AuditEvent.subject, sa.func.max(AuditEvent.subject_id))
    named = dict(connection.execute(told.group_by(AuditEvent.subject)).all())
    return {
        column.table.name: max(
            given.get(column.table.name, 0),
            named.get(column.table.name) or 0,
            connection.scalar(sa.select(sa.func.max(column))) or 0,
        )
        for column in _numbered()
    }


def count_in_file(path: Path) -> dict[str, int]:
    """Return the last number that each table of a file of SQLite has given, of whatever version."""
    if not path.exists():
        return {}
    with closing(sqlite3.connect(path)) as connection:
        if not connection.execute(COUNTS).fetchone():
            return {}
        return dict(connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall())


def _numbered() -> list[sa.Column[Any]]:
    """Return the columns that the database fills in with the next number."""
    columns = (table.autoincrement_column for table in _tables())
    return [column for column in columns if column is not None]


def _counted(connection: Connection) -> dict[str, int]:
    """Return the last number that the database says it has given, for those that say so."""
    if not _is_postgresql(connection):
        return dict(connection.execute(sa.text("SELECT name, seq FROM sqlite_sequence")).all())
    last = "SELECT last_value FROM pg_sequences"
    named = "format('%I.%I', schemaname, sequencename) = pg_get_serial_sequence(:table, :column)"
    return {
        column.table.name: connection.scalar(
            sa.text(f"{last} WHERE {named}"),
            {"table": column.table.name, "column": column.name},
        )
        or 0
        for column in _numbered()
    }


def _go_on_in_postgresql(connection: Connection, column: sa.Column[Any], number: int) -> None:
    sequence = sa.func.pg_get_serial_sequence(column.table.name, column.name)
    connection.execute(sa.select(sa.func.setval(sequence, number)))


def _go_on_in_sqlite(connection: Connection, column: sa.Column[Any], number: int) -> None:
    # The rows that came have set it to the highest of theirs, where any came.
    given = {"table": column.table.name, "number": number}
    connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :table"), given)
    connection.execute(
        sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :number)"), given
    )
