"""Who is considered for a request decides nothing of it, neither of its terms nor of the others who
are considered, their standing on the roster and their missions: it would be a decision for
themselves (decision 42).

It holds for the person, whatever has become of the role in which they were put forward. Members of
an authority are bound in view of those alone whose release was asked of them, and until they are
selected. Where nobody else there can answer, SEESAC asks by letter.
"""

from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, object_session

from webapp.core.actor import Actor
from webapp.core.errors import ForbiddenError
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import Message, _
from webapp.core.workflows import workflow
from webapp.core.workflows.refused_steps import refuse
from webapp.expertise_requests import rules as request_rules
from webapp.expertise_requests import sides
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts import rules as profile_rules
from webapp.experts import sides as profile_sides
from webapp.experts.models import ActedOnProfile, Expert
from webapp.matches import rules
from webapp.matches.deciders import BESIDES, BESIDES_OF_PROFILES, profiles_decided_on
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import OPEN
from webapp.platform_settings.queries import get_settings

CONSIDERED = _("You are considered for this request yourself, so a colleague decides on it.")
RIVAL = _(
    "You are considered for a request together with this expert, so a colleague decides on them."
)
COLLEAGUE = _(
    "This colleague is considered for the request themselves, so somebody else sees to it."
)
# Whoever is selected has nothing to win any more by what becomes of the others.
_WAITING = OPEN - {MatchState.SELECTED}


def list_requests(
    session: Session, actor: Actor, states: Collection[MatchState] = OPEN
) -> Collection[int]:
    """Return the requests for which this person is considered, as far as it binds them: while their
    own match is in one of some `states`."""
    if actor.id is None:
        return frozenset()
    if Role.COORDINATOR not in actor.roles:
        if Role.NOMINATING_AUTHORITY not in actor.roles:
            return frozenset()
        states = _WAITING
    chosen = sa.select(Match.request_id).where(
        Match.expert_id.in_(_profiles_of(actor.id)), Match.state.in_(states)
    )
    with session.no_autoflush:
        return frozenset(session.scalars(chosen))


def _profiles_of(account_id: int) -> sa.CompoundSelect[int]:
    """Return the profiles that tell of a person, with whichever of their accounts."""
    another = sa.select(ActedOnProfile.expert_id).where(
        ActedOnProfile.account_id == account_id, ActedOnProfile.side == Role.EXPERT
    )
    return sa.select(Expert.id).where(Expert.account_id == account_id).union(another)


def list_requests_by(session: Session, account_ids: Collection[int]) -> dict[int, set[int]]:
    """Return, by account of these coordinators, the requests for which that person is considered,
    whatever roles they have besides."""
    # Two selects that begin with accounts: of a union of profiles SQLite would look at all matches.
    own = (
        sa.select(Expert.account_id, Match.request_id)
        .join(Match, Match.expert_id == Expert.id)
        .where(Expert.account_id.in_(account_ids), Match.state.in_(OPEN))
    )
    another = (
        sa.select(ActedOnProfile.account_id, Match.request_id)
        .join(Match, Match.expert_id == ActedOnProfile.expert_id)
        .where(
            ActedOnProfile.account_id.in_(account_ids),
            ActedOnProfile.side == Role.EXPERT,
            Match.state.in_(OPEN),
        )
    )
    rows = session.execute(own.union(another))
    found: dict[int, set[int]] = {}
    for account_id, request_id in rows:
        if account_id is not None:
            found.setdefault(account_id, set()).add(request_id)
    return found


def is_considered(session: Session, actor: Actor, request_id: int) -> bool:
    """Tell whether this person is considered for a request."""
    return request_id in list_requests(session, actor)


def why_colleagues_decide(
    request: ExpertiseRequest, *, session: Session, actor: Actor
) -> Message | None:
    """Return why somebody else decides on a request, if this person is considered for it."""
    return CONSIDERED if is_considered(session, actor, request.id) else None


def is_waiting_beside(session: Session, actor: Actor, match: Match) -> bool:
    """Tell whether this person still waits to be chosen for the request of somebody else's match,
    and so decides nothing of the mission that came of it."""
    is_own = profile_rules.is_of(actor, match.expert)
    return not is_own and match.request_id in list_requests(session, actor, _WAITING)


def list_rivals(session: Session, actor: Actor) -> Collection[int]:
    """Return the experts who are considered for a request for which this person is."""
    requests = list_requests(session, actor, _WAITING)
    if not requests or actor.id is None:
        return frozenset()
    found = sa.select(Match.expert_id).where(
        Match.expert_id.not_in(_profiles_of(actor.id)),
        Match.request_id.in_(requests),
        Match.state.in_(OPEN),
    )
    if Role.COORDINATOR not in actor.roles:
        # Of others the authority was never asked, and does not know of them.
        found = found.where(
            Match.release_asked_at.is_not(None), Match.authority_id == actor.organisation_id
        )
    with session.no_autoflush:
        return frozenset(session.scalars(found))


