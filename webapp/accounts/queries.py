"""Named selects of accounts."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.accounts.models import Account, RoleRow
from webapp.core import disclosure
from webapp.core.roles import Role


def list_active(session: Session, role: Role) -> Sequence[Account]:
    """Return those who can sign in and have a role."""
    return session.scalars(
        sa.select(Account)
        .where(Account.active, Account.roles.any(RoleRow.name == role))
        .order_by(Account.id)
    ).all()


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
