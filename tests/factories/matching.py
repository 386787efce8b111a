"""Matches in any state, reached by the steps that people take."""

from sqlalchemy.orm import Session

from tests.factories import requests
from tests.factories.people import account, actor
from tests.factories.requests import REASON
from tests.factories.roster import expert as new_expert
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.roles import Role
from webapp.deployments import operations as deployments
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts.models import Expert
from webapp.matches import operations
from webapp.matches.models import Match, MatchState

S = MatchState
LISTENERS = deployments  # Its import makes selections plan deployments, as in real use.

STANDING = operations.Standing(
    score=0.5,
    rank=1,
    ranked_among=3,
    roster_revision=1,
    explanation={"terms": [], "entries": [], "lacking": []},
)

# The steps from the shortlist to each state.
APPROVED = ("invite", "accept", "approve")
PATHS: dict[MatchState, tuple[str, ...]] = {
    S.SHORTLISTED: (),
    S.INVITED: ("invite",),
    S.AVAILABLE: ("invite", "accept"),
    S.DECLINED: ("invite", "decline"),
    S.RELEASE_ASKED: ("invite", "accept", "ask_release"),
    S.RELEASED: ("invite", "accept", "ask_release", "record_release"),
    S.REFUSED: ("invite", "accept", "ask_release", "record_refusal"),
    S.APPROVED: APPROVED,
    S.PROPOSED: (*APPROVED, "propose"),
    S.SELECTED: (*APPROVED, "propose", "select"),
    S.ALTERNATE: (*APPROVED, "propose", "keep_as_alternate"),
    S.NOT_SELECTED: (*APPROVED, "propose", "pass_over"),
    S.CANCELLED: ("invite", "cancel"),
}
BY_EXPERT = frozenset({"accept", "decline"})
BY_REQUESTER = frozenset({"select", "keep_as_alternate", "pass_over"})
WITH_REASON = frozenset({"decline", "record_refusal", "pass_over", "cancel"})


def match(
    session: Session,
    state: MatchState = MatchState.SHORTLISTED,
    *,
    request: ExpertiseRequest | None = None,
    expert: Expert | None = None,
    coordinator: Account | None = None,
    standing: operations.Standing = STANDING,
) -> Match:
    """Consider an expert for a request and bring the match to `state`."""
    coordinator = coordinator or account(session, Role.COORDINATOR)
    request = request or requests.request(session, RequestState.ACCEPTED, coordinator=coordinator)
    expert = expert or new_expert(session)
    made = operations.shortlist(
        session, request, expert, standing, actor=actor(coordinator), now=clock.now()
    )
    for step in PATHS[state]:
        _advance(session, made, step, coordinator)
    assert made.state is state
    return made


def _advance(session: Session, made: Match, step: str, coordinator: Account) -> None:
    now = clock.now()
    if step == "propose":
        operations.propose(session, made.request, actor=actor(coordinator), now=now)
        return
    if step == "approve":
        operations.approve(session, made, actor=actor(coordinator), now=now, reason=REASON)
        return
    person = coordinator
    if step in BY_REQUESTER:
        person = made.request.requester
    if step in BY_EXPERT and made.expert.account:
        person = made.expert.account
    roles = (Role.EXPERT,) if step in BY_EXPERT else ()
    reason = (REASON,) if step in WITH_REASON else ()
    getattr(operations, step)(session, made, *reason, actor=actor(person, *roles), now=now)
