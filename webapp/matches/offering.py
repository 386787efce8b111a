"""Who can be brought before a requester, and what stands against it as it stands."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session, selectinload

from webapp.core.actor import Actor
from webapp.core.record.disclosure import Named
from webapp.core.roles import Role
from webapp.core.words.translation import Deferred, Message, _
from webapp.core.words.vocabularies import jurisdiction_name
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts import rules as profile_rules
from webapp.experts.models import Expert
from webapp.matches import departures, queries, rules
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import MatchStep

ASKED_ANEW = _(
    "Cannot be selected yet: the days of the mission have changed, and SEESAC is finding out"
    " whether this expert can come then."
)
# Whoever selects is not told until when an authority has approved somebody.
NOT_COVERED = _(
    "This expert cannot be sent on these days as it stands. Please ask SEESAC, or select somebody"
    " else."
)


def find_excluded_home(match: Match) -> str | None:
    """Return the expert's jurisdiction, now or announced, if the requester cannot receive it."""
    expert, announced = match.expert, match.expert.pending_identity
    homes = {expert.jurisdiction, announced.jurisdiction if announced else None}
    return next((row.code for row in match.request.excluded if row.code in homes), None)


def why_not_received(match: Match) -> Message | None:
    """Return that the requester cannot receive an expert from where they have come to be, if so."""
    code = find_excluded_home(match)
    if code is None:
        return None
    return _(
        "The requester cannot receive experts from %(jurisdiction)s.",
        jurisdiction=Deferred(jurisdiction_name, code),
    )


def why_not_offered(match: Match, today: date) -> Message | None:
    """Return why an expert is brought before no requester as it stands, if so.

    An authority that is asked anew for other days may yet say no, and nobody is chosen who then
    does not go, nor whose approval is lacking or ends before the mission does.
    """
    if why := why_not_received(match):
        return why
    if not rules.is_asked_anew(match, today):
        return profile_rules.why_unapproved(match.expert, match.request.last_day or today)
    return _(
        "%(name)s was released for other days than the mission has now, and the authority has not"
        " answered for these.",
        name=Named.of(match.expert),
    )


def why_not_selected(match: Match, today: date) -> Message | None:
    """Return to the requester why they cannot select an expert as it stands, if so. What an
    authority has said, or has not, is nothing that a requester reads."""
    if why := why_not_received(match):
        return why
    if rules.is_asked_anew(match, today):
        return ASKED_ANEW
    return NOT_COVERED if why_not_offered(match, today) else None


def list_choices(
    session: Session, match: Match, actor: Actor, today: date
) -> tuple[list[MatchStep], Message | None]:
    """Return what a requester can do with a match now, and why an expert cannot be selected who
    could be otherwise."""
    names = departures.list_possible_steps(session, match, actor, Role.REQUESTER)
    why = why_not_selected(match, today) if MatchStep.SELECT in names else None
    return [name for name in names if not why or name is not MatchStep.SELECT], why


def list_approved(
    session: Session, request: ExpertiseRequest, today: date
) -> tuple[list[Match], Mapping[Match, Message]]:
    """Return which approved experts can be proposed, and why the others cannot as it stands."""
    approved = queries.list_in_states(
        session,
        request.id,
        frozenset({MatchState.APPROVED}),
        selectinload(Match.expert).selectinload(Expert.pending_identity),
        selectinload(Match.booked_days),
    )
    found = {match: why_not_offered(match, today) for match in approved}
    kept_back = {match: why for match, why in found.items() if why}
    return [match for match in approved if match not in kept_back], kept_back
