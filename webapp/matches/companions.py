"""With whom somebody who is invited would go, as far as they may know before they are selected."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from webapp.matches import queries, rules
from webapp.matches.models import Match, MatchState
from webapp.themes.models import Theme

# Whoever is asked, or has said yes, and has not ended.
WOULD_GO = rules.SAID_YES | {MatchState.INVITED}
# Who is in reserve goes in somebody's place, and with nobody yet.
SAID_YES = rules.SAID_YES - {MatchState.ALTERNATE}


@dataclass(frozen=True)
class Companions:
    """What the others who have said yes bring: how many they are, from where they come, and which
    themes of the request they claim. Neither is told of one of them, and nobody is named."""

    count: int
    jurisdictions: Sequence[str]
    themes: Sequence[Theme]


def find_companions(session: Session, match: Match) -> Companions | None:
    """Return what is told of the others to somebody who may go with them; nothing of one who goes
    alone."""
    request = match.request
    if match.state not in WOULD_GO or request.experts_needed < 2:
        return None
    found = queries.list_in_states(session, request.id, SAID_YES)
    others = [one.expert for one in found if one is not match]
    claimed = {row.theme_code for expert in others for row in expert.themes}
    return Companions(
        len(others),
        sorted({expert.jurisdiction for expert in others if expert.jurisdiction}),
        [row.theme for row in request.themes if row.theme_code in claimed],
    )
