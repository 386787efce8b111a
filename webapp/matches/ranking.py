"""The one way to the matcher: in each worker an index of the roster that follows the database.

Every write to a profile raises the roster's revision in its own transaction (experts/models.py).
Before each ranking a worker compares that number with what its index has read, and reads the
profiles that changed since; so the newest committed profile ranks in every worker at its next
request, without messages between workers.

The matcher is imported when there is something to rank: it brings NumPy and SciPy, which the job
worker and most commands do without.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from webapp.core.errors import NotFoundError
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts import queries as experts
from webapp.experts.models import Expert, ExpertState
from webapp.matches import queries
from webapp.matches.operations import Standing

if TYPE_CHECKING:
    import matcher

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
        revision = experts.roster_revision(session)
        with self._lock:
            if revision > self._revision:
                changed = experts.changed_since(session, self._revision)
                booked = queries.booked_periods(session, [expert.id for expert in changed])
                for expert in changed:
                    self._read(expert, booked.get(expert.id, []))
                self._revision = revision
            return self._index, revision

    def prepare(self, session: Session) -> None:
        """Read the roster and rank once, so that processes forked from this one share the work."""
        import matcher

        index, _ = self.current(session)
        result = index.rank(matcher.Request.from_dict({"id": "0", "title": "Training of police"}))
        result.explain(match.expert_id for match in result.ranked[:PER_PAGE])

    def _read(self, expert: Expert, booked: list[tuple[date, date]]) -> None:
        key = str(expert.id)
        if expert.state is ExpertState.ACTIVE:
            self._index.update(expert_record(expert, booked))
        elif key in self._index:
            self._index.remove(key)


@dataclass(frozen=True)
class Candidate:
    """An expert on the matches page, with what earned the place."""

    expert: Expert
    rank: int
    relative: float
    explanation: dict[str, Any]
    not_known: tuple[str, ...]


@dataclass(frozen=True)
class SetAside:
    """An expert who is not ranked, and why: reasons from the matcher, to be put into words."""

    expert: Expert
    reasons: tuple[matcher.Reason, ...]
    why: str


@dataclass(frozen=True)
class Ranking:
    """One page of a ranking, and who stands outside it."""

    candidates: list[Candidate]
    ruled_out: list[SetAside]
    nothing_to_go_on: list[SetAside]
    considered: int
    shown: int
    page: int
    pages: int
    revision: int
    readings: Sequence[matcher.ReadAs]


def rank(
    roster: RosterIndex,
    session: Session,
    request: ExpertiseRequest,
    *,
    page: int = 1,
    only: Set[int] | None = None,
) -> Ranking:
    """Rank the roster for a request; `only` keeps to these experts, with their ranks unchanged."""
    index, revision = roster.current(session)
    asked = request_record(request)
    page = max(page, 1)
    # Everybody must be ranked to number those of a few; one page needs only the top down to it.
    result = index.rank(asked, top=page * PER_PAGE if only is None else 0)
    matched = queries.experts_matched(session, request.id)
    ranked = [m for m in result.ranked if only is None or int(m.expert_id) in only]
    shown = result.considered if only is None else len(ranked)
    pages = max(1, -(-shown // PER_PAGE))
    page = min(page, pages)
    visible = ranked[(page - 1) * PER_PAGE : page * PER_PAGE]
    # Those already on the shortlist are shown with their state, not as ruled out by it.
    ruled_out = [r for r in result.ruled_out if int(r.expert_id) not in matched]
    explanations = result.explain(m.expert_id for m in visible)
    people = _load(session, [*visible, *ruled_out, *result.unrankable])
    return Ranking(
        candidates=[
            Candidate(
                people[m.expert_id],
                m.rank,
                m.relative,
                explanation.to_dict(),
                tuple(result.unknown.get(m.expert_id, ())),
            )
            for m, explanation in zip(visible, explanations, strict=True)
            if m.expert_id in people
        ],
        ruled_out=_set_aside(people, ruled_out),
        nothing_to_go_on=_set_aside(people, result.unrankable),
        considered=result.considered,
        shown=shown,
        page=page,
        pages=pages,
        revision=revision,
        readings=result.readings,
    )


def standing(
    roster: RosterIndex, session: Session, request: ExpertiseRequest, expert_id: int
) -> Standing:
    """Return how the ranking sees one expert now; one that is not ranked cannot be shortlisted."""
    index, revision = roster.current(session)
    asked = request_record(request)
    result = index.rank(asked, top=0)
    found = next((m for m in result.ranked if m.expert_id == str(expert_id)), None)
    if found is None:
        raise NotFoundError(
            "This expert is not in the ranking of the request now. The profile or the dates may"
            " have changed since you loaded the page."
        )
    return Standing(
        score=found.score,
        rank=found.rank,
        ranked_among=result.considered,
        roster_revision=revision,
        explanation=result.explain([found.expert_id])[0].to_dict(),
    )


def profile_terms(
    roster: RosterIndex, session: Session, expert: Expert, limit: int = 40
) -> Sequence[matcher.ProfileTerm]:
    """Return what the matcher reads in a profile, weightiest first; nothing if it is not ranked."""
    index, _ = roster.current(session)
    key = str(expert.id)
    return index.top_terms(key, limit) if key in index else ()


def expert_record(expert: Expert, booked: Sequence[tuple[date, date]]) -> matcher.Expert:
    """Return a profile as the matcher reads it."""
    import matcher

    return matcher.Expert.from_dict(
        {
            "id": str(expert.id),
            "headline": expert.post,
            "summary": expert.summary,
            "themes": [row.theme_code for row in expert.themes],
            "experience": [
                {
                    "title": row.title,
                    "description": row.description,
                    "country": row.jurisdiction,
                    "start": row.started and f"{row.started:%Y-%m}",
                    "end": row.ended and f"{row.ended:%Y-%m}",
                }
                for row in expert.evidence
            ],
            "training": [row.title for row in expert.trainings],
            "languages": {row.language: row.level.value for row in expert.languages} or None,
            "jurisdiction": expert.jurisdiction,
            "unavailable": [{"start": row.start, "end": row.end} for row in expert.unavailable],
            "max_days": expert.max_days,
            "excluded_jurisdictions": [row.code for row in expert.closed_jurisdictions],
            "booked": [{"start": start, "end": end} for start, end in booked],
            "approved_until": expert.approved_until,
        }
    )


def request_record(request: ExpertiseRequest) -> matcher.Request:
    """Return a request as the matcher reads it.

    What exists locally, who pays and the security situation describe the host, not the help that is
    asked for, and would lead the ranking astray.
    """
    import matcher

    texts = (
        request.objectives,
        request.tasks,
        request.outputs,
        request.audience,
        request.expert_background,
        request.background,
    )
    return matcher.Request.from_dict(
        {
            "id": str(request.id),
            "title": request.title,
            "description": "\n".join(text for text in texts if text),
            "themes": [row.theme_code for row in request.themes],
            "jurisdiction": request.jurisdiction,
            "required_languages": {
                row.language: row.level.value for row in request.languages if row.required
            },
            "excluded_jurisdictions": [row.code for row in request.excluded],
            "start": request.start,
            "end": request.end,
            "experts_needed": request.experts_needed,
        }
    )


def _load(session: Session, rows: Sequence[Any]) -> dict[str, Expert]:
    ids = [int(row.expert_id) for row in rows]
    people = session.scalars(
        sa.select(Expert)
        .where(Expert.id.in_(ids))
        .options(selectinload(Expert.themes), selectinload(Expert.languages))
    )
    return {str(expert.id): expert for expert in people}


def _set_aside(people: dict[str, Expert], rows: Sequence[Any]) -> list[SetAside]:
    return [
        SetAside(people[row.expert_id], getattr(row, "reasons", ()), getattr(row, "reason", ""))
        for row in rows
        if row.expert_id in people
    ]
