"""What migrations do with tables that hold data, the same on both databases.

PostgreSQL changes a CHECK constraint in place. SQLite cannot: the table is built anew under another
name, its rows are copied, the old one is dropped and the new one takes its name. While foreign keys
are on, dropping a table deletes its rows first, and with them, by ON DELETE CASCADE, the rows that
refer to them. They can be switched off only between transactions, so `core/db.py` has them off
while migrations run, and has every reference checked before each migration commits. The tables may
therefore be rebuilt in any order, and a fault leaves the database as it was.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

_BUILDING = "being_rebuilt"
# How SQLite is told of a number that is the key of a table, and of one that is given once.
_AGAIN, _ONCE = "id INTEGER NOT NULL", "id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT"
_KEY = re.compile(r",\s*(CONSTRAINT \w+ )?PRIMARY KEY \(id\)")
_QUOTED_OR_BRACKET = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|[()]")


def one_of(column: str, values: Sequence[str]) -> str:
    """Return the condition by which an enum's column is guarded, as SQLAlchemy writes it."""
    quoted = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({quoted})"


def change_checks(table: str, checks: Mapping[str, str]) -> None:
    """Give CHECK constraints of `table`, by their full names, new conditions.

    A row that does not fit a new condition is refused by the database, and the migration with it:
    change such rows before.
    """
    if op.get_bind().dialect.name == "sqlite":
        rebuild(table, lambda definition: _with_checks(definition, checks))
        return
    for name, condition in checks.items():
        op.drop_constraint(op.f(name), table, type_="check")
        op.create_check_constraint(op.f(name), table, sa.text(condition))


