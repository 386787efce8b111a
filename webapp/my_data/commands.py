"""Commands: `flask --app wsgi personal-data | retention`."""

import json
from collections.abc import Iterator
from pathlib import Path

import click
from flask import Flask
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from webapp.accounts import queries as accounts
from webapp.accounts.models import Account
from webapp.accounts.rules import spelled_once
from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.commands import Group
from webapp.core.db import as_row, db
from webapp.core.record import personal_data as data
from webapp.core.record.personal_data import Whose
from webapp.core.transactions import transaction
from webapp.core.unit_of_work import UnitOfWork
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts import persons
from webapp.experts import queries as experts
from webapp.experts.models import Expert
from webapp.membership import queries
from webapp.membership import sweep as membership_sweep
from webapp.messages import queries as messages
from webapp.messages import sweep as messages_sweep
from webapp.my_data import operations, retention, sweep
from webapp.my_data.retention import Due


@click.group("personal-data", cls=Group)
def personal_data() -> None:
    """Copy what is kept about a person, erase it, or take a consent back.

    WHO is an e-mail address, the number of a profile, or "account:" and the number of an account.
    """


def _whose(session: Session, who: str) -> Whose | None:
    """Return by which address somebody is known who has no account, if anything is kept of it."""
    known = Whose(addresses=(spelled_once(who.strip()).lower(),))
    if "@" not in who or accounts.find_by_email(session, known.addresses[0]):
        return None
    kept = any(data.count(session, rule, known) for rule in data.all_rules())
    return known if kept else None


def _person(session: Session, who: str) -> Account | Expert:
    if (number := as_row(who)) is not None:
        return experts.get(session, number)
    return queries.get_account(session, who)


@personal_data.command("copy")
@click.argument("who")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
def copy_command(who: str, path: Path) -> None:
    """Write a copy of everything that is kept about WHO to the new file PATH, as JSON."""
    with transaction() as session:
        work = UnitOfWork(session, SYSTEM, clock.now())
        known = _whose(session, who)
        kept = (
            operations.copy_of_address(work, known)
            if known
            else operations.copy(work, _person(session, who))
        )
        found = operations.as_json(work, kept)
        with path.open("x", encoding="utf-8") as file:
            json.dump(found, file, ensure_ascii=False, indent=1)
    click.echo(f"{path} has a copy of {sum(len(one['rows']) for one in found['sections'])} rows.")


@personal_data.command("erase")
@click.argument("who")
@click.option("--keep-account", is_flag=True, help="Erase the profile of that number alone.")
@click.confirmation_option(prompt="Erase this person for good?")
def erase_command(who: str, *, keep_account: bool) -> None:
    """Erase WHO for good, as their own page does it."""
    with transaction() as session:
        work = UnitOfWork(session, SYSTEM, clock.now())
        known = None if keep_account else _whose(session, who)
        done = operations.erase_address(work, known) if known else _erase(work, who, keep_account)
    click.echo(f"{who} is erased: {', '.join(f'{n} {table}' for table, n in done.items())}.")


def _erase(work: UnitOfWork, who: str, keep_account: bool) -> dict[str, int]:
    person = _person(work.session, who)
    if keep_account:
        if not isinstance(person, Expert):
            raise click.UsageError("Only the profile of a number can go without its account.")
        operations.part_from_account(work, person)
    return operations.erase(work, person)


@personal_data.command("withdraw-consent")
@click.argument("who")
def withdraw_consent_command(who: str) -> None:
    """Take back the consent of WHO to be on the roster, as their own page does it."""
    with transaction() as session:
        work = UnitOfWork(session, SYSTEM, clock.now())
        operations.withdraw_consent(work, _person(session, who))
    click.echo(f"{who} has left the roster.")


@click.command("retention")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@with_appcontext
def retention_command(dry_run: bool) -> None:
    """Tell of and erase what is not kept any longer, as the jobs do it."""
    if not dry_run:
        membership_sweep.delete_due()
        messages_sweep.delete_due()
        for line in sweep.run(clock.now()):
            click.echo(line)
        return
    found = retention.find(db.session, clock.now())
    for due in found:
        for line in _would(due):
            click.echo(line)
    asked = queries.count_old_requests(db.session, clock.now())
    mails = messages.count_old_mails(db.session, clock.now())
    click.echo(f"{asked} requests for an account and {mails} mails would be deleted for their age.")
    click.echo(f"{len(found)} in all. Nothing was changed.")


def _would(due: Due) -> Iterator[str]:
    """Yield what will become of something, and of which rows."""
    thing = due.thing
    name = thing.reference if isinstance(thing, ExpertiseRequest) else thing.name
    now = clock.now()
    if due.is_over(now):
        then = "would be erased now"
    elif due.told_at is None:
        then = f"people would be told now, and it ends {retention.WARNING.days} days later at the"
        then += f" earliest, not before {due.ends}"
    else:
        earliest = max(due.ends, (due.told_at + retention.WARNING).date())
        then = f"people were told on {due.told_at.date()}, and it ends on {earliest}"
    yield f"{thing.__tablename__} {thing.id} ({name}), untouched since {due.since.date()}: {then}"
    if isinstance(thing, ExpertiseRequest):
        yield "    names, quotes, letters and reasons in words are taken out; the rest stays"
        return
    for section in data.sections(db.session, persons.whose(db.session, thing)):
        if section.rows:
            table = section.rule.table.__tablename__
            yield f"    {len(section.rows)} {table}: {section.rule.fate.name.lower()}"


def init_app(app: Flask) -> None:
    """Add the commands to `app`."""
    app.cli.add_command(retention_command)
    app.cli.add_command(personal_data)
