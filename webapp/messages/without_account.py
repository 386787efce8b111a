"""Mails that wait for people who have no account: taken back, or sent to another address."""

from collections.abc import Collection

import sqlalchemy as sa

from webapp.core.record.disclosure import Person, is_one_of
from webapp.core.unit_of_work import UnitOfWork
from webapp.messages.models import OutboxMessage


def call_back(work: UnitOfWork, people: Collection[Person]) -> None:
    """Let no mail leave any more that waits for these people, who have no account."""
    to_them = is_one_of(people, OutboxMessage.person_table, OutboxMessage.person_id)
    work.session.execute(sa.delete(OutboxMessage).where(to_them, OutboxMessage.sent_at.is_(None)))


def address_anew(work: UnitOfWork, person: Person, address: str) -> None:
    """Let what waits for somebody who has no account go to another address, or not at all."""
    if not address:
        call_back(work, [person])
        return
    work.session.execute(
        sa.update(OutboxMessage)
        .where(
            is_one_of([person], OutboxMessage.person_table, OutboxMessage.person_id),
            OutboxMessage.sent_at.is_(None),
        )
        .values(address=address)
    )
