"""Making a backup while people work."""

import errno
import os
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from flask import current_app
from sqlalchemy.engine import Engine

from webapp.backups import manifest as manifests
from webapp.backups.copying import copy_rows, count_rows, faults_of, filling, head_of, snapshot
from webapp.backups.manifest import DATABASE, FORM, HEADS, KEYS, MANIFEST, Manifest
from webapp.backups.scratch import audited_as, close_up, copy_file, opened
from webapp.backups.sealing import seal, unseal
from webapp.config.keys import Keys
from webapp.core.schema.upgrading import revision_of, upgrade


class Made(NamedTuple):
    """What a backup holds, and what is not sound in it."""

    manifest: Manifest
    faults: Sequence[str]


def make(engine: Engine, keys: Keys, folder: Path, passphrase: str, now: datetime) -> Made:
    """Write a backup into a new folder, and read it again; it has its name only when it is whole.

    Raises FileExistsError if the name is taken, FaultyCopyError or DamagedBackupError if what was
    written is not what was there.
    """
    if folder.exists():
        raise FileExistsError(errno.EEXIST, "is there already", str(folder))
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    unfinished.mkdir(mode=0o700, parents=True)
    try:
        made = _write(engine, keys, unfinished, passphrase, now)
        _verify(unfinished, keys, passphrase)
        os.replace(unfinished, folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return made


def _write(engine: Engine, keys: Keys, folder: Path, passphrase: str, now: datetime) -> Made:
    # A head that is published from here on is of events that the copy may lack.
    heads = Path(current_app.config["AUDIT_HEADS_FILE"])
    manifests.write(folder / HEADS, heads.read_bytes() if heads.exists() else b"")
    _copy_database(engine, folder / DATABASE)
    with audited_as(keys.audit, folder / HEADS):
        made = _described(folder, now)
    written = made.manifest.as_bytes()
    manifests.write(folder / KEYS, seal(keys, passphrase, written))
    manifests.write(folder / MANIFEST, written)
    return made


def _copy_database(engine: Engine, path: Path) -> None:
    if engine.dialect.name == "sqlite":
        copy_file(Path(str(engine.url.database)), path)
        return
    with opened(path) as made:
        upgrade(made)
        with snapshot(engine) as source, filling(made) as target:
            copy_rows(source, target)


def _described(folder: Path, now: datetime) -> Made:
    path = folder / DATABASE
    with opened(path) as engine, engine.connect() as connection:
        faults = faults_of(connection)
        revision, head, rows = revision_of(engine), head_of(connection), count_rows(connection)
    close_up(path)
    files = {name: manifests.digest_of(folder / name) for name in (DATABASE, HEADS)}
    when = now.isoformat(timespec="seconds")
    return Made(Manifest(FORM, when, revision, head, rows, files), faults)


def _verify(folder: Path, keys: Keys, passphrase: str) -> None:
    """Read what was written, from the disk. Raises DamagedBackupError or SealError."""
    found = manifests.read(folder)
    sealed = (folder / KEYS).read_bytes()
    if unseal(sealed, passphrase, found.as_bytes()) != keys:
        raise manifests.DamagedBackupError(f"{folder / KEYS} is not as it was written")
