"""What must hold of organisations in a sound database."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.accounts.models import Account
from webapp.core.words.translation import gettext
from webapp.organisations.models import Organisation


def closed_ones_are_empty(session: Session) -> Iterator[str]:
    """Find organisations that are closed and have members nevertheless."""
    rows = session.scalars(
        sa.select(Organisation).where(
            Organisation.closed_at.is_not(None),
            sa.exists().where(Account.organisation_id == Organisation.id),
        )
    )
    for row in rows:
        yield gettext("organisation %(number)s is closed and has members", number=row.id)
