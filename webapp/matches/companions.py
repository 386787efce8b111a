"""With whom somebody who is invited would go, as far as they may know before they are selected."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session, selectinload

from webapp.experts.models import Expert
from webapp.matches import queries, rules
from webapp.matches.models import Match, MatchState
from webapp.themes.models import Theme

# Who is in reserve goes in somebody's place, and with nobody yet.
SAID_YES = rules.SAID_YES - {MatchState.ALTERNATE}
# Whoever is asked, or has said yes, and is not told by name yet who goes with them.
WOULD_GO = (SAID_YES - {MatchState.SELECTED}) | {MatchState.INVITED}
# Of fewer it could be guessed who they are.
OTHERS_AT_LEAST = 2


@dataclass(frozen=True)
class Companions:
    """What the others who have said yes bring: how many they are, for how many places beside that
    of the reader, and of two and more from where they come, and which themes of the request they
    claim. Nobody is named."""

    count: int
    places: int
    jurisdictions: Sequence[str]
    themes: Sequence[Theme]


def find_companions(session: Session, match: Match) -> Companions | None:
    """Return what is told of the others to somebody who may go with them; nothing to one who goes
    alone."""
    request = match.request
    if match.state not in WOULD_GO or request.experts_needed < 2:
        return None
    with_themes = selectinload(Match.expert).selectinload(Expert.themes)
    found = queries.list_in_states(session, request.id, SAID_YES, with_themes)
    others = [one.expert for one in found if one is not match]
    places = request.experts_needed - 1
    if len(others) < OTHERS_AT_LEAST:
        return Companions(len(others), places, (), ())
    claimed = {row.theme_code for expert in others for row in expert.themes}
    return Companions(
        len(others),
        places,
        sorted({expert.jurisdiction for expert in others if expert.jurisdiction}),
        [row.theme for row in request.themes if row.theme_code in claimed],
    )
