"""Choosing settings without the requests they are measured on, designs with parts left out, and
collections made harder."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from matcher import Expert, ExpertIndex, Request, default_thesaurus
from matcher.analysis import Analyzer
from matcher.experiments.tuning.collection import other_collections, read_collection
from matcher.experiments.tuning.designs import (
    FULL,
    TEXTBOOK,
    AsWritten,
    ByKind,
    FirstThemes,
    TitleTwice,
    measure,
    one_after_another,
    ranker,
    textbook,
    themes_only,
    tried,
    without_one,
)
from matcher.experiments.tuning.disturbances import (
    DISTURBANCES,
    doubled,
    misspelt,
    padded,
    under_disturbances,
)
from matcher.experiments.tuning.grid import VALUES, grid, ndcg_of
from matcher.experiments.tuning.holdout import (
    estimates_by_tag,
    halves,
    leave_one_collection_out,
    leave_one_out,
)
from matcher.settings import DEFAULTS

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def demo():
    return read_collection()


@pytest.fixture(scope="module")
def small(demo):
    """Six requests that between them are misspelt, coded, terse and in another language."""
    chosen = ("A-R002", "A-R004", "A-R013", "A-R016", "A-R017", "A-R020")
    return replace(demo, judgments={request: demo.judgments[request] for request in chosen})


def test_a_grid_has_every_combination_once_and_the_defaults_first():
    found = grid({"discount": (0.5, DEFAULTS.discount), "claim_weight": (DEFAULTS.claim_weight, 1)})
    assert found[0] == DEFAULTS
    assert len(found) == len(set(found)) == 4
    assert {(s.discount, s.claim_weight) for s in found} == set(
        itertools.product((0.5, DEFAULTS.discount), (DEFAULTS.claim_weight, 1))
    )
    assert grid({"discount": (0.1,)})[0] == DEFAULTS
    for name, value in vars(DEFAULTS).items():
        assert value in VALUES[name]


def test_the_quick_way_through_a_grid_gives_what_an_index_gives(small):
    among = [
        DEFAULTS,
        replace(DEFAULTS, discount=0.3),
        replace(DEFAULTS, whole_share=0.1, family_weight=0.0),
        replace(DEFAULTS, pivot_slope=0.1, claim_weight=0.2),
        replace(DEFAULTS, concept_weight=4.0),
        replace(DEFAULTS, concept_weight=4.0, pivot_slope=1.0, sense_weight=0.0),
    ]
    found = ndcg_of(small, among)
    for row, settings in zip(found, among, strict=True):
        index = ExpertIndex(small.experts, settings=settings)
        run = {
            request.id: [m.expert_id for m in index.rank(request, 0, constraints=False).ranked]
            for request in small.judged
        }
        assert row.tolist() == pytest.approx(small.measured(run), abs=1e-12)
    assert len({tuple(row) for row in found.tolist()}) > 3


def test_a_choice_is_measured_where_it_was_not_made():
    """The first setting wins only on the last request; it must not be chosen for it."""
    values = np.array([[0.0, 0.0, 1.0], [0.2, 0.2, 0.2], [0.3, 0.1, 0.0]])
    held_out = leave_one_out(values)
    assert held_out.chosen.tolist() == [0, 0, 1]
    assert held_out.values.tolist() == [0.0, 0.0, 0.2]
    with pytest.raises(ValueError, match="two requests"):
        leave_one_out(values[:, :1])


def test_of_equal_settings_the_first_is_chosen():
    assert leave_one_out(np.full((3, 4), 0.1)).chosen.tolist() == [0] * 4


def test_halves_measure_on_the_other_half():
    # Whichever half is seen, what is best there is worst on the other.
    values = np.array([[0.5, 0.5], [1.0, 0.0], [0.0, 1.0]])
    assert set(halves(values, 0, divisions=20).tolist()) == {-0.5}
    better = np.array([[0.1] * 6, [0.4] * 6])
    gains = halves(better, 0, divisions=7)
    assert gains.shape == (7,)
    assert gains == pytest.approx(0.3)
    dice = np.random.default_rng(3).random((4, 9))
    assert halves(dice, 0, 50).tolist() == halves(dice, 0, 50).tolist()
    assert halves(dice, 0, 50, seed=1).tolist() != halves(dice, 0, 50, seed=2).tolist()


def test_values_are_averaged_by_tag():
    found = estimates_by_tag([0.0, 0.5, 1.0], ["a", "b", "c"], {"b": ["t"], "c": ["t", "u"]})
    assert {tag: e.mean for tag, e in found.items()} == {"all": 0.5, "t": 0.75, "u": 1.0}


def test_each_design_left_out_differs_from_the_full_one(demo):
    experts, requests = demo.experts, demo.judged
    runs = {name: run(experts, requests) for name, run in without_one().items()}
    index = ExpertIndex(experts)
    assert runs[FULL] == {
        request.id: [m.expert_id for m in index.rank(request, 0, constraints=False).ranked]
        for request in requests
    }
    for one, other in itertools.combinations(runs, 2):
        assert runs[one] != runs[other], (one, other)


def test_steps_lead_from_the_textbook_to_the_full_design(small):
    steps = list(one_after_another().values())
    runs = [step(small.experts, small.judged) for step in steps]
    assert runs[0] == textbook(small.experts, small.judged)
    assert runs[-1] == without_one()[FULL](small.experts, small.judged)
    assert all(one != other for one, other in itertools.pairwise(runs))


def test_what_was_tried_changes_something(demo):
    runs = {name: run(demo.experts, demo.judged) for name, run in tried().items()}
    assert all(runs[name] != runs[FULL] for name in runs if name != FULL)


def test_entries_are_weighed_by_kind():
    expert = Expert("e", summary="a", training=("b",))
    expert = replace(expert, themes=tuple(sorted(default_thesaurus().themes))[:4])

    def weights(analyzer):
        return [(entry.kind, entry.weight) for entry in analyzer.expert_entries(expert)]

    thesaurus = default_thesaurus()
    assert weights(ByKind(thesaurus)) == weights(Analyzer(thesaurus))
    assert set(weights(ByKind(thesaurus, kinds={"training": 0.5}, diluted=False))) == {
        ("summary", 1.0),
        ("theme", DEFAULTS.claim_weight),
        ("training", 0.5),
    }


def test_requests_are_read_as_the_experiments_say():
    thesaurus = default_thesaurus()
    codes = tuple(sorted(thesaurus.themes))[:3]
    request = Request("r", title="One", description="Two", themes=("NO-SUCH", *codes))
    labels = [thesaurus.themes[code].label for code in codes]

    def texts(analyzer):
        return [passage.text for passage in analyzer.request_passages(request)]

    assert texts(FirstThemes(thesaurus, times=(3, 2, 0))) == [
        "One", "Two", labels[0], labels[0], labels[0], labels[1], labels[1],
    ]  # fmt: skip
    assert texts(TitleTwice(thesaurus)) == ["One", "One", "Two", *labels]
    untitled = replace(request, title="")
    assert len(TitleTwice(thesaurus).request_passages(untitled)) == 1 + len(codes)


def test_only_the_reader_of_misspelt_words_finds_them():
    experts = [Expert("a", summary="Marks old weapons here"), Expert("b", summary="Leads a band")]
    request = Request("r", title="weapnos")
    assert ranker(Analyzer(themes_only()))(experts, [request]) == {"r": ["a"]}
    assert ranker(AsWritten(themes_only()))(experts, [request]) == {"r": []}


def test_the_textbook_way_is_the_cosine_of_whole_profiles():
    experts = [
        Expert("none", summary="orchestra"),
        Expert("long", summary="weapons depot fence guard", training=("dogs",)),
        Expert("short", summary="weapons"),
    ]
    assert textbook(experts, [Request("r", title="weapons")]) == {"r": ["short", "long"]}


def test_designs_are_compared_request_by_request(small):
    full = without_one()[FULL]
    nothing = {FULL: full, "nothing": lambda *_: {}}
    found = measure(small, nothing)
    assert found["nothing"].mean.mean == 0
    assert found["nothing"].gain.mean == pytest.approx(-found[FULL].mean.mean)
    assert found[FULL].gain.high == 0
    assert measure(small, nothing, against="nothing")[FULL].gain.low > 0


def test_a_share_of_the_words_is_misspelt_by_one_step(demo):
    requests = [Request(f"r{n}", "weapons marking", "the big police") for n in range(400)]
    many = replace(demo, requests=requests)
    right_words = ["weapons", "marking", "the", "big", "police"]
    before = after = 0
    for request in misspelt(many, 1).requests:
        words = f"{request.title} {request.description}".split()
        assert words[2:4] == ["the", "big"]
        for word, right in zip(words, right_words, strict=True):
            assert word[0] == right[0]
            assert abs(len(word) - len(right)) <= 1
        before += 3
        after += sum(word in ("weapons", "marking", "police") for word in words)
    assert 0.75 < after / before < 0.92
    assert misspelt(many, 1) == misspelt(many, 1) != misspelt(many, 2)
    assert misspelt(many, 1, share=0).requests == requests


def test_padding_and_strangers_come_from_people_who_suit_nobody(demo):
    suitable = {expert for grades in demo.judgments.values() for expert in grades}
    foreign = {e for x in demo.experts if x.id not in suitable for e in x.experience}
    longer = [
        (new.experience[len(old.experience) :], old == replace(new, experience=old.experience))
        for old, new in zip(demo.experts, padded(demo, 1, entries=5).experts, strict=True)
    ]
    assert all(same and set(added) <= foreign for added, same in longer)
    assert sorted(len(added) for added, _ in longer) == [0] * 30 + [5] * 30
    more = doubled(demo, 1).experts
    assert more[:60] == demo.experts
    assert len({expert.id for expert in more}) == 120
    assert all(set(expert.experience) <= foreign for expert in more[60:])
    all_profiles = {"q": {expert.id: 1 for expert in demo.experts}}
    with pytest.raises(ValueError, match="no foreign evidence"):
        padded(replace(demo, judgments=all_profiles), 1)


def test_disturbed_collections_are_measured_beside_the_one_as_it_is(small):
    found = under_disturbances(small, {TEXTBOOK: textbook}, seeds=(1, 2))
    assert list(found) == ["as it is", *DISTURBANCES]
    plain = measure(small, {TEXTBOOK: textbook}, against=TEXTBOOK)[TEXTBOOK].mean
    assert found["as it is"][TEXTBOOK] == plain
    assert any(found[name][TEXTBOOK] != plain for name in DISTURBANCES)
    assert all(row[TEXTBOOK].requests == len(small.judgments) for row in found.values())


def test_settings_are_chosen_on_the_other_collections():
    """The second setting is best of all where it is measured, and chosen nowhere else."""
    values = [
        np.array([[0.5, 0.7], [0.9, 0.9], [0.6, 0.8]]),
        np.array([[0.4], [0.0], [0.7]]),
        np.array([[0.6, 0.6, 0.6], [0.1, 0.0, 0.2], [0.5, 0.5, 0.5]]),
    ]
    held_out = leave_one_collection_out(values)
    assert [found.chosen.tolist() for found in held_out] == [[2, 2], [0], [2, 2, 2]]
    assert [found.values.tolist() for found in held_out] == [[0.6, 0.8], [0.4], [0.5, 0.5, 0.5]]
    with pytest.raises(ValueError, match="two collections"):
        leave_one_collection_out(values[:1])


def test_the_other_collections_are_whole():
    collections = other_collections()
    assert len(collections) >= 3
    for name, collection in collections.items():
        experts = {expert.id for expert in collection.experts}
        assert len(experts) == len(collection.experts) == 60, name
        asked = {request.id for request in collection.requests}
        assert asked == set(collection.judgments) == set(collection.tags), name
        for grades in collection.judgments.values():
            assert set(grades) <= experts
            assert max(grades.values()) == 3


def test_the_ranking_beats_the_textbook_way_on_collections_nobody_tuned_it_for():
    """Far above noise, so that a change that breaks a language or the everyday words is seen."""
    for name, collection in other_collections().items():
        ours, theirs = (
            np.mean(collection.measured(design(collection.experts, collection.judged)))
            for design in (ranker(Analyzer(default_thesaurus())), textbook)
        )
        assert ours > theirs + 0.25, name
