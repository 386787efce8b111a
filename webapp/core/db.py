"""The database: declarative base, naming convention, column types and how SQLite is opened."""

import enum
import logging
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from inspect import iscoroutinefunction
from typing import Any, ClassVar

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from flask import Flask, has_request_context
from flask_alembic import Alembic
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session
from sqlalchemy.orm.exc import ObjectDeletedError

from webapp.core.patience import SILENCE, listen
from webapp.core.turns import Turns

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


# No row has a larger number.
LARGEST_ID = 2**31 - 1


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware moment, kept in UTC; a naive one is refused rather than guessed at."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Bring an aware moment to UTC before it is stored."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Give back an aware moment; SQLite forgets the zone, which is UTC by the rule above."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of all tables."""

    metadata = sa.MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar = {datetime: UtcDateTime, dict[str, Any]: sa.JSON}


@sa.event.listens_for(sa.Table, "after_parent_attach")
def _number_once(table: sa.Table, _metadata: sa.MetaData) -> None:
    """Let SQLite give no number a second time, as PostgreSQL does not (decision 141).

    It would give that of a removed last row again. Whatever still holds the number, an older page,
    a line of the log, a mail under way, would then speak of another row.
    """
    if table.metadata is Base.metadata and table.autoincrement_column is not None:
        table.dialect_options["sqlite"]["autoincrement"] = True


def enum_column(kind: type[enum.Enum], name: str, *, guarded: bool = True) -> sa.Enum:
    """Return a column type that stores the enum's values, guarded by a CHECK constraint `name`,
    unless the table has a narrower one itself."""
    return sa.Enum(
        kind,
        name=name,
        native_enum=False,
        length=32,
        create_constraint=guarded,
        values_callable=lambda members: [member.value for member in members],
    )


class Migrations(Alembic):
    """Flask-Alembic's migrations, on SQLite without foreign keys (core/schema/migrating.py)."""

    @contextmanager
    def on(self, engine: Engine | None) -> Iterator[None]:
        """Let migrations run on another engine than the application's within the block."""
        usual = self.engines
        if engine is not None:
            self.engines = {"default": engine}
        # It remembers the engines that it has once used.
        self._get_cache().engines = None
        try:
            yield
        finally:
            self.engines = usual
            self._get_cache().engines = None

    def run_migrations(self, *args: Any, **kwargs: Any) -> None:
        """Run migrations up or down; whatever happens, foreign keys are on again afterwards."""
        connection = self.migration_context.connection
        if connection is None or connection.dialect.name != "sqlite":
            super().run_migrations(*args, **kwargs)
            return
        # The driver's own connection: SQLAlchemy's would begin a transaction, in which SQLite
        # does not hear of foreign keys.
        driver = connection.connection
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            super().run_migrations(*args, **kwargs)
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def _check_references(*, ctx: MigrationContext, **_: Any) -> None:
    """Refuse a migration that leaves a reference to a row that is not there."""
    connection = ctx.connection
    if connection is not None and connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(f"references lead nowhere after the migration: {broken[:5]}")


class RowsSession(Session):
    """A session that says of a row which somebody else has deleted what it is."""

    def refresh(self, instance: object, *args: Any, **options: Any) -> None:
        """Read a row anew. Raises ObjectDeletedError where it is gone: whoever waited for its lock
        may have waited for who deleted it, and that has an answer in words."""
        state = sa.inspect(instance)
        try:
            super().refresh(instance, *args, **options)
        except InvalidRequestError as error:
            # What was never stored is a fault of the code that asks.
            if not state.persistent:
                raise
            raise ObjectDeletedError(state) from error


db = SQLAlchemy(session_options={"autoflush": False, "class_": RowsSession})
# Its commands are left out: they would migrate beside the lock, the rights and the refusal of newer
# databases that `flask install` has.
alembic = Migrations(metadatas=Base.metadata, run_mkdir=False, command_name="")

# How many kB of pages a connection to SQLite keeps. A worker has a dozen, of which each would keep
# two megabytes that the system keeps for all of them anyway.
PAGES_KEPT = 512
WRITING = "begin_for_writing"
# Any fixed number will do, so that other locks by number cannot be meant.
_TURNS = 7_263
# The engine that migrates, where the tables belong to another role than the application's.
OWNER = "owner"


def _open_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not begin transactions by itself: `_begin_sqlite` decides how they begin.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={int(_patience() * 1000)}",
        "foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", f"cache_size=-{PAGES_KEPT}",
        # What is deleted is written over in the file; not every SQLite does so by itself.
        "secure_delete=ON",
    ):  # fmt: skip
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _patience() -> float:
    # Whoever waits for a page is told before they give up; commands and jobs have time.
    return SILENCE if has_request_context() else 15.0


def _listen_for_begin(engine: Engine) -> None:
    turns = Turns(str(engine.url.database))

    @sa.event.listens_for(engine, "begin")
    def _begin_sqlite(connection: Connection) -> None:
        # A transaction that starts by reading and then writes would fail with "database is locked"
        # when another wrote in between; one that means to write takes the lock at its beginning.
        if connection.get_execution_options().get(WRITING, False):
            turns.begin(connection, _patience())
        else:
            connection.exec_driver_sql("BEGIN")


def prepare_engine(engine: Engine) -> None:
    """Give an engine the right patience, and SQLite foreign keys and explicit transactions, too."""
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _open_sqlite)
        _listen_for_begin(engine)
    else:
        listen(engine)


