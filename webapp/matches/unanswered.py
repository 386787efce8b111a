"""Which matches wait for an answer that was asked for by a day."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from webapp.core.db import is_one
from webapp.matches import rules
from webapp.matches.models import Match, MatchState
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
    held = session.scalars(
        sa.select(Match)
        .where(
            is_one(Match.request_id, only),
            Match.state.in_(MAY_GO),
            Match.reply_by <= by,
            Match.released_start.is_not(None),
        )
        .options(
            selectinload(Match.expert),
            selectinload(Match.request),
            selectinload(Match.booked_days),
        )
        .order_by(Match.id)
    )
    asked = list_unanswered(session, by, MatchState.RELEASE_ASKED, only=only)
    return [*asked, *(match for match in held if rules.awaits_release(match))]
