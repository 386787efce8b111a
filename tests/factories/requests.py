"""Requests for expertise in any state, reached by the steps that people take."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from tests.factories.people import account, next_number, work
from webapp.accounts.models import Account
from webapp.core.record.reasons import Grounds, ReasonKind, Source
from webapp.core.roles import Role
from webapp.core.words.vocabularies import CefrLevel, HelpKind, LanguageNeed
from webapp.core.workflows.workflow import Step
from webapp.expertise_requests import operations
from webapp.expertise_requests.content import Content
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.workflow import WORKFLOW, RequestStep

S = RequestState
REASON = "A reason given in the tests."
# Where an answer comes from that a coordinator notes, and a release so noted.
SOURCE = Source("The state secretary", date(2026, 1, 5))
RELEASED = Grounds(ReasonKind.IN_WRITING, source=SOURCE)


def grounds(step: Step[Any] | None = None, text: str | None = None) -> Grounds:
    """Return a reason that a step takes, all in words."""
    kind = step.reasons[-1] if step and step.reasons else ReasonKind.OTHER
    source = SOURCE if step and step.asks_source else None
    return Grounds(kind, REASON if text is None else text, source=source)


# The steps from a new draft to each state; nobody is proposed, but a confirmed one has its experts.
R = RequestStep
PROPOSED = (R.SUBMIT, R.ACCEPT, R.START_MATCHING, R.PROPOSE)
PATHS: dict[RequestState, tuple[RequestStep, ...]] = {
    S.DRAFT: (),
    S.SUBMITTED: (R.SUBMIT,),
    S.RETURNED: (R.SUBMIT, R.RETURN),
    S.DECLINED: (R.SUBMIT, R.DECLINE),
    S.WITHDRAWN: (R.SUBMIT, R.WITHDRAW),
    S.ACCEPTED: (R.SUBMIT, R.ACCEPT),
    S.UNFILLED: (R.SUBMIT, R.ACCEPT, R.LEAVE_UNFILLED),
    S.MATCHING: (R.SUBMIT, R.ACCEPT, R.START_MATCHING),
    S.PROPOSED: PROPOSED,
    S.CONFIRMED: (*PROPOSED, R.CONFIRM),
    S.CLOSED: (*PROPOSED, R.CONFIRM, R.CLOSE),
}


# Types are checked where the text stands as it is; of `changes` they are not.
COMPLETE = Content(
    title="Training of investigators in firearms tracing",
    background="Seized firearms are rarely traced to their last legal owner.",
    objectives="Investigators can trace a seized firearm by themselves.",
    tasks="Teach a course of three days and review the written procedure.",
    help_kind=HelpKind.TRAINER,
    focal_point="Mirlan Fictional",
    jurisdiction="KGZ",
    place="Bishkek",
    start=date(2031, 5, 5),
    end=date(2031, 5, 8),
    experts_needed=1,
    themes=("SALW-MTR", "SALW-TRF"),
    languages=(("en", CefrLevel.B2, LanguageNeed.REQUIRED),),
)


def content(**changes: Any) -> Content:
    """Return a complete text of a request; `changes` replace parts of it."""
    return replace(COMPLETE, **changes)


def request(
    session: Session,
    state: RequestState = RequestState.DRAFT,
    *,
    requester: Account | None = None,
    coordinator: Account | None = None,
    **changes: Any,
) -> ExpertiseRequest:
    """Write a request and bring it to `state`; `changes` replace parts of its text."""
    requester = requester or account(session, Role.REQUESTER)
    # Nobody writes the same request twice; what is said of security does not enter the ranking.
    changes.setdefault("security", f"A calm town, {next_number()} km from the border.")
    made = operations.start_draft(work(session, requester), content(**changes))
    steps = PATHS[state]
    if coordinator is None and any(WORKFLOW[step].by is Role.COORDINATOR for step in steps):
        coordinator = account(session, Role.COORDINATOR)
    for step in steps:
        person = requester if WORKFLOW[step].by is Role.REQUESTER else coordinator
        if step is RequestStep.CONFIRM:
            _select(session, made, coordinator)
        else:
            advance(session, made, step, person)
    assert made.state is state
    return made


def _select(session: Session, made: ExpertiseRequest, coordinator: Account | None) -> None:
    """Have as many experts selected as the request wants: the last selection confirms it."""
    from tests.factories.matching import match
    from webapp.matches.models import MatchState

    for _number in range(made.experts_needed):
        match(session, MatchState.SELECTED, request=made, coordinator=coordinator)


def advance(
    session: Session, made: ExpertiseRequest, step: RequestStep, person: Account | None
) -> None:
    """Take one step with a request, with a reason where one is needed."""
    why = grounds(WORKFLOW[step]) if made.state in WORKFLOW[step].needs_reason else None
    seen = operations.Seen(past_is_meant=True)
    operations.take(work(session, person), made, step, why, seen)