def list_who_release(match: Match, acting: Mapping[int, Sequence[Actor]]) -> list[Actor]:
    """Return who of the authority that was asked can answer whether it releases the expert; for
    `acting` see `rules.list_who_release`. Whoever is considered for the request cannot."""
    session = object_session(match)
    return [
        one
        for one in rules.list_who_release(match, acting)
        if session is None or not is_considered(session, one, match.request_id)
    ]


def can_shortlist(session: Session, actor: Actor, request: ExpertiseRequest) -> bool:
    """Tell whether this person puts experts on the shortlist of a request now."""
    return rules.can_shortlist(actor, request) and not is_considered(session, actor, request.id)


def why_not_theirs(session: Session, actor: Actor, match: Match) -> Message | None:
    """Return why somebody else does what comes next with a match, if so: it is this person's own in
    some role, or that of a rival, or they chose the expert whom a colleague approves."""
    considered, four_eyes = list_requests(session, actor), get_settings(session).four_eyes
    return why_no_task_of(actor, match.request, match, considered=considered, four_eyes=four_eyes)


def why_no_task_of(
    actor: Actor, request: ExpertiseRequest, match: Match | None, *, considered: Collection[int],
    four_eyes: bool,
) -> Message | None:  # fmt: skip
    """Return why what comes next for a request, or with one of its matches, is nothing that this
    coordinator may do, if so; of the requests for which they are `considered` that is nothing."""
    if match is None:
        own = workflow.why_not_theirs(actor, request_rules.owners_of(request))
    else:
        # Whoever chose an expert can still ask for the release of those who only said yes.
        approved_next = four_eyes and match.state is MatchState.RELEASED
        own = rules.reason_for_nothing(match, actor, four_eyes=approved_next)
    return own or (CONSIDERED if request.id in considered else None)


def why_rival(session: Session, actor: Actor, expert: Expert) -> Message | None:
    """Return why somebody else decides on a profile, if it is that of a rival."""
    return RIVAL if expert.id in list_rivals(session, actor) else None


def why_not_decided_on(session: Session, actor: Actor, expert: Expert) -> Message | None:
    """Return why somebody else decides on a profile for SEESAC, if so: it is this person's own in
    some role, or that of a rival."""
    own = workflow.why_not_theirs(actor, profile_rules.owners_of(expert))
    return own or why_rival(session, actor, expert)


def refuse_to_decide(event: AuditEvent, *, work: UnitOfWork, subject: object) -> None:
    """Refuse what somebody decides on what is their own, on a request for which they are
    considered, or on a rival.

    Every act passes here when it is recorded. Of the steps of workflows `Workflow.check` knows in
    which role they are taken, and refuses them to those whose own the thing is in another one.
    """
    if work.actor.is_platform:
        return
    if event.request_id is not None:
        is_decided = _is_decided_on_request(event, event.request_id, work)
        if is_decided and is_considered(work.session, work.actor, event.request_id):
            refuse(work.session, ForbiddenError(CONSIDERED))
        if event.action == Action.REQUEST_HANDED:
            _refuse_to_hand(work, event.request_id, event.details["after"])
    elif decided := profiles_decided_on(event, profile_sides.profile_of(subject)):
        if not decided.isdisjoint(list_rivals(work.session, work.actor)):
            refuse(work.session, ForbiddenError(RIVAL))
        if event.action in BESIDES_OF_PROFILES:
            _refuse_own_profiles(work, event, decided)


def _refuse_own_profiles(work: UnitOfWork, event: AuditEvent, decided: Collection[int]) -> None:
    """Refuse what SEESAC does with profiles to those whose own one of them is."""
    for expert in (work.session.get_one(Expert, number) for number in sorted(decided)):
        agrees = event.action == Action.PROFILE_CONSENTED and profile_rules.is_own(
            work.actor, expert
        )
        why = workflow.why_not_theirs(work.actor, profile_rules.owners_of(expert))
        if why and not agrees:
            refuse(work.session, ForbiddenError(why))


def _is_decided_on_request(event: AuditEvent, request_id: int, work: UnitOfWork) -> bool:
    """Tell whether something decides on a request; what those who ask do with it binds nobody, nor
    may it tell them that they are considered."""
    if event.action in BESIDES:
        request = work.session.get_one(ExpertiseRequest, request_id)
        return request_rules.reads_as_coordinator(work.actor, request)
    return sides.side_of(event) not in {None, Role.REQUESTER}


def _refuse_to_hand(work: UnitOfWork, request_id: int, account_id: int) -> None:
    """Refuse to let somebody see to a request who is considered for it."""
    to = Actor(account_id, frozenset({Role.COORDINATOR}))
    if is_considered(work.session, to, request_id):
        refuse(
            work.session,
            ForbiddenError(CONSIDERED if account_id == work.actor.id else COLLEAGUE),
        )
