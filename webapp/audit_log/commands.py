"""Commands: `flask --app wsgi who-saw | audit-verify | audit-sign`."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask
from flask.cli import with_appcontext

from webapp.accounts import queries as accounts
from webapp.audit_log.publishing import parse_head, verify_log
from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.commands import ROW, Command
from webapp.core.db import db
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.record.disclosure import page_words
from webapp.core.transactions import transaction
from webapp.core.unit_of_work import UnitOfWork
from webapp.experts import queries as experts

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command("who-saw", cls=Command)
@click.argument("expert_id", type=ROW)
@click.option("--from", "first", type=DAY, required=True, help="The first day (UTC).")
@click.option("--to", "last", type=DAY, help="The last day, included; today if it is not given.")
@with_appcontext
def who_saw_command(expert_id: int, first: datetime, last: datetime | None) -> None:
    """Tell who was shown an expert: when, from which address, on which page, lists included.

    It is read in the audit log; exit with 1 if the rows that the expert reads say otherwise.
    """
    expert = experts.get(db.session, expert_id)
    until = last.date() if last else clock.today()
    events = experts.list_views(db.session, expert_id, first.date(), until)
    click.echo(f"{expert.name} was shown {len(events)} times from {first.date()} to {until}.")
    names = accounts.get_names(db.session, (event.actor_id for event in events))
    for event in events:
        click.echo("\t".join(_line(event, names.get(event.actor_id or 0, "account gone"))))
    rows = experts.list_rows_of_views(db.session, expert_id, first.date(), until)
    shown = {
        (event.id, event.actor_id, event.at.date(), event.details["page"])
        for event in events
        if event.action == Action.PROFILE_VIEWED
    }
    if doubtful := {number for number, *_told in rows ^ shown}:
        numbers = ", ".join(map(str, sorted(doubtful)))
        click.echo(f"The rows of who was shown whom do not agree with audit events {numbers}.")
        raise SystemExit(1)


def _line(event: AuditEvent, name: str) -> Iterable[str]:
    page = event.details.get("page")
    who = f"{name} (account {event.actor_id}, {event.role})"
    if event.action == Action.EVIDENCE_SHOWN:
        who, page = "whoever opened the link to confirm an entry", "experts.confirm_evidence"
    return (
        f"{event.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC",
        who,
        event.address or "no address",
        str(page_words(page)) if page else "a page that was not noted then",
        event.details.get("path", ""),
        f"audit event {event.id}",
    )


@click.command("audit-verify", cls=Command)
@click.option("--head", "heads", multiple=True, metavar="NUMBER:HASH", help="One as it was mailed.")
@click.option("--file", "path", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="A copy of the file of published heads.")  # fmt: skip
@with_appcontext
def audit_verify_command(heads: tuple[str, ...], path: Path | None) -> None:
    """Verify the chain, its signature and the heads that were published; exit with 1 if broken."""
    try:
        given = [parse_head(head) for head in heads]
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--head") from error
    faults = verify_log(path)
    for number, digest in given:
        faults += audit.verify_head(db.session, number, digest)
    for fault in faults:
        click.echo(fault)
    if faults:
        raise SystemExit(1)
    number, digest = audit.get_head(db.session)
    click.echo(f"The audit log is sound. Its head is {number}:{digest}")


@click.command("audit-sign", cls=Command)
@click.confirmation_option(prompt="Sign the log as it is, and so vouch for all that is in it?")
@with_appcontext
def audit_sign_command() -> None:
    """Sign the log anew after the key was lost or changed; the log itself tells of it."""
    with transaction() as session:
        audit.sign_anew(UnitOfWork(session, SYSTEM, clock.now()))
    click.echo("The log is signed with the key of this installation.")


def init_app(app: Flask) -> None:
    """Add the commands to `app`."""
    for command in (who_saw_command, audit_verify_command, audit_sign_command):
        app.cli.add_command(command)
