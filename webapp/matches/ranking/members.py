"""Whom an index of the roster holds.

Who cannot be sent is in no ranking. Coordinators search the whole roster, though: somebody who is
nominated, dormant or suspended may be just who is looked for, and wants taking up. Both in one
index would let those who cannot be sent weigh in what is rare on the roster, and so in rankings.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.experts import queries as experts
from webapp.experts.models import Expert, ExpertState

# Their profiles are read by nobody who searches: they have left.
GONE = frozenset({ExpertState.WITHDRAWN, ExpertState.ERASED})
_ALL = frozenset(ExpertState)
_ACTIVE = frozenset({ExpertState.ACTIVE})


@dataclass(frozen=True)
class Members:
    """Some of the people on the roster, and the name of the folder of an index of them.

    They are in one of the `states`, so that no profile of others is read from the database, and
    `hold` tells whether somebody is one of them. Of whoever comes into one of the states `left`
    nothing may stay there, not even until what has changed is read.
    """

    name: str
    states: frozenset[ExpertState]
    left: frozenset[ExpertState]
    hold: Callable[[Expert], bool]

    def count(self, session: Session) -> int:
        """Return how many are in one of the states."""
        return experts.count_in(session, self.states)

    def list_left(self, session: Session, revision: int) -> Sequence[int]:
        """Return the ids of those changed after `revision` who have left."""
        return experts.list_changed_into(session, revision, self.left)

    def list_away(self, session: Session, revision: int) -> Sequence[int]:
        """Return the ids of those changed after `revision` who cannot be one of them."""
        return experts.list_changed_into(session, revision, _ALL - self.states)


def can_be_ranked(expert: Expert) -> bool:
    """Tell whether somebody is in the rankings: active, or expired and therefore ruled out.

    The end of the approval rules them out of every mission to come, with that reason.
    """
    if expert.state is ExpertState.EXPIRED:
        return expert.approved_until is not None and expert.approved_until < clock.today()
    return expert.state is ExpertState.ACTIVE


def is_searched_alone(expert: Expert) -> bool:
    """Tell whether somebody is on the roster and in no ranking."""
    return expert.state not in GONE and not can_be_ranked(expert)


RANKED = Members("roster-index", _ACTIVE | {ExpertState.EXPIRED}, _ALL - _ACTIVE, can_be_ranked)
NOT_RANKED = Members("roster-not-ranked", _ALL - _ACTIVE - GONE, GONE, is_searched_alone)
ALL = (RANKED, NOT_RANKED)
