"""What may happen to a request for expertise: its steps, and who may read and write it."""

import re

from webapp.core.audit import SYSTEM, Actor
from webapp.core.errors import ForbiddenError
from webapp.core.roles import Role
from webapp.core.workflow import Step, check
from webapp.expertise_requests.content import Content
from webapp.expertise_requests.models import ExpertiseRequest, RequestState

S = RequestState
OPEN = frozenset({S.SUBMITTED, S.RETURNED, S.ACCEPTED, S.MATCHING, S.PROPOSED})
AGREED = frozenset({S.ACCEPTED, S.MATCHING, S.PROPOSED, S.CONFIRMED, S.CLOSED, S.UNFILLED})
ENDED = frozenset({S.CLOSED, S.DECLINED, S.WITHDRAWN, S.UNFILLED})
# States in which the requester has been shown experts.
DISCLOSING = frozenset({S.PROPOSED, S.CONFIRMED, S.CLOSED})
MATCHABLE = frozenset({S.ACCEPTED, S.MATCHING, S.PROPOSED})
# Longer than this is no assignment but an office, and most often a slip in the year.
LONGEST = 730
EDITABLE = frozenset({S.DRAFT, S.RETURNED})

STEPS: dict[str, Step[RequestState]] = {
    "submit": Step(EDITABLE, S.SUBMITTED, Role.REQUESTER),
    "return": Step(
        frozenset({S.SUBMITTED}), S.RETURNED, Role.COORDINATOR, frozenset({S.SUBMITTED})
    ),
    "accept": Step(frozenset({S.SUBMITTED}), S.ACCEPTED, Role.COORDINATOR),
    "decline": Step(
        frozenset({S.SUBMITTED}), S.DECLINED, Role.COORDINATOR, frozenset({S.SUBMITTED})
    ),
    "withdraw": Step(OPEN | {S.DRAFT}, S.WITHDRAWN, Role.REQUESTER, OPEN),
    "start matching": Step(frozenset({S.ACCEPTED}), S.MATCHING, Role.COORDINATOR),
    "propose": Step(frozenset({S.MATCHING, S.PROPOSED}), S.PROPOSED, Role.COORDINATOR),
    "confirm": Step(frozenset({S.PROPOSED}), S.CONFIRMED, Role.REQUESTER),
    "leave unfilled": Step(MATCHABLE, S.UNFILLED, Role.COORDINATOR, MATCHABLE),
    "reopen": Step(frozenset({S.CONFIRMED}), S.PROPOSED, Role.COORDINATOR),
    "close": Step(frozenset({S.CONFIRMED}), S.CLOSED, Role.COORDINATOR),
}


def is_requester(actor: Actor, request: ExpertiseRequest) -> bool:
    """Tell whether the request is this person's own."""
    return Role.REQUESTER in actor.roles and actor.id == request.requester_id


def can_read(actor: Actor, request: ExpertiseRequest) -> bool:
    """A requester reads what is theirs; a coordinator reads what has ever been sent in."""
    if is_requester(actor, request):
        return True
    return Role.COORDINATOR in actor.roles and request.submitted_at is not None


def can_edit(actor: Actor, request: ExpertiseRequest) -> bool:
    """Only the requester writes, and only while the text is not under consideration."""
    return is_requester(actor, request) and request.state in EDITABLE


def check_step(
    name: str, request: ExpertiseRequest, actor: Actor, reason: str = ""
) -> Step[RequestState]:
    """Return the step, or refuse in words; a requester's steps are for the request's own writer."""
    step = check(STEPS, name, request.state, actor, reason)
    own = is_requester(actor, request) or not actor.roles.isdisjoint(SYSTEM.roles)
    if step.by is Role.REQUESTER and not own:
        raise ForbiddenError("Only the person who wrote the request can do this.")
    return step


def possible_steps(actor: Actor, request: ExpertiseRequest) -> list[str]:
    """Return the steps that this person can take with the request now, in the table's order."""
    mine = {Role.REQUESTER} if is_requester(actor, request) else set()
    mine |= {Role.COORDINATOR} & actor.roles if can_read(actor, request) else set()
    return [
        name for name, step in STEPS.items() if step.by in mine and step.possible(request.state)
    ]


def missing_for_submission(text: Content | ExpertiseRequest) -> dict[str, str]:
    """Return, by field, what a coordinator could not do without."""
    lacks = {}
    if not _says_something(text.title):
        lacks["title"] = "Please give the request a title."
    if not any(map(_says_something, (text.objectives, text.tasks, text.background))):
        lacks["objectives"] = "Please say in a few sentences what the help is for."
    if text.start is None:
        lacks["start"] = "Please give the first day; it can be approximate."
    if text.end is None:
        lacks["end"] = "Please give the last day; it can be approximate."
    if text.jurisdiction is None:
        lacks["jurisdiction"] = "Please say where the work takes place."
    return lacks


def _says_something(text: str) -> bool:
    return re.search(r"\w", text) is not None
