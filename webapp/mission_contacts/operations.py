"""What happens to what is known for an emergency: it is written, and erased after the mission."""

from webapp.core.db import lock
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.deployments.models import Deployment
from webapp.experts import rules as experts
from webapp.mission_contacts import queries, rules
from webapp.mission_contacts.content import ContactContent
from webapp.mission_contacts.models import MissionContact


def write(
    work: UnitOfWork, deployment: Deployment, content: ContactContent, *, seen_version: int
) -> MissionContact:
    """Keep whom to call for a mission, and what its expert does not eat, until it is over.

    The log holds that it was written, and nothing of what it says.
    """
    lock(work.session, deployment.match.request, deployment.match.expert)
    work.session.refresh(deployment)
    if not rules.can_write(work.actor, deployment, work.now.date()):
        raise ForbiddenError(_("The expert says whom to call, while the mission lasts."))
    contact = queries.find(work.session, deployment)
    if contact is not None:
        work.session.refresh(contact)
    if seen_version != (contact.version if contact else 0):
        raise ConflictError(_("This was changed since you opened this page."))
    if contact is None:
        contact = MissionContact(deployment_id=deployment.id, deployment=deployment)
        work.session.add(contact)
    for name, value in vars(content).items():
        setattr(contact, name, value)
    contact.written_at = work.now
    contact.by_office = not experts.is_own(work.actor, deployment.match.expert)
    work.session.flush()
    _record(work, Action.EMERGENCY_CONTACT_WRITTEN, deployment)
    return contact


def erase_over(work: UnitOfWork, deployment_id: int) -> int:
    """Erase what was kept for a mission if that is over; return how much there was."""
    over = queries.list_over(work.session, work.now, only=deployment_id)
    for contact in over:
        work.session.delete(contact)
        _record(work, Action.EMERGENCY_CONTACT_ERASED, contact.deployment)
    work.session.flush()
    return len(over)


def _record(work: UnitOfWork, action: Action, deployment: Deployment) -> None:
    audit.record(work, action, deployment, expert_id=deployment.match.expert_id)
