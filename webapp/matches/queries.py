"""Named selects of matches; each answers only what the actor may see."""

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, defer, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from webapp.accounts.models import Account
from webapp.core.actor import Actor
from webapp.core.errors import NotFoundError
from webapp.core.record.reasons import NEED_DAYS, Reason
from webapp.core.words.translation import _
from webapp.expertise_requests import rules as request_rules
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts.calendar import Mission
from webapp.experts.models import Expert, ExpertState, UnavailablePeriod
from webapp.matches import rules
from webapp.matches.models import BookedDay, CountedPassage, IgnoredConsideration, Match, MatchState
from webapp.matches.workflow import DISCLOSED, ENDED, OPEN

# Lists of many matches are read without what was kept of each as it was seen then.
WITHOUT_WHAT_WAS_SEEN = (defer(Match.explanation), defer(Match.identity))


def find_match(session: Session, request_id: int, expert_id: int) -> Match | None:
    """Return the match of this expert for this request, whatever its state."""
    return session.scalars(
        sa.select(Match).where(Match.request_id == request_id, Match.expert_id == expert_id)
    ).one_or_none()


def get(session: Session, actor: Actor, match_id: int) -> Match:
    """Return a match for a coordinator who has nothing to do with those who ask.

    Raises ForbiddenError for others, as `get_as_coordinator` of their requests does.
    """
    match = session.get(Match, match_id)
    if match is None:
        raise NotFoundError(_("There is no such match."))
    request_rules.check_looks_for_experts(actor, match.request)
    return match


def list_in_states(
    session: Session, request_id: int, states: frozenset[MatchState], *options: ORMOption
) -> list[Match]:
    """Return the request's matches in `states`, in the order in which they were made; with their
    experts, and what `options` name besides."""
    return list(
        session.scalars(
            sa.select(Match)
            .where(Match.request_id == request_id, Match.state.in_(states))
            .options(selectinload(Match.expert), *options)
            .order_by(Match.id)
        )
    )


def get_disclosed(session: Session, actor: Actor, match_id: int) -> Match:
    """Return a match proposed to this requester; before that it does not exist for them."""
    match = session.get(Match, match_id)
    own = match is not None and request_rules.is_requester(actor, match.request)
    if match is None or not own or match.state not in DISCLOSED:
        raise NotFoundError(_("There is no such proposal."))
    return match


def list_invitations(session: Session, actor: Actor) -> Sequence[Match]:
    """Return the matches this expert was invited to, those that wait for an answer first."""
    waiting = sa.case((Match.state == MatchState.INVITED, 0), else_=1)
    return session.scalars(
        sa.select(Match)
        .join(Match.expert)
        .join(Match.request)
        .where(Expert.account_id == actor.id, _was_invited())
        .options(selectinload(Match.booked_days))
        .order_by(waiting, ExpertiseRequest.first_day.desc(), Match.id.desc())
    ).all()


def get_invitation(session: Session, actor: Actor, match_id: int) -> Match:
    """Return one invitation of this expert's own."""
    match = session.scalars(
        sa.select(Match)
        .join(Match.expert)
        .where(Match.id == match_id, Expert.account_id == actor.id, _was_invited())
    ).one_or_none()
    if match is None:
        raise NotFoundError(_("There is no such invitation."))
    return match


def in_hands_of(session: Session, account_id: int) -> Sequence[Match]:
    """Return the open matches of the expert with this account, from the invitation on."""
    return session.scalars(
        sa.select(Match)
        .join(Match.expert)
        .where(
            Expert.account_id == account_id,
            Match.state.in_(OPEN - {MatchState.SHORTLISTED}),
            _was_invited(),
        )
        .options(selectinload(Match.request))
        .order_by(Match.id)
    ).all()


def _was_invited() -> sa.ColumnElement[bool]:
    # A shortlisting that was cancelled before anybody was asked is not the expert's to see.
    return Match.invited_at.is_not(None)


def list_bookings(
    session: Session, expert_ids: Collection[int], start: date, end: date
) -> Sequence[BookedDay]:
    """Return the experts' days from `start` to `end`, both included, that matches have taken, with
    what these are for and all days that they hold."""
    match = selectinload(BookedDay.match)
    return session.scalars(
        sa.select(BookedDay)
        .where(BookedDay.expert_id.in_(expert_ids), BookedDay.day.between(start, end))
        .options(match.selectinload(Match.request), match.selectinload(Match.booked_days))
        .order_by(BookedDay.day)
    ).all()


