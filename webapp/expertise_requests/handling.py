"""Which coordinator sees to a request: one takes it on, or hands it over to a colleague."""

from sqlalchemy.orm import Session

from webapp.accounts import queries as accounts
from webapp.accounts.models import Account
from webapp.core.actor import Actor
from webapp.core.db import lock
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.expertise_requests import hands, obstacles, rules
from webapp.expertise_requests.models import ExpertiseRequest

CHANGED = _("Somebody else sees to this request since you opened the page. Please look again.")


def list_able(session: Session, request: ExpertiseRequest) -> list[Account]:
    """Return, by name, the coordinators who can see to a request: who has no part in it."""
    able = [
        one
        for one in accounts.list_able(session, Role.COORDINATOR)
        if rules.reads_as_coordinator(one.as_actor(), request)
        and not obstacles.why_colleagues(session, one.as_actor(), request)
    ]
    return sorted(able, key=lambda one: one.name)


def can_be_handed(actor: Actor, request: ExpertiseRequest) -> bool:
    """Tell whether this person, or a colleague of theirs, decides who sees to a request."""
    return rules.reads_as_coordinator(actor, request) and request.state not in rules.ENDED


def check_hands(session: Session, actor: Actor, request: ExpertiseRequest) -> None:
    """Refuse in words whoever does not decide who sees to a request."""
    if why := obstacles.why_colleagues(session, actor, request):
        raise ForbiddenError(why)
    if not can_be_handed(actor, request):
        raise ForbiddenError(_("Only coordinators decide who sees to an open request."))


def hand_over(
    work: UnitOfWork, request: ExpertiseRequest, person_id: int | None, *, seen: int | None
) -> None:
    """Let a coordinator see to a request: oneself, or a colleague, who is told.

    Who saw to it before is told as well. The same again changes nothing; a page that showed
    somebody else is refused.
    """
    lock(work.session, request)
    check_hands(work.session, work.actor, request)
    before = request.handled_by
    if before == person_id:
        return
    if before != seen:
        raise ConflictError(CHANGED)
    person = next((one for one in list_able(work.session, request) if one.id == person_id), None)
    if person is None:
        raise ConflictError(_("This person cannot see to the request."))
    hands.give(work, request, person)


def leave_to_all(work: UnitOfWork, request: ExpertiseRequest) -> None:
    """Let nobody in particular see to a request: what there is to do stands in every queue."""
    before, request.handled_by = request.handled_by, None
    work.session.flush()
    audit.record(work, Action.REQUEST_UNHANDED, request, request_id=request.id, before=before)
