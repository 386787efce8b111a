"""Lines of the coordinators' queue."""

from dataclasses import dataclass
from datetime import date, datetime

from webapp.core import clock
from webapp.core.translation import Message
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Expert
from webapp.experts.standing_tables import PhoneCall
from webapp.matches.models import Match


@dataclass(frozen=True)
class Line:
    """One line of the queue: of a request and perhaps one of its matches, or of an expert.

    `since` is when it began to wait and `due` the day by which it is to be done. `note` says for
    whom of several coordinators it waits, where not all may do it.
    """

    since: datetime
    due: date
    what: Message
    request: ExpertiseRequest | None = None
    match: Match | None = None
    expert: Expert | None = None
    call: PhoneCall | None = None
    # Until when an answer was asked for, where it waits for one.
    reply_by: date | None = None
    note: Message | None = None
    among_experts: bool = False
    handler: str | None = None

    @property
    def named(self) -> Expert | None:
        """Return the expert whom the sentence names."""
        return self.match.expert if self.match else self.expert

    @property
    def days_left(self) -> int | None:
        """Return in how many days the mission begins, if it is still to begin."""
        start = self.request.start if self.request else None
        return (start - clock.today()).days if start and start >= clock.today() else None

    @property
    def is_overdue(self) -> bool:
        """Tell whether it was to be done before today."""
        return self.due < clock.today()
