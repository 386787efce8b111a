"""What a history is made of: people, requests, and the steps that were taken with them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from webapp.core.record.reasons import ReasonKind
from webapp.deployments.workflow import DeploymentStep
from webapp.expertise_requests.content import Content
from webapp.expertise_requests.workflow import RequestStep
from webapp.experts.models import Gender
from webapp.matches.placing import Placing
from webapp.matches.workflow import MatchStep

AnyStep: TypeAlias = RequestStep | MatchStep | DeploymentStep


@dataclass(frozen=True)
class Person:
    """An expert as a history knows them; `answers` says that they sign in and answer themselves,
    and `is_released` that somebody of their authority does."""

    gender: Gender | None
    jurisdiction: str
    themes: tuple[str, ...]
    answers: bool = False
    is_released: bool = False


@dataclass(frozen=True)
class Asker:
    """Somebody who writes requests for a jurisdiction, and the town in which help is needed."""

    jurisdiction: str
    town: str


@dataclass(frozen=True)
class Place:
    """Where the ranking of a request had an expert, by the expert's number on the roster."""

    expert: int
    placing: Placing


@dataclass(frozen=True)
class World:
    """Where a history takes place: who asks, who is on the roster, and how that is ranked."""

    askers: Sequence[Asker]
    roster: Sequence[Person]
    rank: Callable[[Content], Sequence[Place]]


@dataclass(frozen=True)
class Event:
    """A step that somebody took; `whom` is the place of the expert among those considered."""

    at: datetime
    step: AnyStep
    whom: int | None = None
    why: ReasonKind | None = None


@dataclass(frozen=True)
class Story:
    """A request from the day it was sent: who asked for what, who was considered, what was done."""

    asker: int
    content: Content
    first_ten: tuple[int, ...]
    considered: tuple[Place, ...]
    events: tuple[Event, ...]

    @property
    def begun(self) -> datetime:
        """Return when it was sent first."""
        return self.events[0].at
