"""State machines: what every table of steps promises, and what `check` refuses."""

import enum
from typing import Any

import pytest

from webapp.core.actor import SYSTEM, Actor
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.roles import Role
from webapp.core.workflow import Step, check
from webapp.deployments import rules as deployments
from webapp.expertise_requests import rules as requests
from webapp.matches import rules as matches


class Light(enum.StrEnum):
    """A small machine to test with."""

    RED = "red"
    GREEN = "green"


STEPS = {
    "go": Step(frozenset({Light.RED}), Light.GREEN, Role.COORDINATOR),
    "stop": Step(frozenset({Light.GREEN}), Light.RED, Role.COORDINATOR, frozenset({Light.GREEN})),
}
COORDINATOR = Actor(id=1, roles=frozenset({Role.COORDINATOR}))
TABLES: dict[str, Any] = {
    "requests": requests.STEPS,
    "matches": matches.STEPS,
    "deployments": deployments.STEPS,
}


def test_a_possible_step_is_returned() -> None:
    assert check(STEPS, "go", Light.RED, COORDINATOR).target is Light.GREEN


@pytest.mark.parametrize("role", set(Role) - {Role.COORDINATOR})
def test_a_step_of_another_role_is_refused(role: Role) -> None:
    with pytest.raises(ForbiddenError, match="Only a coordinator can go here"):
        check(STEPS, "go", Light.RED, Actor(id=2, roles=frozenset({role})))


def test_somebody_without_a_role_takes_no_step() -> None:
    with pytest.raises(ForbiddenError):
        check(STEPS, "go", Light.RED, Actor(id=2))


def test_the_platform_itself_may_take_steps_that_follow_from_others() -> None:
    assert check(STEPS, "go", Light.RED, SYSTEM)


def test_a_step_from_the_wrong_state_is_refused_in_words() -> None:
    with pytest.raises(ConflictError, match="only while the state is “red”, and it is “green” now"):
        check(STEPS, "go", Light.GREEN, COORDINATOR)


@pytest.mark.parametrize("reason", ["", " ", "\n\t"])
def test_a_step_that_needs_a_reason_is_refused_without_one(reason: str) -> None:
    with pytest.raises(ConflictError, match="needs a reason"):
        check(STEPS, "stop", Light.GREEN, COORDINATOR, reason)
    assert check(STEPS, "stop", Light.GREEN, COORDINATOR, "Because.")


def test_nobody_is_told_more_by_a_wrong_role_than_by_a_wrong_state() -> None:
    """The role is asked for first: the state of a thing is nothing to those who may not act."""
    with pytest.raises(ForbiddenError):
        check(STEPS, "go", Light.GREEN, Actor(id=2, roles=frozenset({Role.EXPERT})))


@pytest.mark.parametrize("room", TABLES)
def test_reasons_are_asked_for_only_where_a_step_can_be_taken(room: str) -> None:
    for name, step in TABLES[room].items():
        assert step.sources, name
        assert step.needs_reason <= step.sources, name


@pytest.mark.parametrize("room", ["requests", "matches"])
def test_every_state_is_the_beginning_or_can_be_reached(room: str) -> None:
    steps = TABLES[room].values()
    states: Any = type(next(iter(steps)).target)
    first = next(iter(states))  # The states are written in the order of the work.
    reached = {first}
    while more := {s.target for s in steps if s.sources & reached} - reached:
        reached |= more
    assert reached == set(states)
