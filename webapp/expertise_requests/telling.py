"""Who is told of a request, and on the side of those who ask: who can read it.

Whoever has left the ministry, or asks for experts no more, opens none of its pages, and is told of
nothing that stands on them. What waits then is told to the colleagues who can take it over.
"""

from typing import Any

from webapp.accounts import queries as accounts
from webapp.core.record.disclosure import Named
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.formats import period_name
from webapp.core.words.translation import Deferred, Words, _
from webapp.core.workflows.workflow import Recipient
from webapp.expertise_requests import rules
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.messages import operations as messages
from webapp.messages.letters import Letter


def facts_of(request: ExpertiseRequest) -> dict[str, Any]:
    """Return what notices about a request may name; in mails stands the reference alone."""
    return {
        "reference": request.reference,
        "title": request.title,
        "requester": Named.of(request.requester),
        "request_id": request.id,
    }


def about(request: ExpertiseRequest) -> tuple[Words, ...]:
    """Return what a notice says below its text: the days of the mission."""
    return (Deferred(period_name, *request.mission_days),)


def readers_of(work: UnitOfWork, request: ExpertiseRequest, to: Recipient) -> list[int]:
    """Return the accounts of those who are told of a request: who asks, or the coordinators."""
    if to is Recipient.REQUESTER:
        return _who_asks(work, request)
    if to is Recipient.COORDINATORS:
        return messages.coordinators(work, rules.owners_of(request))
    raise ValueError(f"a request knows nobody who is its {to}")


def _who_asks(work: UnitOfWork, request: ExpertiseRequest) -> list[int]:
    """Return who is told as the one who asks; of a request that was left behind nobody is, but its
    colleagues learn once a day that it waits for one of them."""
    told = rules.account_told(request)
    if told is not None:
        return [told]
    if messages.say_once(work, f"left behind:{request.id}:{work.now:%Y-%m-%d}"):
        _call_colleagues(work, request)
    return []


def _call_colleagues(work: UnitOfWork, request: ExpertiseRequest) -> None:
    letter = Letter(
        _("%(reference)s waits for somebody of your organisation", reference=request.reference),
        _(
            "There is news of “%(title)s”, and whoever asked for it acts for your organisation no"
            " more. Please take the request over, to read it and to answer.",
            title=request.title,
        ),
        f"/requests/{request.id}",
    )
    for one in accounts.list_members(work.session, Role.REQUESTER, request.organisation_id):
        if rules.can_be_taken_over(one.as_actor(), request):
            messages.queue(work, one.id, letter)
