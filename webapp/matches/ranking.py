"""Rankings for the pages: one page of ranked experts with their reasons, and who stands outside."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from webapp.core import clock, paging
from webapp.core.errors import NotFoundError
from webapp.core.translation import _
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts import queries as experts
from webapp.experts.models import Expert
from webapp.matches import facets, queries, rules
from webapp.matches.considerations import Consideration, list_considerations
from webapp.matches.kinds import EVERYBODY, Wanted
from webapp.matches.matcher_records import request_record
from webapp.matches.operations import Placing
from webapp.matches.passages import Passage, list_passages, with_counted
from webapp.matches.roster_index import PER_PAGE, RosterIndex

if TYPE_CHECKING:
    import matcher

# How many a page shows of a list of those who are not ranked.
OUTSIDE_PER_PAGE = 25


@dataclass(frozen=True)
class Candidate:
    """An expert on the matches page, with what earned the place."""

    expert: Expert
    rank: int
    relative: float
    explanation: dict[str, Any]
    not_known: tuple[str, ...]

    @property
    def has_little(self) -> bool:
        """Whether the profile has little of what the best of the ranking has."""
        return self.relative < rules.LITTLE


@dataclass(frozen=True)
class SetAside:
    """An expert who is not ranked, and why: reasons from the matcher, to be put into words."""

    expert: Expert
    reasons: tuple[matcher.Reason, ...]
    why: str


@dataclass(frozen=True)
class Ranking:
    """One page of a ranking, and one of each list of those who stand outside it."""

    candidates: list[Candidate]
    ruled_out: paging.Page[SetAside]
    nothing_to_go_on: paging.Page[SetAside]
    considered: int
    shown: int
    all_ruled_out: int
    all_unrankable: int
    page: int
    pages: int
    revision: int
    unread: int
    readings: Sequence[matcher.ReadAs]
    passages: list[Passage]
    considerations: list[Consideration]
    fit: matcher.Fit


@dataclass(frozen=True)
class Pages:
    """Which page is asked for of the ranked, of the ruled out, and of those with nothing."""

    ranked: int = 1
    ruled_out: int = 1
    nothing_to_go_on: int = 1


@dataclass(frozen=True)
class Order:
    """The whole ranking of a request, of which a page shows a part."""

    asked: matcher.Request
    result: matcher.RankingResult
    revision: int
    year: int

    def narrow(self, session: Session, wanted: Wanted) -> Collection[str] | None:
        """Return whom a choice leaves, by the matcher's ids; None where nothing was chosen."""
        ids = facets.list_ids(session, wanted, self.year)
        if wanted.subject is None:
            return ids
        having = self.result.having(wanted.subject)
        return having if ids is None else having & frozenset(ids)


def read_order(
    roster: RosterIndex, session: Session, request: ExpertiseRequest, pages: Pages = Pages()
) -> Order:
    """Rank the roster for a request, down to the page of the ranked that is asked for.

    How much somebody is away counts in the year of the request, not in that of its reading.
    """
    index, revision = roster.current(session)
    asked = matcher_request(index, session, request)
    result = index.rank(asked, top=max(pages.ranked, 1) * PER_PAGE)
    return Order(asked, result, revision, (request.start or clock.today()).year)