def list_missions_of(session: Session, expert: Expert, start: date, end: date) -> list[Mission]:
    """Return the missions that have taken days of an expert from `start` to `end`."""
    rows = session.scalars(
        sa.select(BookedDay)
        .where(BookedDay.expert_id == expert.id, BookedDay.day.between(start, end))
        .options(selectinload(BookedDay.match).selectinload(Match.request))
        .order_by(BookedDay.match_id, BookedDay.day)
    )
    missions = [
        Mission(match.request.title, first, last)
        for match, days in itertools.groupby(rows, key=lambda row: row.match)
        for first, last in rules.as_periods(row.day for row in days)
    ]
    return sorted(missions, key=lambda mission: mission.start)


def get_booked_periods(
    session: Session, expert_ids: Sequence[int]
) -> dict[int, list[tuple[date, date]]]:
    """Return, by expert, the periods that approved matches have taken."""
    rows = session.scalars(
        sa.select(BookedDay)
        .where(BookedDay.expert_id.in_(expert_ids))
        .order_by(BookedDay.expert_id, BookedDay.match_id, BookedDay.day)
    )
    return {
        expert_id: rules.as_periods(row.day for row in days)
        for expert_id, days in itertools.groupby(rows, key=lambda row: row.expert_id)
    }


def get_by_expert(session: Session, request_id: int) -> dict[int, Match]:
    """Return, by expert, the matches of a request in every state."""
    rows = session.scalars(sa.select(Match).where(Match.request_id == request_id))
    return {match.expert_id: match for match in rows}


def list_of_request(session: Session, request_id: int) -> list[Match]:
    """Return all matches of a request with their experts, in the order they were made."""
    return list_in_states(session, request_id, frozenset(MatchState))


def list_by_request(
    session: Session, request_ids: Collection[int], states: frozenset[MatchState]
) -> dict[int, list[Match]]:
    """Return, by request, its matches in `states` in the order in which they were made.

    The requests themselves are not read once more: whoever asks for their matches has them.
    """
    rows = session.scalars(
        sa.select(Match)
        .where(Match.request_id.in_(request_ids), Match.state.in_(states))
        .options(
            selectinload(Match.expert).selectinload(Expert.account).selectinload(Account.roles),
            selectinload(Match.expert).selectinload(Expert.pending_identity),
            selectinload(Match.booked_days),
            *WITHOUT_WHAT_WAS_SEEN,
        )
        .order_by(Match.request_id, Match.id)
    )
    return {
        request_id: list(matches)
        for request_id, matches in itertools.groupby(rows, key=lambda row: row.request_id)
    }


def list_selected(session: Session, request_id: int) -> Sequence[Match]:
    """Return who is selected for a request."""
    return list_in_states(session, request_id, frozenset({MatchState.SELECTED}))


def list_reserves(session: Session, today: date) -> Sequence[Match]:
    """Return who is still in reserve for filled requests whose missions have all begun, also those
    that were moved."""
    chosen = aliased(Match)
    of_chosen = BookedDay.match_id == chosen.id
    ahead = sa.exists().where(
        chosen.request_id == Match.request_id,
        chosen.state == MatchState.SELECTED,
        sa.exists().where(of_chosen, BookedDay.day > today),
        ~sa.exists().where(of_chosen, BookedDay.day <= today),
    )
    return session.scalars(
        sa.select(Match)
        .join(Match.request)
        .where(
            Match.state == MatchState.ALTERNATE,
            ExpertiseRequest.state.in_({RequestState.CONFIRMED, RequestState.CLOSED}),
            ~ahead,
        )
        .options(selectinload(Match.expert), selectinload(Match.request))
        .order_by(Match.expert_id, Match.id)
    ).all()


def get_last_ends(session: Session, request_ids: Collection[int]) -> dict[int, datetime]:
    """Return, by request, when somebody who was considered for it last fell out."""
    return _last_ends(session, request_ids, Match.state.in_(ENDED))


def get_last_fallen_out(session: Session, request_ids: Collection[int]) -> dict[int, datetime]:
    """Return, by request, when somebody last fell out whom its requester had not decided against,
    after they were proposed."""
    fell_out = Match.state.in_(ENDED - {MatchState.NOT_SELECTED})
    return _last_ends(session, request_ids, fell_out, Match.proposed_at.is_not(None))


def _last_ends(
    session: Session, request_ids: Collection[int], *which: sa.ColumnElement[bool]
) -> dict[int, datetime]:
    rows = session.execute(
        sa.select(Match.request_id, sa.func.max(Match.state_since))
        .where(Match.request_id.in_(request_ids), *which)
        .group_by(Match.request_id)
    )
    return dict(rows.all())


