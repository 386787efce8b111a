"""Who is considered for a request decides nothing of it for SEESAC, neither of its terms nor of the
others who are considered: it would be a decision for themselves (decision 42)."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core import workflow
from webapp.core.actor import Actor
from webapp.core.audit import Action, AuditEvent
from webapp.core.errors import ForbiddenError
from webapp.core.older_pages import REFUSED
from webapp.core.roles import Role
from webapp.core.translation import Message, _
from webapp.core.unit_of_work import UnitOfWork
from webapp.expertise_requests import sides
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Expert
from webapp.matches import rules
from webapp.matches.models import Match
from webapp.matches.workflow import OPEN

CONSIDERED = _("You are considered for this request yourself, so a colleague decides on it.")
# What is decided of a request besides the steps of workflows.
_RANKING = frozenset(
    {Action.CONSIDERATIONS_CHANGED, Action.PASSAGE_COUNTED, Action.PASSAGE_SET_ASIDE}
)


def list_requests(session: Session, actor: Actor) -> Collection[int]:
    """Return the requests for which this person is considered, as an expert."""
    if actor.id is None or Role.EXPERT not in actor.roles:
        return frozenset()
    theirs = (
        sa.select(Match.request_id)
        .join(Expert, Expert.id == Match.expert_id)
        .where(Expert.account_id == actor.id, Match.state.in_(OPEN))
    )
    with session.no_autoflush:
        return frozenset(session.scalars(theirs))


def is_considered(session: Session, actor: Actor, request_id: int) -> bool:
    """Tell whether this person is considered for a request."""
    return request_id in list_requests(session, actor)


def can_shortlist(session: Session, actor: Actor, request: ExpertiseRequest) -> bool:
    """Tell whether this person puts experts on the shortlist of a request now."""
    return rules.can_shortlist(actor, request) and not is_considered(session, actor, request.id)


def why_not_theirs(session: Session, actor: Actor, match: Match) -> Message | None:
    """Return why somebody else decides on a match for SEESAC, if so: it is this person's own in
    some role, or that of a rival."""
    if own := workflow.why_not_theirs(actor, rules.owners_of(match.request, match.expert)):
        return own
    return CONSIDERED if is_considered(session, actor, match.request_id) else None


def refuse_to_decide(event: AuditEvent, *, work: UnitOfWork, **_facts: object) -> None:
    """Refuse what somebody decides for SEESAC on a request for which they are considered."""
    # Hardly anybody is both, and the log is written to with every change.
    if event.request_id is None or not work.actor.roles >= {Role.COORDINATOR, Role.EXPERT}:
        return
    for_office = event.action in _RANKING or sides.side_of(event) is Role.COORDINATOR
    if for_office and is_considered(work.session, work.actor, event.request_id):
        # The step has changed something by now, so whoever catches this stores nothing either.
        refusal = work.session.info[REFUSED] = ForbiddenError(CONSIDERED)
        raise refusal
