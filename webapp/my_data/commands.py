"""Commands: `flask --app wsgi personal-data`, for those who ask by letter or have no account."""

import json
from pathlib import Path

import click
from flask import Flask
from sqlalchemy.orm import Session

from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.commands import Group
from webapp.core.transactions import transaction
from webapp.core.unit_of_work import UnitOfWork
from webapp.experts import queries as experts
from webapp.experts.models import Expert
from webapp.membership import queries
from webapp.my_data import operations


@click.group("personal-data", cls=Group)
def personal_data() -> None:
    """Copy what is kept about a person, or erase it.

    WHO is an e-mail address or the number of a profile.
    """


def _person(session: Session, who: str) -> Account | Expert:
    if who.isdecimal():
        return experts.get(session, int(who))
    return queries.get_by_email(session, who)


@personal_data.command("copy")
@click.argument("who")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
def copy_command(who: str, path: Path) -> None:
    """Write a copy of everything that is kept about WHO to the new file PATH, as JSON."""
    with transaction() as session:
        work = UnitOfWork(session, SYSTEM, clock.now())
        found = operations.as_json(work, operations.copy(work, _person(session, who)))
        with path.open("x", encoding="utf-8") as file:
            json.dump(found, file, ensure_ascii=False, indent=1)
    click.echo(f"{path} has a copy of {sum(len(one['rows']) for one in found['sections'])} rows.")


@personal_data.command("erase")
@click.argument("who")
@click.confirmation_option(prompt="Erase this person for good?")
def erase_command(who: str) -> None:
    """Erase WHO for good, as their own page does it."""
    with transaction() as session:
        work = UnitOfWork(session, SYSTEM, clock.now())
        done = operations.erase(work, _person(session, who))
    click.echo(f"{who} is erased: {', '.join(f'{n} {table}' for table, n in done.items())}.")


def init_app(app: Flask) -> None:
    """Add the commands to `app`."""
    app.cli.add_command(personal_data)