def get_interested(
    session: Session, request_ids: Collection[int], today: date
) -> dict[int, list[Match]]:
    """Return, by request, who has declined it, would go on other days that are still to come, and
    is on the roster; the last one first."""
    rows = session.scalars(
        sa.select(Match)
        .join(Match.reason)
        .join(Match.expert)
        .where(
            Match.request_id.in_(request_ids),
            Match.state == MatchState.DECLINED,
            Reason.kind.in_(NEED_DAYS),
            Reason.last_day >= today,
            Expert.state == ExpertState.ACTIVE,
        )
        .options(
            selectinload(Match.expert).selectinload(Expert.pending_identity),
            selectinload(Match.reason),
            *WITHOUT_WHAT_WAS_SEEN,
        )
        .order_by(Match.state_since.desc(), Match.id.desc())
    )
    found: dict[int, list[Match]] = {}
    for match in rows:
        found.setdefault(match.request_id, []).append(match)
    return found


def list_of_expert(
    session: Session, expert_id: int, states: frozenset[MatchState]
) -> Sequence[Match]:
    """Return the expert's matches in `states` with their requests, in the order of the requests."""
    return session.scalars(
        sa.select(Match)
        .where(Match.expert_id == expert_id, Match.state.in_(states))
        .options(selectinload(Match.request))
        .order_by(Match.request_id)
    ).all()


def list_others(session: Session, actor: Actor, expert_id: int, *, besides: int) -> list[Match]:
    """Return the expert's other matches with their requests, latest first, as `get` gives them."""
    rows = session.scalars(
        sa.select(Match)
        .where(Match.expert_id == expert_id, Match.id != besides)
        .options(selectinload(Match.request), selectinload(Match.booked_days))
        .order_by(Match.id.desc())
    )
    return [match for match in rows if not request_rules.is_asking(actor, match.request)]


def list_with_parts(
    session: Session, expert_ids: Collection[int], *besides: ORMOption
) -> Sequence[Expert]:
    """Return experts with the parts of their profiles that remarks are made of, and others."""
    return session.scalars(
        sa.select(Expert)
        .where(Expert.id.in_(expert_ids))
        .options(
            selectinload(Expert.languages),
            selectinload(Expert.trainings),
            selectinload(Expert.unavailable),
            selectinload(Expert.jurisdiction_notes),
            *besides,
        )
    ).all()


@dataclass(frozen=True)
class Clash:
    """A match that holds days on which its expert is not available, and these days."""

    match: Match
    periods: list[tuple[date, date]]


def list_clashes(session: Session, today: date, expert_id: int | None = None) -> list[Clash]:
    """Return the clashes from `today` on, of one expert or of all."""
    off = sa.exists().where(
        UnavailablePeriod.expert_id == BookedDay.expert_id,
        BookedDay.day.between(UnavailablePeriod.start, UnavailablePeriod.end),
    )
    wanted = (
        sa.select(BookedDay)
        .join(BookedDay.match)
        .where(BookedDay.day >= today, Match.state.in_(rules.BOOKED), off)
        .options(
            selectinload(BookedDay.match).options(
                selectinload(Match.expert),
                selectinload(Match.request),
                selectinload(Match.booked_days),
            )
        )
        .order_by(BookedDay.match_id, BookedDay.day)
    )
    if expert_id is not None:
        wanted = wanted.where(BookedDay.expert_id == expert_id)
    rows = session.scalars(wanted)
    return [
        Clash(match, rules.as_periods(row.day for row in days))
        for match, days in itertools.groupby(rows, key=lambda row: row.match)
    ]


def list_past_requests(session: Session, today: date, limit: int) -> Sequence[ExpertiseRequest]:
    """Return the latest requests that are over: closed, left unfilled, or their days are past."""
    return session.scalars(
        sa.select(ExpertiseRequest)
        .where(
            ExpertiseRequest.state.in_(request_rules.AGREED),
            sa.or_(
                ExpertiseRequest.state.in_(request_rules.ENDED), ExpertiseRequest.last_day < today
            ),
        )
        .options(
            selectinload(ExpertiseRequest.themes),
            selectinload(ExpertiseRequest.languages),
            selectinload(ExpertiseRequest.excluded),
        )
        .order_by(ExpertiseRequest.first_day.desc(), ExpertiseRequest.id.desc())
        .limit(limit)
    ).all()


def find_counted_passage(session: Session, request_id: int, digest: str) -> CountedPassage | None:
    """Return the passage of a request with this hash, if it was taken back into the ranking."""
    found = sa.select(CountedPassage).where(
        CountedPassage.request_id == request_id, CountedPassage.digest == digest
    )
    return session.scalars(found).one_or_none()


def list_counted_passages(session: Session, request_id: int) -> set[str]:
    """Return the hashes of the passages of a request that were taken back into the ranking."""
    return set(
        session.scalars(
            sa.select(CountedPassage.digest).where(CountedPassage.request_id == request_id)
        )
    )


def list_ignored_considerations(session: Session, request_id: int) -> list[IgnoredConsideration]:
    """Return what beside the subject does not count in the ranking of a request."""
    found = sa.select(IgnoredConsideration).where(IgnoredConsideration.request_id == request_id)
    return list(session.scalars(found.order_by(IgnoredConsideration.name)))
