"""Named selects of the audit log."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.accounts.models import Account
from webapp.core.audit import AuditEvent
from webapp.core.paging import Page, get_page
from webapp.core.search import finds

PER_PAGE = 50


def list_events(session: Session, search: str = "", number: int = 1) -> Page[AuditEvent]:
    """Return a page of the log, latest first.

    `search` looks for words in what was done, on which kind of thing, and in the name and
    institution of the person who did it.
    """
    # An outer join: the platform itself acts without an account. Actions are ASCII in small
    # letters already; the log cannot be written again to hold folded text.
    chosen = (
        sa.select(AuditEvent)
        .outerjoin(Account, Account.id == AuditEvent.actor_id)
        .where(
            finds(
                search,
                AuditEvent.action,
                sa.func.replace(AuditEvent.subject, "_", " "),
                sa.func.coalesce(Account.search_text, ""),
            )
        )
        .order_by(AuditEvent.id.desc())
    )
    return get_page(session, chosen, number, size=PER_PAGE)
