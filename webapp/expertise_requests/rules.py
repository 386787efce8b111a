"""What may happen to a request for expertise: its steps, and who may read and write it."""

from webapp.core.access import Role
from webapp.core.audit import Actor
from webapp.core.states import Step
from webapp.expertise_requests.models import ExpertiseRequest, RequestState

S = RequestState
OPEN = frozenset({S.SUBMITTED, S.RETURNED, S.ACCEPTED, S.MATCHING, S.PROPOSED})
AGREED = frozenset({S.ACCEPTED, S.MATCHING, S.PROPOSED, S.CONFIRMED, S.CLOSED, S.UNFILLED})
MATCHABLE = frozenset({S.ACCEPTED, S.MATCHING, S.PROPOSED})
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


def missing_for_submission(request: ExpertiseRequest) -> dict[str, str]:
    """Return, by field, what a coordinator could not do without."""
    lacks = {}
    if not request.title:
        lacks["title"] = "Please give the request a title."
    if not (request.objectives or request.tasks or request.background):
        lacks["objectives"] = "Please say in a few sentences what the help is for."
    if request.start is None:
        lacks["start"] = "Please give the first day; it can be approximate."
    if request.end is None:
        lacks["end"] = "Please give the last day; it can be approximate."
    if request.jurisdiction is None:
        lacks["jurisdiction"] = "Please say where the work takes place."
    return lacks
