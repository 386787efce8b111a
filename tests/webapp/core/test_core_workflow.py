"""Workflows: what a table of steps makes possible, and what it refuses in words."""

import pytest

from webapp.core.actor import SYSTEM, Actor
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.core.words.translation import LabelledEnum, _
from webapp.core.workflows.workflow import TELLS_NOBODY, Step, StepName, Workflow


class Light(LabelledEnum):
    """A small machine to test with."""

    RED = "red", _("red")
    GREEN = "green", _("green")


class Switch(StepName):
    """What can be done with it."""

    GO = "go ahead"
    STOP = "stop"
    FADE = "fade"


LIGHTS = Workflow(
    "light",
    {
        Switch.GO: Step(
            sources=frozenset({Light.RED}),
            target=Light.GREEN,
            by=Role.COORDINATOR,
            label=_("go"),
            story=_("switched it to green"),
            tells=TELLS_NOBODY,
        ),
        Switch.STOP: Step(
            sources=frozenset({Light.GREEN}),
            target=Light.RED,
            by=Role.COORDINATOR,
            label=_("stop"),
            story=_("switched it to red"),
            tells=TELLS_NOBODY,
            needs_reason=frozenset({Light.GREEN}),
            reasons=(ReasonKind.DATES, ReasonKind.OTHER),
        ),
        Switch.FADE: Step(
            sources=frozenset({Light.GREEN}),
            target=Light.RED,
            by=Role.COORDINATOR,
            label=_("fade"),
            story=_("it faded"),
            tells=TELLS_NOBODY,
            offered=False,
        ),
    },
)
COORDINATOR = Actor(id=1, roles=frozenset({Role.COORDINATOR}))


def test_a_possible_step_is_returned() -> None:
    assert LIGHTS.check(Switch.GO, Light.RED, COORDINATOR).target is Light.GREEN


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.COORDINATOR}))
def test_a_step_of_another_role_is_refused(role: Role) -> None:
    with pytest.raises(ForbiddenError, match="“go” can be done only by: coordinator"):
        LIGHTS.check(Switch.GO, Light.RED, Actor(id=2, roles=frozenset({role})))


def test_somebody_without_a_role_takes_no_step() -> None:
    with pytest.raises(ForbiddenError):
        LIGHTS.check(Switch.GO, Light.RED, Actor(id=2))


def test_the_platform_itself_may_take_steps_that_follow_from_others() -> None:
    assert LIGHTS.check(Switch.GO, Light.RED, SYSTEM)


def test_a_step_from_the_wrong_state_is_refused_in_words() -> None:
    with pytest.raises(ConflictError, match="the state is “green” now"):
        LIGHTS.check(Switch.GO, Light.GREEN, COORDINATOR)


@pytest.mark.parametrize(
    "why",
    [
        None,
        Grounds(ReasonKind.OTHER),
        Grounds(ReasonKind.OTHER, " \n\t"),
        Grounds(ReasonKind.LANGUAGE, "Because."),
    ],
    ids=["none", "no words", "white space", "of another list"],
)
def test_a_step_that_needs_a_reason_is_refused_without_a_good_one(why: Grounds | None) -> None:
    with pytest.raises(ConflictError, match="needs a reason"):
        LIGHTS.check(Switch.STOP, Light.GREEN, COORDINATOR, why)


@pytest.mark.parametrize("why", [Grounds(ReasonKind.OTHER, "Because."), Grounds(ReasonKind.DATES)])
def test_a_kind_says_enough_but_for_another_reason(why: Grounds) -> None:
    assert LIGHTS.check(Switch.STOP, Light.GREEN, COORDINATOR, why)


def test_nobody_is_told_more_by_a_wrong_role_than_by_a_wrong_state() -> None:
    """The role is asked for first: the state of a thing is nothing to those who may not act."""
    with pytest.raises(ForbiddenError):
        LIGHTS.check(Switch.GO, Light.GREEN, Actor(id=2, roles=frozenset({Role.EXPERT})))


def test_a_step_is_spelt_once_and_its_other_spellings_follow() -> None:
    assert LIGHTS.find("go-ahead") is Switch.GO
    assert LIGHTS.action(Switch.GO) == "light: go ahead"
    assert LIGHTS.find("go ahead") is None


def test_a_step_that_follows_from_another_has_no_button_and_no_address() -> None:
    assert LIGHTS.possible(Light.GREEN, COORDINATOR) == [Switch.STOP]
    assert LIGHTS.find("fade") is None
