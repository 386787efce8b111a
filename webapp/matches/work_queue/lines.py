"""Lines of the coordinators' queue, and what packages above this one add to them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask import Flask, current_app
from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.record.disclosure import Named
from webapp.core.words.translation import LabelledEnum, Message
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.expertise_requests.rules import get_names_due
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
    handler: Named | None = None
    # Whose it is to see to, where a coordinator was asked to see to this and not to the request.
    handled_by: int | None = None
    # Of what higher packages add: where it leads, where that stands, the days where they are not
    # those of the request.
    address: str = ""
    state: LabelledEnum | None = None
    mission_days: tuple[date | None, date | None] | None = None
    # Whether the state of what it is about stands beside it.
    shows_state: bool = True

    @property
    def named(self) -> Expert | None:
        """Return the expert whom the sentence names."""
        return self.match.expert if self.match else self.expert

    @property
    def days(self) -> tuple[date | None, date | None]:
        """Return the first and the last day of the mission, as far as they are known."""
        if self.mission_days:
            return self.mission_days
        return self.request.mission_days if self.request else (None, None)

    @property
    def days_left(self) -> int | None:
        """Return in how many days the mission begins, if it is still to begin."""
        start, _end = self.days
        return (start - clock.today()).days if start and start >= clock.today() else None

    @property
    def days_waited(self) -> int:
        """Return since how many days it waits: days of the calendar, as those that it is due on."""
        return (clock.today() - self.since.date()).days

    @property
    def names_due(self) -> date | None:
        """Return the latest day for names, where nobody is proposed to the requester yet."""
        return get_names_due(self.request) if self.request else None

    @property
    def days_to_names(self) -> int:
        """Return how many days are left until that day; fewer than none when it is past."""
        return (self.names_due - clock.today()).days if self.names_due else 0

    @property
    def is_overdue(self) -> bool:
        """Tell whether it was to be done before today."""
        return self.due < clock.today()


Source = Callable[[Session, date], Iterable[Line]]
_SOURCES = "sources of the queue"


def keep(app: Flask, *sources: Source) -> None:
    """Add functions that yield further lines for a day to the queue."""
    app.extensions.setdefault(_SOURCES, []).extend(sources)


def list_added(session: Session, today: date) -> list[Line]:
    """Return the lines that higher packages add."""
    sources: list[Source] = current_app.extensions.get(_SOURCES, [])
    return [line for find in sources for line in find(session, today)]
