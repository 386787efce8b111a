"""Requests for expertise in any state, reached by the steps that people take."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from tests.factories.people import account, actor, next_number
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.roles import Role
from webapp.core.vocabularies import CefrLevel
from webapp.expertise_requests import operations
from webapp.expertise_requests.models import ExpertiseRequest, HelpKind, RequestState

S = RequestState
REASON = "A reason given in the tests."

# The steps from a new draft to each state; those of matching are taken without any match.
PATHS: dict[RequestState, tuple[str, ...]] = {
    S.DRAFT: (),
    S.SUBMITTED: ("submit",),
    S.RETURNED: ("submit", "send_back"),
    S.DECLINED: ("submit", "decline"),
    S.WITHDRAWN: ("submit", "withdraw"),
    S.ACCEPTED: ("submit", "accept"),
    S.UNFILLED: ("submit", "accept", "leave_unfilled"),
    S.MATCHING: ("submit", "accept", "start_matching"),
    S.PROPOSED: ("submit", "accept", "start_matching", "propose"),
    S.CONFIRMED: ("submit", "accept", "start_matching", "propose", "confirm"),
    S.CLOSED: ("submit", "accept", "start_matching", "propose", "confirm", "close"),
}
BY_REQUESTER = frozenset({"submit", "withdraw", "confirm"})
WITH_REASON = frozenset({"send_back", "decline", "withdraw", "leave_unfilled"})


def content(**changes: Any) -> operations.Content:
    """Return a complete text of a request; `changes` replace parts of it."""
    given = {
        "title": "Training of investigators in firearms tracing",
        "background": "Seized firearms are rarely traced to their last legal owner.",
        "objectives": "Investigators can trace a seized firearm by themselves.",
        "tasks": "Teach a course of three days and review the written procedure.",
        "help_kind": HelpKind.TRAINER,
        "focal_point": "Mirlan Fictional",
        "jurisdiction": "KGZ",
        "place": "Bishkek",
        "start": date(2031, 5, 5),
        "end": date(2031, 5, 8),
        "experts_needed": 1,
        "themes": ("SALW-MTR", "SALW-TRF"),
        "languages": (("en", CefrLevel.B2, True),),
        **changes,
    }
    return operations.Content(**given)


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
    made = operations.start_draft(
        session, content(**changes), actor=actor(requester), now=clock.now()
    )
    steps = PATHS[state]
    if coordinator is None and BY_REQUESTER.issuperset(steps) is False:
        coordinator = account(session, Role.COORDINATOR)
    for step in steps:
        advance(session, made, step, requester if step in BY_REQUESTER else coordinator)
    assert made.state is state
    return made


def advance(session: Session, made: ExpertiseRequest, step: str, person: Account | None) -> None:
    """Take one step with a request, with a reason where one is needed."""
    reason = (REASON,) if step in WITH_REASON else ()
    getattr(operations, step)(session, made, *reason, actor=actor(person), now=clock.now())
