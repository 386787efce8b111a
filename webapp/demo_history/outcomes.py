"""What a story comes to: where request, experts and missions stand at its end.

It says in a few lines what the operations do with rows; a test lets both tell one history.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from webapp.core.record.reasons import ReasonKind
from webapp.demo_history.stories import AnyStep, Event, Place, Story
from webapp.deployments.models import DeploymentState
from webapp.deployments.workflow import WORKFLOW as MISSIONS
from webapp.deployments.workflow import DeploymentStep
from webapp.expertise_requests import operations as requests
from webapp.expertise_requests.models import RequestState
from webapp.expertise_requests.workflow import WORKFLOW as REQUESTS
from webapp.expertise_requests.workflow import RequestStep
from webapp.matches import rules
from webapp.matches.models import MatchState
from webapp.matches.workflow import OPEN, MatchStep
from webapp.matches.workflow import WORKFLOW as MATCHES


@dataclass
class Mission:
    """A mission as its row has it."""

    state: DeploymentState
    since: datetime
    start: date
    end: date
    why: ReasonKind | None = None
    reported: datetime | None = None


@dataclass
class Considered:
    """An expert considered as the row of the match has it; `choice` is why out of turn."""

    place: Place
    created: datetime
    state: MatchState
    since: datetime
    choice: ReasonKind | None
    why: ReasonKind | None = None
    invited: datetime | None = None
    asked: datetime | None = None
    proposed: datetime | None = None
    mission: Mission | None = None


@dataclass
class Outcome:
    """A request as its row has it, with those considered for it."""

    story: Story
    state: RequestState
    since: datetime
    sent: datetime
    accepted: datetime | None = None
    shortlisted: datetime | None = None
    considered: dict[int, Considered] = field(default_factory=dict)

    @property
    def days(self) -> tuple[date, date]:
        """Return the first and the last day that was asked for."""
        content = self.story.content
        if content.start is None or content.end is None:
            raise ValueError("a story has its days")
        return content.start, content.end


def outcome_of(story: Story) -> Outcome:
    """Return what a story comes to."""
    first = story.events[0]
    found = Outcome(story, RequestState.SUBMITTED, first.at, first.at)
    for event in story.events[1:]:
        if isinstance(event.step, RequestStep):
            _take_of_request(found, event, event.step)
        elif isinstance(event.step, MatchStep):
            _take_of_match(found, event, event.step)
        else:
            _take_of_mission(found, event, event.step)
    return found


def _set(found: Outcome, state: RequestState, at: datetime) -> None:
    if found.state is not state:
        found.state, found.since = state, at


def _take_of_request(found: Outcome, event: Event, step: RequestStep) -> None:
    _set(found, REQUESTS[step].target, event.at)
    if step is RequestStep.ACCEPT:
        found.accepted = event.at
    elif step is RequestStep.PROPOSE:
        for one in _in_states(found, frozenset({MatchState.APPROVED})):
            one.proposed = event.at
            _move(one, MatchState.PROPOSED, event.at)
    elif step in requests.ENDING:
        is_closed = REQUESTS[step].target is RequestState.CLOSED
        for one in _in_states(found, OPEN - rules.STAY_WHEN_CLOSED if is_closed else OPEN):
            _end(one, event.at, event.why or ReasonKind.FILLED)


def _in_states(found: Outcome, states: frozenset[MatchState]) -> list[Considered]:
    return [one for one in found.considered.values() if one.state in states]


# Of these steps a match keeps when they were taken.
_NOTED = {MatchStep.INVITE: "invited", MatchStep.ASK_RELEASE: "asked"}


def _take_of_match(found: Outcome, event: Event, step: MatchStep) -> None:
    whom = event.whom if event.whom is not None else -1
    if step is MatchStep.SHORTLIST:
        place = found.story.considered[whom]
        found.considered[whom] = Considered(
            place, event.at, MatchState.SHORTLISTED, event.at, event.why
        )
        if found.state is RequestState.ACCEPTED:
            _set(found, RequestState.MATCHING, event.at)
            found.shortlisted = event.at
        return
    one = found.considered[whom]
    if name := _NOTED.get(step):
        setattr(one, name, event.at)
    was_selected = one.state is MatchState.SELECTED
    if step in {MatchStep.TAKE_BACK, MatchStep.CANCEL}:
        _end(one, event.at, event.why)
        if was_selected and found.state in {RequestState.CONFIRMED, RequestState.CLOSED}:
            _set(found, RequestState.PROPOSED, event.at)
        return
    _move(one, MATCHES[step].target, event.at, event.why)
    if step is MatchStep.SELECT:
        one.mission = Mission(DeploymentState.PLANNED, event.at, *found.days)
        if (
            len(_in_states(found, frozenset({MatchState.SELECTED})))
            == found.story.content.experts_needed
        ):
            _set(found, RequestState.CONFIRMED, event.at)


def _take_of_mission(found: Outcome, event: Event, step: AnyStep) -> None:
    mission = found.considered[event.whom if event.whom is not None else -1].mission
    if mission is None or not isinstance(step, DeploymentStep):
        raise ValueError(f"nobody is on a mission with whom to {step}")
    mission.state, mission.since = MISSIONS[step].target, event.at
    if step is DeploymentStep.REPORT:
        mission.reported = event.at
    if step is DeploymentStep.CURTAIL:
        mission.end, mission.why = event.at.date(), event.why


def _move(one: Considered, state: MatchState, at: datetime, why: ReasonKind | None = None) -> None:
    one.state, one.since, one.why = state, at, why


def _end(one: Considered, at: datetime, why: ReasonKind | None) -> None:
    _move(one, MatchState.CANCELLED, at, why)
    if one.mission is not None:
        one.mission.state, one.mission.since = DeploymentState.CANCELLED, at
        one.mission.why = why
