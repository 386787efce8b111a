import importlib.util
import random

import pytest

from matcher import MatcherError
from matcher.experiments.metrics import (
    MEASURES,
    by_tag,
    compare,
    estimate,
    per_request,
    rank_biased_overlap,
    read_judgments,
    read_run,
    read_tags,
)

GRADES = {"q": {"a": 3, "b": 2, "c": 1}}


def measured(ranking, grades=None):
    return {m: per_request({"q": ranking}, grades or GRADES, m)["q"] for m in MEASURES}


def test_measures_by_hand():
    assert set(measured(["a", "b", "c"]).values()) == {1.0}
    found = measured(["x", "a", "y", "c"])
    ideal = 3 + 2 / 1.584962500721156 + 1 / 2
    assert found["nDCG@10"] == pytest.approx(
        (3 / 1.584962500721156 + 1 / 2.321928094887362) / ideal
    )
    assert found["MAP"] == pytest.approx((1 / 2 + 2 / 4) / 3)
    assert found["P@3"] == pytest.approx(1 / 3)
    assert found["R@20"] == pytest.approx(2 / 3)
    assert found["P(first is grade 3)"] == 0
    assert set(measured([]).values()) == {0}
    assert set(measured(["x"], {"q": {"a": 0}}).values()) == {0}


def test_depths_are_kept():
    far = [f"x{n}" for n in range(20)]
    assert measured([*far[:10], "a"])["nDCG@10"] == 0
    assert measured([*far, "a"])["R@20"] == 0
    assert measured([*far[:19], "a"])["R@20"] == pytest.approx(1 / 3)


@pytest.mark.skipif(importlib.util.find_spec("ir_measures") is None, reason="ir-measures is absent")
def test_figures_are_those_of_trec_eval():
    import ir_measures

    dice = random.Random(7)
    grades, run, scored = {}, {}, []
    for number in range(40):
        pool = [f"d{n:02}" for n in range(30)]
        grades[f"q{number}"] = {d: dice.randint(0, 3) for d in dice.sample(pool, 8)}
        ranking = dice.sample(pool, dice.randint(1, 30))
        run[f"q{number}"] = ranking
        scored += [
            ir_measures.ScoredDoc(f"q{number}", d, 100.0 - place) for place, d in enumerate(ranking)
        ]
    judged = [ir_measures.Qrel(q, d, g) for q, row in grades.items() for d, g in row.items()]
    names = ["nDCG@10", "AP", "P@3", "R@20", "P(rel=3)@1"]
    measures = [ir_measures.parse_measure(name) for name in names]
    theirs = ir_measures.calc_aggregate(measures, judged, scored)
    for ours, measure in zip(MEASURES, measures, strict=True):
        values = per_request(run, grades, ours).values()
        assert sum(values) / len(values) == pytest.approx(theirs[measure], abs=1e-6)


def test_interval_is_the_same_every_time_and_holds_the_mean():
    values = [0.1, 0.9, 0.4, 0.6, 0.8]
    found = estimate(values)
    assert found == estimate(values)
    assert min(values) <= found.low < found.mean < found.high <= max(values)
    assert estimate([0.5]).low == estimate([0.5]).high == 0.5
    with pytest.raises(ValueError, match="no request"):
        estimate([])


def test_comparison_is_paired():
    grades = {"q1": {"a": 1}, "q2": {"b": 1}}
    better = {"q1": ["a"], "q2": ["x", "b"]}
    worse = {"q1": ["x", "a"], "q2": ["x", "x2", "b"]}
    assert compare(better, worse, grades).low > 0
    same = compare(better, better, grades)
    assert (same.mean, same.low, same.high) == (0, 0, 0)


