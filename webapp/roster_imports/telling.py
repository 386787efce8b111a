"""Whoever a table has brought onto the roster is told of it, and how to object."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from webapp.core.record.stored_words import pack
from webapp.core.unit_of_work import UnitOfWork
from webapp.experts.joining import SEESAC
from webapp.experts.letters import tells_of_roster
from webapp.experts.models import Expert
from webapp.experts.standing_tables import PhoneCall
from webapp.messages import operations as messages


def tell_all(work: UnitOfWork, experts: Sequence[Expert], *, begin: datetime) -> None:
    """Let each get one mail, or a call where only a telephone is known.

    The mails leave when the import can be undone no more: nobody is told of a table of mistakes.
    """
    letter = tells_of_roster(SEESAC)
    readers = {one.contact_email: one.tells_of for one in experts if one.contact_email}
    messages.write_to_many(work, readers, letter, begin=begin)
    calls = [
        {"expert_id": one.id, "words": {"what": pack(letter.subject)}, "since": work.now}
        for one in experts
        if one.telephone and not one.contact_email
    ]
    if calls:
        work.session.execute(sa.insert(PhoneCall), calls)
