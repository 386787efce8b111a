"""What may happen to a match: its steps, and what each state implies."""

from datetime import date, timedelta

from webapp.core.access import Role
from webapp.core.states import Step
from webapp.matches.models import MatchState

S = MatchState
# States that hold the expert's days: nobody else can have them until the match ends.
BOOKED = frozenset({S.APPROVED, S.PROPOSED, S.SELECTED, S.ALTERNATE, S.DEPLOYED})
ENDED = frozenset({S.DECLINED, S.REFUSED, S.NOT_SELECTED, S.CANCELLED})
OPEN = frozenset(S) - ENDED - {S.DEPLOYED}
# What the requester is shown: the experts proposed to them and what became of those.
DISCLOSED = frozenset({S.PROPOSED, S.ALTERNATE, S.SELECTED, S.DEPLOYED, S.NOT_SELECTED})
OFFERED = frozenset({S.PROPOSED, S.ALTERNATE})

STEPS: dict[str, Step[MatchState]] = {
    "invite": Step(frozenset({S.SHORTLISTED}), S.INVITED, Role.COORDINATOR),
    "accept": Step(frozenset({S.INVITED}), S.AVAILABLE, Role.EXPERT),
    "decline": Step(frozenset({S.INVITED}), S.DECLINED, Role.EXPERT, frozenset({S.INVITED})),
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
    "deploy": Step(frozenset({S.SELECTED}), S.DEPLOYED, Role.COORDINATOR),
    "cancel": Step(OPEN, S.CANCELLED, Role.COORDINATOR, OPEN),
}


def days_between(start: date, end: date) -> list[date]:
    """Return every day from `start` to `end`, both included."""
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]
