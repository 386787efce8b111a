"""A crowd around the people of a collection, so that the first thousand are a cut.

Made-up strangers (:mod:`matcher.experiments.benchmark.rosters`) write English alone, and of the
field only what wordings of the thesaurus they draw. Recombined ones have the entries of real
profiles, of several people each: they are as near to a request as those whom the judges read, and
nobody has judged them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from matcher.experiments.benchmark.rosters import roster
from matcher.experiments.first_cut.kinds import MADE_UP
from matcher.experiments.tuning.collection import Collection
from matcher.records import Expert
from matcher.thesaurus import Thesaurus

# Entries of a recombined profile at least and at most.
_ENTRIES: Final = (3, 7)


def crowd(
    kind: str, number: int, seed: int, people: Sequence[Expert], thesaurus: Thesaurus
) -> Iterator[Expert]:
    """``number`` strangers of a kind, recombined ones from ``people``."""
    if kind == MADE_UP:
        return roster(number, seed, thesaurus)
    return _recombined(number, seed, people)


def _recombined(number: int, seed: int, people: Sequence[Expert]) -> Iterator[Expert]:
    dice = random.Random(seed)  # noqa: S311 - nothing here is secret
    entries = [experience for person in people for experience in person.experience]
    for at in range(number):
        whole = dice.choice(people)
        yield replace(
            whole,
            id=f"R{at:07d}",
            themes=dice.choice(people).themes,
            training=dice.choice(people).training,
            experience=tuple(dice.sample(entries, dice.randint(*_ENTRIES))),
        )


def named_apart(collections: Mapping[str, Collection]) -> dict[str, Collection]:
    """The collections with the name of each before the ids of its experts, which may stand in one
    roster then."""
    return {
        name: replace(
            one,
            experts=[replace(expert, id=f"{name}/{expert.id}") for expert in one.experts],
            judgments={
                request: {f"{name}/{expert}": grade for expert, grade in grades.items()}
                for request, grades in one.judgments.items()
            },
        )
        for name, one in collections.items()
    }