def test_requests_without_a_ranking_count_as_nothing_found():
    tags = {"q1": ["long"], "q2": ["terse", "long"], "q9": ["other"]}
    grades = {"q1": {"a": 3}, "q2": {"b": 3}}
    table = by_tag({"q1": ["a"]}, grades, tags)
    assert list(table) == ["all", "long", "terse"]
    assert table["all"]["nDCG@10"].mean == 0.5
    assert (table["terse"]["nDCG@10"].mean, table["terse"]["nDCG@10"].requests) == (0, 1)


def test_run_is_read_by_score_then_rank(tmp_path):
    file = tmp_path / "run"
    file.write_text("q Q0 a 2 0.5 t\nq Q0 b 1 0.5 t\n\nq Q0 c 3 0.9 t\n", "utf-8")
    assert read_run(file) == {"q": ["c", "b", "a"]}


@pytest.mark.parametrize(
    ("read", "content", "words"),
    [
        (read_run, "q Q0 a 1 0.5 t\nq Q0 b 2 high t\n", "line 2: score"),
        (read_run, "q Q0 b 2 nan t\n", "line 1: score"),
        (read_run, "q Q0 b first 1 t\n", "line 1: rank"),
        (read_run, "q Q0 b 1.5 1 t\n", "line 1: rank"),
        (read_run, "q b 1\n", "line 1: 6 columns"),
        (read_run, "q Q0 a 1 0.5 t\nq Q0 a 2 0.4 t\n", "line 2: expert"),
        (read_judgments, "q 0 a 3\nq 0 a 2\n", "line 2: expert"),
        (read_judgments, "q 0 a good\n", "line 1: grade"),
        (read_judgments, "\n", "no judgment"),
        (read_judgments, b"q 0 \xff 1\n", "cannot be read"),
        (read_tags, "request_id\ttags\nq terse\n", "line 2: tags"),
    ],
)
def test_faulty_files_are_refused_naming_the_line(tmp_path, read, content, words):
    file = tmp_path / "file"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(MatcherError, match=words) as caught:
        read(file)
    assert str(file) in str(caught.value)


@pytest.mark.parametrize(
    ("one", "other", "persistence", "overlap"),
    [
        ("abc", "abc", 0.9, 1.0),
        ("abc", "xyz", 0.9, 0.0),
        ("", "", 0.9, 1.0),
        ("", "abc", 0.9, 0.0),
        # Nothing shared at depth 1 and all at depth 2: .5^2 * 1 + (.5 / .5) * (0 + .5^2 * 1).
        ("ab", "ba", 0.5, 0.5),
        # One of one, then one of two: what the shorter lacks is taken to agree as before.
        ("a", "ab", 0.5, 1.0),
        # Shared 1, 1, 1 with lengths 2 and 3: .5 + .25 / 2 + .125 / 3 as seen, .125 / 6 for what
        # the shorter lacks at depth 3, and .125 / 2 beyond.
        ("ab", "axy", 0.5, 0.5 + 0.125 + 0.125 / 3 + 0.125 / 6 + 0.0625),
    ],
)
def test_rank_biased_overlap_by_hand(one, other, persistence, overlap):
    assert rank_biased_overlap(one, other, persistence) == pytest.approx(overlap, abs=1e-12)
    assert rank_biased_overlap(other, one, persistence) == pytest.approx(overlap, abs=1e-12)


def test_rank_biased_overlap_weighs_first_places_most():
    swapped_first, swapped_last = list("bacdef"), list("abcdfe")
    assert (
        rank_biased_overlap("abcdef", swapped_first)
        < rank_biased_overlap("abcdef", swapped_last)
        < 1
    )


@pytest.mark.parametrize(
    ("one", "persistence", "complaint"),
    [("aa", 0.9, "twice"), ("ab", 1.0, "between 0 and 1"), ("ab", 0.0, "between 0 and 1")],
)
def test_what_is_no_ranking_or_no_probability_is_refused(one, persistence, complaint):
    with pytest.raises(ValueError, match=complaint):
        rank_biased_overlap(one, "ab", persistence)
