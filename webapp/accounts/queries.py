"""Named selects of accounts."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from webapp.accounts.models import Account
from webapp.core.paging import Page, get_page
from webapp.core.search import finds

PER_PAGE = 50


def list_accounts(session: Session, search: str = "", number: int = 1) -> Page[Account]:
    """Return a page of accounts by name, with their roles.

    `search` looks for words in the name, the institution and the e-mail address.
    """
    chosen = (
        sa.select(Account)
        .where(finds(search, Account.search_text, Account.email))
        .options(selectinload(Account.roles))
        # The folded text begins with the name.
        .order_by(Account.search_text, Account.id)
    )
    return get_page(session, chosen, number, size=PER_PAGE)


def count_active(session: Session) -> int:
    """Return how many accounts can sign in."""
    return session.scalar(sa.select(sa.func.count()).where(Account.active)) or 0


def get_names(session: Session, ids: Iterable[int | None]) -> dict[int, str]:
    """Return the names behind account ids, for pages that tell who did something."""
    wanted = {number for number in ids if number is not None}
    rows = session.execute(sa.select(Account.id, Account.name).where(Account.id.in_(wanted)))
    return dict(rows.all())
