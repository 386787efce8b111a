"""The kinds of text that set papers are made of, and where in them they stand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

# Under a heading of these kinds stands a story, which may go on to what is asked for.
STORY: Final = frozenset({"organisation", "host"})
TELLING: Final = STORY | {"header"}
# Parts that only set papers have.
_SET_PARTS: Final = {
    "header": "header",
    "competencies": "candidate",
    "qualifications": "candidate",
    "payment": "terms",
    "travel": "terms",
    "reporting": "terms",
    "policy": "policy",
    "evaluation": "selection",
    "application": "selection",
}
# What applies to whoever comes stands behind the request.
TERMS: Final = frozenset(_SET_PARTS.keys() - {"header"})
# From so many such parts on a text is a set paper, and a paragraph of it that asks for nothing and
# has no word of the title is set aside too.
SET_PARTS_AT_LEAST: Final = 2
# From so many on it is one even if nothing in it asks, as where the request is in the title alone.
WITHOUT_REQUEST: Final = 3


def set_parts(kinds: Iterable[str]) -> frozenset[str]:
    """The parts that only set papers have, of some kinds of text."""
    return frozenset(_SET_PARTS[kind] for kind in kinds if kind in _SET_PARTS)
