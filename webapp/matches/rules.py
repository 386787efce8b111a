"""What may happen to a match: its steps, and what each state implies."""

from collections.abc import Iterable
from datetime import date, timedelta

from webapp.core.roles import Role
from webapp.core.workflow import Step
from webapp.expertise_requests import rules as request_rules
from webapp.matches.models import MatchState

S = MatchState
# A request is ranked once its terms of reference are accepted; later the ranking stays readable.
RANKABLE = request_rules.AGREED
MATCHABLE = request_rules.MATCHABLE
# States that hold the expert's days: nobody else can have them until the match ends.
BOOKED = frozenset({S.APPROVED, S.PROPOSED, S.SELECTED, S.ALTERNATE})
ENDED = frozenset({S.DECLINED, S.REFUSED, S.NOT_SELECTED, S.CANCELLED})
# The reasons of these states are meant for the expert; those of others are coordinators' notes.
REASON_FOR_EXPERT = ENDED
OPEN = frozenset(S) - ENDED
# What the requester is shown: the experts proposed to them and what became of those.
DISCLOSED = frozenset({S.PROPOSED, S.ALTERNATE, S.SELECTED, S.NOT_SELECTED})
OFFERED = frozenset({S.PROPOSED, S.ALTERNATE})
CHOSEN = frozenset({S.SELECTED})

STEPS: dict[str, Step[MatchState]] = {
    "invite": Step(frozenset({S.SHORTLISTED}), S.INVITED, Role.COORDINATOR),
    "accept": Step(frozenset({S.INVITED}), S.AVAILABLE, Role.EXPERT),
    "decline": Step(frozenset({S.INVITED}), S.DECLINED, Role.EXPERT, frozenset({S.INVITED})),
    # Not every expert signs in; an answer by telephone is noted with who gave it and when.
    "note the yes": Step(
        frozenset({S.INVITED}), S.AVAILABLE, Role.COORDINATOR, frozenset({S.INVITED})
    ),
    "note the no": Step(
        frozenset({S.INVITED}), S.DECLINED, Role.COORDINATOR, frozenset({S.INVITED})
    ),
    "ask for release": Step(frozenset({S.AVAILABLE}), S.RELEASE_ASKED, Role.COORDINATOR),
    "record the release": Step(frozenset({S.RELEASE_ASKED}), S.RELEASED, Role.COORDINATOR),
    "record the refusal": Step(
        frozenset({S.RELEASE_ASKED}), S.REFUSED, Role.COORDINATOR, frozenset({S.RELEASE_ASKED})
    ),
    # Approving somebody whose authority was never asked needs a reason.
    "approve": Step(
        frozenset({S.AVAILABLE, S.RELEASED}), S.APPROVED, Role.COORDINATOR, frozenset({S.AVAILABLE})
    ),
    "propose": Step(frozenset({S.APPROVED}), S.PROPOSED, Role.COORDINATOR),
    "select": Step(OFFERED, S.SELECTED, Role.REQUESTER),
    "keep as alternate": Step(frozenset({S.PROPOSED}), S.ALTERNATE, Role.REQUESTER),
    "pass over": Step(OFFERED, S.NOT_SELECTED, Role.REQUESTER, OFFERED),
    "reconsider": Step(
        frozenset({S.DECLINED, S.REFUSED, S.CANCELLED}),
        S.SHORTLISTED,
        Role.COORDINATOR,
        frozenset({S.DECLINED, S.REFUSED, S.CANCELLED}),
    ),
    "cancel": Step(OPEN, S.CANCELLED, Role.COORDINATOR, OPEN),
}


def possible_steps(state: MatchState, role: Role) -> list[str]:
    """Return the steps that somebody in `role` can take from `state`, in the order of the table."""
    return [name for name, step in STEPS.items() if step.by == role and step.possible(state)]


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
