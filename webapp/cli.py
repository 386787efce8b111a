"""Commands: `flask --app wsgi install | demo | check | create-administrator`."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import sqlalchemy as sa
from flask import Flask, current_app

from webapp import demo
from webapp.accounts import operations as accounts
from webapp.config import DATA
from webapp.core import clock, grants, invariants
from webapp.core.actor import SYSTEM
from webapp.core.db import alembic, db, migrating
from webapp.core.roles import Role
from webapp.core.transactions import transaction
from webapp.core.unit_of_work import UnitOfWork
from webapp.themes import operations as themes

# Any fixed number will do; it only has to be the same in every process.
MIGRATION_LOCK = 7_263_151_119


@contextmanager
def _one_at_a_time() -> Iterator[None]:
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


def install_platform() -> None:
    """Bring the database to the newest form and load roles and themes; safe to repeat."""
    with _one_at_a_time():
        # Alembic keeps its connection, and with it SQLite's lock, until its context ends.
        with current_app.app_context(), migrating() as owner:
            alembic.upgrade()
        if owner is not None:
            grants.grant(owner, str(db.engine.url.username))
        with transaction() as session:
            accounts.ensure_roles(session)
            themes.load(session, DATA / "thesaurus" / "themes.tsv")


@click.command("install")
def install_command() -> None:
    """Make or update the database of this installation."""
    install_platform()
    click.echo("The database is up to date.")


@click.command("demo")
def demo_command() -> None:
    """Load the fictional demo roster, requests and accounts, once. Never for real use."""
    click.echo(demo.load(Path(current_app.config["INSTANCE_FOLDER"])))


@click.command("check")
def check_command() -> None:
    """Check the invariants of the database; exit with 1 if one is broken."""
    faults = invariants.run(db.session)
    for fault in faults:
        click.echo(fault)
    if faults:
        raise SystemExit(1)
    click.echo("The database is sound.")


@click.command("create-administrator")
@click.argument("email")
@click.argument("name")
def create_administrator_command(email: str, name: str) -> None:
    """Make the account of an administrator and print its password once."""
    password = accounts.new_password()
    with transaction() as session:
        accounts.create(
            UnitOfWork(session, SYSTEM, clock.now()),
            email=email,
            name=name,
            roles=[Role.ADMINISTRATOR],
            password=password,
        )
    click.echo(f"The account {email} can sign in with the password {password}")


def init_app(app: Flask) -> None:
    """Add the commands to `app`."""
    for command in (install_command, demo_command, check_command, create_administrator_command):
        app.cli.add_command(command)
