"""Matches in any state, reached by the steps that people take."""

from sqlalchemy.orm import Session

from tests.factories import requests
from tests.factories.people import account, work
from tests.factories.roster import expert as new_expert
from webapp.accounts.models import Account
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts.models import Expert
from webapp.matches import operations
from webapp.matches.models import Match, MatchState
from webapp.matches.placing import Placing
from webapp.matches.workflow import WORKFLOW, MatchStep

S = MatchState

PLACING = Placing(
    score=0.5,
    rank=1,
    ranked_among=3,
    roster_revision=1,
    explanation={"terms": [], "entries": [], "lacking": []},
)

# The steps from the shortlist to each state.
M = MatchStep
APPROVED = (M.INVITE, M.ACCEPT, M.APPROVE)
ASKED = (M.INVITE, M.ACCEPT, M.ASK_RELEASE)
PATHS: dict[MatchState, tuple[MatchStep, ...]] = {
    S.SHORTLISTED: (),
    S.INVITED: (M.INVITE,),
    S.AVAILABLE: (M.INVITE, M.ACCEPT),
    S.DECLINED: (M.INVITE, M.DECLINE),
    S.RELEASE_ASKED: ASKED,
    S.RELEASED: (*ASKED, M.RECORD_RELEASE),
    S.REFUSED: (*ASKED, M.RECORD_REFUSAL),
    S.APPROVED: APPROVED,
    S.PROPOSED: (*APPROVED, M.PROPOSE),
    S.SELECTED: (*APPROVED, M.PROPOSE, M.SELECT),
    S.ALTERNATE: (*APPROVED, M.PROPOSE, M.KEEP_AS_ALTERNATE),
    S.NOT_SELECTED: (*APPROVED, M.PROPOSE, M.PASS_OVER),
    S.CANCELLED: (M.INVITE, M.CANCEL),
}


def match(
    session: Session,
    state: MatchState = MatchState.SHORTLISTED,
    *,
    request: ExpertiseRequest | None = None,
    expert: Expert | None = None,
    coordinator: Account | None = None,
    placing: Placing = PLACING,
) -> Match:
    """Consider an expert for a request and bring the match to `state`."""
    coordinator = coordinator or account(session, Role.COORDINATOR)
    request = request or requests.request(session, RequestState.ACCEPTED, coordinator=coordinator)
    expert = expert or new_expert(session)
    made = operations.shortlist(work(session, coordinator), request, expert, placing)
    for step in PATHS[state]:
        _advance(session, made, step, coordinator)
    assert made.state is state
    return made


def _advance(session: Session, made: Match, step: MatchStep, coordinator: Account) -> None:
    if step is M.PROPOSE:
        operations.propose(work(session, coordinator), made.request)
        return
    by = WORKFLOW[step].by
    person, roles = coordinator, (by,)
    if by is Role.REQUESTER:
        person = made.request.requester
    elif by is Role.EXPERT and made.expert.account:
        person = made.expert.account
    why = requests.grounds(WORKFLOW[step]) if made.state in WORKFLOW[step].needs_reason else None
    operations.take(work(session, person, *roles), made, step, why)
