"""What has to hold after every move from a request to a mission, written down apart from the
platform's own rules: where people stand, for whom each request waits, and who reads what.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import combinations
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.webapp.matches.platform_life import OFFICE, ROLE_OF, Offer, Platform
from webapp.amendments.models import Amendment
from webapp.amendments.workflow import AmendmentStep
from webapp.core import clock, invariants
from webapp.core.actor import Actor
from webapp.core.errors import NotFoundError
from webapp.core.roles import Role
from webapp.deployments import queries as missions
from webapp.deployments.models import Deployment, DeploymentState
from webapp.expertise_requests import queries as requests
from webapp.expertise_requests import rules as request_rules
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.waiting import SIDE_OF
from webapp.expertise_requests.workflow import RequestStep
from webapp.matches import queries, releases
from webapp.matches.models import BookedDay, Match, MatchState
from webapp.matches.work_queue import waiting
from webapp.matches.workflow import OFFERED, OPEN, MatchStep

# What each task asks of the side for which a request waits. Whom to find is up to SEESAC, and those
# approved are proposed together, on a page of its own.
K, M, R, A = waiting.Kind, MatchStep, RequestStep, AmendmentStep
STEPS_OF: dict[waiting.Kind, set[Any]] = {
    K.WRITE: {R.SUBMIT}, K.CORRECT: {R.SUBMIT}, K.READ: {R.ACCEPT, R.RETURN, R.DECLINE},
    K.FIND_COORDINATOR: set(),
    K.FIND: set(), K.FIND_MORE: set(), K.FIND_ANEW: set(), K.ASK_FOR_OTHER_DAYS: set(),
    K.CONSIDER_AGAIN: set(), K.PROPOSE: set(), K.RENEW: set(), K.END: {M.CANCEL},
    K.INVITE: {M.INVITE},
    K.ANSWER: {M.ACCEPT, M.DECLINE}, K.ASK_BY_TELEPHONE: {M.NOTE_YES, M.NOTE_NO},
    K.DECIDE: {M.ASK_RELEASE, M.APPROVE}, K.RELEASE: {M.RELEASE, M.REFUSE_RELEASE},
    K.ASK_BY_LETTER: {M.RECORD_RELEASE, M.RECORD_REFUSAL}, K.APPROVE: {M.APPROVE},
    K.CHOOSE: {M.SELECT, M.PASS_OVER}, K.LET_GO: {M.CANCEL}, K.PREPARE: {R.CLOSE},
    K.CLOSE: {R.CLOSE}, K.DECIDE_CHANGE: {A.AGREE, A.REFUSE},
    K.ANSWER_CHANGE: {A.ACCEPT, A.DECLINE},
}  # fmt: skip
# Nobody is chosen before the terms of reference are accepted.
NOT_AGREED = frozenset(
    {RequestState.DRAFT, RequestState.SUBMITTED, RequestState.RETURNED, RequestState.DECLINED}
)
# What a requester reads of: whom SEESAC has proposed, and what became of them.
PROPOSED = frozenset(
    {MatchState.PROPOSED, MatchState.ALTERNATE, MatchState.SELECTED, MatchState.NOT_SELECTED}
)
# All days that a walk comes to.
WHILE = timedelta(days=4000)


def check(session: Session, platform: Platform, offers: Sequence[Offer]) -> None:
    """Assert all of it, where people are offered so much."""
    assert invariants.run(session) == []
    assert list_in_two_places(session) == []
    assert list_chosen_early(session) == []
    check_who_is_waited_for(session, offers)
    check_who_reads_what(session, platform)


def list_in_two_places(session: Session) -> list[object]:
    """Return who holds a day twice, or goes on two missions that overlap."""
    days = session.execute(sa.select(BookedDay.expert_id, BookedDay.day)).all()
    going = session.scalars(
        sa.select(Deployment).where(Deployment.state != DeploymentState.CANCELLED)
    ).all()
    clashes = [
        (one.id, other.id)
        for one, other in combinations(going, 2)
        if one.match.expert_id == other.match.expert_id
        and one.start <= other.end
        and other.start <= one.end
    ]
    return [*clashes, *(day for day in days if days.count(day) > 1)]


def list_chosen_early(session: Session) -> Sequence[int]:
    """Return the matches of requests whose terms of reference nobody has accepted."""
    early = sa.select(Match.id).join(Match.request).where(ExpertiseRequest.state.in_(NOT_AGREED))
    return session.scalars(early).all()


def check_who_is_waited_for(session: Session, offers: Sequence[Offer]) -> None:
    """Assert that each open request waits for one side, which is offered what it is to do."""
    rows = session.scalars(sa.select(ExpertiseRequest)).all()
    found = waiting.list_tasks(session, rows, clock.today())
    for request in rows:
        if request.state in request_rules.ENDED:
            assert request.id not in found
            continue
        task = found[request.id][0]
        offered = {
            one.step
            for one in offers
            if SIDE_OF[ROLE_OF[one.person]] is task.side and _is_of_task(session, one, task)
        }
        assert offered >= STEPS_OF[task.kind], (task.kind, offered)
        if not STEPS_OF[task.kind]:
            assert request.state in request_rules.MATCHABLE


def _is_of_task(session: Session, offer: Offer, task: waiting.Task) -> bool:
    """Tell whether a step is one with what there is to do."""
    kind, number = offer.thing
    if kind is Match:
        return number == task.match.id if task.match else _is_offered(session, number, task)
    if kind is Amendment:
        return session.get_one(Amendment, number).request_id == task.request.id
    return kind is ExpertiseRequest and number == task.request.id


def _is_offered(session: Session, number: int, task: waiting.Task) -> bool:
    match = session.get_one(Match, number)
    return match.request_id == task.request.id and match.state in OFFERED


def check_who_reads_what(session: Session, platform: Platform) -> None:
    """Assert that a requester finds their own requests and whom they were proposed, an expert what
    they were asked, an authority what it was asked of its officials, and none of them more."""
    asked = session.scalars(sa.select(ExpertiseRequest)).all()
    matches = session.scalars(sa.select(Match)).all()
    for person, role in ROLE_OF.items():
        who = platform.actors[person]
        for request in asked:
            sent = request.submitted_at is not None
            reads = person == "requester" or (person in OFFICE and sent)
            assert _finds(requests.get_readable, session, who, request.id) == reads, person
        theirs = person == "requester"
        for match in matches:
            reads = theirs and match.state in PROPOSED
            assert _finds(queries.get_disclosed, session, who, match.id) == reads, person
        _check_what_is_asked(session, who, matches)
        first, last = clock.today() - WHILE, clock.today() + WHILE
        going = {one.match for one in missions.list_visible(session, who, first, last)}
        all_sides = person in OFFICE or theirs
        assert all(all_sides or one.expert.account_id == who.id for one in going), person
        if role in {Role.NOMINATING_AUTHORITY, Role.ADMINISTRATOR}:
            assert not going


def _check_what_is_asked(session: Session, who: Actor, matches: Sequence[Match]) -> None:
    own = {one for one in matches if one.expert.account_id == who.id}
    asked = {one for one in own if one.state in OPEN and one.state is not MatchState.SHORTLISTED}
    invited = set(queries.list_invitations(session, who))
    assert asked <= invited <= own
    of_officials = {
        one
        for one in matches
        if Role.NOMINATING_AUTHORITY in who.roles and one.authority_id == who.organisation_id
    }
    waiting_for_it = {one for one in of_officials if one.state is MatchState.RELEASE_ASKED}
    assert waiting_for_it <= set(releases.list_asked(session, who)) <= of_officials


def _finds(find: Callable[..., Any], session: Session, who: Actor, number: int) -> bool:
    try:
        find(session, who, number)
    except NotFoundError:
        return False
    return True
