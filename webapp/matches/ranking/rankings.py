"""Rankings for the pages: one page of ranked experts with their reasons, and who stands outside."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, load_only, selectinload

from webapp.core import clock, paging
from webapp.core.actor import Actor
from webapp.core.errors import NotFoundError
from webapp.core.record.disclosure import FEW
from webapp.core.words.translation import _
from webapp.expertise_requests.asking import asks
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts import queries as experts
from webapp.experts.models import Expert
from webapp.matches import queries, rules
from webapp.matches.models import OutOfTurn
from webapp.matches.placing import FIRST, Placing
from webapp.matches.ranking import facets
from webapp.matches.ranking.considerations import Consideration, list_considerations
from webapp.matches.ranking.matcher_records import request_record
from webapp.matches.ranking.narrowing import EVERYBODY, Wanted
from webapp.matches.ranking.passages import Passage, list_passages, with_counted
from webapp.matches.ranking.roster_index import PER_PAGE, RosterIndex

if TYPE_CHECKING:
    import matcher

# How many a page shows of a list of those who are not ranked.
OUTSIDE_PER_PAGE = 25
# What it shows of them, and what hides in a text who they are.
_NAMED = (
    load_only(
        Expert.name, Expert.post, Expert.jurisdiction, Expert.state, Expert.account_id,
        Expert.authority_id, Expert.institution, Expert.unit, Expert.entity,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Candidate:
    """An expert on the matches page, with what earned the place."""

    expert: Expert
    rank: int
    relative: float
    explanation: dict[str, Any]
    not_known: tuple[str, ...]
    needs_reason: bool

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
    with_much: int
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

    @property
    def verdict(self) -> str:
        """How well the best fits; empty where nobody shares anything with the request."""
        return self.fit.value if self.considered else ""

    @property
    def nobody_fits(self) -> bool:
        """Whether those who share something with the request share a few words and no more."""
        return self.verdict == "nobody"

    @property
    def near(self) -> list[Candidate]:
        """Those of the page who stand open: who has much of what the best has, if that fits."""
        return [one for one in self.candidates if not (self.nobody_fits or one.has_little)]

    @property
    def with_reason(self) -> int:
        """How many cards of the page tell anything that is a reason for the place by itself."""
        return sum(bool(one.explanation["terms"]) for one in self.candidates)

    @property
    def far(self) -> list[Candidate]:
        """Those of the page whose cards are folded."""
        return [one for one in self.candidates if self.nobody_fits or one.has_little]


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

    def narrow(self, session: Session, wanted: Wanted, reader: Actor) -> Collection[str] | None:
        """Return whom a choice leaves, by the matcher's ids; None where nothing was chosen."""
        ids = facets.list_ids(session, wanted, reader, self.year)
        if wanted.subject is None:
            return ids
        having = self.result.having(wanted.subject)
        return having if ids is None else having & frozenset(ids)

    def load_known(self, session: Session, expert_ids: Sequence[int]) -> list[Expert]:
        """Return those of some experts whom the ranking knows, in their order."""
        known = [str(n) for n in dict.fromkeys(expert_ids) if self.result.knows(str(n))]
        people = load_experts(session, known)
        return [people[key] for key in known if key in people]


def read_order(
    roster: RosterIndex, session: Session, request: ExpertiseRequest, pages: Pages = Pages(),
    least: int = PER_PAGE,
) -> Order:  # fmt: skip
    """Rank the roster for a request, down to the page of the ranked that is asked for, and to the
    `least` place at least.

    How much somebody is away counts in the year of the request, not in that of its reading.
    """
    index, revision = roster.current(session)
    asked = matcher_request(index, session, request)
    result = index.rank(asked, top=max(pages.ranked * PER_PAGE, least))
    return Order(asked, result, revision, (request.first_day or clock.today()).year)


def show(
    session: Session,
    order: Order,
    reader: Actor,
    *,
    pages: Pages = Pages(),
    wanted: Wanted = EVERYBODY,
    listed: Collection[int] = (),
) -> Ranking:
    """Return a page of a ranking, narrowed to what is wanted, with the places unchanged.

    Those of the request's list (`listed`) are shown with their state, not as ruled out by it.
    """
    result, among = order.result, order.narrow(session, wanted, reader)
    ranked: Sequence[matcher.Match] = result.ranked
    shown = result.considered
    if among is not None:
        ranked = result.only(among)
        shown = len(ranked)
    number, count = paging.place(pages.ranked, shown, size=PER_PAGE)
    visible = ranked[(number - 1) * PER_PAGE : number * PER_PAGE]
    matched = {str(expert_id) for expert_id in listed}
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
    whole = queries.list_with_parts(session, [int(match.expert_id) for match in visible])
    beside = _load_named(session, [*ruled_out.items, *unrankable.items])
    return Ranking(
        candidates=_candidates(result, visible, {str(one.id): one for one in whole}, matched),
        ruled_out=_set_aside(beside, ruled_out),
        nothing_to_go_on=_set_aside(beside, unrankable),
        considered=result.considered,
        with_much=result.count_reaching(rules.LITTLE),
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


@dataclass(frozen=True)
class Left:
    """How many of the ranked a choice leaves, and who they are where so few are told of."""

    count: int
    few: frozenset[int]


def left_without_each(
    session: Session, order: Order, reader: Actor, wanted: Wanted
) -> dict[str, Left]:
    """Return who of the ranked would be left without each single thing that was chosen."""
    return {
        name: _left(order, order.narrow(session, wanted.without({name}), reader))
        for name in wanted.given
    }


def _left(order: Order, among: Collection[str] | None) -> Left:
    result = order.result
    count = result.considered if among is None else result.count_ranked(among)
    if count >= FEW:
        return Left(count, frozenset())
    few = result.ranked if among is None else result.only(among)
    return Left(count, frozenset(int(match.expert_id) for match in few))


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
    result: matcher.RankingResult,
    visible: Sequence[matcher.Match],
    people: dict[str, Expert],
    matched: Collection[str],
) -> list[Candidate]:
    considered = _places(result, matched)
    ids = [match.expert_id for match in visible]
    unknown = result.unknown_of(ids)
    return [
        Candidate(
            people[match.expert_id],
            match.rank,
            match.relative,
            explanation.to_dict(),
            unknown.get(match.expert_id, ()),
            rules.is_far_below(match.relative, _above(match.rank, considered)),
        )
        for match, explanation in zip(visible, result.explain(ids), strict=True)
        if match.expert_id in people
    ]


