"""Databases for tests: migrated and populated once per process, then copied for each test.

SQLite's file is copied (under 1 ms); PostgreSQL copies a database as a template, some 900 files,
which takes a tenth of the time where they are in memory (tests/postgresql.py).
"""

import itertools
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any
from unittest import mock

import psycopg
import sqlalchemy as sa
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy.orm import Session
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from tests import factories
from webapp import create_app
from webapp.cli import install_platform
from webapp.config import Environment
from webapp.config.database import databases
from webapp.core import invariants
from webapp.core.db import Base, db
from webapp.core.limits import LimitCounter
from webapp.core.transactions import transaction

KINDS = ("sqlite", "postgresql")
# Keys of the tests and of nothing else.
SECRET = "GKoKGcXZ19eAtlfZAgzjw1n1JU84TNkoYldL5dHGsWD45brn"
AUDIT_KEY = "dPqXVbt6vd6wnOYRSr7Joji7IbLngKW7xF_g_Fi3NZ1u04u2"
SALT = "6gp2o66DOGsPw8BSLMrmZX3u0XeloG26J40dwDpb8i7Tibpe"
TOTP_KEY = "PVBs22T_OIdInHNjT1MjSRZEIV8feMUoE_zN3YU-kSUKjWrf"
# Settings of the environment that a developer's shell may hold and no test may see.
FOREIGN = (
    "BEHIND_TLS", "PLATFORM_URL", "MAIL_SERVER", "MAIL_USERNAME", "MAIL_PASSWORD", "PORT",
    "TRUSTED_HOSTS", "TRUSTED_PROXIES", "SECRET_KEY_FALLBACKS", "FLASK_DEBUG",
    "MIGRATION_DATABASE_URL", "AUDIT_HEADS_FILE", "AUDIT_HEAD_MAIL", "LOG_FORMAT", "METRICS_TOKEN",
    "SLOW_STATEMENT_MS", "SLOW_WRITE_MS", "HOST_NAME",
)  # fmt: skip
# Sign-in with the strength of real use would take most of the time of the tests.
CHEAP_HASH = {"argon2__time_cost": 1, "argon2__memory_cost": 8, "argon2__parallelism": 1}


def environment(instance: Path, url: str) -> dict[str, str]:
    """Return the whole environment for a process of the platform under test."""
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    return {
        **kept,
        "INSTANCE": str(instance),
        "DATABASE_URL": url,
        "SECRET_KEY": SECRET,
        "PASSWORD_SALT": SALT,
        "TOTP_KEY": TOTP_KEY,
        "AUDIT_KEY": AUDIT_KEY,
    }


class CompiledTemplates(BytecodeCache):
    """Keeps templates compiled for all applications of a process; there is one for each test."""

    def __init__(self) -> None:
        self.compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take the template from the store; Jinja checks that its source is the same."""
        if bucket.key in self.compiled:
            bucket.bytecode_from_string(self.compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Put the template into the store."""
        self.compiled[bucket.key] = bucket.bytecode_to_string()


TEMPLATES = CompiledTemplates()
STATEMENTS: dict[str, LRUCache[Any, Any]] = {}
COMPILED: dict[tuple[Any, ...], dict[str, Any]] = {}
compile_rule = Rule.compile


def compile_once(rule: Rule) -> None:
    """Compile the rule of an address as the first one like it; all applications have the same.

    Compiling the rules of one application would take a third of the time of a usual test.
    """
    kinds = frozenset(rule.map.converters.items())
    key = (rule.rule, rule.subdomain, rule.merge_slashes, repr(rule.defaults), kinds)
    if key not in COMPILED:
        compile_rule(rule)
        COMPILED[key] = {
            "arguments": rule.arguments,
            "_parts": rule._parts,
            "_trace": rule._trace,
            "_converters": rule._converters,
            # They were bound to the first rule, whose defaults are the same.
            "_build": rule._build,
            "_build_unknown": rule._build_unknown,
        }
    vars(rule).update(COMPILED[key])


