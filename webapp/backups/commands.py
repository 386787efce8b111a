"""Commands: `flask --app wsgi backup | restore | move-to`."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from webapp.backups import brought_back, making, moving, restoring, sealing
from webapp.backups.copying import FaultyCopyError
from webapp.backups.manifest import DamagedBackupError
from webapp.backups.restoring import NotEmptyError, UnsoundBackupError
from webapp.backups.sealing import SealError
from webapp.config import Environment
from webapp.config.database import databases
from webapp.config.keys import Keys, refuse_others, store
from webapp.core import clock
from webapp.core.commands import Command, DatabaseCommand
from webapp.core.db import db, prepare_engine
from webapp.core.errors import in_one_line
from webapp.core.schema.upgrading import one_at_a_time

_REFUSALS = (FaultyCopyError, DamagedBackupError, NotEmptyError, SealError, UnsoundBackupError)
PASSPHRASE = click.option(
    "--passphrase-file", envvar="BACKUP_PASSPHRASE_FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file whose first line is the passphrase; without it you are asked.",
)  # fmt: skip
FOLDER = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))


def _passphrase(path: Path | None, *, is_new: bool) -> str:
    if path is None:
        given: str = click.prompt("Passphrase", hide_input=True, confirmation_prompt=is_new)
    else:
        given = path.read_text(encoding="utf-8").partition("\n")[0].strip()
    if len(given) < sealing.SHORTEST:
        raise click.ClickException(
            f"The passphrase must have at least {sealing.SHORTEST} characters."
        )
    return given


def _in_words(work: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    try:
        return work(*arguments, **options)
    except _REFUSALS as error:
        raise click.ClickException(f"{error}.") from error


def _keys() -> Keys:
    config = current_app.config
    return Keys(
        secret=config["SECRET_KEY"],
        former=tuple(config["SECRET_KEY_FALLBACKS"]),
        salt=config["SECURITY_PASSWORD_SALT"],
        totp=config["SECURITY_TOTP_SECRETS"]["1"],
        audit=config["AUDIT_KEY"],
    )


@click.command("backup", cls=DatabaseCommand)
@FOLDER
@PASSPHRASE
def backup_command(folder: Path, passphrase_file: Path | None) -> None:
    """Write a backup into the new folder DIR, while people work; exit with 1 if it is not sound."""
    passphrase = _passphrase(passphrase_file, is_new=True)
    made = _in_words(making.make, db.engine, _keys(), folder, passphrase, clock.now())
    rows = sum(made.manifest.rows.values())
    click.echo(
        f"{folder} has a backup of {rows} rows. The head of its audit log is {made.manifest.head}"
    )
    for fault in made.faults:
        click.echo(fault)
    if made.faults:
        raise click.ClickException("The backup is whole, and what it holds is not sound.")


@click.command("restore", cls=Command)
@FOLDER
@PASSPHRASE
@click.option("--replace", is_flag=True, help="Give up what this installation holds.")
@click.option("--even-if-unsound", is_flag=True, help="Restore what breaks an invariant, too.")
@with_appcontext
def restore_command(
    folder: Path, passphrase_file: Path | None, replace: bool, even_if_unsound: bool
) -> None:
    """Restore the backup in DIR: database, keys and published heads of the audit log."""
    environment = Environment(os.environ)
    passphrase = _passphrase(passphrase_file, is_new=False)
    backup = _in_words(restoring.read, folder, passphrase)
    refuse_others(environment, backup.keys)
    with one_at_a_time():
        damaged = restoring.is_damaged(db.engine)
        if not replace:
            _refuse_to_replace(damaged=damaged)
        since = None if damaged else brought_back.read_since(db.engine, backup)
        _in_words(
            restoring.restore,
            backup,
            even_if_unsound=even_if_unsound,
            damaged=damaged,
            given_up=since.noted() if since else {},
        )
        store(Path(current_app.config["INSTANCE_FOLDER"]), backup.keys)
        before = restoring.keep_heads(backup)
    click.echo(f"The backup of {backup.manifest.made} is restored. Restart the processes.")
    click.echo("Sessions, links by mail and calendar addresses of then are worth nothing any more.")
    if before:
        click.echo(f"The heads of the audit log that were published until now are in {before}")
    if since is None:
        click.echo(
            "The damaged database is put aside, as damaged-… beside the new one. It cannot tell"
            " what people have taken back since the backup: do it again, by your own list."
        )
        return
    with Session(db.engine) as session:
        for command in brought_back.commands_again(session, since):
            click.echo(f"Do again: flask --app wsgi {command}")
        if stopped := brought_back.list_stopped(session, since):
            click.echo(
                "Suspended, taken off the roster, refused, come back to be vetted anew, without"
                " their approval or with another authority since, and all as before now:"
                f" {', '.join(stopped)}. Decide again on their pages before anybody is sent."
            )
        if changed := brought_back.list_ways_in(session, since):
            click.echo(
                f"What opened these accounts before opens them again: {', '.join(changed)}. Close"
                " them (accounts deactivate …) until their owners have set a new password."
            )


def _refuse_to_replace(*, damaged: bool) -> None:
    if damaged:
        raise click.ClickException(
            "The database of this installation is damaged: say --replace, and it is put aside."
        )
    try:
        restoring.refuse_to_replace(db.engine)
    except NotEmptyError as error:
        raise click.ClickException(f"{error}: back it up, and say --replace.") from error


def _refuse_unreachable(target: sa.Engine) -> None:
    """Say that it is the new database, and not the one of this installation, that is not there."""
    try:
        target.connect().close()
    except sa.exc.OperationalError as error:
        raise click.ClickException(
            f"The database {target.url!r} cannot be used: {in_one_line(error)}"
        ) from error


@click.command("move-to", cls=DatabaseCommand)
@click.argument("url", envvar="MOVE_TO_URL")
def move_to_command(url: str) -> None:
    """Copy everything into the empty PostgreSQL database at URL, as the owner of its tables."""
    if db.engine.dialect.name != "sqlite":
        raise click.ClickException("Only an installation on SQLite can be moved.")
    instance = Path(current_app.config["INSTANCE_FOLDER"])
    settings = databases(Environment({**os.environ, "DATABASE_URL": url}), instance)["default"]
    target = sa.create_engine(settings.pop("url"), **settings)
    if target.dialect.name == "sqlite":
        raise click.ClickException("URL must be such as postgresql://user:password@host/database.")
    prepare_engine(target)
    try:
        _refuse_unreachable(target)
        with one_at_a_time():
            rows = _in_words(moving.move, db.engine, target)
    finally:
        target.dispose()
    click.echo(
        f"{sum(rows.values())} rows of {len(rows)} tables are in the new database."
        " Set DATABASE_URL, run `flask --app wsgi install`, and start the processes."
    )


def init_app(app: Flask) -> None:
    """Add the commands to `app`."""
    for command in (backup_command, restore_command, move_to_command):
        app.cli.add_command(command)
