"""Named selects of matches; each answers only what the actor may see."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from webapp.core.audit import Actor
from webapp.core.errors import NotFoundError
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Expert
from webapp.matches import rules
from webapp.matches.models import BookedDay, Match, MatchState


def match_of(session: Session, request_id: int, expert_id: int) -> Match | None:
    """Return the match of this expert for this request, whatever its state."""
    return session.scalars(
        sa.select(Match).where(Match.request_id == request_id, Match.expert_id == expert_id)
    ).one_or_none()


def get(session: Session, match_id: int) -> Match:
    """Return a match for a coordinator."""
    match = session.get(Match, match_id)
    if match is None:
        raise NotFoundError("There is no such match.")
    return match


def matches_in(session: Session, request_id: int, states: frozenset[MatchState]) -> list[Match]:
    """Return the request's matches in `states`, in the order in which they were made."""
    return list(
        session.scalars(
            sa.select(Match)
            .where(Match.request_id == request_id, Match.state.in_(states))
            .options(selectinload(Match.expert))
            .order_by(Match.id)
        )
    )


def disclosed_to(session: Session, actor: Actor, match_id: int) -> Match:
    """Return a match proposed to this requester; before that it does not exist for them."""
    match = session.get(Match, match_id)
    if (
        match is None
        or match.request.requester_id != actor.id
        or match.state not in rules.DISCLOSED
    ):
        raise NotFoundError("There is no such proposal.")
    return match


def invitations_of(session: Session, actor: Actor) -> Sequence[Match]:
    """Return the matches this expert was invited to, those that wait for an answer first."""
    waiting = sa.case((Match.state == MatchState.INVITED, 0), else_=1)
    return session.scalars(
        sa.select(Match)
        .join(Match.expert)
        .join(Match.request)
        .where(Expert.account_id == actor.id, _was_invited())
        .order_by(waiting, ExpertiseRequest.start.desc(), Match.id.desc())
    ).all()


def invitation_to(session: Session, actor: Actor, match_id: int) -> Match:
    """Return one invitation of this expert's own."""
    match = session.scalars(
        sa.select(Match)
        .join(Match.expert)
        .where(Match.id == match_id, Expert.account_id == actor.id, _was_invited())
    ).one_or_none()
    if match is None:
        raise NotFoundError("There is no such invitation.")
    return match


def _was_invited() -> sa.ColumnElement[bool]:
    # A shortlisting that was cancelled before anybody was asked is not the expert's to see.
    return Match.invited_at.is_not(None)


def bookings_between(
    session: Session, expert_id: int, start: date, end: date
) -> Sequence[BookedDay]:
    """Return the expert's days from `start` to `end`, both included, that matches have taken."""
    return session.scalars(
        sa.select(BookedDay)
        .where(BookedDay.expert_id == expert_id, BookedDay.day.between(start, end))
        .order_by(BookedDay.day)
    ).all()
