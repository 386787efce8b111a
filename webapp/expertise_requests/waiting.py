"""For whom a request waits: exactly one side, and since when.

The package that knows who is considered for a request finds it
(`webapp/matches/work_queue/waiting.py`); what it finds is read by the queue, by the pages and lists
of requests, and by reminders.
"""

from dataclasses import dataclass
from datetime import date, datetime

from webapp.core.roles import Role
from webapp.core.words.translation import LabelledEnum, Message, _


class Side(LabelledEnum):
    """The sides that a request can wait for."""

    REQUESTER = "requester", _("the requester")
    OFFICE = "office", _("SEESAC")
    EXPERT = "expert", _("an expert")
    AUTHORITY = "authority", _("a nominating authority")
    # Where SEESAC would act, and nobody there may.
    ADMINISTRATOR = "administrator", _("an administrator")


SIDE_OF = {
    Role.REQUESTER: Side.REQUESTER,
    Role.COORDINATOR: Side.OFFICE,
    Role.EXPERT: Side.EXPERT,
    Role.NOMINATING_AUTHORITY: Side.AUTHORITY,
}


@dataclass(frozen=True)
class Waiting:
    """For whom a request waits since when, and what happens next, as its requester reads it.

    `beside` is what others, or the same side, have to do meanwhile, and `names_due` by when SEESAC
    is to name experts.
    """

    side: Side
    since: datetime
    next_step: Message
    reply_by: date | None = None
    beside: tuple["Waiting", ...] = ()
    names_due: date | None = None
