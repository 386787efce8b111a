"""The first cut: whom an engine leaves, and how the matcher orders those few."""

import json
from dataclasses import replace

import pytest

from matcher import Experience, Expert, ExpertIndex, Request, default_thesaurus
from matcher.cli import main
from matcher.experiments.first_cut import command
from matcher.experiments.first_cut.cuts import CUTS, grams, words
from matcher.experiments.first_cut.kinds import MADE_UP, RECOMBINED
from matcher.experiments.first_cut.measure import Crowd, measure, ranked_again
from matcher.experiments.first_cut.strangers import crowd, named_apart
from matcher.experiments.tuning.collection import Collection, all_collections, read_collection

pytest.importorskip("tantivy", reason="tantivy is not installed (extra 'bench')")
from matcher.experiments.first_cut.engine import CutIndex


@pytest.fixture(scope="module")
def demo() -> Collection:
    return named_apart({"demo": read_collection()})["demo"]


def test_words_and_letters_are_those_that_are_written():
    assert words("Small arms: SALW, a Überprüfung") == ["small", "arms", "salw", "überprüfung"]
    assert grams("No arms") == ["_no_", "_arm", "arms", "rms_"]


def test_the_engine_counts_rare_keys_and_their_weights():
    profiles = [("a", ["arms", "gender"]), ("b", ["arms", "arms"]), ("c", ["police"] * 2)]
    engine = CutIndex([*profiles, *[(str(at), ["arms", "desk"]) for at in range(9)]])
    assert engine.first(engine.query({"arms": 1.0, "gender": 1.0}), 1) == ["a"]
    assert engine.first(engine.query({"arms": 9.0, "gender": 0.01}), 1) == ["b"]
    assert set(engine.first(engine.query({"police": 1.0, "unheard": 1.0}), 5)) == {"c"}


def test_all_who_are_left_are_ranked_as_the_whole_roster_is(demo_index, demo_requests):
    for request in demo_requests[:5]:
        ranked = [m.expert_id for m in demo_index.rank(request, 0, constraints=False).ranked]
        asked = demo_index.asked(request)
        assert ranked_again(asked, reversed(ranked)) == ranked
        assert ranked_again(asked, [ranked[7], "nobody", ranked[2]]) == [ranked[2], ranked[7]]
        assert ranked_again(asked, []) == []


def test_a_cut_that_leaves_everybody_loses_nothing_and_one_of_one_nearly_all(demo):
    index = ExpertIndex(demo.experts)
    around = Crowd(index, {"demo": demo})
    found = measure(around, {"terms": CUTS["terms"]}, demo.experts, (1, len(demo.experts)))
    of_demo = found["collections"]["demo"]
    one, everybody = of_demo["cuts"]["terms"].values()
    assert everybody["ndcg"] == pytest.approx(of_demo["everybody"])
    assert everybody["kept"] == 1
    # Whoever shares no term with a request is found by no cut.
    assert 0.95 < everybody["recall"] <= 1
    assert one["kept"] == pytest.approx(0.1)
    assert 0 < one["ndcg"] < of_demo["everybody"]
    assert 0 < one["recall"] < 0.6
    assert found["seconds"]["terms"].keys() == {"search", "rank"}


def test_people_of_other_collections_stand_aside(demo):
    first, other = (
        Expert(name, experience=(Experience("Marking of weapons", "Marking of small arms"),))
        for name in ("demo/1", "other/1")
    )
    request = Request("q", "Marking of small arms")
    one = Collection([first], [request], {"q": {"demo/1": 3}}, {})
    another = replace(one, experts=[other], judgments={"q": {"other/1": 3}})
    stranger = replace(first, id="S1")
    index = ExpertIndex([first, other, stranger])
    around = Crowd(index, {"demo": one, "other": another})
    assert set(around.asked("other")[0].first) == {"other/1", "S1"}
    found = measure(around, CUTS, [first, other, stranger], (2,))
    kept = [cut["2"]["kept"] for cut in found["collections"]["demo"]["cuts"].values()]
    assert kept == [1.0] * len(CUTS)


def test_what_a_request_counts_by_is_what_each_cut_is_about(demo_index):
    asked = demo_index.asked(Request("q", "Training on gender in the police"))
    assert set(CUTS["words"].request(asked)) >= {"training", "gender", "the"}
    terms, subjects = CUTS["terms"].request(asked), CUTS["subjects"].request(asked)
    assert set(subjects) < set(terms)
    weighed = CUTS["terms, weighed"].request(asked)
    assert weighed.keys() == terms.keys()
    assert len(set(weighed.values())) > len(set(terms.values())) == 1


def test_recombined_strangers_have_what_real_people_wrote(demo):
    made = list(crowd(RECOMBINED, 50, 7, demo.experts, default_thesaurus()))
    assert made == list(crowd(RECOMBINED, 50, 7, demo.experts, default_thesaurus()))
    assert made != list(crowd(RECOMBINED, 50, 8, demo.experts, default_thesaurus()))
    assert len({one.id for one in made} - {one.id for one in demo.experts}) == 50
    written = {experience for one in demo.experts for experience in one.experience}
    assert all(set(one.experience) <= written for one in made)
    owners = {one.experience: one.id for one in demo.experts}
    assert sum(one.experience in owners for one in made) < 5
    assert next(crowd(MADE_UP, 1, 7, (), default_thesaurus())).id == "S0000000"


def test_the_command_prints_a_table_and_writes_what_each_collection_came_to(
    monkeypatch, tmp_path, capsys, demo
):
    assert sorted(all_collections()) == ["b", "c", "d", "demo", "e", "f", "g", "h"]
    small = replace(read_collection(), judgments=dict(list(demo.judgments.items())[:3]))
    monkeypatch.setattr(command, "all_collections", lambda: {"demo": small})
    path = tmp_path / "out.json"
    asked = ["first-cut", "--strangers", "20", "--kind", RECOMBINED, "--json", str(path)]
    assert main(asked) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("20 recombined strangers; nDCG@10 on everybody 0.")
    assert "\n| recall, nDCG@10, first ten kept | 100 | 300 | 1000 |\n" in printed
    assert all(f"\n| {name} | " in printed for name in CUTS)
    found = json.loads(path.read_text("utf-8"))
    assert found["collections"]["demo"]["requests"] == 3
    assert found["collections"]["demo"]["cuts"]["terms"]["100"]["kept"] == 1
    with pytest.raises(SystemExit, match="2"):
        main(["first-cut", "--strangers", "-1"])
