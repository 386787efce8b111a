"""A collection made harder in ways that a real roster is: misspelt requests, padded profiles, many
people who suit nobody. Judgments stay as they are; everything is drawn from a seed."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from matcher.experiments.benchmark.rosters import roster
from matcher.experiments.metrics import Estimate, estimate
from matcher.experiments.tuning.collection import Collection
from matcher.experiments.tuning.designs import Ranker
from matcher.records import Experience, Expert
from matcher.thesaurus import default_thesaurus

MISSPELT_SHARE: Final = 1 / 7
FOREIGN_ENTRIES: Final = 12
# A word of fewer letters, misspelt, is often another word.
_SHORTEST: Final = 4
_WORD: Final = re.compile(r"[^\W\d_]+")


def misspelt(collection: Collection, seed: int, share: float = MISSPELT_SHARE) -> Collection:
    """Misspell some words of every request.

    Each word of four letters and more is misspelt with a probability of ``share`` by one step after
    its first letter: a letter left out, doubled, exchanged with the next, or replaced (the four
    steps of Damerau 1964).
    """
    dice = random.Random(seed)  # noqa: S311 - nothing here is secret

    def sometimes(found: re.Match[str]) -> str:
        word = found.group()
        return _one_step(word, dice) if len(word) >= _SHORTEST and dice.random() < share else word

    requests = [
        replace(
            request,
            title=_WORD.sub(sometimes, request.title),
            description=_WORD.sub(sometimes, request.description),
        )
        for request in collection.requests
    ]
    return replace(collection, requests=requests)


def _one_step(word: str, dice: random.Random) -> str:
    at = dice.randrange(1, len(word) - 1)
    before, letter, after = word[:at], word[at], word[at + 1 :]
    steps = (
        before + after,
        before + 2 * letter + after,
        before + after[0] + letter + after[1:],
        before + dice.choice(word) + after,
    )
    return dice.choice(steps)


def padded(collection: Collection, seed: int, entries: int = FOREIGN_ENTRIES) -> Collection:
    """Lengthen every second expert, drawn at random, by pieces of evidence of people who suit no
    request."""
    dice = random.Random(seed)  # noqa: S311 - nothing here is secret
    foreign = _foreign(collection)
    chosen = set(dice.sample(range(len(collection.experts)), len(collection.experts) // 2))
    experts = [
        replace(expert, experience=(*expert.experience, *dice.choices(foreign, k=entries)))
        if place in chosen
        else expert
        for place, expert in enumerate(collection.experts)
    ]
    return replace(collection, experts=experts)


def doubled(collection: Collection, seed: int) -> Collection:
    """Add as many fictional experts, each put together from pieces of evidence of people who suit
    no request."""
    dice = random.Random(seed)  # noqa: S311 - nothing here is secret
    foreign = _foreign(collection)
    strangers = [
        Expert(f"stranger-{place}", experience=tuple(dice.choices(foreign, k=dice.randint(2, 6))))
        for place in range(len(collection.experts))
    ]
    return replace(collection, experts=[*collection.experts, *strangers])


def doubled_by_chance(collection: Collection, seed: int) -> Collection:
    """Add as many experts of the benchmark, whose words are drawn from the thesaurus among others:
    they name subjects of the field at random and claim themes.

    Some of them would deserve a grade that no judge has given, so this errs against the ranking.
    """
    strangers = roster(len(collection.experts), seed, default_thesaurus())
    return replace(collection, experts=[*collection.experts, *strangers])


def _foreign(collection: Collection) -> Sequence[Experience]:
    """The past missions of everybody who has no grade for any request."""
    suitable = {
        expert_id
        for grades in collection.judgments.values()
        for expert_id, grade in grades.items()
        if grade > 0
    }
    found = [
        experience
        for expert in collection.experts
        if expert.id not in suitable
        for experience in expert.experience
    ]
    if not found:
        raise ValueError("everybody suits some request, so there is no foreign evidence")
    return found


DISTURBANCES: Final = {
    "one of seven words misspelt": misspelt,
    "half of the profiles padded": padded,
    "roster doubled by strangers": doubled,
    "roster doubled at random": doubled_by_chance,
}


def under_disturbances(
    collection: Collection, rankers: Mapping[str, Ranker], seeds: Sequence[int]
) -> dict[str, dict[str, Estimate]]:
    """nDCG@10 of several designs on the collection as it is and disturbed: ``{disturbance: {design:
    estimate}}``, each request's value being its mean over the seeds."""
    cases = {"as it is": [collection]}
    for name, disturb in DISTURBANCES.items():
        cases[name] = [disturb(collection, seed) for seed in seeds]
    return {
        name: {
            design: estimate(
                np.mean(
                    [case.measured(run(case.experts, case.judged)) for case in drawn], axis=0
                ).tolist()
            )
            for design, run in rankers.items()
        }
        for name, drawn in cases.items()
    }