def show(
    session: Session,
    request: ExpertiseRequest,
    order: Order,
    *,
    pages: Pages = Pages(),
    wanted: Wanted = EVERYBODY,
) -> Ranking:
    """Return a page of a ranking, narrowed to what is wanted, with the places unchanged."""
    result, among = order.result, order.narrow(session, wanted)
    ranked: Sequence[matcher.Match] = result.ranked
    shown = result.considered
    if among is not None:
        ranked = result.only(among)
        shown = len(ranked)
    number, count = paging.place(pages.ranked, shown, size=PER_PAGE)
    visible = ranked[(number - 1) * PER_PAGE : number * PER_PAGE]
    # Those already on the shortlist are shown with their state, not as ruled out by it.
    matched = {str(expert_id) for expert_id in queries.get_by_expert(session, request.id)}
    ruled_out = _page(
        pages.ruled_out,
        result.count_ruled_out(matched, among),
        lambda first, last: result.list_ruled_out(first, last, matched, among),
    )
    unrankable = _page(
        pages.nothing_to_go_on,
        result.count_unrankable(among),
        lambda first, last: result.list_unrankable(first, last, among),
    )
    people = load_experts(session, [*visible, *ruled_out.items, *unrankable.items])
    return Ranking(
        candidates=_candidates(result, visible, people),
        ruled_out=_set_aside(people, ruled_out),
        nothing_to_go_on=_set_aside(people, unrankable),
        considered=result.considered,
        shown=shown,
        all_ruled_out=result.count_ruled_out(matched),
        all_unrankable=result.count_unrankable(),
        page=number,
        pages=count,
        revision=order.revision,
        unread=experts.count_changed_since(session, order.revision),
        readings=result.readings,
        passages=list_passages(order.asked, result.asides),
        considerations=list_considerations(order.asked, result.wishes),
        fit=result.fit,
    )


def count_without_each(session: Session, order: Order, wanted: Wanted) -> dict[str, int]:
    """Return how many of the ranked would be left without each single thing that was chosen."""
    left = {}
    for name in wanted.given:
        among = order.narrow(session, replace(wanted, **{name: None}))
        considered = order.result.considered
        left[name] = considered if among is None else order.result.count_ranked(among)
    return left


def matcher_request(
    index: matcher.ExpertIndex, session: Session, request: ExpertiseRequest
) -> matcher.Request:
    """Return what the matcher is asked, with the passages that a coordinator has taken back."""
    counted = queries.list_counted_passages(session, request.id)
    ignored = queries.list_ignored_considerations(session, request.id)
    asked = request_record(request, [row.name for row in ignored])
    return with_counted(index, asked, counted)


def list_set_aside(
    roster: RosterIndex, session: Session, request: ExpertiseRequest
) -> list[Passage]:
    """Return what the matcher sets aside of a request, taken back or not."""
    index, _revision = roster.current(session)
    asked = matcher_request(index, session, request)
    return list_passages(asked, index.asides(asked))


def _page(asked: int, total: int, rows: Callable[[int, int], Sequence[Any]]) -> paging.Page[Any]:
    number, count = paging.place(asked, total, size=OUTSIDE_PER_PAGE)
    first = (number - 1) * OUTSIDE_PER_PAGE
    return paging.Page(rows(first, first + OUTSIDE_PER_PAGE), total, number, count)


def _candidates(
    result: matcher.RankingResult, visible: Sequence[matcher.Match], people: dict[str, Expert]
) -> list[Candidate]:
    ids = [match.expert_id for match in visible]
    unknown = result.unknown_of(ids)
    return [
        Candidate(
            people[match.expert_id],
            match.rank,
            match.relative,
            explanation.to_dict(),
            unknown.get(match.expert_id, ()),
        )
        for match, explanation in zip(visible, result.explain(ids), strict=True)
        if match.expert_id in people
    ]


def get_placing(
    roster: RosterIndex, session: Session, request: ExpertiseRequest, expert_id: int
) -> Placing:
    """Return how the ranking sees one expert now; one that is not ranked cannot be shortlisted."""
    index, revision = roster.current(session)
    result = index.rank(matcher_request(index, session, request), top=1)
    found = result.find(str(expert_id))
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


def load_experts(session: Session, rows: Sequence[Any]) -> dict[str, Expert]:
    """Return the experts that rows of a ranking name, by the matcher's ids."""
    ids = [int(row.expert_id) for row in rows]
    people = session.scalars(
        sa.select(Expert)
        .where(Expert.id.in_(ids))
        .options(selectinload(Expert.themes), selectinload(Expert.languages))
    )
    return {str(expert.id): expert for expert in people}


def _set_aside(people: dict[str, Expert], page: paging.Page[Any]) -> paging.Page[SetAside]:
    items = [
        SetAside(people[row.expert_id], getattr(row, "reasons", ()), getattr(row, "reason", ""))
        for row in page.items
        if row.expert_id in people
    ]
    return replace(page, items=items)
