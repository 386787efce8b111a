"""Which matches wait for an answer that was asked for by a day."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, defer, selectinload

from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.db import is_one
from webapp.expertise_requests import rules as request_rules
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.expertise_requests.queries import WITH_OWNER, WITHOUT_TEXTS
from webapp.matches import rules
from webapp.matches.models import BookedDay, Match, MatchState
from webapp.matches.release_steps import MAY_GO


def list_unanswered(
    session: Session, by: date, state: MatchState = MatchState.INVITED, only: int | None = None
) -> Sequence[Match]:
    """Return matches, of all requests or one, that wait for an answer asked for by this day."""
    return session.scalars(
        sa.select(Match)
        .where(is_one(Match.request_id, only), Match.state == state, Match.reply_by <= by)
        .options(selectinload(Match.expert), selectinload(Match.request))
        .order_by(Match.id)
    ).all()


def list_unreleased(session: Session, by: date, *, only: int | None = None) -> Sequence[Match]:
    """Return matches for which a release, the first or one for other days, was to be answered by
    this day or before, of all requests or one."""
    anew = _list_for_others(session, is_one(Match.request_id, only), Match.reply_by <= by)
    return [*list_unanswered(session, by, MatchState.RELEASE_ASKED, only=only), *anew]


def list_to_ask_anew(session: Session) -> Sequence[Match]:
    """Return matches of which no authority has been asked for the other days of the mission yet."""
    return _list_for_others(session, Match.reply_by.is_(None))


def list_in_release(session: Session, account_id: int) -> Sequence[Match]:
    """Return the matches whose release is asked of this person's organisation, for the first time
    or for other days."""
    home = sa.select(Account.organisation_id).where(Account.id == account_id).scalar_subquery()
    asked = session.scalars(
        sa.select(Match)
        .where(Match.state == MatchState.RELEASE_ASKED, Match.authority_id == home)
        .options(selectinload(Match.expert), selectinload(Match.request))
        .order_by(Match.id)
    ).all()
    return [*asked, *_list_for_others(session, Match.authority_id == home)]


def list_when_ended(session: Session) -> Sequence[Match]:
    """Return matches of requests that have ended whose authority is to answer for other days."""
    return _list_for_others(session, ExpertiseRequest.state.in_(request_rules.ENDED))


def _list_for_others(session: Session, *which: sa.ColumnElement[bool]) -> Sequence[Match]:
    """Return those who may go by a release for other days than their mission still has."""
    found = session.scalars(
        sa.select(Match)
        .join(Match.request)
        .where(Match.state.in_(MAY_GO), *which, _is_for_others(clock.today()))
        .options(
            selectinload(Match.expert),
            contains_eager(Match.request).options(*WITHOUT_TEXTS, *WITH_OWNER),
            defer(Match.explanation),
            defer(Match.identity),
            selectinload(Match.booked_days),
        )
        .order_by(Match.id)
    ).all()
    return [match for match in found if rules.is_asked_anew(match, clock.today())]


def _is_for_others(today: date) -> sa.ColumnElement[bool]:
    """Choose by the days that are held, and where none are by those of the request, of which
    history holds many: what is past is not loaded."""
    since, until, of_match = (
        Match.released_start,
        Match.released_end,
        BookedDay.match_id == Match.id,
    )
    held = sa.and_(
        sa.exists().where(of_match, BookedDay.day >= today),
        sa.exists().where(of_match, sa.or_(BookedDay.day < since, BookedDay.day > until)),
    )
    first, last = ExpertiseRequest.first_day, ExpertiseRequest.last_day
    unheld = sa.and_(last >= today, sa.or_(first < since, last > until))
    return sa.and_(since.is_not(None), sa.or_(held, ~sa.exists().where(of_match) & unheld))
