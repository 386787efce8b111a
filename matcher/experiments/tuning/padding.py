"""The two harms of long profiles: whoever suits a request for nothing rises by adding careers to a
profile, and whoever suits it well falls by having a long one.

The careers of five people without a grade for the request are added to one profile, and its place
is compared with the one before.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from matcher.experiments.metrics import FIRST_CHOICE_GRADE
from matcher.experiments.tuning.collection import Collection
from matcher.index import ExpertIndex
from matcher.records import Expert, Request

CAREERS: Final = 5
FIRST: Final = 3


class Share(NamedTuple):
    """Which share of some profiles stands among the first three, before they are padded and after,
    and how many profiles that is."""

    before: float
    after: float
    profiles: int


def unsuited(collections: Sequence[Collection], each: int, seed: int) -> Share:
    """Of ``each`` profiles without a grade for a request, drawn from a seed for each request."""
    return _share(_drawn(collection, each, seed) for collection in collections)


def suited(collections: Sequence[Collection], each: int, seed: int) -> Share:
    """Of at most ``each`` profiles that are a first choice for a request."""
    return _share(_drawn(collection, each, seed, suited=True) for collection in collections)


def _share(moves: Iterator[Iterator[tuple[bool, bool]]]) -> Share:
    found = [move for of_one in moves for move in of_one]
    before, after = (sum(column) / len(found) for column in zip(*found, strict=True))
    return Share(before, after, len(found))


def _drawn(
    collection: Collection, each: int, seed: int, *, suited: bool = False
) -> Iterator[tuple[bool, bool]]:
    """For each profile drawn whether it stands among the first before and after."""
    dice = random.Random(seed)  # noqa: S311 - nothing here is secret
    index = ExpertIndex(collection.experts)
    for request in collection.judged:
        grades = collection.judgments[request.id]
        others = [expert for expert in collection.experts if not grades.get(expert.id)]
        best = [
            expert
            for expert in collection.experts
            if grades.get(expert.id, 0) >= FIRST_CHOICE_GRADE
        ]
        of = best if suited else others
        for expert in dice.sample(of, min(each, len(of))):
            before = _is_among_the_first(index, request, expert)
            careers = dice.sample([one for one in others if one is not expert], CAREERS)
            index.update(_with_careers(expert, careers))
            yield before, _is_among_the_first(index, request, expert)
            index.update(expert)


def _with_careers(expert: Expert, others: Sequence[Expert]) -> Expert:
    added = (experience for other in others for experience in other.experience)
    return replace(expert, experience=(*expert.experience, *added))


def _is_among_the_first(index: ExpertIndex, request: Request, expert: Expert) -> bool:
    ranked = index.rank(request, FIRST, constraints=False).ranked
    return expert.id in {match.expert_id for match in ranked}
