"""Databases of SQLite beside the platform's own, used for a moment or kept in a backup."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.engine import Engine

from webapp.core.db import prepare_engine


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Give a folder inside the instance folder, which nobody else can read, for the block."""
    instance = Path(current_app.config["INSTANCE_FOLDER"])
    with tempfile.TemporaryDirectory(dir=instance, prefix="scratch-") as name:
        yield Path(name)


@contextmanager
def opened(path: Path) -> Iterator[Engine]:
    """Give an engine for a file of SQLite, opened as the platform opens its own."""
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)), poolclass=sa.NullPool, hide_parameters=True
    )
    prepare_engine(engine)
    yield engine
    engine.dispose()


@contextmanager
def audited_as(key: str, heads: Path) -> Iterator[None]:
    """Let the audit log be verified by this key and these published heads within the block."""
    config = current_app.config
    usual = config["AUDIT_KEY"], config["AUDIT_HEADS_FILE"]
    config["AUDIT_KEY"], config["AUDIT_HEADS_FILE"] = key, str(heads)
    try:
        yield
    finally:
        config["AUDIT_KEY"], config["AUDIT_HEADS_FILE"] = usual


def copy_file(source: Path, target: Path) -> None:
    """Bring the newest committed state of one file into another, as one transaction.

    Those who have the other one open see nothing of it before the end, and all of it afterwards.
    """
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
        written.execute("PRAGMA busy_timeout=15000")
        read.backup(written)


def close_up(path: Path) -> None:
    """Let a database be one file that needs no other beside it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    Path(f"{path}-turns").unlink(missing_ok=True)
