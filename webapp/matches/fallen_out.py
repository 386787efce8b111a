"""Who was proposed to a requester and cannot be sent any more."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core.record.reasons import Reason, ReasonKind
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.matches import rules
from webapp.matches.models import Match
from webapp.matches.workflow import DISCLOSED, ENDED


def list_fallen_out(session: Session, request: ExpertiseRequest) -> Sequence[Match]:
    """Return who was proposed for a request that goes on, and cannot be sent any more; whoever is
    not needed because others are sent has not fallen out."""
    if request.state in rules.GIVEN_UP:
        return []
    return session.scalars(
        sa.select(Match)
        .join(Match.reason)
        .where(
            Match.request_id == request.id,
            Match.state.in_(ENDED - DISCLOSED),
            Match.proposed_at.is_not(None),
            Reason.kind != ReasonKind.FILLED,
        )
        .order_by(Match.state_since, Match.id)
    ).all()
