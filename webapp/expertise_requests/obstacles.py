"""What packages that know of requests have against what is done with one."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from webapp.core.actor import Actor
from webapp.core.words.translation import Message
from webapp.expertise_requests import rules, signals
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.expertise_requests.workflow import RequestStep


def find_obstacle(session: Session, request: ExpertiseRequest, name: RequestStep) -> Message | None:
    """Return what packages that know of requests have against a step with one, if anything."""
    return _first(signals.taking.send(request, session=session, step=name))


def find_doubt(session: Session, request: ExpertiseRequest, name: RequestStep) -> Message | None:
    """Return what whoever takes a step is asked about before, if anything."""
    return _first(signals.asking.send(request, session=session, step=name))


def find_obstacle_to_taking_over(
    session: Session, actor: Actor, request: ExpertiseRequest
) -> Message | None:
    """Return what packages that know of requests have against a new owner, if anything."""
    return _first(signals.taking_over.send(request, session=session, actor=actor))


def why_colleagues(session: Session, actor: Actor, request: ExpertiseRequest) -> Message | None:
    """Return why a colleague of this coordinator decides on a request for SEESAC, if one has to."""
    if not rules.reads_as_coordinator(actor, request):
        return None
    return _first(signals.deciding.send(request, session=session, actor=actor))


def _first(answers: Iterable[tuple[Any, Message | None]]) -> Message | None:
    return next((obstacle for _receiver, obstacle in answers if obstacle), None)


def list_possible_steps(
    session: Session, actor: Actor, request: ExpertiseRequest
) -> list[RequestStep]:
    """Return the steps that this person can take with the request now, in the table's order."""
    if why_colleagues(session, actor, request):
        return []
    names = rules.possible_steps(actor, request)
    return [name for name in names if not find_obstacle(session, request, name)]
