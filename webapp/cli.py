"""Commands: `flask --app wsgi install | demo | check | create-administrator | rotate-secret`."""

import os
import sys
from pathlib import Path

import click
from flask import Flask, current_app

from webapp import demo
from webapp.accounts import operations as accounts
from webapp.config import DATA, Environment
from webapp.config.keys import rotate
from webapp.core import clock, invariants
from webapp.core.actor import SYSTEM
from webapp.core.commands import Command, DatabaseCommand
from webapp.core.db import db, read_one_moment
from webapp.core.monitoring import room
from webapp.core.roles import Role
from webapp.core.schema.upgrading import one_at_a_time, refuse_newer, upgrade
from webapp.core.transactions import transaction
from webapp.core.unit_of_work import UnitOfWork
from webapp.demo_history import in_the_demo
from webapp.membership import queries
from webapp.membership.commands import accounts as accounts_commands
from webapp.platform_settings.wiring import why_not_served
from webapp.themes import operations as themes

# What an installation keeps in its folder, beside what others may have put there.
OURS = (
    "*.sqlite*", "secret-key", "password-salt", "totp-key", "audit-key", "audit-heads",
    "migration.lock", "demo-accounts.json", "mail", "mail/*", "metrics", "metrics/*",
    "roster*", "roster*/*",
)  # fmt: skip


def install_platform() -> None:
    """Bring the database to the newest form and load roles and themes; safe to repeat.

    Raises ConfigurationError, before anything is changed, for a database of a newer code.
    """
    with one_at_a_time():
        refuse_newer()
        upgrade()
        with transaction() as session:
            accounts.ensure_roles(session)
            themes.load(session, DATA / "thesaurus" / "themes.tsv")


def _close_to_others() -> None:
    """Take from others what an earlier version, or a careless copy, has left them to read."""
    folder = Path(current_app.config["INSTANCE_FOLDER"])
    for pattern in OURS:
        for path in folder.glob(pattern):
            path.chmod(0o700 if path.is_dir() else 0o600)


@click.command("install", cls=Command)
def install_command() -> None:
    """Make or update the database of this installation."""
    Path(current_app.config["INSTANCE_FOLDER"]).mkdir(mode=0o700, parents=True, exist_ok=True)
    install_platform()
    _close_to_others()
    click.echo("The database is up to date.")


@click.command("demo", cls=DatabaseCommand)
@click.option(
    "--history", type=click.IntRange(1, 100_000), help="Add so many made-up requests, to measure."
)
def demo_command(history: int | None) -> None:
    """Load the fictional demo, its roster, accounts and past, once. Never for real use."""
    click.echo(demo.load(Path(current_app.config["INSTANCE_FOLDER"])))
    if history:
        with transaction() as session:
            in_the_demo.add_at_once(UnitOfWork(session, SYSTEM, clock.now()), history)


def _in_words(invariant: invariants.Invariant | None) -> str:
    return invariant.__name__.replace("_", " ") if invariant else ""


@click.command("check", cls=DatabaseCommand)
def check_command() -> None:
    """Check the invariants of the database and the room on the disk; exit with 1 for a fault.

    What is to be seen to though the database is sound is told, and is no fault.
    """
    read_one_moment()
    # On a terminal it shows how far it is; a large database takes some minutes.
    with click.progressbar(
        invariants.all_of(current_app),
        file=sys.stderr,
        hidden=not sys.stderr.isatty(),
        item_show_func=_in_words,
    ) as among:
        faults = invariants.run(db.session, among)
    if (found := room.look()).is_little:
        faults.append(f"Only {found.free // 1_000_000} MB are free on the disk of the platform.")
    if why_not := why_not_served(db.session):
        faults.append(f"Nobody is let in: {why_not}.")
    for sentence in [*faults, *invariants.list_to_see_to(db.session)]:
        click.echo(sentence)
    if faults:
        raise SystemExit(1)
    click.echo("The database is sound.")


@click.command("create-administrator", cls=DatabaseCommand)
@click.argument("email")
@click.argument("name")
def create_administrator_command(email: str, name: str) -> None:
    """Make the account of the first administrator and print its password once."""
    password = accounts.new_password()
    with one_at_a_time(), transaction() as session:
        if queries.list_administrators(session):
            raise click.ClickException(
                "There is an administrator already, who makes all other accounts."
            )
        accounts.create(
            UnitOfWork(session, SYSTEM, clock.now()),
            email=email,
            name=name,
            roles=[Role.ADMINISTRATOR],
            password=password,
        )
    click.echo(f"The account {email} can sign in with the password {password}")


@click.command("rotate-secret", cls=Command)
@click.option("--forget", is_flag=True, help="Accept the former keys no longer.")
def rotate_secret_command(forget: bool) -> None:
    """Make a new key for sessions; those signed with a former key go on until it is forgotten."""
    folder = Path(current_app.config["INSTANCE_FOLDER"])
    former = rotate(Environment(os.environ), folder, forget=forget) - 1
    click.echo(
        f"A new key signs sessions once the processes have been restarted; former keys that are"
        f" still accepted: {former}."
    )


def init_app(app: Flask) -> None:
    """Add the commands to `app`."""
    for command in (
        install_command,
        demo_command,
        check_command,
        create_administrator_command,
        rotate_secret_command,
        accounts_commands,
    ):
        app.cli.add_command(command)
