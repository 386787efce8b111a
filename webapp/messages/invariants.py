"""What must be true of notices in every sound database."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session, lazyload, selectinload

from webapp.core.record.stored_words import people_in
from webapp.messages import queries
from webapp.messages.models import Notice


def whom_notices_name_is_noted(session: Session) -> Iterator[str]:
    """Beside a notice stands whom it names, and nobody else, or that nobody has looked: an erasure
    reads no others."""
    chosen = sa.select(Notice).options(lazyload(Notice.reason), selectinload(Notice.named))
    for notice in session.scalars(chosen.order_by(Notice.id).execution_options(yield_per=500)):
        noted = {(row.person_table, row.person_id) for row in notice.named}
        if noted != (people_in(notice.words) if notice.people_noted else set()):
            yield f"beside notice {notice.id} stands not whom it names"


def mails_are_sent_in_the_end(session: Session) -> Iterator[str]:
    """A mail that was given up waits for an administrator, who can have it sent again."""
    if number := queries.count_given_up(session):
        yield f"Mails that were given up, and are sent again on the page “Health”: {number}."
