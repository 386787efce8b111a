"""What the notebooks show of a roster and of one ranking."""

import datetime
from collections import Counter
from dataclasses import replace

import pytest

from matcher import Concept, Expert, ExpertIndex, Request, Theme, build_thesaurus
from matcher.experiments.tuning.collection import Collection, read_collection
from matcher.experiments.tuning.coverage import (
    jurisdictions,
    language_levels,
    request_reach,
    theme_coverage,
)
from matcher.experiments.tuning.score_components import by_subject, query_terms, score_components
from matcher.records.experts import Experience

THESAURUS = build_thesaurus(
    [
        Concept("C1", {"en": ("weapons marking",)}, ("MARK",), broader=("C3",)),
        Concept("C2", {"en": ("brass band",)}, ("BAND", "MARK")),
        Concept("C3", {"en": ("arms control",)}),
    ],
    (),
    [Theme("MARK", "marking of arms"), Theme("BAND", "music"), Theme("NONE", "nothing")],
)
EXPERTS = [
    Expert("claims", themes=("MARK", "BAND", "UNKNOWN"), summary="Conducts a brass band."),
    Expert(
        "proves",
        experience=(Experience("Weapons marking", "Weapons marking again"),),
        training=("Weapons marking",),
        languages={"en": "B2", "sr": "C2"},
        jurisdiction="SRB",
    ),
    Expert("claims only", themes=("MARK",), languages={"en": "C1"}, jurisdiction="SRB"),
]


def test_claims_and_evidence_are_counted_by_expert():
    found = {theme.code: theme for theme in theme_coverage(EXPERTS, THESAURUS)}
    assert found["MARK"].experts == {"theme": 2, "summary": 1, "training": 1, "experience": 1}
    assert (found["MARK"].evidenced, found["MARK"].unproven) == (2, 1)
    assert found["BAND"].experts == {"theme": 1, "summary": 1, "training": 0, "experience": 0}
    assert (found["NONE"].evidenced, found["NONE"].unproven) == (0, 0)
    assert found["NONE"].label == "nothing"


def test_languages_and_jurisdictions_are_counted():
    assert language_levels(EXPERTS) == {"en": Counter(B2=1, C1=1), "sr": Counter(C2=1)}
    assert list(language_levels(EXPERTS)) == ["en", "sr"]
    assert jurisdictions(EXPERTS) == {"unknown": 1, "SRB": 2}


def test_the_reach_of_a_roster_is_told_with_and_without_rules():
    words = "weapons marking with lasers"
    experts = [
        Expert("fits", summary=words, languages={"fr": "C1"}),
        Expert("silent", summary=words, languages={"en": "C1"}),
        Expert("band", summary="conducts a brass band", languages={"en": "C1"}),
    ]
    request = Request("r", title="weapons marking", required_languages={"fr": "B1"})
    grades = {"r": {"fits": 2, "silent": 3, "band": 1}}
    (found,) = request_reach(Collection(experts, [request], grades, {}))
    assert (found.bearing, found.eligible, found.suitable, found.suitable_eligible) == (2, 1, 2, 1)
    assert found.reasons == {"language": 1}
    assert (found.title, found.needed) == ("weapons marking", 1)
    day = datetime.date(2027, 1, 1)
    expired = [replace(expert, approved_until=day) for expert in experts]
    dated = replace(request, start=day, end=day + datetime.timedelta(3))
    (found,) = request_reach(Collection(expired, [dated], grades, {}))
    assert (found.bearing, found.eligible, found.suitable_eligible) == (2, 0, 0)


@pytest.fixture(scope="module")
def demo():
    return read_collection()


def test_terms_of_a_request_have_length_one_and_names():
    roster = [
        Expert("a", summary="Weapons marking with a laser in the depot"),
        Expert("b", summary="Arms control and a brass band"),
    ]
    index = ExpertIndex(roster, thesaurus=THESAURUS)
    found = {(t.kind, t.name): t for t in query_terms(index, Request("r", title="weapnos marking"))}
    assert sum(term.weight**2 for term in found.values()) == pytest.approx(1)
    assert found["concept", "weapons marking"].wording == "weapnos marking"
    assert found["broad subject", "arms control"].entries == 2
    assert found["word", "weapon"].wording == "weapnos"
    assert list(found) == sorted(found, key=lambda key: -found[key].weight)


def test_the_parts_of_a_score_add_up_to_it(demo):
    index = ExpertIndex(demo.experts)
    request = demo.requests[0]
    ranked = index.rank(request, 5).ranked
    parts = score_components(index, request, [match.expert_id for match in ranked])
    for match, part in zip(ranked, parts, strict=True):
        assert part.expert_id == match.expert_id
        assert part.best > 0 < part.whole
        worded = index.explain(request, match.expert_id).worded
        assert part.best + part.whole == pytest.approx(worded, abs=1e-9)


def test_what_each_subject_adds_makes_the_score(demo_index, demo_requests):
    for request in demo_requests[:8]:
        for explanation in demo_index.rank(request, 3).explanations:
            added = by_subject(explanation)
            assert sum(added.values()) == pytest.approx(explanation.score, abs=1e-9)
            assert set(added) == {term.concept or term.asked for term in explanation.shares}
