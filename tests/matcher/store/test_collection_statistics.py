"""The mean lengths that every profile is measured against."""

import pytest

from matcher import Expert, Settings, empty_thesaurus
from matcher.analysis import Analyzer
from matcher.store.collection_statistics import CollectionStatistics
from matcher.store.term_counts import profiles_of
from matcher.store.vocabulary import Vocabulary


def test_means_are_of_those_with_a_term_and_forget_who_left():
    """One word has length 1 and four different ones have length 2, as an entry and as a whole; who
    has written nothing makes nobody's profile look longer than the others."""
    analyzer, vocabulary = Analyzer(empty_thesaurus(), Settings()), Vocabulary(Settings())
    roster = [
        Expert("one", training=("violin",)),
        Expert("four", training=("violin compass lantern telescope",)),
        Expert("empty"),
        Expert("signs", training=("...", "&")),
    ]
    profiles = [profiles_of([(e, analyzer.expert_passages(e))], vocabulary) for e in roster]
    tally = CollectionStatistics()
    assert tally.means == (0, 0)
    for profile in profiles:
        tally.count(profile, +1)
    assert tally.entries == 2
    assert tally.means == pytest.approx((1.5, 1.5))
    tally.count(profiles[0], -1)
    assert tally.means == pytest.approx((2, 2))
    for profile in profiles[1:]:
        tally.count(profile, -1)
    assert (tally.entries, tally.means) == (0, (0, 0))