@contextmanager
def writing_apart() -> Iterator[Connection]:
    """Give a connection of its own, whose work is kept whatever becomes of the request.

    It is for what is only counted or noted by the way. Call it before the request itself writes: on
    SQLite it would wait for itself.
    """
    with db.engine.connect() as connection:
        connection.execution_options(**{WRITING: True})
        with _without_the_disk(connection), connection.begin():
            yield connection


@contextmanager
def _without_the_disk(connection: Connection) -> Iterator[None]:
    """Let SQLite not wait for its disk: a loss of power may cost the latest notes, and no more."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection
    driver.execute("PRAGMA synchronous=NORMAL")
    try:
        yield
    finally:
        driver.execute("PRAGMA synchronous=FULL")


def empty_log_of_writes() -> None:
    """Bring all that was written into SQLite's file, and empty its log: pages stay there as they
    were before something was deleted. Where somebody reads at this moment it is done next time."""
    if db.engine.dialect.name != "sqlite":
        return
    with closing(db.engine.raw_connection()) as driver:
        cursor = driver.cursor()
        cursor.execute("PRAGMA busy_timeout=100")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute(f"PRAGMA busy_timeout={int(_patience() * 1000)}")
        cursor.close()


def as_row(text: str) -> int | None:
    """Return the number of a row that a text is, if it can be one."""
    is_short = text.isdecimal() and len(text) <= len(str(LARGEST_ID))
    return int(text) if is_short and int(text) <= LARGEST_ID else None


def is_one(number: InstrumentedAttribute[int], only: int | None) -> sa.ColumnElement[bool]:
    """Return the condition that it is the thing of this number, if one is given: whoever has waited
    for a thing looks again whether what was due still is."""
    return sa.true() if only is None else number == only


def insert_into(
    table: type[Base], engine: Engine | Connection
) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT that can say what happens where the row is there already."""
    if engine.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def begin_writing() -> None:
    """Begin this context's transaction as one that will write."""
    db.session.connection(execution_options={WRITING: True})


def let_go() -> None:
    """End the transaction in which this context has read, before something that takes long.

    Raises RuntimeError if it may have written: that is committed, or given up, by who began it.
    """
    if db.session.in_transaction() and db.session.connection().get_execution_options().get(WRITING):
        raise RuntimeError("what takes long would hold the lock of those who write")
    db.session.rollback()


def read_one_moment() -> None:
    """Let all that this context reads from here on be of one moment, whatever others write.

    It is for what compares rows of several statements, such as a log with its head. The moment is
    that of the next statement. SQLite shows one moment in each transaction anyway.
    """
    db.session.rollback()
    db.session.connection(execution_options=of_one_moment(db.engine))


def of_one_moment(engine: Engine) -> dict[str, Any]:
    """Return the options of a connection that sees one moment and keeps nobody from writing."""
    return {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}


def wait_for_turn(connection: Connection, work: str) -> None:
    """Let nobody else do the same `work` until this transaction is over; wait for who does it.

    It is for what the platform does by itself, of which the job worker of each host finds the same
    at one moment, and for what is counted before it is written. The lock is the database's, so it
    goes with a host that is gone, and what was written under it goes with it. SQLite lets only one
    write at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        number = zlib.crc32(work.encode("utf-8", "replace"))
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_TURNS, number - 2**31)))


def has_tables(session: Session) -> bool:
    """Tell whether anybody has begun to keep something in the database."""
    return bool(_heads(session))


def is_current(session: Session) -> bool:
    """Tell whether the database has the form that this code needs.

    It asks over the session's own connection: what Flask-Alembic holds is shared by all threads.
    """
    return _heads(session) == set(alembic.script_directory.get_heads())


def _heads(session: Session) -> set[str]:
    return set(MigrationContext.configure(session.connection()).get_current_heads())


def owners_engine() -> Engine:
    """Return the engine of whoever owns the tables: the application's, where none is named."""
    return db.engines.get(OWNER) or db.engine


def lock(session: Session, *rows: Base) -> None:
    """Read these rows anew and let nobody else change them until this work is committed.

    What is counted, and what is concluded from other rows, must be of one moment. Whoever locks
    several rows does so in one order, or two could wait for each other: the settings,
    organisations, accounts, requests, experts, each by their ids, the roster's revision, and last
    the head of the audit log. SQLite lets only one write at a time anyway.
    """
    session.flush()
    for row in rows:
        # Rows that merely refer to this one, such as a mail to its account, need not wait.
        session.refresh(row, with_for_update={"key_share": True, "of": type(row)})


def _render_item(kind: str, item: Any, _context: Any) -> str | bool:
    # Migrations outlive our classes, so they name the types that the database knows.
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def init_app(app: Flask) -> None:
    """Open the databases of `app` and give it its migrations."""
    app.config.setdefault(
        "ALEMBIC_CONTEXT",
        {
            "compare_type": True,
            "transaction_per_migration": True,
            "render_item": _render_item,
            "on_version_apply": _check_references,
        },
    )
    db.init_app(app)
    # The extension would start an event loop after every request to close asynchronous sessions,
    # of which there are none; that costs time and fails where a loop is already running.
    app.teardown_appcontext_funcs = [
        close for close in app.teardown_appcontext_funcs if not iscoroutinefunction(close)
    ]
    alembic.init_app(app)
    # Flask-Alembic raises it to INFO, which would tell of each look at the version, in /readyz too.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with app.app_context():
        # Two threads that were the first to ask for it would find it half made.
        _ = alembic.script_directory
        for engine in db.engines.values():
            prepare_engine(engine)


def close_connections(app: Flask) -> None:
    """Close what is open to the databases: a connection must not be used by two processes."""
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
