"""What must hold of accounts in a sound database."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.accounts.models import Account, AccountSession, RoleRow
from webapp.core.roles import Role
from webapp.core.words.translation import gettext
from webapp.experts.models import Expert


def disabled_ones_have_no_session(session: Session) -> Iterator[str]:
    """Find accounts that are disabled and have a session, which would go on with the account."""
    rows = session.scalars(
        sa.select(Account.id)
        .where(~Account.active, sa.exists().where(AccountSession.account_id == Account.id))
        .order_by(Account.id)
    )
    for number in rows:
        yield gettext("account %(number)s is disabled and has a session", number=number)


def open_ones_of_profiles_have_a_role(session: Session) -> Iterator[str]:
    """Find profiles whose account is open and has no role: nobody is told that it shuts them out
    (decision 235)."""
    rows = session.scalars(
        sa.select(Account.id)
        .join(Expert, Expert.account_id == Account.id)
        .where(Account.active, ~Account.roles.any())
        .order_by(Account.id)
    )
    for number in rows:
        yield gettext("account %(number)s is open and has no role", number=number)


def administrators_stand_alone(session: Session) -> Iterator[str]:
    """Find administrators who have another role besides."""
    rows = session.scalars(
        sa.select(Account)
        .where(Account.roles.any(RoleRow.name == Role.ADMINISTRATOR))
        .order_by(Account.id)
    )
    for account in rows:
        if len(account.kinds) > 1:
            yield gettext(
                "account %(number)s is an administrator and has another role", number=account.id
            )
