"""Named selects of accounts."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.accounts.models import Account


def get_names(session: Session, ids: Iterable[int | None]) -> dict[int, str]:
    """Return the names behind account ids, for pages that tell who did something."""
    wanted = {number for number in ids if number is not None}
    rows = session.execute(sa.select(Account.id, Account.name).where(Account.id.in_(wanted)))
    return dict(rows.all())
