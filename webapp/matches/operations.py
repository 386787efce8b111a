"""What may be done with a match; each checks the state by itself and refuses stale input.

`take` takes any step of the workflow. What a step changes besides the state stands in `BEFORE` and
`AFTER`; a step that is in neither needs nothing but its line in the table.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.core.db import lock
from webapp.core.errors import ConflictError
from webapp.core.record import audit, reasons
from webapp.core.record.disclosure import Named
from webapp.core.record.reasons import Reason, Why
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.core.workflows.workflow import refuse_bad_reason
from webapp.expertise_requests import handling
from webapp.expertise_requests import operations as requests
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.expertise_requests.workflow import WORKFLOW as REQUESTS
from webapp.expertise_requests.workflow import RequestStep
from webapp.experts.contents import identity_of
from webapp.experts.models import Expert, ExpertState
from webapp.matches import (
    answers,
    bookings,
    departures,
    invitation_links,
    offering,
    queries,
    rules,
    seen,
    signals,
    summaries,
    telling,
)
from webapp.matches.models import Match, MatchState
from webapp.matches.placing import Placing, keep_first
from webapp.matches.workflow import OFFERED, WORKFLOW, MatchStep
from webapp.platform_settings.queries import get_settings


@dataclass(frozen=True)
class Said:
    """What the requester reads of an expert besides the profile: why, and a summary in a language
    of theirs."""

    note: str
    summary: str = ""
    language: str | None = None


def shortlist(
    work: UnitOfWork,
    request: ExpertiseRequest,
    expert: Expert,
    placing: Placing,
    why: Why | None = None,
) -> Match:
    """Put an expert on the request's shortlist, with the ranking as it is seen now.

    Somebody out of turn needs a reason of the kinds that are offered for it.
    """
    owners = rules.owners_of(request, expert)
    WORKFLOW.check_person(MatchStep.SHORTLIST, work.actor, owners)
    lock(work.session, request, expert)
    if rules.is_among_those_who_ask(request, expert):
        raise ConflictError(
            _(
                "%(name)s is one of those who ask, or has acted for them, and cannot be sent to"
                " answer this request.",
                name=Named.of(expert),
            )
        )
    if request.state not in rules.MATCHABLE:
        raise ConflictError(
            _(
                "There is no shortlist before the terms of reference are accepted, nor after the"
                " request has ended; this one is “%(state)s”.",
                state=request.state,
            )
        )
    refuse_inactive(expert)
    if queries.find_match(work.session, request.id, expert.id):
        raise ConflictError(_("%(name)s is on the shortlist already.", name=Named.of(expert)))
    if placing.out_of_turn:
        refuse_bad_reason(WORKFLOW[MatchStep.SHORTLIST].label, answers.OUT_OF_TURN, why)
    reason = reasons.keep(work, why, expert.tells_of) if placing.out_of_turn else None
    requests.start_matching(work, request)
    keep_first(work, request, placing.first)
    match = Match(
        request_id=request.id,
        expert_id=expert.id,
        state=MatchState.SHORTLISTED,
        state_since=work.now,
        created_at=work.now,
        put_forward_by=work.actor.id,
        identity=vars(identity_of(expert)),
        choice_reason=reason,
        **placing.evidence,
    )
    work.session.add(match)
    work.session.flush()
    details = {"out_of_turn": placing.out_of_turn} if placing.out_of_turn else {}
    _record(work, match, MatchStep.SHORTLIST, reason=reason, rank=placing.rank, **details)
    _see_to_it(work, match)
    return match


def _see_to_it(work: UnitOfWork, match: Match) -> None:
    """Let whoever considers the one who sees to a request see to it in their stead."""
    if rules.is_seen_to_by_its_expert(match):
        before = match.request.handled_by
        handling.hand_over(work, match.request, work.actor.id, seen=before)


def refuse_inactive(expert: Expert) -> None:
    """Refuse an expert whom no reason can put on a shortlist at present; raises ConflictError."""
    if expert.state is not ExpertState.ACTIVE:
        raise ConflictError(_("This expert is not active on the roster at present."))


def take(
    work: UnitOfWork, match: Match, name: MatchStep, why: Why | None = None, *,
    seen_terms: int | None = None, seen_days: str | None = None, **noted: Any,
) -> None:  # fmt: skip
    """Take a step with a match: change its state, record it, tell whom the table names.

    Refuses in words: wrong role or person, wrong state, no reason, a request that has ended, an
    expert who is not active any more, terms of reference that are others than those of the version
    that was seen, days that are others than those that were. What is `noted` stands in the audit
    log beside the step.
    """
    # A request's matches change only while it is locked, so the match itself needs no lock.
    lock(work.session, match.request)
    if name is MatchStep.SELECT:  # It may decide about all who are offered.
        lock_experts(work, queries.list_in_states(work.session, match.request_id, OFFERED))
    lock(work.session, match.expert)
    work.session.refresh(match)
    four_eyes = get_settings(work.session).four_eyes
    step = rules.check_step(name, match, work.actor, why, four_eyes=four_eyes)
    seen.refuse_unseen(match, seen_terms, seen_days)
    before = match.state
    if name in BEFORE:
        BEFORE[name](work, match)
    reason = reasons.keep(work, why, match.expert.tells_of)
    if (after := step.leads_to(before)) is not before:
        match.state, match.state_since, match.reason = after, work.now, reason
    work.session.flush()
    _record(work, match, name, reason=reason, before=before, after=after, **noted)
    if before is MatchState.INVITED:
        invitation_links.forget(work, match)
    if name in AFTER:
        AFTER[name](work, match, before)
    telling.tell(work, match, name, before, reason)


def _record(
    work: UnitOfWork, match: Match, name: MatchStep, reason: Reason | None = None, **details: Any
) -> None:
    audit.record(
        work, WORKFLOW.action(name), match, request_id=match.request_id, reason=reason,
        expert_id=match.expert_id, **details,
    )  # fmt: skip


def _note_invitation(work: UnitOfWork, match: Match) -> None:
    refuse_excluded(match)
    match.invited_at, match.release_asked_at = work.now, None
    forget_release(match)
    _await_answer(work, match)


def _note_release_asked(work: UnitOfWork, match: Match) -> None:
    refuse_excluded(match)
    match.authority_id = match.expert.authority_id
    forget_release(match)
    _note_release_asked_anew(work, match)


def _note_release_asked_anew(work: UnitOfWork, match: Match) -> None:
    match.release_asked_at = work.now
    _await_answer(work, match)


def ask_for_release_anew(work: UnitOfWork, match: Match) -> None:
    """Ask the authority of somebody who has got other days than those of their release anew."""
    if rules.is_asked_anew(match, work.now.date()):
        take(work.on_behalf(), match, MatchStep.ASK_RELEASE_ANEW)


def forget_release(match: Match) -> None:
    """Forget for which days an expert was released, as their authority has said so no more."""
    match.released_start = match.released_end = None


def note_released(match: Match) -> None:
    """Note for which days an expert is released: those that their mission has now. No answer is
    awaited then, until it has others."""
    match.reply_by = None
    match.released_start, match.released_end = rules.days_of(match)


def _note_released(_work: UnitOfWork, match: Match, _before: MatchState) -> None:
    note_released(match)


def _await_answer(work: UnitOfWork, match: Match) -> None:
    match.reply_by = requests.reply_by(work)


def _take_up_again(work: UnitOfWork, match: Match) -> None:
    """Refuse who was on the mission already, or cannot be received; note who considers somebody
    anew, for whose release nobody is asked yet."""
    refuse_excluded(match)
    if departures.has_been_there(work.session, match):
        raise ConflictError(rules.BEEN_THERE % {"name": Named.of(match.expert)})
    match.put_forward_by, match.release_asked_at = work.actor.id, None
    forget_release(match)
    _see_to_it(work, match)


def _keep_identity(work: UnitOfWork, match: Match) -> None:
    """Keep who the expert is as the requester is going to read it, if they can be proposed."""
    _refuse_who_cannot(work, match)
    match.identity, match.proposed_at = vars(identity_of(match.expert)), work.now


def refuse_excluded(match: Match) -> None:
    """Refuse an expert of a jurisdiction that the requester cannot receive."""
    if why := offering.why_not_received(match):
        raise ConflictError(why)


def _refuse_who_cannot(work: UnitOfWork, match: Match) -> None:
    """Refuse whom the requester cannot receive, whose authority is asked anew for other days, and
    whose approval ends before the mission does, or is lacking."""
    if why := offering.why_not_offered(match, work.now.date()):
        raise ConflictError(why)


def _refuse_too_many(work: UnitOfWork, match: Match) -> None:
    if _count_selected(work, match) >= match.request.experts_needed:
        raise ConflictError(
            _(
                "The request asks for %(number)s, and as many are selected already.",
                number=match.request.experts_needed,
            )
        )


def _refuse_selection(work: UnitOfWork, match: Match) -> None:
    """Refuse who cannot go by now, though they could when they were proposed."""
    _refuse_too_many(work, match)
    if why := offering.why_not_selected(match, work.now.date()):
        raise ConflictError(why)


def _count_selected(work: UnitOfWork, match: Match) -> int:
    return len(queries.list_selected(work.session, match.request_id))


def _confirm_if_filled(work: UnitOfWork, match: Match, _before: MatchState) -> None:
    signals.selected.send(match, work=work)
    if _count_selected(work, match) == match.request.experts_needed:
        requests.take(work, match.request, RequestStep.CONFIRM)


def _fall_out(work: UnitOfWork, match: Match, before: MatchState) -> None:
    """Free the days, but those that were spent on the mission; a request that this expert has
    filled looks for somebody again."""
    if before is MatchState.SELECTED:
        _look_again(work, match)
    if departures.has_departed(work.session, match):
        bookings.free_after(work, match, work.now.date())
    else:
        bookings.free(work, match, before)


def _choose_again(work: UnitOfWork, match: Match, _before: MatchState) -> None:
    """Let the requester choose again, for the days of all and not those of one moved alone."""
    _look_again(work, match)
    bookings.hold_days_of_team(work, match)
    ask_for_release_anew(work, match)


def _look_again(work: UnitOfWork, match: Match) -> None:
    """Take the mission of a selected expert out of the calendar, and let the request look again.

    Also once its days are past, for nobody has answered it then: it can be closed so.
    """
    signals.cancelled.send(match, work=work, reason=match.reason)
    if match.request.state in REQUESTS[RequestStep.REOPEN].sources:
        requests.take(work.on_behalf(), match.request, RequestStep.REOPEN)


def _approve(work: UnitOfWork, match: Match, before: MatchState) -> None:
    """Book the days; the reason of an approval is why no release was asked for."""
    match.unreleased_reason_id = match.reason_id
    if before is not MatchState.RELEASED:
        match.authority_id = match.expert.authority_id
    bookings.book(work, match, before)


# What must hold or change before a step is taken, and what follows from it.
BEFORE: dict[MatchStep, Callable[[UnitOfWork, Match], None]] = {
    MatchStep.INVITE: _note_invitation,
    MatchStep.ASK_RELEASE: _note_release_asked,
    MatchStep.ASK_ANEW: _await_answer,
    MatchStep.ASK_RELEASE_ANEW: _note_release_asked_anew,
    MatchStep.APPROVE: _refuse_who_cannot,
    MatchStep.PROPOSE: _keep_identity,
    MatchStep.SELECT: _refuse_selection,
    MatchStep.RECONSIDER: _take_up_again,
}
AFTER: dict[MatchStep, Callable[[UnitOfWork, Match, MatchState], None]] = {
    MatchStep.RELEASE: _note_released,
    MatchStep.RECORD_RELEASE: _note_released,
    MatchStep.REFUSE_RELEASE: _fall_out,
    MatchStep.RECORD_REFUSAL: _fall_out,
    MatchStep.APPROVE: _approve,
    MatchStep.SELECT: _confirm_if_filled,
    MatchStep.PASS_OVER: bookings.free,
    MatchStep.CANCEL: bookings.free,
    MatchStep.TAKE_BACK: _fall_out,
    MatchStep.TAKE_BACK_YES: bookings.free,
    MatchStep.FALL_OUT: _fall_out,
    MatchStep.TAKE_BACK_SELECTION: _choose_again,
}


def propose(
    work: UnitOfWork, request: ExpertiseRequest, said: Mapping[int, Said] | None = None
) -> list[Match]:
    """Propose the approved experts of a request to its requester and return them.

    Whoever cannot be proposed as it stands stays approved, and keeps nobody else back.

    `said` is what the requester reads of each besides the profile, by the match's id; it is refused
    where it was asked for in another language than theirs is by now. Where it is given, nobody is
    proposed of whom it does not speak.
    """
    lock(work.session, request)
    words_of = said or {}
    summaries.refuse_another(request, (words.language for words in words_of.values()))
    approved, kept_back = offering.list_approved(work.session, request, work.now.date())
    if not approved:
        nobody = _(
            "No approved expert waits to be proposed: perhaps a colleague has just proposed"
            " them, or nobody is approved yet."
        )
        raise ConflictError(next(iter(kept_back.values()), nobody))
    if said is not None and said.keys() != {match.id for match in approved}:
        raise ConflictError(
            _("Others are approved than when you opened this page. Please look at them once more.")
        )
    lock_experts(work, approved)
    for match in approved:
        take(work, match, MatchStep.PROPOSE)
        if words := words_of.get(match.id):
            match.said_to_requester = words.note
            match.summary_written = words.summary
            match.summary_language = words.language if words.summary else None
    requests.take(work, request, RequestStep.PROPOSE)
    return approved


def lock_experts(work: UnitOfWork, matches: Sequence[Match]) -> None:
    """Lock all experts before any of their days are freed: that locks the roster, which is last."""
    lock(work.session, *sorted((match.expert for match in matches), key=lambda expert: expert.id))
