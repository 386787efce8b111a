"""Rankings for the pages: one page of ranked experts with their reasons, and who stands outside."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from webapp.core import paging
from webapp.core.errors import NotFoundError
from webapp.core.translation import _
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Expert
from webapp.matches import queries
from webapp.matches.matcher_records import request_record
from webapp.matches.operations import Placing
from webapp.matches.roster_index import PER_PAGE, RosterIndex

if TYPE_CHECKING:
    import matcher


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
    matched = queries.get_by_expert(session, request.id)
    ranked = [m for m in result.ranked if only is None or int(m.expert_id) in only]
    shown = result.considered if only is None else len(ranked)
    page, pages = paging.place(page, shown, size=PER_PAGE)
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


def get_placing(
    roster: RosterIndex, session: Session, request: ExpertiseRequest, expert_id: int
) -> Placing:
    """Return how the ranking sees one expert now; one that is not ranked cannot be shortlisted."""
    index, revision = roster.current(session)
    asked = request_record(request)
    result = index.rank(asked, top=0)
    found = next((m for m in result.ranked if m.expert_id == str(expert_id)), None)
    if found is None:
        raise NotFoundError(
            _(
                "This expert is not in the ranking of the request now. The profile or the dates"
                " may have changed since you loaded the page."
            )
        )
    return Placing(
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
    index, _revision = roster.current(session)
    key = str(expert.id)
    return index.top_terms(key, limit) if key in index else ()


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
