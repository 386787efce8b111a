"""How a colleague of its owner takes a request over."""

from webapp.accounts.models import Account
from webapp.core.db import lock
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.record import audit, reasons
from webapp.core.record.actions import Action
from webapp.core.record.disclosure import Named
from webapp.core.record.reasons import Reason, Why
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.core.workflows.workflow import OTHER_SIDE, refuse_bad_reason
from webapp.expertise_requests import obstacles, rules
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.expertise_requests.operations import refuse_stale
from webapp.expertise_requests.workflow import TAKE_OVER_REASONS
from webapp.messages import operations as messages
from webapp.messages.letters import Letter

TAKE_OVER = _("Take over the request")


def take_over(
    work: UnitOfWork, request: ExpertiseRequest, why: Why | None, *, seen_version: int
) -> None:
    """Make the actor the owner of a colleague's request, and tell the former owner.

    Refuses in words: not a colleague's, no reason, ended, or changed since the page was loaded; who
    has acted on it for SEESAC, or is considered for it.
    """
    lock(work.session, request)
    if not rules.is_colleague(work.actor, request):
        raise ForbiddenError(_("Only a colleague of its owner can take a request over."))
    if rules.has_decided(work.actor, request):
        raise ConflictError(OTHER_SIDE)
    if not rules.can_be_taken_over(work.actor, request):
        raise ConflictError(
            _("A request that is “%(state)s” can only be read.", state=request.state)
        )
    if obstacle := obstacles.find_obstacle_to_taking_over(work.session, work.actor, request):
        raise ConflictError(obstacle)
    refuse_bad_reason(TAKE_OVER, TAKE_OVER_REASONS, why)
    refuse_stale(request, seen_version)
    former = request.requester
    reason = reasons.keep(work, why, former.tells_of)
    request.requester = work.session.get_one(Account, work.actor.id)
    # It named a showing of the form to its writer; the new owner's forms have tokens of their own.
    request.form_token = None
    work.session.flush()
    audit.record(
        work, Action.REQUEST_TAKEN_OVER, request, request_id=request.id, reason=reason,
        before=former.id, after=work.actor.id,
    )  # fmt: skip
    if former.active and rules.is_colleague(former.as_actor(), request):
        messages.queue(work, former.id, _taken_over(request, reason))


def _taken_over(request: ExpertiseRequest, reason: Reason | None) -> Letter:
    return Letter(
        _("%(reference)s is in the hands of a colleague now", reference=request.reference),
        _(
            "%(name)s of your organisation has taken over your request. You can read it as before,"
            " and take it back:",
            name=Named.of(request.requester),
        ),
        about=(f"{request.reference} {request.title}",),
        path=f"/requests/{request.id}",
        reason=reason,
    )
