"""What must be true of matches and booked days in every sound database."""

from collections.abc import Iterator
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from webapp.accounts import queries as accounts
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.files.stored_files import find_changed
from webapp.core.roles import Role
from webapp.expertise_requests import queries as request_queries
from webapp.expertise_requests import rules as request_rules
from webapp.expertise_requests.models import ActedOn, ExpertiseRequest, RequestState
from webapp.expertise_requests.waiting import Side
from webapp.experts.models import Expert, ExpertState
from webapp.matches import candidates, deciders, rules
from webapp.matches.models import BookedDay, Match, MatchState, ReleaseLetter, ReleaseLetterFile
from webapp.matches.work_queue import waiting
from webapp.matches.work_queue.waiting import Kind
from webapp.matches.workflow import ENDED, OPEN, MatchStep

# How many rows are read from the database at once.
AT_ONCE = 5000
# Which days are held in these states depends on the mission.
OF_MISSIONS = ENDED | {MatchState.SELECTED}


def bookings_follow_states(session: Session) -> Iterator[str]:
    """An approved match holds exactly the days of its request's mission; any other holds none.

    Selected ones hold those of their missions, and so do ended ones whose experts have been there:
    `deployments` looks at these.
    """
    # A match for each of its days, in order: of many years nothing is held but one at a time.
    rows = session.execute(
        sa.select(
            Match.id, Match.state, Match.expert_id, ExpertiseRequest.first_day.label("start"),
            ExpertiseRequest.last_day.label("end"),
            BookedDay.day, BookedDay.expert_id.label("booked"),
        )
        .join(Match.request)
        .outerjoin(BookedDay, BookedDay.match_id == Match.id)
        .where(sa.or_(BookedDay.day.is_not(None), Match.state.in_(rules.BOOKED)))
        .order_by(Match.id, BookedDay.day)
        .execution_options(yield_per=AT_ONCE)
    )  # fmt: skip
    for number, of_match in groupby(rows, key=lambda row: row.id):
        days = list(of_match)
        match, booked = days[0], [row for row in days if row.day is not None]
        wanted = (
            rules.days_between(match.start, match.end)
            if match.state in rules.BOOKED and match.start and match.end
            else []
        )
        held = [row.day for row in booked if row.booked == match.expert_id]
        if held and match.state in OF_MISSIONS:
            wanted = held
        if held != wanted or len(booked) != len(held):
            yield f"match {number} is “{match.state}” and holds {len(held)} of {len(wanted)} days"


def every_open_request_waits_for_somebody(session: Session) -> Iterator[str]:
    """An open request waits for one side, and somebody on that side can act."""
    requests = request_queries.list_open(session)
    if not requests:
        return
    found = waiting.list_tasks(session, requests, clock.today())
    facts = waiting.read_facts(session, [], clock.today())
    administrators = accounts.list_able(session, Role.ADMINISTRATOR)
    for request in requests:
        tasks = found.get(request.id)
        if not tasks:
            yield f"request {request.id} is “{request.state}” and waits for nobody"
        elif not (
            administrators if tasks[0].side is Side.ADMINISTRATOR else _can_act(tasks[0], facts)
        ):
            yield f"request {request.id} waits for a side ({tasks[0].side}) where nobody can act"


def _can_act(task: waiting.Task, facts: waiting.Facts) -> bool:
    match = task.match
    if task.side is Side.REQUESTER:
        return request_rules.has_owner(task.request)
    if task.side is Side.EXPERT:
        return match is not None and rules.awaits_answer(match) and waiting.is_reached(match)
    if task.side is Side.AUTHORITY:
        return match is not None and bool(candidates.list_who_release(match, facts.authorities))
    return any(_is_let_act(one, task, facts) for one in facts.coordinators)


def _is_let_act(actor: Actor, task: waiting.Task, facts: waiting.Facts) -> bool:
    """Tell whether a coordinator is let do a task, by what steps and pages themselves ask."""
    if task.request.id in facts.considered.get(actor.id or 0, ()):
        return False
    if task.match is None:
        return request_rules.reads_as_coordinator(actor, task.request)
    steps = rules.possible_steps(task.match, actor, Role.COORDINATOR, four_eyes=facts.four_eyes)
    return MatchStep.APPROVE in steps if task.kind is Kind.APPROVE else bool(steps)