def _places(result: matcher.RankingResult, expert_ids: Collection[str]) -> list[int]:
    """Return the places of some experts, of those who are ranked."""
    return [found.rank for found in map(result.find, expert_ids) if found]


def _above(rank: int, considered: Collection[int]) -> int:
    """Return how many stand above a place, without those who are considered already."""
    return rank - 1 - sum(place < rank for place in considered)


def get_placing(
    roster: RosterIndex, session: Session, request: ExpertiseRequest, expert_id: int
) -> Placing:
    """Return how the ranking sees one expert now.

    Who is not ranked has the place that the score of the profile would have in the ranking. Raises
    NotFoundError for somebody whom the ranking does not know.
    """
    return placing_in(read_order(roster, session, request), session, request, expert_id)


def placing_in(
    order: Order, session: Session, request: ExpertiseRequest, expert_id: int
) -> Placing:
    """Return how a ranking that was read sees one expert, as `get_placing` does."""
    result, key = order.result, str(expert_id)
    if not result.knows(key):
        raise NotFoundError(
            _(
                "This expert is not in the ranking of the request now. The profile or the dates"
                " may have changed since you loaded the page."
            )
        )
    found = result.find(key)
    explanation = result.explain([key])[0]
    matched = {str(number) for number in queries.get_by_expert(session, request.id)}
    return Placing(
        score=found.score if found else explanation.score,
        rank=found.rank if found else 1 + result.count_above(explanation.score),
        ranked_among=result.considered,
        roster_revision=order.revision,
        explanation=explanation.to_dict(),
        out_of_turn=_out_of_turn(result, key, found, matched),
        first=tuple(int(one.expert_id) for one in result.ranked[:FIRST]),
    )


def _out_of_turn(
    result: matcher.RankingResult, key: str, found: matcher.Match | None, matched: Collection[str]
) -> OutOfTurn | None:
    """Return how somebody stands of whom a choice needs a reason."""
    if found is not None:
        above = _above(found.rank, _places(result, matched))
        return OutOfTurn.FAR_BELOW if rules.is_far_below(found.relative, above) else None
    return OutOfTurn.RULED_OUT if result.count_ruled_out(among={key}) else OutOfTurn.NOTHING


def find_set_aside(result: matcher.RankingResult, expert: Expert) -> SetAside | None:
    """Return why an expert is not ranked; None for one who is."""
    key = {str(expert.id)}
    for row in (*result.list_ruled_out(0, 1, among=key), *result.list_unrankable(0, 1, key)):
        return SetAside(expert, getattr(row, "reasons", ()), getattr(row, "reason", ""))
    return None


def veil(session: Session, actor: Actor, items: Iterable[SetAside]) -> list[SetAside]:
    """Return who is ruled out, without the days on which they are not free and why not, where the
    reader asks for experts as well: these would say who is considered there."""
    found = list(items)
    return [_veiled(item) for item in found] if asks(session, actor) else found


def _veiled(item: SetAside) -> SetAside:
    days = [one for one in item.reasons if one.code in {"booked", "dates"}]
    others = [one for one in item.reasons if one not in days]
    busy = [replace(one, code="busy", detail={}) for one in days[:1]]
    return replace(item, reasons=(*busy, *others))


def load_experts(session: Session, keys: Iterable[str]) -> dict[str, Expert]:
    """Return some experts by the matcher's ids."""
    ids = [int(key) for key in keys]
    people = session.scalars(
        sa.select(Expert)
        .where(Expert.id.in_(ids))
        .options(selectinload(Expert.themes), selectinload(Expert.languages))
    )
    return {str(expert.id): expert for expert in people}


def _load_named(session: Session, rows: Sequence[Any]) -> dict[str, Expert]:
    """Return those who stand outside by the matcher's ids: lists name them, and show no more."""
    ids = [int(row.expert_id) for row in rows]
    people = session.scalars(sa.select(Expert).where(Expert.id.in_(ids)).options(*_NAMED))
    return {str(expert.id): expert for expert in people}


def _set_aside(people: dict[str, Expert], page: paging.Page[Any]) -> paging.Page[SetAside]:
    items = [
        SetAside(people[row.expert_id], getattr(row, "reasons", ()), getattr(row, "reason", ""))
        for row in page.items
        if row.expert_id in people
    ]
    return replace(page, items=items)
