"""Counts of experts for those who write requests; how they are told is in
expertise_requests/coverage.py."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts import queries as experts
from webapp.matches import rules
from webapp.matches.ranking.matcher_records import request_record
from webapp.matches.ranking.roster_index import RosterIndex

# More are not counted: whoever reads "at least a hundred" needs to know no better.
MOST = 100


class RosterCounts:
    """What counts the active experts of a roster."""

    def __init__(self, roster: RosterIndex) -> None:
        self._roster = roster

    def by_theme(self, session: Session, codes: Sequence[str]) -> Mapping[str, int]:
        """Return how many active experts claim each theme."""
        return experts.count_active_by_theme(session, codes)

    def by_text(self, session: Session, request: ExpertiseRequest) -> int:
        """Return how many have at least a good share of what the best has, by the subject alone."""
        import matcher

        index, _revision = self._roster.current(session)
        result = index.rank(request_record(request), top=MOST, constraints=False)
        if result.fit is matcher.Fit.NOBODY:
            return 0
        return sum(one.relative >= rules.LITTLE for one in result.ranked)
