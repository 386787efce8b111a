"""Who can be brought before a requester, and what stands against it as it stands."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.record.disclosure import Named
from webapp.core.roles import Role
from webapp.core.words.translation import Deferred, Message, _
from webapp.core.words.vocabularies import jurisdiction_name
from webapp.expertise_requests.models import ExcludedJurisdiction, ExpertiseRequest
from webapp.experts import rules as profile_rules
from webapp.experts.models import Expert
from webapp.matches import departures, queries, rules
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import BEFORE_PROPOSAL, MatchStep

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
    return find_home_among(match.expert, (row.code for row in match.request.excluded))


def find_home_among(expert: Expert, codes: Iterable[str]) -> str | None:
    """Return the expert's jurisdiction, now or announced, if it is one of these."""
    announced = expert.pending_identity
    homes = {expert.jurisdiction, announced.jurisdiction if announced else None}
    return next((code for code in codes if code in homes), None)


def list_excluded(session: Session, request_ids: Collection[int]) -> dict[int, set[str]]:
    """Return, by request, the jurisdictions whose experts it cannot receive."""
    found: dict[int, set[str]] = {}
    rows = session.execute(
        sa.select(ExcludedJurisdiction.request_id, ExcludedJurisdiction.code).where(
            ExcludedJurisdiction.request_id.in_(request_ids)
        )
    )
    for number, code in rows:
        found.setdefault(number, set()).add(code)
    return found


def is_stuck(match: Match, excluded: Iterable[str]) -> bool:
    """Tell whether an expert can go no further, whatever anybody would answer, where a request
    cannot receive those of some jurisdictions."""
    if rules.is_stuck(match):
        return True
    return match.state in BEFORE_PROPOSAL and find_home_among(match.expert, excluded) is not None


def list_going(matches: Iterable[Match], excluded: Iterable[str]) -> list[Match]:
    """Return of some matches those of experts who can go further, as `is_stuck` has it."""
    return [match for match in matches if not is_stuck(match, excluded)]


def list_receivable(matches: Iterable[Match], excluded: Collection[str]) -> list[Match]:
    """Return of some matches, open or not, those of experts whom a request can receive that cannot
    receive those of some jurisdictions."""
    return [one for one in matches if find_home_among(one.expert, excluded) is None]


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
        return profile_rules.why_unapproved(match.expert, last_day_of(match, today))
    return _(
        "%(name)s was released for other days than the mission has now, and the authority has not"
        " answered for these.",
        name=Named.of(match.expert),
    )


def last_day_of(match: Match, today: date) -> date:
    """Return until when an expert has to be approved."""
    return match.request.last_day or today


def why_not_selected(match: Match, today: date) -> Message | None:
    """Return to the requester why they cannot select an expert as it stands, if so. What an
    authority has said, or has not, is nothing that a requester reads."""
    if why := why_not_received(match):
        return why
    if rules.is_asked_anew(match, today):
        return ASKED_ANEW
    return NOT_COVERED if why_not_offered(match, today) else None


def _why_not_asked(match: Match, _today: date) -> Message | None:
    """Return why neither an expert nor their authority is asked as it stands, if so: whatever they
    answered, it would be in vain."""
    return why_not_received(match)


# What each side does with somebody who can go, and what stands against it.
_STANDS_AGAINST: Mapping[Role, Mapping[MatchStep, Callable[[Match, date], Message | None]]] = {
    Role.COORDINATOR: {
        MatchStep.INVITE: _why_not_asked,
        MatchStep.RECONSIDER: _why_not_asked,
        MatchStep.ASK_RELEASE: _why_not_asked,
        MatchStep.APPROVE: why_not_offered,
    },
    Role.REQUESTER: {MatchStep.SELECT: why_not_selected},
}


def list_steps(
    session: Session, match: Match, actor: Actor, role: Role, *, four_eyes: bool = False
) -> tuple[list[MatchStep], Message | None]:
    """Return what this person can do in this role with a match now, and why an expert cannot be
    invited, approved or selected, and the like, who could be otherwise."""
    names = departures.list_possible_steps(session, match, actor, role, four_eyes=four_eyes)
    waiting = {name: find for name, find in _STANDS_AGAINST.get(role, {}).items() if name in names}
    found = {name: find(match, clock.today()) for name, find in waiting.items()}
    why = next(filter(None, found.values()), None)
    return [name for name in names if not found.get(name)], why


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
