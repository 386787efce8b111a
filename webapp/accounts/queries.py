"""Named selects of accounts."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from webapp.accounts.models import Account, AccountSession, Passkey, RoleRow, account_role
from webapp.accounts.rules import NEED_SECOND_FACTOR
from webapp.core.actor import Actor
from webapp.core.errors import NotFoundError
from webapp.core.record import disclosure
from webapp.core.roles import Role
from webapp.core.words.text_rules import first_unstorable
from webapp.core.words.translation import _

T = TypeVar("T")


def is_told_as(role: Role) -> sa.ColumnElement[bool]:
    """Return the condition that an account is open and has this role: its person is told what
    concerns the role, and finds it there though they finish joining later."""
    return sa.and_(Account.active, Account.roles.any(RoleRow.name == role))


def select_closed_to(role: Role) -> sa.CompoundSelect[tuple[int]]:
    """Select the ids of all accounts that are closed, or may have another role instead of this one:
    to be asked of `is_told_as`, without going through all that have it.

    The open account of every profile has a role, so one that has not this one has another
    (decision 235).
    """
    others = sa.select(RoleRow.id).where(RoleRow.name != role)
    return sa.union(
        sa.select(Account.id).where(~Account.active),
        sa.select(account_role.c.account_id).where(account_role.c.role_id.in_(others)),
    )


def can_act_as(role: Role) -> sa.ColumnElement[bool]:
    """Return the condition that somebody can do what is for this role: they have joined, and have
    the ways in that `needs_second_factor` asks for.

    Agreeing to another version of the privacy notice is a press of theirs, and keeps nobody out.
    """
    way_in = Account.password_set_at.is_not(None) | Account.webauthn.any(Passkey.usage == "first")
    needs_factor = ~Account.demo & Account.roles.any(RoleRow.name.in_(NEED_SECOND_FACTOR))
    factor = Account.tf_primary_method.is_not(None) | Account.webauthn.any()
    return sa.and_(
        is_told_as(role), Account.joined_at.is_not(None), way_in, sa.or_(~needs_factor, factor)
    )


def list_ids(session: Session, role: Role) -> list[int]:
    """Return the ids of all who are told what concerns this role."""
    chosen = _of_role(sa.select(Account.id), role).where(is_told_as(role)).order_by(Account.id)
    return list(session.scalars(chosen))


def list_told(session: Session, role: Role) -> Sequence[Account]:
    """Return all who are told what concerns this role, with all of their roles."""
    return session.scalars(_of_role(_with_roles(), role).where(is_told_as(role))).all()


def list_able(
    session: Session, role: Role, organisation_id: int | None = None
) -> Sequence[Account]:
    """Return who can do what is for this role, with all of their roles: everybody, or the members
    of an organisation."""
    chosen = _of_role(_with_roles(), role).where(can_act_as(role))
    if organisation_id is not None:
        chosen = chosen.where(Account.organisation_id == organisation_id)
    return session.scalars(chosen).all()


def list_members(session: Session, role: Role, organisation_id: int | None) -> Sequence[Account]:
    """Return all who are told what concerns this role in an organisation, with all of their
    roles."""
    if organisation_id is None:
        return []
    theirs = _with_roles().where(Account.organisation_id == organisation_id)
    return session.scalars(theirs.where(is_told_as(role))).all()


def _of_role(chosen: sa.Select[T], role: Role) -> sa.Select[T]:
    """Begin with those who have a role: of some there are few among the accounts of a roster.

    Whoever asks demands the role by its condition as well, which is true of any select; SQLite
    begins with the few only where they are joined (decision 231).
    """
    return chosen.join(Account.roles).where(RoleRow.name == role)


def _with_roles() -> sa.Select[Account]:
    return sa.select(Account).options(selectinload(Account.roles)).order_by(Account.id)


def list_acting(session: Session, role: Role) -> dict[int, list[Actor]]:
    """Return, by organisation, all who can do what is for this role there."""
    acting: dict[int, list[Actor]] = {}
    for account in list_able(session, role):
        if account.organisation_id is not None:
            acting.setdefault(account.organisation_id, []).append(account.as_actor())
    return acting


def get_by_ids(session: Session, ids: Iterable[int]) -> dict[int, Account]:
    """Return the accounts of these ids that there are."""
    rows = session.scalars(sa.select(Account).where(Account.id.in_(set(ids))))
    return {account.id: account for account in rows}


def get_names(session: Session, ids: Iterable[int | None]) -> dict[int, str]:
    """Return the names behind account ids, for pages that tell who did something."""
    wanted = {number for number in ids if number is not None}
    rows = session.execute(sa.select(Account.id, Account.name).where(Account.id.in_(wanted)))
    names = dict(rows.all())
    disclosure.note(session, *((Account.__tablename__, number) for number in names))
    return names


def get_account(session: Session, number: int) -> Account:
    """Return an account with its roles, or refuse in words."""
    account = session.get(Account, number, options=[selectinload(Account.roles)])
    if account is None:
        raise NotFoundError(_("There is no such account."))
    return account


def list_known_addresses(session: Session, emails: Collection[str]) -> set[str]:
    """Return which of these addresses an account has."""
    return set(session.scalars(sa.select(Account.email).where(Account.email.in_(emails))))


def find_by_email(session: Session, email: str) -> Account | None:
    """Return the account of an e-mail address, if there is one."""
    # PostgreSQL fails on what it cannot hold, and strangers may type anything.
    if first_unstorable(email):
        return None
    return session.scalars(sa.select(Account).where(Account.email == email.lower())).first()


def find_by_uniquifier(session: Session, uniquifier: str) -> Account | None:
    """Return the account that a session names like this, if all its sessions have not ended."""
    return session.scalars(sa.select(Account).where(Account.fs_uniquifier == uniquifier)).first()


def sessions_over(began_before: datetime, used_before: datetime) -> sa.ColumnElement[bool]:
    """Return the condition that a session is over by its age or by its last use."""
    return (AccountSession.created_at <= began_before) | (
        AccountSession.last_seen_at <= used_before
    )


def is_any_session_over(session: Session, began_before: datetime, used_before: datetime) -> bool:
    """Tell whether there is a session that is over."""
    over = sa.select(AccountSession.id).where(sessions_over(began_before, used_before))
    return session.scalars(over.limit(1)).first() is not None
