"""The benchmark: its rosters, its peers, its limit and its report; never how fast anything is."""

import json
import time
from itertools import islice

import pytest

from matcher import Expert, Request, Thesaurus, default_thesaurus, empty_thesaurus
from matcher.analysis import Analyzer
from matcher.cli import main
from matcher.experiments.benchmark import command, peers
from matcher.experiments.benchmark.machine import limit_seconds, read_bandwidth
from matcher.experiments.benchmark.measure import BenchmarkError, Task, measure
from matcher.experiments.benchmark.peers import PEERS, missing
from matcher.experiments.benchmark.postings import PostingCounts
from matcher.experiments.benchmark.rosters import requests, roster


@pytest.fixture(scope="module")
def thesaurus() -> Thesaurus:
    return default_thesaurus()


def test_a_seed_gives_the_same_roster_and_a_smaller_one_begins_a_larger(thesaurus):
    small, large = list(roster(30, 7, thesaurus)), roster(1100, 7, thesaurus)
    assert small == list(islice(large, 30))
    assert len(list(large)) == 1070
    assert small[0] != next(roster(1, 8, thesaurus))
    assert requests(3, 7, thesaurus) == requests(3, 7, thesaurus)
    assert requests(3, 7, thesaurus) != requests(3, 8, thesaurus)


def test_profiles_and_requests_are_as_long_as_promised(thesaurus):
    analyzer = Analyzer(thesaurus)
    entries = [analyzer.expert_entries(expert) for expert in roster(300, 1, thesaurus)]
    words = [sum(len(entry.text.split()) for entry in row) for row in entries]
    assert 230 < sum(words) / 300 < 280
    assert 5.5 < sum(map(len, entries)) / 300 < 6.5
    asked = requests(50, 1, thesaurus)
    assert 35 < sum(len(f"{r.title} {r.description}".split()) for r in asked) / 50 < 45
    assert all(r.required_languages and r.start and r.excluded_jurisdictions for r in asked)


# numba is no part of the lock; where somebody has it, this peer is tried too.
TRIED = [name for name in PEERS if name != "bm25s-numba" or missing(name) is None]


@pytest.mark.parametrize("name", TRIED)
def test_each_peer_finds_the_one_entry_with_a_rare_word(name):
    if missing(name):
        pytest.skip(missing(name))
    texts = ["border police of the coast", "radio", "a convoy of trucks", "xylophone and drums"]
    peer = PEERS[name]([*texts, *["nothing of note"] * 30], [0, 0, 1, 2, *range(3, 33)])
    assert peer.experts(peer.search(peer.read("The xylophone?")))[0] == 2
    assert peer.experts(peer.search(peer.read("trucks")))[0] == 1
    assert peer.setting()


def test_the_limit_is_that_of_the_postings_counted_by_hand():
    analyzer = Analyzer(empty_thesaurus())
    roster_of_two = [
        Expert("a", summary="weapons weapons register", training=("weapons",)),
        Expert("b", summary="brass band", training=("register",)),
    ]
    counts = PostingCounts(roster_of_two, analyzer)
    asked = [Request("q", "weapons register unheard"), Request("r", "unheard")]
    assert counts.touched(asked, 2) == [4, 0]
    assert counts.touched(asked, 20) == [40, 0]
    assert limit_seconds(4, 16.0) == 2.0
    assert read_bandwidth(8_000_000) > 1e6


def test_a_missing_peer_is_told_and_the_others_go_on(monkeypatch, capsys):
    monkeypatch.setattr(peers.importlib.util, "find_spec", lambda _: None)
    assert command._engines(["all"]) == ["matcher", "textbook", "fts5"]
    told = capsys.readouterr().err
    assert "bm25s is not installed" in told
    assert "tantivy is not installed" in told


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (["--peers", "lucene"], "unknown peer 'lucene'"),
        (["--peers", "none", "fts5"], "none stands alone"),
    ],
)
def test_peers_that_do_not_exist_are_refused(wrong, words, capsys):
    assert main(["benchmark", "--profiles", "5", *wrong]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [["--profiles", "0"], ["--profiles", "5", "--seed", "-1"]])
def test_sizes_and_seeds_out_of_range_are_refused(wrong, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["benchmark", *wrong])
    assert "or more is expected" in capsys.readouterr().err


@pytest.mark.thorough
def test_an_engine_that_fails_is_named():
    with pytest.raises(BenchmarkError, match="nobody at 3 experts: KeyError"):
        measure(Task("nobody", 3, 1, 1))


@pytest.mark.long
def test_the_report_has_every_engine_and_size(tmp_path, capsys):
    out, started = tmp_path / "out.json", time.monotonic()
    arguments = ["--profiles", "200", "100", "--queries", "5", "--json", str(out)]
    assert main(["benchmark", *arguments]) == 0
    printed = capsys.readouterr()
    found = json.loads(out.read_text("utf-8"))
    assert [size["experts"] for size in found["sizes"]] == [100, 200]
    expected = ["matcher", *(name for name in PEERS if missing(name) is None)]
    for size in found["sizes"]:
        assert list(size["engines"]) == expected
        assert size["postings_exact"]
        for engine in size["engines"].values():
            assert 0 < engine["ranking"]["p50"] <= engine["ranking"]["p95"]
            assert engine["ranking"]["p95"] < time.monotonic() - started
        ours = size["engines"]["matcher"]
        assert 0 < ours["start"] < time.monotonic() - started
        assert 0 < ours["edit"]["p50"] <= ours["edit"]["p95"]
        assert 0 < ours["open"] < ours["build"]
    assert found["sizes"][1]["postings"] > found["sizes"][0]["postings"]
    assert all(f"\n| {name} |" in printed.out for name in expected)
    assert "From 100 to 200 experts the postings grow" in printed.out
    assert "benchmark: 200 experts: matcher" in printed.err
