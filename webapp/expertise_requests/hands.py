"""Giving a request to the coordinator who sees to it from then on: a colleague hands it over, or
they take it on or accept it."""

from webapp.accounts.models import Account
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.record.disclosure import Named
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.expertise_requests import rules, telling
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.messages import operations as messages
from webapp.messages.letters import Letter


def give(work: UnitOfWork, request: ExpertiseRequest, person: Account) -> None:
    """Let a coordinator see to a request; they are told, and whoever saw to it before."""
    before, request.handled_by = request.handled_by, person.id
    if before == person.id:
        return
    work.session.flush()
    audit.record(
        work, Action.REQUEST_HANDED, request, request_id=request.id, before=before, after=person.id
    )
    _tell(work, request, person, before)


def _tell(work: UnitOfWork, request: ExpertiseRequest, person: Account, before: int | None) -> None:
    facts = {**telling.facts_of(request), "person": Named.of(person)}
    path, about = f"/requests/{request.id}", telling.about(request)
    reference = {"reference": request.reference}
    if person.id != work.actor.id:
        subject = _("%(reference)s is yours to see to") % reference
        text = _("From now on you see to “%(title)s”. What there is to do stands in your queue.")
        messages.queue(work, person.id, Letter(subject, text % facts, path, about))
    if before in messages.coordinators(work, rules.owners_of(request)):
        subject = _("%(reference)s: somebody else sees to it") % reference
        text = _("From now on %(person)s sees to “%(title)s”.")
        messages.queue(work, before, Letter(subject, text % facts, path, about))
