"""What is measured of padding, and of whether a ranking says that nobody fits."""

import pytest

from matcher import Expert, Request
from matcher.experiments.tuning import fitting, padding
from matcher.experiments.tuning.collection import Collection
from matcher.ranking import Fit


def made(judgments: dict[str, dict[str, int]]) -> Collection:
    """A roster in which one profile is of the request's subject and all others are of music."""
    band = [
        Expert.from_dict(
            {
                "id": f"band-{n}",
                "experience": [{"title": "Brass band", "description": "Plays at parades."}],
            }
        )
        for n in range(8)
    ]
    marking = Expert.from_dict({"id": "marking", "summary": "Marking of weapons with a laser."})
    requests = [Request("r", title="Marking of weapons"), Request("none", title="Ski lifts")]
    return Collection([marking, *band], requests, judgments, {})


def test_padding_is_told_before_and_after_for_those_who_suit_and_those_who_do_not() -> None:
    collection = made({"r": {"marking": 3}})
    assert padding.suited([collection], each=4, seed=1) == (1, 1, 1)
    assert padding.unsuited([collection], each=4, seed=1) == (0, 0, 4)
    # Whoever has no grade and the subject all the same stands among the first in any case.
    assert padding.unsuited([made({"r": {"band-0": 3}})], each=8, seed=1).before > 0


def test_what_is_said_of_requests_that_nobody_suits_is_counted() -> None:
    collection = made({"r": {"marking": 3}})
    fits, others = (
        fitting.said_of(collection.experts, of(collection)) for of in (fitting.met, fitting.unmet)
    )
    assert [one.fit for one in others] == [Fit.NOBODY]
    assert others[0].score == 0 < fits[0].score
    assert fitting.counted(others) == {Fit.NOBODY: 1}
    assert fitting.separation(fits, others) == 1


def test_separation_counts_equals_half() -> None:
    low, high = fitting.Said(Fit.NOBODY, 0.1), fitting.Said(Fit.GOOD, 0.9)
    assert fitting.separation([low], [high]) == 0
    assert fitting.separation([high, low], [low]) == pytest.approx(0.75)
