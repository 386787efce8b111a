"""Words in spaced letters are read, and rows of initials, codes and single letters are not."""

from __future__ import annotations

import pytest

from matcher import Expert, ExpertIndex, Request
from matcher.language import joined_letters, visible


@pytest.mark.parametrize(
    ("spaced", "read"),
    [
        ("P O L I C E   A D V I S E R", "POLICE   ADVISER"),
        ("T E R M S  O F  R E F E R E N C E", "TERMS  OF  REFERENCE"),
        ("С О В Е Т Н И К   П О   О Р У Ж И Ю", "СОВЕТНИК   ПО   ОРУЖИЮ"),
        ("Š U M S K A  S T R A Ž A, dva dana", "ŠUMSKA  STRAŽA, dva dana"),
    ],
)
def test_words_in_spaced_letters_are_whole_and_keep_their_places(spaced, read):
    joined = joined_letters(spaced)
    assert len(joined) == len(spaced)
    assert visible(joined) == read


@pytest.mark.parametrize(
    "row", ["A B C D E F", "J S Bach", "C B R N", "Annexes A B C", "X Y 5 Z", "а б в г д"]
)
def test_initials_codes_and_letters_of_a_list_stay_what_they_are(row):
    assert joined_letters(row) == row


def test_a_title_in_spaced_letters_finds_whom_it_finds_as_written():
    index = ExpertIndex(
        [Expert("k9", summary="Trains sniffer dogs."), Expert("b", summary="Bookkeeper.")]
    )
    (match,) = index.rank(Request("r", title="S N I F F E R   D O G S")).ranked
    assert match.expert_id == "k9"
    assert match.score == index.rank(Request("r", title="SNIFFER DOGS")).ranked[0].score
