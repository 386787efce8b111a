"""Why people choose otherwise, and why they say no."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core.record.reasons import Reason, ReasonKind
from webapp.insights.kinds import Asked
from webapp.insights.queries.narrowed import of_choices
from webapp.matches.models import Match, MatchState, OutOfTurn

# Where a match ends by a no: of the expert, of the authority, of the requester.
SAID_NO = (MatchState.DECLINED, MatchState.REFUSED, MatchState.NOT_SELECTED)


def count_out_of_turn(session: Session, asked: Asked) -> dict[tuple[ReasonKind, OutOfTurn], int]:
    """Return how often somebody was chosen out of turn: by the reason, and how they stood."""
    rows = session.execute(
        sa.select(Reason.kind, Match.out_of_turn, sa.func.count())
        .select_from(Match)
        .join(Match.choice_reason)
        .join(Match.request)
        .where(*of_choices(asked))
        .group_by(Reason.kind, Match.out_of_turn)
    )
    return {(kind, stood): count for kind, stood, count in rows if stood is not None}


def count_refusals(session: Session, asked: Asked) -> dict[tuple[ReasonKind, MatchState], int]:
    """Return how often a match ended by whose no, and for which kind of reason."""
    rows = session.execute(
        sa.select(Reason.kind, Match.state, sa.func.count())
        .select_from(Match)
        .join(Match.reason)
        .join(Match.request)
        .where(Match.state.in_(SAID_NO), *of_choices(asked))
        .group_by(Reason.kind, Match.state)
    )
    return {(kind, state): count for kind, state, count in rows}


def count_shortlisted(session: Session, asked: Asked) -> int:
    """Return how many experts were put on a shortlist."""
    return session.scalars(
        sa.select(sa.func.count()).select_from(Match).join(Match.request).where(*of_choices(asked))
    ).one()