def add_reference(table: str, column: str, target: str, *, ondelete: str) -> None:
    """Add a column that may be empty and refers to the `id` of another table, with its index."""
    op.add_column(table, sa.Column(column, sa.Integer(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        reference = _reference(table, column, target, ondelete)
        rebuild(table, lambda definition: f"{definition.rstrip()[:-1]}, {reference})")
    else:
        name = op.f(f"fk_{table}_{column}_{target}")
        op.create_foreign_key(name, table, target, [column], ["id"], ondelete=ondelete)
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def drop_reference(table: str, column: str, target: str, *, ondelete: str) -> None:
    """Take back what `add_reference` added."""
    op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
    if op.get_bind().dialect.name == "sqlite":
        reference = _reference(table, column, target, ondelete)
        rebuild(table, lambda definition: definition.replace(f", {reference}", ""))
    op.drop_column(table, column)


def _reference(table: str, column: str, target: str, ondelete: str) -> str:
    return (
        f"CONSTRAINT fk_{table}_{column}_{target} FOREIGN KEY({column})"
        f" REFERENCES {target} (id) ON DELETE {ondelete}"
    )


def add_checks(table: str, checks: Mapping[str, str]) -> None:
    """Guard `table` by further CHECK constraints, by their full names."""
    if op.get_bind().dialect.name == "sqlite":
        added = "".join(f", CONSTRAINT {name} CHECK ({rule})" for name, rule in checks.items())
        rebuild(table, lambda definition: f"{definition.rstrip().removesuffix(')')}{added})")
        return
    for name, condition in checks.items():
        op.create_check_constraint(op.f(name), table, sa.text(condition))


def drop_checks(table: str, names: Sequence[str]) -> None:
    """Take CHECK constraints of `table` away, by their full names."""
    if op.get_bind().dialect.name == "sqlite":
        rebuild(table, lambda definition: _without_checks(definition, names))
        return
    for name in names:
        op.drop_constraint(op.f(name), table, type_="check")


def number_once(table: str) -> None:
    """Let SQLite give no number of `table` a second time, as PostgreSQL does not (core/db.py)."""
    if op.get_bind().dialect.name == "sqlite":
        rebuild(table, _numbering_once)


def number_anew(table: str) -> None:
    """Take back what `number_once` did."""
    if op.get_bind().dialect.name == "sqlite":
        key = f", CONSTRAINT pk_{table} PRIMARY KEY (id))"
        rebuild(table, lambda written: f"{written.rstrip()[:-1]}{key}".replace(_ONCE, _AGAIN, 1))


def _numbering_once(definition: str) -> str:
    changed, found = re.subn(rf"\b{_AGAIN}", _ONCE, _KEY.sub("", definition, count=1), count=1)
    if not found:
        raise ValueError(f"no number is the key of: {definition}")
    return changed


def rebuild(table: str, change: Callable[[str], str]) -> None:
    """Build a table of SQLite anew from its changed definition; rows, indexes and triggers stay,
    and numbers go on after those that were given.

    `change` gets the CREATE TABLE statement that the database holds. The columns stay the same:
    ALTER TABLE adds and drops those by itself.
    """
    connection = op.get_bind()
    if connection.exec_driver_sql("PRAGMA foreign_keys").scalar():
        raise RuntimeError("foreign keys must be off while a table is rebuilt (core/db.py)")
    stored = connection.execute(
        sa.text("SELECT type, sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL"),
        {"table": table},
    ).all()
    definition = next(row.sql for row in stored if row.type == "table")
    named = re.compile(rf"(CREATE TABLE )(\"{table}\"|{table})")
    run = connection.exec_driver_sql
    run(named.sub(rf"\1{_BUILDING}", change(definition), count=1))
    columns = ", ".join(
        f'"{column["name"]}"' for column in sa.inspect(connection).get_columns(table)
    )
    given = _greatest_given(connection, table)
    run(f'INSERT INTO {_BUILDING} ({columns}) SELECT {columns} FROM "{table}"')  # noqa: S608
    run(f'DROP TABLE "{table}"')
    run(f'ALTER TABLE {_BUILDING} RENAME TO "{table}"')
    for row in stored:
        if row.type != "table":
            run(row.sql)
    if given is not None:
        go_on_after(table, given)


def _greatest_given(connection: sa.Connection, table: str) -> int | None:
    """Return the greatest number that SQLite has given in a table, if it keeps that."""
    if not sa.inspect(connection).has_table("sqlite_sequence"):
        return None
    chosen = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :table")
    given: int | None = connection.scalar(chosen, {"table": table})
    return given


def go_on_after(table: str, number: int) -> None:
    """Let SQLite give no number of `table` up to this one, which is numbered once."""
    connection, kept = op.get_bind(), {"table": table, "number": number}
    found = connection.execute(
        sa.text("UPDATE sqlite_sequence SET seq = max(seq, :number) WHERE name = :table"), kept
    )
    if not found.rowcount:
        connection.execute(
            sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :number)"), kept
        )


def fill(
    table: str, column: str, make: Callable[[sa.Row[Any]], object], *, key: str = "id"
) -> None:
    """Write into `column` what `make` returns for each row that the table has."""
    connection = op.get_bind()
    rows = connection.execute(sa.text(f'SELECT * FROM "{table}"')).all()  # noqa: S608 - our names.
    write = sa.text(f'UPDATE "{table}" SET {column} = :made WHERE {key} = :key')  # noqa: S608
    values = [{"made": make(row), "key": getattr(row, key)} for row in rows]
    if values:
        connection.execute(write, values)


def _with_checks(definition: str, checks: Mapping[str, str]) -> str:
    for name, condition in checks.items():
        start = definition.index(f"CONSTRAINT {name} CHECK (")
        opening = definition.index("(", start)
        end = _closing(definition, opening)
        definition = f"{definition[: opening + 1]}{condition}{definition[end:]}"
    return definition


def _without_checks(definition: str, names: Sequence[str]) -> str:
    for name in names:
        start = definition.index(f"CONSTRAINT {name} CHECK (")
        end = _closing(definition, definition.index("(", start)) + 1
        definition = definition[: definition.rindex(",", 0, start)] + definition[end:]
    return definition


def _closing(text: str, opening: int) -> int:
    """Return where the bracket is closed that opens at `opening`; those in quotes do not count."""
    depth = 0
    for found in _QUOTED_OR_BRACKET.finditer(text, opening):
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        if depth == 0:
            return found.start()
    raise ValueError("a bracket is not closed")
