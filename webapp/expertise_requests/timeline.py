"""The readable story of a request, told from its audit events.

Rooms register the sentence of each action that they record, and whether requesters read it. An
action without a sentence is told to coordinators by its bare name and to requesters not at all.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.accounts import queries as accounts
from webapp.core import audit
from webapp.core.audit import SYSTEM, Actor, AuditEvent
from webapp.core.roles import Role
from webapp.expertise_requests import rules
from webapp.expertise_requests.models import ExpertiseRequest

Namer = Callable[[Session, set[int]], Mapping[int, str]]

PLATFORM, OFFICE, SOMEBODY = "the platform", "SEESAC", "an expert"


@dataclass(frozen=True)
class Words:
    """How an action is told, and how much of it the requester may read."""

    sentence: str
    open_to_requester: bool
    reason_open: bool


@dataclass(frozen=True)
class Entry:
    """One line of the story: when, who, what in a sentence, and why."""

    at: datetime
    who: str
    sentence: str
    reason: str


_words: dict[str, Words] = {}
_namers: list[Namer] = []


def words(
    action: str, sentence: str, open_to_requester: bool = False, *, reason_open: bool = False
) -> None:
    """Register how `action` is told: {expert} stands for the expert's name, {fields} for fields.

    `reason_open` says that the reason, too, is meant for the requester; their own they always read.
    """
    _words[action] = Words(sentence, open_to_requester, reason_open)


def has_words(action: str) -> bool:
    """Tell whether a room has registered how `action` is told."""
    return action in _words


def name_experts_by(namer: Namer) -> Namer:
    """Register what answers the names behind expert ids."""
    _namers.append(namer)
    return namer


def entries(session: Session, request: ExpertiseRequest, actor: Actor) -> list[Entry]:
    """Return the story of a request, oldest first, as far as the actor may read it."""
    return _tell(session, request, actor, audit.events_of_request(session, request.id))


def entries_about(
    session: Session, request: ExpertiseRequest, actor: Actor, expert_id: int
) -> list[Entry]:
    """Return what the story of a request tells of one expert, oldest first."""
    events = audit.events_of_request(session, request.id)
    return _tell(session, request, actor, (e for e in events if _expert_of(e) == expert_id))


def reason_for_state(session: Session, request: ExpertiseRequest) -> str:
    """Return the reason given with the step that brought the request to its present state."""
    for event in reversed(audit.events_of_request(session, request.id)):
        if event.details.get("after") == request.state and event.action in _words:
            return event.reason if _words[event.action].reason_open else ""
    return ""


def _tell(
    session: Session, request: ExpertiseRequest, actor: Actor, events: Iterable[AuditEvent]
) -> list[Entry]:
    # Whoever wrote the request reads it as its requester, whatever other roles they have.
    reader = actor.id if rules.is_requester(actor, request) else None
    told = [(event, found) for event in events if (found := _words_for(event, reader))]
    people = accounts.get_names(session, (event.actor_id for event, _ in told))
    experts = _expert_names(session, {_expert_of(event) for event, _ in told})
    return [
        Entry(
            at=event.at,
            who=_who(event, people, reader),
            sentence=_sentence(event, found, experts),
            reason=event.reason if _reason_told(event, found, reader) else "",
        )
        for event, found in told
    ]


def _words_for(event: AuditEvent, reader: int | None) -> Words | None:
    found = _words.get(event.action, Words(event.action, False, False))
    return found if reader is None or found.open_to_requester else None


def _reason_told(event: AuditEvent, found: Words, reader: int | None) -> bool:
    return reader is None or found.reason_open or event.actor_id == reader


def _who(event: AuditEvent, people: Mapping[int, str], reader: int | None) -> str:
    if event.actor_id is None or event.role in SYSTEM.roles:
        return PLATFORM
    name = people.get(event.actor_id, PLATFORM)
    if reader is not None:
        return name if event.actor_id == reader else OFFICE
    return f"{name}, {OFFICE if event.role == Role.COORDINATOR else event.role}"


def _expert_of(event: AuditEvent) -> int | None:
    return event.details.get("expert_id")


def _expert_names(session: Session, ids: set[int | None]) -> dict[int, str]:
    wanted = {number for number in ids if number is not None}
    found: dict[int, str] = {}
    for namer in _namers if wanted else ():
        found.update(namer(session, wanted))
    return found


def _sentence(event: AuditEvent, found: Words, experts: Mapping[int, str]) -> str:
    name = experts.get(_expert_of(event) or 0, SOMEBODY)
    sentence = found.sentence.replace("{expert}", name)
    fields = ", ".join(name.replace("_", " ") for name in event.details.get("fields", ()))
    sentence = sentence.replace("{fields}", fields)
    return sentence[:1].upper() + sentence[1:]


words("request drafted", "began to write the request", True)
words("request edited", "changed the text: {fields}", True)
words("request: submit", "sent the request to SEESAC", True)
words("request: return", "returned the request for correction", True, reason_open=True)
words("request: accept", "accepted the terms of reference", True)
words("request: decline", "declined the request", True, reason_open=True)
words("request: withdraw", "withdrew the request", True)
words("request: start matching", "began to consider experts", True)
words("request: propose", "proposed experts to the requester", True)
words("request: confirm", "selected as many experts as were asked for", True)
words("request: reopen", "took the request up again, because a selected expert fell out", True)
words("request: leave unfilled", "closed the request without an expert", True, reason_open=True)
words("request: close", "closed the request", True)
