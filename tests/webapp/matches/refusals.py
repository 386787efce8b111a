"""What is offered on a page and can be refused all the same, since it is for days of others.

What a page offers follows from the thing; what else happens on the same days is looked at when the
step is taken, and told in words.
"""

from sqlalchemy.orm import Session

from tests.webapp.matches.platform_life import Offer
from webapp.amendments.models import Amendment
from webapp.amendments.workflow import AmendmentStep
from webapp.matches import queries, rules
from webapp.matches.amended import IN_RELEASE, RELEASED_FOR
from webapp.matches.models import Match
from webapp.matches.workflow import MatchStep


def is_for_days_of_others(session: Session, offer: Offer) -> bool:
    """Tell whether a step books days that another mission has, or changes days that are held."""
    if offer.step is MatchStep.APPROVE:
        match = session.get_one(Match, offer.thing[1])
        start, end = match.request.start, match.request.end
        assert start
        assert end
        return bool(queries.list_bookings(session, [match.expert_id], start, end))
    if offer.step in (AmendmentStep.ACCEPT, AmendmentStep.AGREE):
        amendment = session.get_one(Amendment, offer.thing[1])
        held = queries.list_in_states(session, amendment.request_id, rules.BOOKED | IN_RELEASE)
        return bool(held) and not RELEASED_FOR.isdisjoint(amendment.changes)
    return False