class _SameDialect:
    """Lets the dialects of two engines of one kind of database stand for each other."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))


def share_statements(engine: sa.Engine) -> None:
    """Let an engine use the statements that others of its kind have compiled.

    Each test has an engine of its own; compiling the same statements for each would take a quarter
    of the time of the tests. SQLAlchemy keeps them by dialect, which is an object of the engine.
    """
    dialect = type(engine.dialect)
    for name in ("__eq__", "__hash__"):
        setattr(dialect, name, getattr(_SameDialect, name))
    engine._compiled_cache = STATEMENTS.setdefault(engine.dialect.name, LRUCache(3000))


def make_app(instance: Path, url: str, overrides: Mapping[str, Any] | None = None) -> Flask:
    """Build the application on the database at `url`, with nothing that leaves this process."""
    settings = {
        "TESTING": True,
        "JOBS_FILE": None,
        "MAIL_BACKEND": "locmem",
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": CHEAP_HASH,
        **(overrides or {}),
    }
    with mock.patch.dict(os.environ, environment(instance, url), clear=True):
        engine = databases(Environment(os.environ), instance)["default"]
        # A test may let more threads act at one moment than a process of the platform has.
        more = {"pool_size": 20} if "pool_size" in engine else {}
        with mock.patch.object(Rule, "compile", compile_once):
            app = create_app({"SQLALCHEMY_ENGINES": {"default": {**engine, **more}}, **settings})
    app.jinja_env.bytecode_cache = TEMPLATES
    with app.app_context():
        for made in db.engines.values():
            share_statements(made)
    return app


def file_of(app: Flask) -> Path:
    """Return the file of the application's SQLite database."""
    with app.app_context():
        return Path(str(db.engine.url.database))


def close(app: Flask) -> None:
    """Close the connections that `app` keeps open."""
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


def install(instance: Path, url: str) -> None:
    """Bring the database at `url` to the newest form."""
    app = make_app(instance, url)
    with app.app_context():
        install_platform()
    close(app)


def populate(instance: Path, url: str) -> factories.World:
    """Put people and things in every state into the migrated database at `url`."""
    app = make_app(instance, url)
    with writing(app) as session:
        world = factories.world(session)
    close(app)
    return world


@contextmanager
def writing(app: Flask) -> Iterator[Session]:
    """Give a session whose changes are committed at the end of the block, as a command would.

    What it made can be read afterwards: columns stay loaded, relations only if they were.
    """
    with app.app_context():
        db.session.expire_on_commit = False
        with transaction() as session:
            yield session


@contextmanager
def reading(app: Flask) -> Iterator[Session]:
    """Give a session that sees what has been committed and commits nothing."""
    with app.app_context():
        yield db.session
        db.session.rollback()


@contextmanager
def listening(target: Any, name: str, listener: Callable[..., Any]) -> Iterator[None]:
    """Let `listener` hear of an event of SQLAlchemy while the block lasts."""
    sa.event.listen(target, name, listener)
    try:
        yield
    finally:
        sa.event.remove(target, name, listener)


def is_sound(app: Flask) -> bool:
    """Tell whether the whole database is sound; what is not stands in the failure."""
    with reading(app) as session:
        assert invariants.run(session) == []
    return True


def rows(app: Flask) -> dict[str, list[tuple[Any, ...]]]:
    """Return all that the database holds, by table, to tell whether anything has changed.

    How often something was tried, and when a session was used, is noted for what is refused, too.
    """
    with reading(app) as session:
        return {
            table.name: sorted(map(tuple, session.execute(_lasting(table))), key=repr)
            for table in Base.metadata.sorted_tables
            if table is not LimitCounter.__table__
        }


def _lasting(table: sa.FromClause) -> sa.Select[Any]:
    return sa.select(*(column for column in table.c if column.key != "last_seen_at"))


