"""What may be done with a match; each checks the state by itself and refuses stale input."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.core import audit, notices
from webapp.core.audit import Actor
from webapp.core.errors import ConflictError
from webapp.core.formats import period_name
from webapp.core.workflow import check
from webapp.expertise_requests import operations as requests
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.signals import ended
from webapp.experts.models import Expert, ExpertState
from webapp.experts.operations import rank_anew
from webapp.matches import queries, rules, signals
from webapp.matches.models import BookedDay, Match, MatchState


@dataclass(frozen=True)
class Standing:
    """How the ranking saw an expert at one moment; a match keeps it as evidence."""

    score: float
    rank: int
    ranked_among: int
    roster_revision: int
    explanation: dict[str, Any]


def shortlist(
    session: Session,
    request: ExpertiseRequest,
    expert: Expert,
    standing: Standing,
    *,
    actor: Actor,
    now: datetime,
) -> Match:
    """Put an expert on the request's shortlist, with the ranking as it is seen now."""
    if request.state not in rules.MATCHABLE:
        raise ConflictError(
            "There is no shortlist before the terms of reference are accepted, nor after the"
            f" request has ended; this one is “{request.state}”."
        )
    if expert.state is not ExpertState.ACTIVE:
        raise ConflictError("This expert is not active on the roster at present.")
    if queries.match_of(session, request.id, expert.id):
        raise ConflictError(f"{expert.name} is on the shortlist already.")
    requests.start_matching(session, request, actor=actor, now=now)
    match = Match(
        request_id=request.id,
        expert_id=expert.id,
        state=MatchState.SHORTLISTED,
        state_since=now,
        created_at=now,
        reason="",
        **vars(standing),
    )
    session.add(match)
    session.flush()
    _record(session, match, "shortlist", actor=actor, now=now, rank=standing.rank)
    return match


def _move(
    session: Session,
    match: Match,
    step: str,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
    told_as: str = "",
) -> None:
    before = match.state
    target = check(rules.STEPS, step, match.state, actor, reason).target
    match.state, match.state_since, match.reason = target, now, reason
    session.flush()
    _record(
        session,
        match,
        told_as or step,
        actor=actor,
        now=now,
        reason=reason,
        before=before,
        after=target,
    )


def _record(
    session: Session,
    match: Match,
    step: str,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
    **details: Any,
) -> None:
    audit.record(
        session,
        f"match: {step}",
        match,
        actor=actor,
        now=now,
        request_id=match.request_id,
        reason=reason,
        expert_id=match.expert_id,
        **details,
    )


def _tell(session: Session, match: Match, kind: str, *, now: datetime, reason: str = "") -> None:
    request = match.request
    notices.notify(
        session,
        match.expert.account_id,
        kind,
        now=now,
        match_id=match.id,
        name=match.expert.name,
        title=request.title,
        period=period_name(request.start, request.end),
        reason=reason,
    )


def invite(session: Session, match: Match, *, actor: Actor, now: datetime) -> None:
    """Ask the expert whether they would go."""
    _require_open(match.request)
    _require_active(match)
    match.invited_at = now
    _move(session, match, "invite", actor=actor, now=now)
    _tell(session, match, "invitation", now=now)


def accept(session: Session, match: Match, *, actor: Actor, now: datetime) -> None:
    """Note that the expert is available."""
    _require_open(match.request)
    _require_active(match)
    _move(session, match, "accept", actor=actor, now=now)


def decline(session: Session, match: Match, reason: str, *, actor: Actor, now: datetime) -> None:
    """Note that the expert cannot or does not want to go, and why."""
    _move(session, match, "decline", actor=actor, now=now, reason=reason)


def note_yes(session: Session, match: Match, reason: str, *, actor: Actor, now: datetime) -> None:
    """Note that the expert said yes elsewhere; `reason` says how and to whom."""
    _require_open(match.request)
    _require_active(match)
    _move(session, match, "note the yes", actor=actor, now=now, reason=reason)


def note_no(session: Session, match: Match, reason: str, *, actor: Actor, now: datetime) -> None:
    """Note that the expert said no elsewhere, and why."""
    _move(session, match, "note the no", actor=actor, now=now, reason=reason)


def ask_release(session: Session, match: Match, *, actor: Actor, now: datetime) -> None:
    """Note that the nominating authority was asked to release its official."""
    _move(session, match, "ask for release", actor=actor, now=now)


def record_release(session: Session, match: Match, *, actor: Actor, now: datetime) -> None:
    """Note that the nominating authority releases its official."""
    _move(session, match, "record the release", actor=actor, now=now)


def record_refusal(
    session: Session, match: Match, reason: str, *, actor: Actor, now: datetime
) -> None:
    """Note that the nominating authority does not release its official."""
    _move(session, match, "record the refusal", actor=actor, now=now, reason=reason)
    _tell(session, match, "not_released", now=now, reason=reason)


def approve(
    session: Session, match: Match, *, actor: Actor, now: datetime, reason: str = ""
) -> None:
    """Approve a match and take the expert's days; the database refuses days already taken."""
    request = _require_open(match.request)
    _require_active(match)
    _move(session, match, "approve", actor=actor, now=now, reason=reason)
    _book(session, match, request)
    rank_anew(session, match.expert)
    session.flush()


