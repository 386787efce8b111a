"""Rosters and requests turned from one gender to the other are ranked alike."""

import pytest

from matcher import Expert, Request
from matcher.experiments.tuning.collection import Collection
from matcher.experiments.tuning.gender import agreement, overlap_of, rosters, turned
from matcher.language.tokens import LANGUAGES


def test_there_is_a_roster_in_every_language():
    for feminine, masculine in rosters().values():
        assert [len(texts) for texts in (*feminine, *masculine)] == [10, 16, 10, 16]
        assert feminine != masculine
        assert not any(sign in text for texts in feminine for text in texts for sign in "{|}")


@pytest.mark.thorough
@pytest.mark.parametrize("language", LANGUAGES)
def test_rankings_are_those_of_the_other_gender(language):
    feminine, masculine = rosters()[language]
    assert agreement(feminine, masculine) >= 0.99


def test_another_roster_agrees_less():
    feminine, masculine = rosters()["bcms"]
    strangers = ([*feminine[0][5:], *feminine[0][:5]], feminine[1])
    assert agreement(strangers, masculine) < 0.9


def test_overlap_is_the_mean_over_runs_and_requests():
    reference = {"r": ["a", "b"], "q": ["a", "b"]}
    assert overlap_of(reference, [reference, {"r": ["x", "y"], "q": ["a", "b"]}]) == 0.75


def test_a_collection_is_turned_word_by_word():
    expert = Expert("e", headline="Načelnik policije", summary="Načelnik je vodio obuku u školi.")
    request = Request("r", description="Tražimo načelnika koji je vodio obuku i za policiju.")
    there = turned(Collection([expert], [request], {}, {}))
    assert there.experts[0].summary == "Načelnica je vodila obuku u školi."
    assert there.requests[0].description.startswith("Tražimo načelnicu koji je vodila")
