"""Bringing a backup back: proved in a database of its own first, then put in place at once."""

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app
from psycopg.errors import DeadlockDetected
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from webapp.accounts.models import AccountSession
from webapp.backups import manifest as manifests
from webapp.backups.copying import (
    copy_rows,
    count_in_file,
    faults_of,
    filling,
    go_on_after,
    head_of,
    is_in_use,
    snapshot,
)
from webapp.backups.manifest import DATABASE, HEADS, KEYS, DamagedBackupError, Manifest
from webapp.backups.scratch import audited_as, copy_file, opened, scratch_folder
from webapp.backups.sealing import unseal
from webapp.config.keys import Keys
from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.db import owners_engine
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditHead
from webapp.core.schema.upgrading import is_known, refuse_newer, revision_of, upgrade
from webapp.core.unit_of_work import UnitOfWork
from webapp.deployments.models import CalendarFeed
from webapp.experts.models import EvidenceConfirmation
from webapp.matches.models import InvitationLink
from webapp.membership.models import AccountLink


@dataclass(frozen=True)
class Backup:
    """A backup whose files are whole and whose seal was opened."""

    folder: Path
    manifest: Manifest
    keys: Keys


class NotEmptyError(RuntimeError):
    """The database that is to be filled holds something already."""


class UnsoundBackupError(RuntimeError):
    """The database of a backup is not sound."""


def read(folder: Path, passphrase: str) -> Backup:
    """Return a backup. Raises DamagedBackupError or SealError."""
    found = manifests.read(folder)
    sealed = folder / KEYS
    if not sealed.is_file():
        raise DamagedBackupError(f"{sealed} is missing")
    keys = unseal(sealed.read_bytes(), passphrase, found.as_bytes())
    if not is_known(found.revision):
        raise DamagedBackupError(
            f"{folder} was made by a newer version of the platform ({found.revision}): use that one"
        )
    return Backup(folder, found, keys)


def is_damaged(engine: Engine) -> bool:
    """Tell whether the platform's database is a file of SQLite that cannot be read any more."""
    if engine.dialect.name != "sqlite" or not Path(str(engine.url.database)).exists():
        return False
    with closing(sqlite3.connect(str(engine.url.database))) as connection:
        try:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",))
        except sqlite3.OperationalError:
            return False  # It cannot be had at the moment, which is told where it is used.
        except sqlite3.DatabaseError:
            return True


def _put_aside(file: Path) -> None:
    """Take a damaged file out of the way, with what belongs to it."""
    for path in file.parent.glob(f"{file.name}*"):
        if path.name.removeprefix(file.name) in {"", "-wal", "-shm"}:
            os.replace(path, path.with_name(f"damaged-{clock.now():%Y-%m-%dT%H%M%S}-{path.name}"))


def refuse_to_replace(engine: Engine) -> None:
    """Refuse a database in which somebody has done something. Raises NotEmptyError."""
    if not revision_of(engine):
        return
    with engine.connect() as connection:
        if is_in_use(connection):
            raise NotEmptyError("the database of this installation holds something already")


def restore(
    backup: Backup, *, even_if_unsound: bool, damaged: bool, given_up: Mapping[str, Any]
) -> None:
    """Put what a backup holds in the place of what is there, which is put aside if it is damaged.

    The new log notes what was `given_up` of what people had taken back. Nothing is touched before
    the backup has been brought up to date and proved. Raises DamagedBackupError or
    UnsoundBackupError.
    """
    with scratch_folder() as folder, audited_as(backup.keys.audit, backup.folder / HEADS):
        proved = folder / DATABASE
        copy_file(backup.folder / DATABASE, proved)
        with opened(proved) as engine:
            _compare(engine, backup.manifest)
            upgrade(engine)
            _prove(engine, even_if_unsound=even_if_unsound)
            _begin_anew(engine, backup.manifest, given_up)
            _put_in_place(engine, damaged=damaged)


def _compare(engine: Engine, manifest: Manifest) -> None:
    """Check that the database is the one that the manifest tells of."""
    if revision_of(engine) != manifest.revision:
        raise DamagedBackupError("the database of the backup has another revision than is written")
    with engine.connect() as connection:
        if _head_in(connection) != manifest.head:
            raise DamagedBackupError("the audit log of the backup ends otherwise than is written")
        for table, wanted in manifest.rows.items():
            count = sa.select(sa.func.count()).select_from(sa.table(table))
            if connection.scalar(count) != wanted:
                raise DamagedBackupError(f"{table} has another number of rows than is written")


def _head_in(connection: Connection) -> str:
    head = connection.execute(sa.text("SELECT event_id, hash FROM audit_head")).one()
    return f"{head.event_id}:{head.hash}"


def _prove(engine: Engine, *, even_if_unsound: bool) -> None:
    with engine.connect() as connection:
        faults = faults_of(connection)
    if faults and not even_if_unsound:
        raise UnsoundBackupError(f"the database of the backup is not sound: {'; '.join(faults)}")


def _begin_anew(engine: Engine, manifest: Manifest, given_up: Mapping[str, Any]) -> None:
    """End the sessions and links of then, of which some were ended since, and note what is done.

    From here on its history is another one than that of the database that was lost, and whoever
    still knows that one can tell (matches/ranking/roster_index.py).
    """
    with engine.begin() as connection, Session(bind=connection) as session:
        for letting_in in (AccountSession, AccountLink, InvitationLink, CalendarFeed):
            session.execute(sa.delete(letting_in))
        session.execute(sa.update(EvidenceConfirmation).values(token_hash=None))
        work = UnitOfWork(session, SYSTEM, clock.now())
        audit.record(
            work, Action.BACKUP_RESTORED, AuditHead, made=manifest.made, head=manifest.head,
            given_up=given_up,
        )  # fmt: skip
        audit.seal(session)


def _put_in_place(engine: Engine, *, damaged: bool) -> None:
    """Replace the platform's database.

    Raises ConfigurationError for one of a newer code on PostgreSQL: it must be made anew, empty.
    """
    place = owners_engine()
    if place.dialect.name == "sqlite":
        file = Path(str(place.url.database))
        if damaged:
            place.dispose()
            _put_aside(file)
        # Numbers that the lost history has given stay its own: people may still call it by them.
        with engine.begin() as connection:
            go_on_after(count_in_file(file), connection)
        # What is there may even be of a newer code.
        copy_file(Path(str(engine.url.database)), file)
        return
    refuse_newer()
    upgrade()
    _fill(engine, place)


def _fill(engine: Engine, place: Engine, *, tries: int = 5) -> None:
    """Replace all rows of PostgreSQL.

    Those who write meanwhile may wait for us as we do for them: then the server gives one of them
    up, and if that is us, nothing has changed and it is done anew.
    """
    try:
        with snapshot(engine) as source, filling(place) as target:
            copy_rows(source, target)
            if head_of(target) != head_of(source):
                raise DamagedBackupError("the audit log did not arrive as it was")
    except OperationalError as error:
        if tries == 1 or not isinstance(error.orig, DeadlockDetected):
            raise
        _fill(engine, place, tries=tries - 1)


def keep_heads(backup: Backup) -> Path | None:
    """Put the published heads of the backup in place; return where those are that were there."""
    path, given = Path(current_app.config["AUDIT_HEADS_FILE"]), backup.folder / HEADS
    before = None
    if path.exists() and path.read_bytes() != given.read_bytes():
        before = path.with_name(f"{path.name}-until-{clock.now():%Y-%m-%dT%H%M%S}")
        os.replace(path, before)
    if not path.exists():
        manifests.write(path, given.read_bytes())
    return before
