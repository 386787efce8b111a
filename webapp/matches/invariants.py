"""What must be true of matches and booked days in every sound database."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from webapp.matches import rules
from webapp.matches.models import Match


def bookings_follow_states(session: Session) -> Iterator[str]:
    """An approved match holds exactly the days of its request; any other holds none."""
    matches = session.scalars(
        sa.select(Match).options(selectinload(Match.booked_days), selectinload(Match.request))
    )
    for match in matches:
        request = match.request
        wanted = (
            rules.days_between(request.start, request.end)
            if match.state in rules.BOOKED and request.start and request.end
            else []
        )
        held = [row.day for row in match.booked_days if row.expert_id == match.expert_id]
        if held != wanted or len(match.booked_days) != len(held):
            yield f"match {match.id} is “{match.state}” and holds {len(held)} of {len(wanted)} days"
