"""A backup as an older code has written it: its database has the form of an older revision."""

from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from webapp.backups import manifest as manifests
from webapp.backups.manifest import DATABASE, KEYS, MANIFEST
from webapp.backups.scratch import close_up, opened
from webapp.backups.sealing import seal, unseal
from webapp.core.db import alembic
from webapp.core.schema.upgrading import revision_of

PASSPHRASE = "of the tests and of nothing else"


def made_older(app: Flask, folder: Path, steps: int = 3) -> None:
    """Take the last migrations of a backup's database back, and describe it anew."""
    found = manifests.read(folder)
    keys = unseal((folder / KEYS).read_bytes(), PASSPHRASE, found.as_bytes())
    path = folder / DATABASE
    with opened(path) as engine:
        with app.app_context(), alembic.on(engine):
            alembic.downgrade(-steps)
        with app.app_context(), engine.connect() as connection:
            names = sa.inspect(connection).get_table_names()
            rows = {
                name: connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name))) or 0
                for name in names
                if name != "alembic_version"
            }
            revision = revision_of(engine)
    close_up(path)
    files = {**found.files, DATABASE: manifests.digest_of(path)}
    older = replace(found, revision=revision, rows=rows, files=files)
    (folder / KEYS).write_bytes(seal(keys, PASSPHRASE, older.as_bytes()))
    (folder / MANIFEST).write_bytes(older.as_bytes())
