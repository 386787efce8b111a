"""In each worker an index of the roster that follows the database.

Every write to a profile raises the roster's revision in its own transaction (experts/models.py).
Before each ranking a worker compares that number with what its index has read, and reads the
profiles that changed since; so the newest committed profile ranks in every worker at its next
request, without messages between workers.

The matcher is imported when there is something to rank: it brings NumPy and SciPy, which the job
worker and most commands do without.
"""

from __future__ import annotations

import threading
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from webapp.experts import queries as experts
from webapp.experts.models import Expert, ExpertState
from webapp.matches import queries
from webapp.matches.matcher_records import expert_record

if TYPE_CHECKING:
    import matcher

# How many experts a page of a ranking shows and explains.
PER_PAGE = 10


class RosterIndex:
    """An index of the active experts that follows the database; safe to share among threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._revision = -1

    @cached_property
    def _index(self) -> matcher.ExpertIndex:
        import matcher

        return matcher.ExpertIndex()

    def current(self, session: Session) -> tuple[matcher.ExpertIndex, int]:
        """Return the index and the roster revision up to which it is complete."""
        # The number is read before the profiles: one that changes in between is read twice, and
        # never missed.
        revision = experts.get_roster_revision(session)
        with self._lock:
            if revision > self._revision:
                changed = experts.list_changed_since(session, self._revision)
                booked = queries.get_booked_periods(session, [expert.id for expert in changed])
                for expert in changed:
                    self._read(expert, booked.get(expert.id, []))
                self._revision = revision
            return self._index, revision

    def prepare(self, session: Session) -> None:
        """Read the roster and rank once, so that processes forked from this one share the work."""
        import matcher

        index, _revision = self.current(session)
        result = index.rank(matcher.Request.from_dict({"id": "0", "title": "Training of police"}))
        result.explain(match.expert_id for match in result.ranked[:PER_PAGE])

    def _read(self, expert: Expert, booked: list[tuple[date, date]]) -> None:
        key = str(expert.id)
        if expert.state is ExpertState.ACTIVE:
            self._index.update(expert_record(expert, booked))
        elif key in self._index:
            self._index.remove(key)
