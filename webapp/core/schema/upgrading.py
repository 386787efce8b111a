"""Bringing a database to the form that this code needs: one process at a time, as its owner."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from flask import Flask, current_app
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from webapp.config import ConfigurationError
from webapp.core.db import OWNER, alembic, db, owners_engine
from webapp.core.schema import grants

# Any fixed number will do; it only has to be the same in every process.
MIGRATION_LOCK = 7_263_151_119


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let one process at a time migrate this database; the others wait."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect() as connection:
            lock = {"key": MIGRATION_LOCK}
            connection.execute(sa.text("SELECT pg_advisory_lock(:key)"), lock)
            try:
                yield
            finally:
                connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), lock)
        return
    folder = Path(current_app.config["INSTANCE_FOLDER"])
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "migration.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def revision_of(engine: Engine) -> str:
    """Return which revision a database has; nothing of one without tables."""
    with engine.connect() as connection:
        return ", ".join(sorted(MigrationContext.configure(connection).get_current_heads()))


def is_known(revision: str) -> bool:
    """Tell whether this code has a revision, and so can bring what has it up to date."""
    scripts = alembic.script_directory.walk_revisions()
    return not revision or revision in {script.revision for script in scripts}


def can_be_served(session: Session) -> bool:
    """Tell whether people can be served with the tables as they are.

    They are those of this code, or of a newer one while it is brought out: each step adds to what
    the code before it knows (ADR 108), so processes that run may go on until they are replaced.
    """
    found = set(MigrationContext.configure(session.connection()).get_current_heads())
    is_newer = bool(found) and not any(map(is_known, found))
    return is_newer or found == set(alembic.script_directory.get_heads())


def refuse_newer() -> None:
    """Refuse a database of a newer code: what this one does to it, the other would not expect.

    Raises ConfigurationError.
    """
    # What was moved here belongs to the owner alone until the application gets its rights.
    revision = revision_of(owners_engine())
    if not is_known(revision):
        raise ConfigurationError(
            f"the database is of a newer version of the platform ({revision}):"
            " use the newer code, or restore the backup from before it"
        )


def refuse_to_serve_newer(app: Flask) -> None:
    """End this process, which would serve people, if the database is of a newer code.

    One that does not answer is waited for by the pages.
    """
    with app.app_context(), suppress(SQLAlchemyError):
        try:
            refuse_newer()
        except ConfigurationError as error:
            raise SystemExit(f"The platform cannot start: {error}.") from None


def upgrade(engine: Engine | None = None) -> None:
    """Bring the platform's database, or another one, to the newest form.

    The platform's is migrated by its owner, who gives the application its rights.
    """
    owner = None if engine else db.engines.get(OWNER)
    # Alembic keeps its connection, and with it SQLite's lock, until its context ends.
    with current_app.app_context(), alembic.on(engine or owner):
        alembic.upgrade()
    if owner is not None:
        grants.grant(owner, str(db.engine.url.username))