# What the platform writes about visits, and not because of what visitors write.
TRACES = frozenset(
    {"audit_event", "audit_head", "profile_view", "limit_counter", "ranking_look", "seen_place"}
)


def content(app: Flask) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows but the traces that visits leave, however they were answered."""
    return {name: table for name, table in rows(app).items() if name not in TRACES}


def forget_limits(app: Flask) -> None:
    """Let everybody's limits begin anew: tests read faster than people."""
    with writing(app) as session:
        if session.get_bind().dialect.name == "postgresql":
            # The server counts in an order of its own, and two might each wait for the other.
            session.execute(sa.text("LOCK TABLE limit_counter IN SHARE ROW EXCLUSIVE MODE"))
        session.execute(sa.delete(LimitCounter))


class SqliteDatabases:
    """Copies of one migrated file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.template = folder / "template.sqlite"
        self.template_with_world = folder / "world.sqlite"
        install(folder, f"sqlite:///{self.template}")

    @cached_property
    def world(self) -> factories.World:
        """Return what `populated` holds."""
        shutil.copyfile(self.template, self.template_with_world)
        return populate(self.folder, f"sqlite:///{self.template_with_world}")

    @contextmanager
    def _made(self, folder: Path, template: Path) -> Iterator[str]:
        path = folder / "platform.sqlite"
        shutil.copyfile(template, path)
        yield f"sqlite:///{path}"

    def fresh(self, folder: Path) -> Any:
        """Give the URL of a migrated database of one's own."""
        return self._made(folder, self.template)

    def populated(self, folder: Path) -> Any:
        """Give the URL of a database of one's own with people and things in every state."""
        assert self.world
        return self._made(folder, self.template_with_world)

    @contextmanager
    def empty(self, folder: Path) -> Iterator[str]:
        """Give the URL of a database without tables."""
        yield f"sqlite:///{folder / 'empty.sqlite'}"


class PostgresDatabases:
    """Databases on one PostgreSQL server, each made from a migrated template."""

    def __init__(self, folder: Path, url: str) -> None:
        self.url = sa.make_url(url).set(drivername="postgresql+psycopg")
        self.counter = itertools.count(1)
        self.prefix = f"rssrp_test_{os.getpid()}"
        self.folder = folder
        self.template = f"{self.prefix}_template"
        self.template_with_world = f"{self.prefix}_world"
        self.run(f'CREATE DATABASE "{self.template}"')
        install(folder, self.at(self.template))

    @cached_property
    def world(self) -> factories.World:
        """Return what `populated` holds."""
        self.run(f'CREATE DATABASE "{self.template_with_world}" TEMPLATE "{self.template}"')
        return populate(self.folder, self.at(self.template_with_world))

    def at(self, name: str) -> str:
        """Return the URL of the database `name` on this server."""
        return self.url.set(database=name).render_as_string(hide_password=False)

    def run(self, statement: str) -> None:
        """Run one statement outside any transaction."""
        address = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)

    @contextmanager
    def _made(self, clause: str) -> Iterator[str]:
        name = f"{self.prefix}_{next(self.counter)}"
        self.run(f'CREATE DATABASE "{name}" {clause}')
        try:
            yield self.at(name)
        finally:
            self.run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def fresh(self, _folder: Path) -> Any:
        """Give the URL of a migrated database of one's own, dropped at the end."""
        return self._made(f'TEMPLATE "{self.template}" STRATEGY FILE_COPY')

    def populated(self, _folder: Path) -> Any:
        """Give the URL of a database with people and things in every state, dropped at the end."""
        assert self.world
        return self._made(f'TEMPLATE "{self.template_with_world}" STRATEGY FILE_COPY')

    def empty(self, _folder: Path) -> Any:
        """Give the URL of a database without tables, dropped at the end."""
        return self._made("")

    def drop_templates(self) -> None:
        """Leave nothing on a server that is not ours."""
        for name in (self.template_with_world, self.template):
            self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
