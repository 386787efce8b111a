"""What each consideration changed of a score, and by which facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from matcher.arrays import Mask, added_up
from matcher.considerations import Case, Weighing, remarks
from matcher.scoring import ScoredProfiles


class Considered(NamedTuple):
    """One consideration for one expert.

    ``change`` is what it adds to the score of the words, or takes from it, and ``level`` the same
    from -1 to 1, as shares of the most that it can change. ``facts`` are those of
    :func:`matcher.considerations.remarks`, empty where the profile has none; ``asked`` says that
    the request asks for it in words.
    """

    name: str
    asked: bool
    level: float
    change: float
    facts: Mapping[str, Any]


class Moved(NamedTuple):
    """The score of the words and what moved it; together they are the score."""

    worded: float
    considerations: tuple[Considered, ...]


def moved(weighing: Weighing, scored: ScoredProfiles, bearing: Mask) -> list[Moved]:
    """How the scores of some profiles came from those of their words.

    Whatever an entry shares with the request is moved by its facts, but a reader is told the facts
    of those alone on which a reason stands (``bearing``): work in passing is no relevant work.
    """
    profiles, parts, _ = scored
    worded = added_up(parts.owner, parts.worded, len(profiles)).tolist()
    earned = np.zeros(len(profiles.owners), dtype=np.bool_)
    earned[parts.entry] = parts.worded > 0
    case = Case(weighing, profiles.facts, earned)
    # Years of practice are told as they counted, whatever they were spent on.
    told = {**remarks(Case(weighing, profiles.facts, earned & bearing)), **remarks(case, ["years"])}
    found: list[list[Considered]] = [[] for _ in worded]
    asked = {wish.name for wish in weighing.wishes}
    for name, levels in case.levels().items():
        weight = weighing.weights[name]
        changes = added_up(parts.owner, parts.worded * levels[parts.entry], len(profiles))
        for place, change in enumerate(changes.tolist()):
            level = change / worded[place] if worded[place] else 0.0
            found[place].append(
                Considered(name, name in asked, level, weight * change, told[name][place])
            )
    return [Moved(score, tuple(rows)) for score, rows in zip(worded, found, strict=True)]
