"""What the states of a match imply, and how days join to periods."""

from collections.abc import Iterable
from datetime import date, timedelta

from webapp.expertise_requests import rules as request_rules
from webapp.matches.models import MatchState
from webapp.matches.workflow import ENDED, OPEN, MatchStep

S = MatchState
# A request is ranked once its terms of reference are accepted; later the ranking stays readable.
RANKABLE = request_rules.AGREED
MATCHABLE = request_rules.MATCHABLE
# States that hold the expert's days: nobody else can have them until the match ends.
BOOKED = frozenset({S.APPROVED, S.PROPOSED, S.SELECTED, S.ALTERNATE})
# States in which the expert has said yes and nobody has said no since.
SAID_YES = OPEN - {S.SHORTLISTED, S.INVITED}
# The reasons of these states are meant for the expert; those of others are coordinators' notes.
REASON_FOR_EXPERT = ENDED

# Steps that bring an expert nearer to a mission: the request must still look for somebody, and the
# expert must be active on the roster.
ONLY_WHILE_OPEN = frozenset(
    {
        MatchStep.INVITE,
        MatchStep.ACCEPT,
        MatchStep.NOTE_YES,
        MatchStep.APPROVE,
        MatchStep.RECONSIDER,
    }
)
ONLY_ACTIVE = ONLY_WHILE_OPEN | {
    MatchStep.PROPOSE,
    MatchStep.SELECT,
    MatchStep.KEEP_AS_ALTERNATE,
}


def days_between(start: date, end: date) -> list[date]:
    """Return every day from `start` to `end`, both included."""
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


def as_periods(days: Iterable[date]) -> list[tuple[date, date]]:
    """Join days, in order, to periods without a gap."""
    periods: list[tuple[date, date]] = []
    for day in days:
        if periods and periods[-1][1] == day - timedelta(days=1):
            periods[-1] = (periods[-1][0], day)
        else:
            periods.append((day, day))
    return periods