def _book(session: Session, match: Match, request: ExpertiseRequest) -> None:
    if request.start is None or request.end is None:
        raise ConflictError("The request has no dates, so no days can be booked.")
    taken = queries.bookings_between(session, match.expert_id, request.start, request.end)
    if taken:
        raise ConflictError(_taken(match, taken[0].match.request))
    days = rules.days_between(request.start, request.end)
    try:
        with session.begin_nested():
            session.execute(
                sa.insert(BookedDay),
                [{"expert_id": match.expert_id, "day": day, "match_id": match.id} for day in days],
            )
    except IntegrityError as error:
        # Another process approved this expert between our look and our write.
        raise ConflictError(_taken(match, None)) from error


def _taken(match: Match, other: ExpertiseRequest | None) -> str:
    for_what = f" for {other.reference}, {period_name(other.start, other.end)}" if other else ""
    return (
        f"{match.expert.name} has just been approved for another mission on some of these"
        f" days{for_what}. Nothing was changed; please choose somebody else or other dates."
    )


def propose(
    session: Session, request: ExpertiseRequest, *, actor: Actor, now: datetime
) -> list[Match]:
    """Propose all approved experts of a request to its requester and return them."""
    approved = queries.matches_in(session, request.id, frozenset({MatchState.APPROVED}))
    if not approved:
        raise ConflictError("There is no approved expert to propose yet.")
    for match in approved:
        _require_active(match)
        _move(session, match, "propose", actor=actor, now=now)
    requests.propose(session, request, actor=actor, now=now)
    return approved


def select(session: Session, match: Match, *, actor: Actor, now: datetime) -> None:
    """Choose a proposed expert; when enough are chosen the request is confirmed."""
    _require_active(match)
    request = match.request
    chosen = queries.matches_in(session, request.id, frozenset({MatchState.SELECTED}))
    if len(chosen) >= request.experts_needed:
        raise ConflictError(
            f"The request asks for {request.experts_needed}, and as many are selected already."
        )
    _move(session, match, "select", actor=actor, now=now)
    signals.selected.send(match, session=session, actor=actor, now=now)
    _tell(session, match, "selected", now=now)
    if len(chosen) + 1 == request.experts_needed:
        requests.confirm(session, request, actor=actor, now=now)


def keep_as_alternate(session: Session, match: Match, *, actor: Actor, now: datetime) -> None:
    """Keep a proposed expert in reserve; the days stay taken."""
    _require_active(match)
    _move(session, match, "keep as alternate", actor=actor, now=now)


def pass_over(session: Session, match: Match, reason: str, *, actor: Actor, now: datetime) -> None:
    """Decide against a proposed expert, who is told the reason and is free again."""
    _move(session, match, "pass over", actor=actor, now=now, reason=reason)
    _free(session, match)
    _tell(session, match, "not_selected", now=now, reason=reason)


def reconsider(session: Session, match: Match, reason: str, *, actor: Actor, now: datetime) -> None:
    """Take up again a match that had ended, because something changed."""
    _require_open(match.request)
    _require_active(match)
    _move(session, match, "reconsider", actor=actor, now=now, reason=reason)


def cancel(session: Session, match: Match, reason: str, *, actor: Actor, now: datetime) -> None:
    """End a match from the coordinator's side; an expert who had been asked is told."""
    was_selected = match.state is MatchState.SELECTED
    # The requester, who has read of this expert, learns that they fell out; the reason may be
    # personal and stays with the coordinators.
    disclosed = match.state in rules.DISCLOSED
    told_as = "take back the proposal" if disclosed else ""
    _move(session, match, "cancel", actor=actor, now=now, reason=reason, told_as=told_as)
    _free(session, match)
    if was_selected:
        signals.cancelled.send(match, session=session, actor=actor, now=now, reason=reason)
        if match.request.state is RequestState.CONFIRMED:
            requests.reopen(session, match.request, actor=actor, now=now)
    if disclosed and match.request.state in rules.MATCHABLE:
        requests.tell_requester(session, match.request, "proposal_taken_back", now=now)
    if match.invited_at:
        _tell(session, match, "match_cancelled", now=now, reason=reason)


def _free(session: Session, match: Match) -> None:
    """Give the expert's days back; the next ranking sees it."""
    if match.booked_days:
        match.booked_days.clear()
        rank_anew(session, match.expert)
        session.flush()


def _require_active(match: Match) -> None:
    if match.expert.state is not ExpertState.ACTIVE:
        raise ConflictError(
            f"{match.expert.name} is “{match.expert.state}” on the roster now, so this match can"
            " only be ended."
        )


def _require_open(request: ExpertiseRequest) -> ExpertiseRequest:
    if request.state not in rules.MATCHABLE:
        raise ConflictError(f"The request is “{request.state}”, so its matches stay as they are.")
    return request


@ended.connect
def _cancel_all(
    request: ExpertiseRequest, *, session: Session, actor: Actor, now: datetime, reason: str
) -> None:
    """Cancel what was open for a request that has ended; those selected for it still go."""
    filled = request.state is RequestState.CLOSED
    states = rules.OPEN - {MatchState.SELECTED} if filled else rules.OPEN
    for match in queries.matches_in(session, request.id, states):
        cancel(session, match, reason, actor=actor.on_behalf(), now=now)
