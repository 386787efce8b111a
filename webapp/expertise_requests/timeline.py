"""The readable story of a request, told from its audit events.

The sentences are those of the workflows, so a package above this one has its steps told without
being known here. An action without a sentence is told to coordinators by its bare name and to
requesters not at all.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import current_app
from sqlalchemy.orm import Session

from webapp.accounts import queries as accounts
from webapp.core.actor import SYSTEM, Actor
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.record.reasons import Reason
from webapp.core.roles import Role, role_words
from webapp.core.words.text_rules import first_capital
from webapp.core.words.translation import Deferred, Message, Words, _, in_words
from webapp.core.workflows.registry import steps_by_action
from webapp.expertise_requests import field_comments, rules
from webapp.expertise_requests.content import FIELD_NAMES
from webapp.expertise_requests.models import ExpertiseRequest, FieldComment

ExpertNames = Callable[[Session, set[int]], Mapping[int, str]]

# Where the package that knows the experts puts the function that answers their names.
EXPERT_NAMES = "timeline.expert_names"
PLATFORM, OFFICE, SOMEBODY = _("the platform"), _("SEESAC"), _("an expert")
SOMEBODY_ELSE = _("a colleague")


@dataclass(frozen=True)
class Sentence:
    """How an action is told, and how much of it the requester may read."""

    story: Message
    open_to_requester: bool
    reason_open: bool


@dataclass(frozen=True)
class StoryLine:
    """One line of the story: when, who, what in a sentence, and why."""

    at: datetime
    who: str
    sentence: str
    reason: Reason | None
    # What was written at single fields when a request was returned.
    comments: Sequence[FieldComment] = ()


# What is told besides the steps of workflows.
_OTHERS: dict[str, Sentence] = {
    Action.REQUEST_DRAFTED: Sentence(_("began to write the request"), True, False),
    Action.REQUEST_EDITED: Sentence(_("changed the text: %(fields)s"), True, False),
    Action.REMINDED: Sentence(_("reminded of an answer that is awaited"), False, False),
    Action.REQUEST_TAKEN_OVER: Sentence(_("took the request over from %(before)s"), True, True),
    Action.REQUEST_MOVED: Sentence(
        _("looks for experts from now on for the other days of the mission"), False, False
    ),
    Action.REQUEST_HANDED: Sentence(_("let %(after)s see to the request"), False, False),
    Action.REQUEST_UNHANDED: Sentence(
        _("left it to all coordinators to see to the request"), False, False
    ),
    Action.REQUEST_MESSAGE: Sentence(_("wrote a message"), True, False),
    Action.REQUEST_MESSAGE_SETTLED: Sentence(
        _("noted that a message needs no answer"), False, False
    ),
    Action.REPORT_SENT: Sentence(_("sent a report on the mission of %(expert)s"), True, False),
    Action.REPORT_GIVEN_BACK: Sentence(
        _("gave a report on the mission of %(expert)s back to be corrected"), True, False
    ),
    Action.TEAM_REPORT_SENT: Sentence(_("sent the report on the mission of the team"), True, False),
    Action.TEAM_REPORT_GIVEN_BACK: Sentence(
        _("gave the report on the mission of the team back to be corrected"), True, False
    ),
    Action.REQUEST_JOINED: Sentence(
        _("opened the request to colleagues of the requester"), True, True
    ),
}


def sentence_of(action: str) -> Sentence | None:
    """Return how an action is told, if somebody has said so."""
    if action in _OTHERS:
        return _OTHERS[action]
    step = steps_by_action().get(action)
    if step is None:
        return None
    return Sentence(step.story, step.open_to_requester, step.reason_open)


def lines(session: Session, request: ExpertiseRequest, actor: Actor) -> list[StoryLine]:
    """Return the story of a request, oldest first, as far as the actor may read it."""
    events = audit.events_of_request(session, request.id)
    told = _tell(session, events, _reader(request, actor, events))
    comments = field_comments.list_by_moment(session, request)
    return [replace(line, comments=comments.get(line.at, ())) for line in told]


def lines_about(
    session: Session, request: ExpertiseRequest, actor: Actor, expert_id: int
) -> list[StoryLine]:
    """Return what the story of a request tells of one expert, oldest first."""
    events = audit.events_of_request(session, request.id)
    about = [event for event in events if _expert_of(event) == expert_id]
    return _tell(session, about, _reader(request, actor, events))


def reason_for_state(session: Session, request: ExpertiseRequest) -> Reason | None:
    """Return the reason given with the step that brought the request to its present state."""
    for event in reversed(audit.events_of_request(session, request.id)):
        sentence = sentence_of(event.action)
        if event.details.get("after") == request.state and sentence:
            given = audit.reasons_of(session, [event])
            return given.get(event.id) if sentence.reason_open else None
    return None


# Those on the side of whoever asked, where one of them reads; None where a coordinator does.
Side = frozenset[int | None] | None


@dataclass(frozen=True)
class _Reader:
    """On which side somebody reads, and whether the experts of the request are shown to them."""

    side: Side
    sees_experts: bool


def _reader(request: ExpertiseRequest, actor: Actor, events: Iterable[AuditEvent]) -> _Reader:
    """Return how a story is read: by a coordinator, by its owner, or by a colleague of the owner.

    A colleague decides on nobody, and so is not told who was proposed, nor what was said of them.
    """
    if rules.reads_as_coordinator(actor, request):
        return _Reader(None, sees_experts=True)
    owning = {Action.REQUEST_DRAFTED, Action.REQUEST_TAKEN_OVER}
    side = frozenset({actor.id, *(e.actor_id for e in events if e.action in owning)})
    return _Reader(side, sees_experts=rules.is_requester(actor, request))


def _tell(session: Session, events: Iterable[AuditEvent], reader: _Reader) -> list[StoryLine]:
    side = reader.side
    told = [(event, found) for event in events if (found := _sentence_for(event, side))]
    named = {number for event, _sentence in told for number in _people_of(event, side)}
    people = accounts.get_names(session, named)
    reasons = audit.reasons_of(session, (event for event, _sentence in told))
    about = {_expert_of(event) for event, found in told if _names_expert(found)}
    experts = _names(session, about) if reader.sees_experts else {}
    return [
        StoryLine(
            at=event.at,
            who=str(_who(event, people, reader)),
            sentence=_in_words(event, found, experts, people),
            reason=reasons.get(event.id) if _reason_told(event, found, reader) else None,
        )
        for event, found in told
    ]


def _sentence_for(event: AuditEvent, side: Side) -> Sentence | None:
    found = sentence_of(event.action) or Sentence(_label_of(event.action), False, False)
    return found if side is None or found.open_to_requester else None


def _label_of(action: str) -> Message:
    """Return what the log calls an action of which no sentence is written, in its reader's words;
    one of a version before, which has none, by its code."""
    known = {one.value: one.label for one in Action}
    return known.get(action) or Message("%(action)s", {"action": action})


def _reason_told(event: AuditEvent, found: Sentence, reader: _Reader) -> bool:
    if _expert_of(event) and not reader.sees_experts:
        return False
    return reader.side is None or found.reason_open or event.actor_id in reader.side


def _who(event: AuditEvent, people: Mapping[int, str], reader: _Reader) -> str | Words:
    if event.actor_id is None or event.role in SYSTEM.roles:
        return PLATFORM
    name = people.get(event.actor_id)
    if reader.side is not None:
        if event.role == Role.EXPERT and reader.sees_experts and _expert_of(event):
            return role_words(event.role)
        return name if name and event.actor_id in reader.side else OFFICE
    if name is None:
        return PLATFORM
    return f"{name}, {OFFICE if event.role == Role.COORDINATOR else role_words(event.role)}"


def _people_of(event: AuditEvent, side: Side) -> Iterator[int | None]:
    """Yield the accounts that a line names: who acted, whose the request was, who sees to it."""
    if side is None or event.actor_id in side:
        yield event.actor_id
    if event.action == Action.REQUEST_TAKEN_OVER:
        yield event.details["before"]
    if event.action == Action.REQUEST_HANDED:
        yield event.details["after"]


def _expert_of(event: AuditEvent) -> int | None:
    return event.details.get("expert_id")


def _names_expert(sentence: Sentence) -> bool:
    return "%(expert)s" in sentence.story.source


def _names(session: Session, ids: set[int | None]) -> Mapping[int, str]:
    known = {number for number in ids if number is not None}
    find_names: ExpertNames | None = current_app.extensions.get(EXPERT_NAMES)
    return find_names(session, known) if known and find_names else {}


def _in_words(
    event: AuditEvent, found: Sentence, experts: Mapping[int, str], people: Mapping[int, str]
) -> str:
    facts = {
        "before": people.get(event.details.get("before", 0), SOMEBODY_ELSE),
        "after": people.get(event.details.get("after", 0), SOMEBODY_ELSE),
        "expert": experts.get(_expert_of(event) or 0, SOMEBODY),
        "fields": Deferred(_field_names, tuple(event.details.get("fields", ()))),
    }
    return first_capital(str(found.story % facts))


def _field_names(fields: tuple[str, ...]) -> str:
    return ", ".join(str(in_words(FIELD_NAMES.get(name, name))) for name in fields)
