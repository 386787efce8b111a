"""Only who may stand at the top is scored exactly; nobody who belongs there may be missed."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import Expert, ExpertIndex, Request, Settings, empty_thesaurus
from matcher.scoring.exact import exact_scores
from matcher.store.selection import Selection

WORDS = [f"{a}{b}{c}n" for a in "bdfgk" for b in "aeiou" for c in "lmr"]


def roster(seed, size):
    """Profiles of very different lengths, with a few words in most and most words in a few."""
    draw = random.Random(seed)
    weights = [1 / rank for rank in range(1, len(WORDS) + 1)]
    for n in range(size):
        entries = draw.choice([1, 2, 3, 5, 30])
        texts = [
            " ".join(draw.choices(WORDS, weights, k=draw.choice([2, 5, 20, 80])))
            for _ in range(entries)
        ]
        yield Expert(f"e{n}", summary=texts[0], training=tuple(texts[1:]))


@settings(deadline=None, max_examples=25)
@given(
    st.integers(0, 10_000),
    st.integers(1, 20),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=30).map(" ".join),
    st.builds(
        Settings,
        discount=st.sampled_from([0.1, 0.6, 0.9]),
        whole_share=st.sampled_from([0.0, 0.5, 1.0]),
        pivot_slope=st.sampled_from([0.0, 0.75, 1.0]),
    ),
)
@pytest.mark.long
def test_the_first_of_a_ranking_are_the_first_of_the_whole(seed, top, words, tuned):
    index = ExpertIndex(roster(seed, 150), thesaurus=empty_thesaurus(), settings=tuned)
    request = Request("r", title=words)
    whole = index.rank(request, 0)
    cut = index.rank(request, top)
    assert [(m.expert_id, m.score, m.relative) for m in cut.ranked] == [
        (m.expert_id, m.score, m.relative) for m in whole.ranked[:top]
    ]
    assert cut.considered == whole.considered == len(whole.ranked)


def test_whoever_has_a_low_bound_and_a_high_score_is_found(monkeypatch):
    """Common terms are kept in bytes, rounded up by the more of their value the less it is, so that
    those with many little values stand before others whose scores are higher."""
    monkeypatch.setattr("matcher.store.postings._COMMON_FROM", 0)
    monkeypatch.setattr("matcher.store.postings._COMMON_SHARE", 0.01)
    monkeypatch.setattr("matcher.ranking.top_k._MORE_AT_FIRST", 0)
    words = WORDS[:20]
    fillers = [f"x{n}y" for n in range(20_000)]
    roster = [
        # Their values are the greatest, and with a single term they are not ranked themselves.
        *(Expert(f"only-{word}", training=(word,)) for word in words),
        Expert("long", summary=" ".join([*words, *fillers])),
        Expert("short", summary=" ".join([words[0], *fillers[:28]])),
    ]
    index = ExpertIndex(roster, thesaurus=empty_thesaurus(), settings=Settings(pivot_slope=1.0))
    request = Request("r", title=" ".join(words))
    whole = [match.expert_id for match in index.rank(request, 0).ranked]
    asked = index.asked(request)
    (part,) = asked.snapshot.parts
    bounds = part.block.bounds(asked.query.weights, asked.snapshot.means) * part.rankable
    by_bound = [part.block.profiles.experts[place].id for place in np.argsort(-bounds)]
    assert whole == ["short", "long"]
    assert by_bound[:2] == ["long", "short"]
    alone = index.rank(request, 1)
    assert [match.expert_id for match in alone.ranked] == ["short"]
    assert alone.explanations == (index.explain(request, "short"),)


def test_those_who_were_scored_apart_are_explained_as_themselves(monkeypatch):
    index = ExpertIndex(roster(5, 40), thesaurus=empty_thesaurus())
    request = Request("r", title=" ".join(WORDS[:6]))
    together = index.rank(request, 9)
    explained = together.explanations
    monkeypatch.setattr("matcher.scoring.exact._PAIRS_AT_MOST", 1)
    apart = index.rank(request, 9)
    assert (apart, apart.explanations) == (together, explained)
    assert [told.expert_id for told in explained] == [m.expert_id for m in together.ranked]


@pytest.mark.parametrize("top", [3, 9])
@pytest.mark.parametrize("levels", [1, 40])
def test_of_many_profiles_as_good_as_others_as_many_as_are_asked_for_are_shown(top, levels):
    """Of so many that the top is looked for in groups first."""
    beside = [" ".join(WORDS[5 : 5 + n % levels]) for n in range(320)]
    roster = [Expert(f"e{n}", summary=" ".join(WORDS[:5]), headline=beside[n]) for n in range(320)]
    index = ExpertIndex(roster, thesaurus=empty_thesaurus())
    request = Request("r", title=WORDS[0])
    assert index.rank(request, top).ranked == index.rank(request, 0).ranked[:top]
    assert len(index.rank(request, top).ranked) == top


@pytest.mark.thorough
@pytest.mark.parametrize("common_from", [0, 4096])
@pytest.mark.parametrize("edits", [0, 40])
def test_no_score_is_above_its_bound(monkeypatch, edits, common_from):
    """Also when the mean lengths have changed since the scales of a block were drawn up."""
    monkeypatch.setattr("matcher.store.postings._COMMON_FROM", common_from)
    index = ExpertIndex(roster(1, 400), thesaurus=empty_thesaurus())
    request = Request("r", title=" ".join(WORDS[::3]))
    index.rank(request)
    for expert in list(roster(2, edits)):
        index.update(Expert(expert.id, summary=" ".join(WORDS)))
    asked = index.asked(request)
    assert any(part.block.postings.common for part in asked.snapshot.parts) == (not common_from)
    for part in asked.snapshot.parts:
        bounds = part.block.bounds(asked.query.weights, asked.snapshot.means)
        scores = exact_scores(asked.snapshot, asked.query, Selection.whole(part.block.profiles))
        assert np.all(scores <= bounds)
        assert np.all((bounds > 0) == (scores > 0))
        # A bound far above its score would be true and useless. That of a profile whose entries
        # prove different terms is above it, because one order of the entries is best for all.
        assert np.median(bounds[bounds > 0] / scores[bounds > 0]) < 1.15


def test_a_common_term_knows_its_owners(monkeypatch):
    experts = list(roster(3, 60))
    (before,) = ExpertIndex(experts, thesaurus=empty_thesaurus()).snapshot().parts
    monkeypatch.setattr("matcher.store.postings._COMMON_FROM", 0)
    monkeypatch.setattr("matcher.store.postings._COMMON_SHARE", 0.4)
    (after,) = ExpertIndex(experts, thesaurus=empty_thesaurus()).snapshot().parts
    columns = range(len(before.block.postings.indptr) - 1)
    assert 0 < len(after.block.postings.common) < len(columns)
    for column in columns:
        owners = after.block.postings.owners_of(column)
        assert owners == before.block.postings.owners_of(column)
        assert owners
