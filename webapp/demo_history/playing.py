"""Lets a history happen: each step by the operation that people use, at its own moment.

So every audit event, notice, booked day and mission is there as in real use, and in its order.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import sqlalchemy as sa

from webapp.core.actor import SYSTEM, Actor
from webapp.core.record.reasons import Grounds, ReasonKind, Source
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.language import SOURCE_LANGUAGE
from webapp.demo_history import reporting
from webapp.demo_history.afterwards import said_of
from webapp.demo_history.preparing import prepare
from webapp.demo_history.stories import AnyStep, Event, Story
from webapp.deployments import operations as deployments
from webapp.deployments.models import Deployment
from webapp.deployments.workflow import OVER, DeploymentStep
from webapp.expertise_requests import operations as requests
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.expertise_requests.waiting import Side
from webapp.expertise_requests.workflow import RequestStep
from webapp.experts import joining
from webapp.experts import standing_queries as standing
from webapp.experts.models import Expert
from webapp.matches import endings, queries, releases, summaries
from webapp.matches import operations as matches
from webapp.matches.models import Match, MatchState
from webapp.matches.releases import LetterContent
from webapp.matches.workflow import WORKFLOW as MATCHES
from webapp.matches.workflow import MatchStep
from webapp.messages.models import Notice, OutboxMessage

# What is said where a kind alone says nothing, or less than people say.
_SAID: dict[AnyStep, str] = {
    RequestStep.RETURN: "Please say how many take part, and what they know already.",
    DeploymentStep.REPORT: "Both reports came by mail, and are in the file of the mission.",
}
# Who answered for an authority that is not on the platform.
_SAID_BY = "Head of the minister's office"
# Why somebody is proposed, and what is said of whose profile is in another language.
_WHY = (
    "Has done what is asked for at home, and has explained it to others since.",
    "Knows the subject by daily work, and what goes wrong in it.",
    "Brings what the others who are proposed do not have.",
)
_OF_ANOTHER_LANGUAGE = (
    "Works on what is asked for in the own service; the profile is in another language."
)
# What is older was read or done.
_LATELY = timedelta(days=10)


@dataclass
class Cast:
    """The people of a history: who asks, who is on the roster, who decides."""

    askers: Sequence[Actor]
    experts: Sequence[Expert]
    coordinators: Sequence[Actor]
    authorities: Mapping[int, Actor]


@dataclass
class _Scene:
    """One story as rows: its request, and the match of each expert considered."""

    story: Story
    coordinator: Actor
    request: ExpertiseRequest | None = None
    matches: dict[int, Match] = field(default_factory=dict)


def play(work: UnitOfWork, stories: Sequence[Story], cast: Cast) -> None:
    """Let all stories happen side by side, in the order of their moments."""
    scenes = [
        _Scene(story, cast.coordinators[number % len(cast.coordinators)])
        for number, story in enumerate(stories)
    ]
    happening = [
        (event.at, number, event) for number, s in enumerate(stories) for event in s.events
    ]
    for at, number, event in sorted(happening, key=lambda one: one[:2]):
        _take(replace(work, now=at), scenes[number], event, cast)
    _settle(work, cast)


def _take(work: UnitOfWork, scene: _Scene, event: Event, cast: Cast) -> None:
    as_coordinator = replace(work, actor=scene.coordinator)
    if isinstance(event.step, RequestStep):
        _take_of_request(as_coordinator, scene, event, cast)
    elif isinstance(event.step, MatchStep):
        _take_of_match(as_coordinator, scene, event, event.step, cast)
    elif isinstance(event.step, DeploymentStep):
        match = scene.matches[_whom(event)]
        mission = work.session.scalars(
            sa.select(Deployment).where(Deployment.match_id == match.id)
        ).one()
        _take_of_mission(as_coordinator, scene, event, mission, cast)


def _take_of_mission(
    work: UnitOfWork, scene: _Scene, event: Event, mission: Deployment, cast: Cast
) -> None:
    sides = _sides(scene, event, cast)
    if event.step is DeploymentStep.CLEAR:
        prepare(work, mission, sides)
    said = said_of(scene.story.content)
    if event.step is DeploymentStep.REPORT:
        reporting.write_costs(work, mission, scene.story.content, _whom(event))
    if said and event.step is DeploymentStep.REPORT:
        reporting.report(work, mission, said, sides, _team_of(work, scene))
    elif said and event.step is DeploymentStep.FOLLOW_UP:
        reporting.follow_up(work, mission, said, sides[Side.REQUESTER])
    elif isinstance(event.step, DeploymentStep):
        deployments.take(work, mission, event.step, _why(event))


def _team_of(work: UnitOfWork, scene: _Scene) -> dict[int, int]:
    """Return the missions of those who went, each with who of those considered it is of."""
    missions = work.session.scalars(
        sa.select(Deployment).where(
            Deployment.match_id.in_([match.id for match in scene.matches.values()]),
            Deployment.state.in_(OVER),
        )
    )
    whom = {match.id: number for number, match in scene.matches.items()}
    return {mission.id: whom[mission.match_id] for mission in missions}


def _sides(scene: _Scene, event: Event, cast: Cast) -> dict[Side, Actor]:
    """Return who acts for the sides of a mission, as far as they are on the platform."""
    number = scene.story.considered[_whom(event)].expert
    account = cast.experts[number].account
    return {
        Side.OFFICE: scene.coordinator,
        Side.REQUESTER: cast.askers[scene.story.asker],
        Side.EXPERT: account.as_actor() if account else SYSTEM,
        Side.AUTHORITY: cast.authorities.get(number, SYSTEM),
    }


def _take_of_request(work: UnitOfWork, scene: _Scene, event: Event, cast: Cast) -> None:
    asker = replace(work, actor=cast.askers[scene.story.asker])
    if scene.request is None:
        scene.request = requests.start_draft(asker, scene.story.content)
    if event.step is RequestStep.PROPOSE:
        matches.propose(work, scene.request, _what_is_said(work, scene.request))
    elif isinstance(event.step, RequestStep):
        by_asker = event.step in {RequestStep.SUBMIT, RequestStep.WITHDRAW}
        requests.take(asker if by_asker else work, scene.request, event.step, _why(event))


def _what_is_said(work: UnitOfWork, request: ExpertiseRequest) -> dict[int, matches.Said] | None:
    """Return why those are proposed who are, and their summaries, where their profiles have none of
    their own for a requester who reads English."""
    if summaries.language_of(request) != SOURCE_LANGUAGE:
        return None
    approved = queries.list_in_states(work.session, request.id, frozenset({MatchState.APPROVED}))
    experts = {match.id: match.expert for match in approved}
    return {
        number: matches.Said(
            _WHY[number % len(_WHY)],
            ""
            if expert.english_summary
            else summaries.offered(expert, SOURCE_LANGUAGE) or _OF_ANOTHER_LANGUAGE,
            SOURCE_LANGUAGE,
        )
        for number, expert in experts.items()
    }


def _take_of_match(
    work: UnitOfWork, scene: _Scene, event: Event, step: MatchStep, cast: Cast
) -> None:
    if scene.request is None:
        raise ValueError("a request begins by being sent")
    place = scene.story.considered[_whom(event)]
    expert = cast.experts[place.expert]
    if step is MatchStep.SHORTLIST:
        first = tuple(cast.experts[number].id for number in scene.story.first_ten)
        scene.matches[_whom(event)] = matches.shortlist(
            work, scene.request, expert, replace(place.placing, first=first), _why(event)
        )
        return
    match = scene.matches[_whom(event)]
    if step is MatchStep.RELEASE:
        letter = LetterContent(f"{match.id:03d}/{work.now:%y}", work.now.date())
        releases.release(replace(work, actor=cast.authorities[place.expert]), match, letter)
    elif step is MatchStep.TAKE_BACK and event.why is ReasonKind.FILLED:
        endings.let_go(match, work=replace(work, actor=SYSTEM))
    else:
        actor = _actor_of(step, scene, place.expert, cast)
        matches.take(replace(work, actor=actor), match, step, _why(event))


def _actor_of(step: MatchStep, scene: _Scene, expert: int, cast: Cast) -> Actor:
    account = cast.experts[expert].account
    acting: dict[Role, Callable[[], Actor]] = {
        Role.COORDINATOR: lambda: scene.coordinator,
        Role.REQUESTER: lambda: cast.askers[scene.story.asker],
        Role.EXPERT: lambda: account.as_actor() if account else SYSTEM,
        Role.NOMINATING_AUTHORITY: lambda: cast.authorities[expert],
    }
    return acting[MATCHES[step].by]()


def _whom(event: Event) -> int:
    if event.whom is None:
        raise ValueError(f"{event.step} concerns somebody")
    return event.whom


def _why(event: Event) -> Grounds | None:
    if event.why is None:
        return None
    noted = isinstance(event.step, MatchStep) and MATCHES[event.step].asks_source
    source = Source(_SAID_BY, event.at.date()) if noted else None
    return Grounds(event.why, _SAID.get(event.step, ""), source=source)


def _settle(work: UnitOfWork, cast: Cast) -> None:
    """Let what was told long ago be read, the mails of it gone, and the calls of it made."""
    lately = work.now - _LATELY
    work.session.flush()
    work.session.execute(
        sa.update(Notice).where(Notice.created_at < lately).values(read_at=Notice.created_at)
    )
    # Whoever got these mails has them; none leaves now.
    work.session.execute(sa.delete(OutboxMessage).where(OutboxMessage.created_at < work.now))
    for call in standing.list_calls(work.session):
        if call.since < lately:
            made = replace(work, actor=cast.coordinators[0], now=call.since + timedelta(hours=3))
            joining.note_call(made, call)
