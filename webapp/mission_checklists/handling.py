"""Who of a side sees to a thing that a mission needs: where there are several, one is asked to, and
finds it among their own.

All of the side can act on it as before.
"""

from sqlalchemy.orm import Session

from webapp.accounts import queries as accounts
from webapp.accounts.models import Account
from webapp.core.actor import Actor
from webapp.core.errors import ConflictError
from webapp.core.record.actions import Action
from webapp.core.record.disclosure import Named
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.formats import period_name
from webapp.core.words.translation import Deferred, _
from webapp.deployments.models import Deployment
from webapp.expertise_requests.waiting import Side
from webapp.matches.telling import facts_of
from webapp.messages import operations as messages
from webapp.messages.letters import Letter
from webapp.mission_checklists import operations, queries, rules
from webapp.mission_checklists.models import ItemState, NeedKind
from webapp.mission_checklists.rules import Entry

# Of whom a side can consist; experts and requesters are one person each.
ROLES = {Side.OFFICE: Role.COORDINATOR, Side.AUTHORITY: Role.NOMINATING_AUTHORITY}
CHANGED = _("Somebody else sees to this since you opened the page. Please look again.")


def list_able(session: Session, actor: Actor, entry: Entry) -> list[Account]:
    """Return, by name, who of this person's side can be asked to see to an open thing."""
    side = rules.side_of(actor, entry.deployment)
    if not (entry.is_open and rules.can_act(actor, entry)):
        return []
    role = ROLES.get(side) if side else None
    # Those of an authority alone, of which there are many; coordinators have none in common.
    whose = entry.deployment.match.authority_id if side is Side.AUTHORITY else None
    people = accounts.list_able(session, role, whose) if role else ()
    found = [one for one in people if rules.side_of(one.as_actor(), entry.deployment) is side]
    return sorted(found, key=lambda one: one.name)


def hand_over(
    work: UnitOfWork, deployment: Deployment, kind: NeedKind, person_id: int, *, seen: int | None
) -> None:
    """Let somebody of one's own side see to a thing: oneself, or a colleague, who is told, as is
    whoever saw to it before. A page that showed somebody else is refused."""
    entry = operations.begin(work, deployment, kind)
    able = {one.id: one for one in list_able(work.session, work.actor, entry)}
    before = entry.owner_id
    if before != seen:
        raise ConflictError(CHANGED)
    if person_id not in able:
        raise ConflictError(_("This person cannot see to it now."))
    if before == person_id:
        return
    item = entry.item or operations.change(work, entry, ItemState.OPEN)
    item.owner_id = person_id
    work.session.flush()
    operations.record(work, Action.ITEM_HANDED, entry, item, before=before, after=person_id)
    _tell(work, entry, able[person_id], able.get(before or 0))


def _tell(work: UnitOfWork, entry: Entry, person: Account, before: Account | None) -> None:
    mission = entry.deployment
    facts = {**facts_of(mission.match), "person": Named.of(person)}
    path = queries.path_of(entry)
    about = entry.need.kind.label, Deferred(period_name, mission.start, mission.end)
    reference = {"reference": mission.match.request.reference}
    if person.id != work.actor.id:
        subject = _("%(reference)s: something that a mission needs is yours to see to") % reference
        text = _("From now on you see to what is named below, for the mission for “%(title)s”.")
        messages.queue(work, person.id, Letter(subject, text % facts, path, about))
    if before is not None and before.id != work.actor.id:
        subject = _("%(reference)s: somebody else sees to what a mission needs") % reference
        text = _("From now on %(person)s sees to what is named below, for “%(title)s”.")
        messages.queue(work, before.id, Letter(subject, text % facts, path, about))
