"""Commands: `flask --app wsgi accounts`, with its `--help`.

For when no administrator can sign in, or must not, and for what no page does: each leaves an event
in the audit log.
"""

from collections.abc import Callable

import click
from sqlalchemy.orm import Session

from webapp.accounts import operations
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.commands import ROW, Group
from webapp.core.db import db
from webapp.core.errors import ConflictError
from webapp.core.roles import Role
from webapp.core.transactions import transaction
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.core.words.vocabularies import KOSOVO, jurisdiction_codes
from webapp.experts import queries as experts
from webapp.experts.models import Expert
from webapp.membership import operations as membership
from webapp.membership import queries, recovery
from webapp.membership.queries import Standing
from webapp.membership.rules import LostFactor
from webapp.organisations import operations as membership_of
from webapp.organisations import queries as organisations

ROLES = click.Choice([role.value for role in Role])


@click.group("accounts", cls=Group)
def accounts() -> None:
    """Look at accounts, and change them from the server."""


def _change(email: str, change: Callable[[UnitOfWork, Account], object], said: str) -> None:
    with transaction() as session:
        account = queries.get_account(session, email)
        change(UnitOfWork(session, SYSTEM, clock.now()), account)
        email = account.email
    click.echo(f"{email} {said}")


@accounts.command("list")
def list_command() -> None:
    """List all accounts: address, roles, name, and whether they can sign in."""
    for account in queries.iterate_accounts(db.session):
        roles = ", ".join(sorted(account.kinds)) or "no role"
        standing = queries.standing_of(account)
        state = "" if standing is Standing.ACTIVE else f" ({standing.value})"
        click.echo(f"{account.email}  {roles}  {account.name}{state}")


@accounts.command("deactivate")
@click.argument("email")
def deactivate_command(email: str) -> None:
    """Let somebody sign in no more, and end their sessions at once."""
    _change(email, operations.disable, "can no longer sign in.")


@accounts.command("reactivate")
@click.argument("email")
def reactivate_command(email: str) -> None:
    """Let somebody sign in again."""
    _change(email, operations.reactivate, "can sign in again.")


@accounts.command("end-sessions")
@click.argument("email")
def end_sessions_command(email: str) -> None:
    """End all sessions of an account."""
    _change(email, operations.end_all_of, "has to sign in anew everywhere.")


@accounts.command("send-password-link")
@click.argument("email")
def send_password_link_command(email: str) -> None:
    """Send somebody a link to a new password, to the address of their account."""
    _change(email, recovery.send_password_link, "is sent a link to a new password.")


@accounts.command("reset-second-factor")
@click.argument("email")
@click.option(
    "--why", type=click.Choice([why.value for why in LostFactor]), default=LostFactor.LOST.value
)
def reset_second_factor_command(email: str, why: str) -> None:
    """Take off the second factor that somebody has lost; make sure before that it is they who ask.

    Their sessions end, they are told by mail, and sign in by their password.
    """
    _change(
        email,
        lambda work, account: recovery.reset_second_factor(work, account, LostFactor(why)),
        "has no second factor any more, and has to sign in anew everywhere.",
    )


@accounts.command("set-roles")
@click.argument("email")
@click.argument("roles", nargs=-1, required=True, type=ROLES)
def set_roles_command(email: str, roles: tuple[str, ...]) -> None:
    """Give an account these roles and no others."""
    wanted = [Role(role) for role in roles]
    _change(
        email,
        lambda work, account: operations.change_roles(work, account, wanted),
        f"has these roles: {', '.join(sorted(roles))}.",
    )


@accounts.command("correct")
@click.argument("email")
@click.argument("institution")
@click.argument(
    "jurisdiction", type=click.Choice(sorted({KOSOVO, *jurisdiction_codes()})), metavar="CODE"
)
def correct_command(email: str, institution: str, jurisdiction: str) -> None:
    """Correct institution and jurisdiction (a CODE such as KGZ) of whoever has asked for it."""
    _change(
        email,
        lambda work, account: membership.correct(
            work, account, institution=institution, jurisdiction=jurisdiction
        ),
        "is corrected, and told.",
    )


@accounts.command("leave-organisation")
@click.argument("email")
def leave_organisation_command(email: str) -> None:
    """Take somebody out of their organisation; what they wrote for it stays with it."""

    def take_out(work: UnitOfWork, account: Account) -> None:
        if account.organisation_id is None:
            raise ConflictError(_("This account is a member of no organisation."))
        organisation = organisations.get(work.session, account.organisation_id)
        membership_of.remove_member(work, organisation, account)

    _change(email, take_out, "is a member of no organisation.")


@accounts.command("remove-texts")
@click.argument("email")
def remove_texts_command(email: str) -> None:
    """Remove the reasons in words that somebody wrote, and those written about them.

    EMAIL can also be "account:" and the number of the account.
    """
    with transaction() as session:
        account = queries.get_account(session, email)
        _remove_texts(session, account, account.email)


@accounts.command("remove-texts-of-profile")
@click.argument("number", type=ROW)
def remove_texts_of_profile_command(number: int) -> None:
    """Do the same for the expert whose profile has this number, account or none."""
    with transaction() as session:
        _remove_texts(session, experts.get(session, number), f"profile {number}")


def _remove_texts(session: Session, person: Account | Expert, name: str) -> None:
    removed = membership.remove_texts(UnitOfWork(session, SYSTEM, clock.now()), person)
    click.echo(f"{name}: removed {removed.written} texts written, {removed.about} by others.")
