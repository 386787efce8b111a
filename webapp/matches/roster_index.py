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
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from webapp.experts import queries as experts
from webapp.experts.models import Expert, ExpertState
from webapp.matches import queries
from webapp.matches.matcher_records import expert_record
from webapp.matches.vocabulary import thesaurus_of
from webapp.themes import queries as themes

if TYPE_CHECKING:
    import matcher

# How many experts a page of a ranking shows and explains.
PER_PAGE = 10


class RosterIndex:
    """An index of the active experts that follows the database; safe to share among threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._index: matcher.ExpertIndex | None = None
        self._themes_revision = self._revision = -1

    def current(self, session: Session) -> tuple[matcher.ExpertIndex, int]:
        """Return the index and the roster revision up to which it is complete.

        Other themes or synonyms mean other terms in every profile, so after a change of them the
        whole roster is read anew, by an index of its own: rankings that have begun keep theirs.
        """
        # The numbers are read before what they count: what changes in between is read twice, and
        # never missed.
        themes_revision = themes.get_revision(session)
        revision = experts.get_roster_revision(session)
        with self._lock:
            if self._index is None or themes_revision > self._themes_revision:
                self._index = _empty_index(session)
                self._themes_revision, self._revision = themes_revision, -1
            if revision > self._revision:
                changed = experts.list_changed_since(session, self._revision)
                booked = queries.get_booked_periods(session, [expert.id for expert in changed])
                for expert in changed:
                    _read(self._index, expert, booked.get(expert.id, []))
                self._revision = revision
            return self._index, revision

    def prepare(self, session: Session) -> None:
        """Read the roster and rank once, so that processes forked from this one share the work."""
        import matcher

        index, _revision = self.current(session)
        result = index.rank(matcher.Request.from_dict({"id": "0", "title": "Training of police"}))
        result.explain(match.expert_id for match in result.ranked[:PER_PAGE])


def _empty_index(session: Session) -> matcher.ExpertIndex:
    import matcher

    return matcher.ExpertIndex(thesaurus=thesaurus_of(themes.list_with_synonyms(session)))


def _read(index: matcher.ExpertIndex, expert: Expert, booked: list[tuple[date, date]]) -> None:
    key = str(expert.id)
    if expert.state is ExpertState.ACTIVE:
        index.update(expert_record(expert, booked))
    elif key in index:
        index.remove(key)
