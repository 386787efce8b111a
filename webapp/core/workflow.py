"""State machines: which step leads from where to where, who may take it, and which need a why.

A room's `rules.py` holds a table of `Step`s; its operations ask `check` before they change things.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from webapp.core.audit import SYSTEM, Actor
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.roles import Role

S = TypeVar("S", bound=enum.StrEnum)


@dataclass(frozen=True)
class Step(Generic[S]):
    """A step from any of `sources` to `target`, taken by somebody in the role `by`."""

    sources: frozenset[S]
    target: S
    by: Role
    needs_reason: frozenset[S] = frozenset()

    def possible(self, state: S) -> bool:
        """Tell whether the step can be taken from `state`."""
        return state in self.sources


def check(
    steps: Mapping[str, Step[S]], name: str, state: S, actor: Actor, reason: str = ""
) -> Step[S]:
    """Return the step `name`, or refuse in words: wrong role, wrong state, or no reason given."""
    step = steps[name]
    if actor.roles.isdisjoint({step.by, *SYSTEM.roles}):
        raise ForbiddenError(f"Only a {step.by} can {name} here.")
    if not step.possible(state):
        raise ConflictError(
            f"This cannot be done any more: to {name} is possible only while the state is"
            f" “{'” or “'.join(sorted(step.sources))}”, and it is “{state}” now."
        )
    if state in step.needs_reason and not reason.strip():
        raise ConflictError(f"To {name} needs a reason in words.")
    return step