def matches_end_with_requests(session: Session) -> Iterator[str]:
    """Nobody waits for a request that has ended; for one that was filled the selected go, and those
    in reserve stay ready."""
    still_open = session.execute(
        sa.select(Match.id, Match.state, ExpertiseRequest.state)
        .join(Match.request)
        .where(
            ExpertiseRequest.state.in_(request_rules.ENDED),
            Match.state.in_(OPEN),
            sa.or_(
                ExpertiseRequest.state != RequestState.CLOSED,
                Match.state.not_in(rules.STAY_WHEN_CLOSED),
            ),
        )
    )
    for number, state, ended in still_open:
        yield f"match {number} is “{state}” for a request that is “{ended}”"


def selections_fit_requests(session: Session) -> Iterator[str]:
    """A confirmed request has as many selected as it wants; one that has not is not confirmed.

    With more it could neither be confirmed nor closed, and with as many it would be confirmed.
    """
    selected = sa.func.count(Match.id)
    rows = session.execute(
        sa.select(
            ExpertiseRequest.id, ExpertiseRequest.state, ExpertiseRequest.experts_needed, selected
        )
        .outerjoin(
            Match,
            (Match.request_id == ExpertiseRequest.id) & (Match.state == MatchState.SELECTED),
        )
        .group_by(ExpertiseRequest.id)
    )
    for number, state, wanted, count in rows:
        confirmed = state is RequestState.CONFIRMED
        looking = state in request_rules.MATCHABLE
        if count > wanted or (confirmed and count < wanted) or (looking and count == wanted):
            yield (
                f"request {number} is “{state}” with {count} selected of the {wanted} that it wants"
            )


def only_active_experts_are_considered(session: Session) -> Iterator[str]:
    """Nobody who is not active on the roster is considered for a request, or to go yet."""
    matches = session.scalars(
        sa.select(Match)
        .join(Match.expert)
        .where(Expert.state != ExpertState.ACTIVE, Match.state.in_(OPEN))
        .options(selectinload(Match.expert), selectinload(Match.request))
    )
    for match in matches:
        if not rules.is_over(match, clock.today()):
            yield f"match {match.id} is “{match.state}” and its expert is “{match.expert.state}”"


def nobody_is_considered_by_themselves(session: Session) -> Iterator[str]:
    """Yield a sentence for each match, not over, on which its expert has decided in another role,
    or for whose request they ask.

    Who is on a shortlist, which they are not told, can take the request over from a colleague; then
    nobody can go on with the match.
    """
    asks = sa.or_(
        ExpertiseRequest.requester_id == Expert.account_id,
        sa.exists().where(
            ActedOn.request_id == ExpertiseRequest.id,
            ActedOn.account_id == Expert.account_id,
            ActedOn.side == Role.REQUESTER,
        ),
    )
    told = {
        "of somebody who asks": sa.and_(asks, Match.state != MatchState.SHORTLISTED),
        "decided by its own expert": deciders.is_decided_by(Expert.account_id),
    }
    found = (
        sa.select(Match)
        .join(Match.expert)
        .join(Match.request)
        .where(Match.state.in_(OPEN))
        .options(selectinload(Match.booked_days), selectinload(Match.request))
        .order_by(Match.id)
    )
    for fault, holds in told.items():
        for match in session.scalars(found.where(holds)):
            if not rules.is_over(match, clock.today()):
                yield f"match {match.id} is “{match.state}” and {fault}"


def nobody_sees_to_a_request_they_are_considered_for(session: Session) -> Iterator[str]:
    """Who sees to a request is none of those who are considered for it."""
    handler = ExpertiseRequest.handled_by
    with_another_account = Expert.acted.any(account_id=handler, side=Role.EXPERT)
    theirs = sa.or_(handler == Expert.account_id, with_another_account)
    rows = session.execute(
        sa.select(Match.id, Match.request_id)
        .join(Match.request)
        .join(Match.expert)
        .where(Match.state.in_(OPEN), theirs)
        .order_by(Match.id)
    )
    for number, request_id in rows:
        yield f"match {number} is of somebody who sees to request {request_id}, for which it is"


def letters_are_of_who_was_asked(session: Session) -> Iterator[str]:
    """Where a letter is why somebody is released it is of the authority that was asked.

    One that came in while an upgrade lasted may name none (decision 127).
    """
    rows = session.execute(
        sa.select(Match.id, Match.state, Match.authority_id, ReleaseLetter.organisation_id)
        .join(ReleaseLetter, ReleaseLetter.match_id == Match.id)
        .order_by(Match.id)
    )
    for number, state, asked, writer in rows:
        if state is MatchState.RELEASED and writer not in {None, asked}:
            yield f"match {number} is “{state}” by a letter of another authority than was asked"


def letters_are_what_was_sent(session: Session) -> Iterator[str]:
    """The content of each signed letter is that which an authority has sent."""
    yield from find_changed(session, ReleaseLetterFile)
