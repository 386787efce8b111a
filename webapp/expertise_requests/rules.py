"""Who may read and write a request for expertise, what each state implies, what a text lacks."""

import re
from datetime import date, timedelta

from webapp.core.actor import Actor
from webapp.core.roles import Role
from webapp.core.translation import Message, _
from webapp.core.workflow import Owners, Step
from webapp.expertise_requests.content import Content
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.workflow import EDITABLE, MATCHABLE, WORKFLOW, RequestStep

S = RequestState
AGREED = frozenset({S.ACCEPTED, S.MATCHING, S.PROPOSED, S.CONFIRMED, S.CLOSED, S.UNFILLED})
ENDED = frozenset({S.CLOSED, S.DECLINED, S.WITHDRAWN, S.UNFILLED})
# States in which the requester has been shown experts.
DISCLOSING = frozenset({S.PROPOSED, S.CONFIRMED, S.CLOSED})
# Longer than this is no assignment but an office, and most often a slip in the year.
LONGEST = 730
# Where the requester is, the day may still be yesterday's in UTC.
SLACK = timedelta(days=1)

# The reason given where a request has ended well; it is stored as it stands here.
FILLED = _("The request has been filled.")

__all__ = ["AGREED", "DISCLOSING", "EDITABLE", "ENDED", "LONGEST", "MATCHABLE"]


def is_requester(actor: Actor, request: ExpertiseRequest) -> bool:
    """Tell whether the request is this person's own."""
    return Role.REQUESTER in actor.roles and actor.id == request.requester_id


def can_read(actor: Actor, request: ExpertiseRequest) -> bool:
    """A requester reads what is theirs; a coordinator reads what has ever been sent in."""
    if is_requester(actor, request):
        return True
    return Role.COORDINATOR in actor.roles and request.submitted_at is not None


def owners_of(request: ExpertiseRequest) -> Owners:
    """Return whose own the request is, by role."""
    return {Role.REQUESTER: request.requester_id}


def check_step(
    name: RequestStep, request: ExpertiseRequest, actor: Actor, reason: str = ""
) -> Step[RequestState]:
    """Return the step, or refuse in words; a requester's steps are for the request's own writer."""
    return WORKFLOW.check(name, request.state, actor, reason, owners_of(request))


def possible_steps(actor: Actor, request: ExpertiseRequest) -> list[RequestStep]:
    """Return the steps that this person can take with the request now, in the table's order."""
    return WORKFLOW.possible(request.state, actor, owners_of(request))


def missing_for_submission(text: Content | ExpertiseRequest) -> dict[str, Message]:
    """Return, by field, what a coordinator could not do without."""
    lacks = {}
    if not _says_something(text.title):
        lacks["title"] = _("Please give the request a title.")
    if not any(map(_says_something, (text.objectives, text.tasks, text.background))):
        lacks["objectives"] = _("Please say in a few sentences what the help is for.")
    if text.start is None:
        lacks["start"] = _("Please give the first day; it can be approximate.")
    if text.end is None:
        lacks["end"] = _("Please give the last day; it can be approximate.")
    if text.jurisdiction is None:
        lacks["jurisdiction"] = _("Please say where the work takes place.")
    return lacks


def _says_something(text: str) -> bool:
    return re.search(r"\w", text) is not None


def is_past(text: Content | ExpertiseRequest, today: date) -> bool:
    """Tell whether the work would have begun before today, wherever the requester is."""
    return text.start is not None and text.start < today - SLACK


def reason_in_words(reason: str) -> str | Message:
    """Return a stored reason: what somebody wrote, or what the platform gave as one."""
    return FILLED if reason == FILLED.source else reason
