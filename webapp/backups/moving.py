"""Moving an installation from SQLite to PostgreSQL."""

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from webapp.backups.copying import FaultyCopyError, copy_rows, faults_of, filling, head_of
from webapp.backups.restoring import UnsoundBackupError, refuse_to_replace
from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.db import WRITING
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditHead
from webapp.core.schema.upgrading import upgrade
from webapp.core.unit_of_work import UnitOfWork


def move(source: Engine, target: Engine) -> dict[str, int]:
    """Copy everything into a database that holds nothing yet; return how many rows each table has.

    Nobody can write into the former database meanwhile. Raises NotEmptyError, UnsoundBackupError,
    or FaultyCopyError.
    """
    refuse_to_replace(target)
    upgrade(target)
    with source.connect() as held:
        held.execution_options(**{WRITING: True})
        with held.begin(), filling(target) as filled:
            if faults := faults_of(held):
                raise UnsoundBackupError(f"this database is not sound: {'; '.join(faults)}")
            rows = copy_rows(held, filled)
            if head_of(held) != head_of(filled):
                raise FaultyCopyError("the audit log did not arrive as it was")
            if faults := faults_of(filled):
                raise FaultyCopyError(f"the copy is not sound: {'; '.join(faults)}")
            _note(filled)
    return rows


def _note(connection: sa.Connection) -> None:
    """Write into the log of the new database where its rows come from."""
    with Session(bind=connection) as session:
        work = UnitOfWork(session, SYSTEM, clock.now())
        audit.record(work, Action.DATABASE_MOVED, AuditHead, head=head_of(connection))
        audit.seal(session)
