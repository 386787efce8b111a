import dataclasses
import datetime
import itertools
import math
from collections import Counter, defaultdict

import pytest

from matcher import (
    Expert,
    ExpertIndex,
    Period,
    Request,
    Settings,
    default_thesaurus,
    empty_thesaurus,
)
from matcher.analysis import Analyzer
from matcher.experiments.metrics import MEASURES, per_request, read_judgments
from matcher.language.spelling import Lexicon, Speller
from matcher.passages import count_terms
from matcher.records import CONSIDERATIONS
from matcher.store.vocabulary import kind_weight


def counted_entries(experts, analyzer):
    return [
        (expert.id, entry.weight, count_terms([passage]))
        for expert in experts
        for entry, passage in analyzer.expert_passages(expert)
        if passage.occurrences
    ]


def pivoted(vectors, rarity, kinds, slope=0.75):
    """Vectors by owner with rarity, each divided by a length between its own, to which rarity is
    nothing, and the mean."""
    norms = {
        key: math.hypot(*(x * kinds[term] for term, x in vector.items()))
        for key, vector in vectors.items()
    }
    mean = sum(norms.values()) / len(norms)
    return {
        key: {
            term: x * rarity[term] / ((1 - slope) * mean + slope * norms[key])
            for term, x in vector.items()
        }
        for key, vector in vectors.items()
    }


def reference_scores(entries, request, analyzer, common=frozenset(), share=0.6, whole=0.5):
    """The formula of the design, written out slowly and without the library's own numerics."""
    frequency = Counter(term for _, _, counts in entries for term in counts)
    kinds = {term: kind_weight(term, Settings()) for term in frequency}
    rarity = {
        term: (math.log((1 + len(entries)) / (1 + n)) + 1) * kinds[term]
        for term, n in frequency.items()
    }

    def values(counts):
        return {t: 1 + math.log(n) for t, n in counts.items() if frequency[t]}

    def product(vector):
        return sum(weight * vector.get(term, 0) for term, weight in query.items()) / length

    # Rarer is weightier, which is all the reading of misspelt words asks.
    words = Lexicon(term for term in frequency if ":" not in term)
    speller = Speller(words, lambda term: 1 / frequency[term] if frequency[term] else 0)
    query_terms = count_terms(analyzer.request_passages(request, speller))
    asked = values(query_terms)
    query = {term: value * rarity[term] for term, value in asked.items()}
    length = math.hypot(*query.values()) or 1
    vectors = {i: values(counts) for i, (_, _, counts) in enumerate(entries)}
    vectors = pivoted(vectors, rarity, kinds)
    proofs, totals = defaultdict(list), defaultdict(Counter)
    for i, (owner, factor, counts) in enumerate(entries):
        proofs[owner].append(factor * product(vectors[i]))
        totals[owner].update({term: factor * count for term, count in counts.items()})
    best = {
        owner: sum((1 - share) * share**k * x for k, x in enumerate(sorted(xs, reverse=True)))
        for owner, xs in proofs.items()
    }
    profiles = pivoted(
        {
            owner: {term: math.log2(1 + n) for term, n in counts.items()}
            for owner, counts in totals.items()
        },
        rarity,
        kinds,
    )
    common = common if query.keys() - common else frozenset()

    def weakness(term):
        """0 for what is a score alone, else which of the two kinds a term is of that are none."""
        return (
            1 if term in common else 2 * (term[:2] == "b:" and f"c:{term[2:]}" not in query_terms)
        )

    shared = {owner: {weakness(t) for t in query if totals[owner][t]} for owner in best}
    return {
        owner: (1 - whole) * best[owner] + whole * product(profiles[owner])
        for owner in best
        if 0 in shared[owner] or len(shared[owner]) > 1
    }


@pytest.mark.parametrize(
    "thesaurus", [default_thesaurus(), empty_thesaurus()], ids=["full", "none"]
)
def test_scores_are_those_of_the_formula(demo_experts, demo_requests, thesaurus):
    index = ExpertIndex(demo_experts, thesaurus=thesaurus)
    analyzer = Analyzer(thesaurus)
    entries = counted_entries(demo_experts, analyzer)
    for asked in demo_requests:
        request = dataclasses.replace(asked, without=CONSIDERATIONS)
        ranked = index.rank(request, 0, constraints=False).ranked
        expected = reference_scores(entries, request, analyzer, index.asked(request).common)
        assert {match.expert_id: match.score for match in ranked} == pytest.approx(expected)
        scores = [match.score for match in ranked]
        assert scores == sorted(scores, reverse=True)


def test_demo_quality_does_not_fall_below_the_floor(demo_index, demo_requests, demo_folder):
    run = {
        request.id: [m.expert_id for m in demo_index.rank(request, 0, constraints=False).ranked]
        for request in demo_requests
    }
    judgments = read_judgments(demo_folder / "qrels.txt")
    values = per_request(run, judgments, "nDCG@10")
    assert len(values) == 24
    assert sum(values.values()) / len(values) >= 0.82
    assert set(MEASURES) >= {"nDCG@10", "MAP", "P@3", "R@20"}


def test_everybody_stands_in_exactly_one_list(demo_index, demo_experts, demo_requests):
    for request in demo_requests:
        result = demo_index.rank(request, 0)
        listed = [x.expert_id for x in (*result.ranked, *result.ruled_out, *result.unrankable)]
        assert sorted(listed) == sorted(expert.id for expert in demo_experts)


def test_ruled_out_agrees_with_eligibility_and_never_with_the_score(
    demo_index, demo_requests, demo_eligibility
):
    for request, row in zip(demo_requests, demo_eligibility, strict=True):
        result = demo_index.rank(request, 0)
        found = {
            out.expert_id: list(dict.fromkeys(reason.code for reason in out.reasons))
            for out in result.ruled_out
        }
        assert found == row["ruled_out"]
        free = {m.expert_id: m.score for m in demo_index.rank(request, 0, constraints=False).ranked}
        assert {m.expert_id: m.score for m in result.ranked}.items() <= free.items()
        assert {
            out.expert_id: out.score for out in result.ruled_out if out.score
        }.items() <= free.items()


def test_top_cuts_the_ranked_and_nothing_else(demo_index, demo_requests):
    whole = demo_index.rank(demo_requests[0], 0)
    cut = demo_index.rank(demo_requests[0], 3)
    assert cut.ranked == whole.ranked[:3]
    assert (cut.unrankable, cut.considered) == (whole.unrankable, len(whole.ranked))
    assert [match.rank for match in whole.ranked] == list(range(1, len(whole.ranked) + 1))
    assert whole.ranked[0].relative == 1.0
    with pytest.raises(ValueError, match="negative"):
        demo_index.rank(demo_requests[0], -1)


@pytest.mark.parametrize("relative", [0.1, 0.35, 1.0])
def test_those_who_reach_a_share_of_the_best_are_counted_wherever_the_ranking_is_cut(
    demo_index, demo_requests, relative
):
    for request in demo_requests[:6]:
        cut, whole = demo_index.rank(request, top=1), demo_index.rank(request, top=0)
        reaching = sum(match.relative >= relative for match in whole.ranked)
        assert cut.count_reaching(relative) == reaching > 0
    assert demo_index.rank(Request("r", title="qqqq")).count_reaching(relative) == 0


def test_person_is_no_input_of_the_score(demo_experts, demo_requests):
    strangers = [
        dataclasses.replace(
            expert,
            name="Weapons Marking Gender Police",
            gender="female" if expert.gender == "male" else "male",
            jurisdiction="XXX",
            authority="Ballistics laboratory",
        )
        for expert in demo_experts
    ]
    one, other = ExpertIndex(demo_experts), ExpertIndex(strangers)
    for request in demo_requests:
        assert one.rank(request, 0, constraints=False).ranked == (
            other.rank(request, 0, constraints=False).ranked
        )


def test_equal_profiles_are_ordered_by_a_hash_that_changes_with_the_request():
    roster = [Expert(f"e{n}", summary="weapons marking register") for n in range(8)]
    index, backwards = ExpertIndex(roster), ExpertIndex(reversed(roster))
    orders = []
    for number in range(6):
        request = Request(f"r{number}", title="weapons marking")
        ranked = index.rank(request, 0).ranked
        assert len({match.score for match in ranked}) == 1
        assert ranked == backwards.rank(request, 0).ranked
        orders.append([match.expert_id for match in ranked])
    assert len(set(map(tuple, orders))) > 1
    assert len({order[0] for order in orders}) > 1
    # The same on every machine: this order is part of what is promised.
    assert orders[0] == ["e2", "e1", "e7", "e4", "e6", "e3", "e0", "e5"]


def test_order_of_the_roster_does_not_matter(demo_experts, demo_requests):
    index, backwards = ExpertIndex(demo_experts), ExpertIndex(reversed(demo_experts))
    for request in demo_requests:
        assert index.rank(request, 0) == backwards.rank(request, 0)


def test_one_strong_entry_beats_many_weak_mentions():
    strong = Expert("strong", headline="Logistics", training=("Firearms engraving with laser",))
    weak = Expert(
        "weak", training=tuple(f"firearms lecture topic{n} kitchen tents convoy" for n in range(9))
    )
    index = ExpertIndex([strong, weak])
    ranked = index.rank(Request("r", title="firearms engraving laser")).ranked
    assert [match.expert_id for match in ranked] == ["strong", "weak"]


def test_a_claim_counts_less_than_evidence_and_less_the_more_are_claimed(demo_experts):
    """The only claim counts 0.8 of what a training of the same words earns when entries are taken
    by themselves, each of several less, and less in any case."""
    codes = sorted(default_thesaurus().themes)
    themes = ["SALW-MTR", *(code for code in codes if code != "SALW-MTR")]
    marking = default_thesaurus().themes["SALW-MTR"]
    words = marking.text
    summary = "Conducts the brass band of the guard"
    roster = [
        *demo_experts,
        Expert("proof", summary=summary, training=(words,)),
        *(Expert(f"c{n}", summary=summary, themes=tuple(themes[:n])) for n in (1, 4, 10)),
    ]
    index = ExpertIndex(roster)
    # That a training was attended counts beside its words.
    request = Request("r", title="Marking and tracing of weapons", without=("taught",))
    scores = {match.expert_id: match.score for match in index.rank(request, 0).ranked}
    assert scores["proof"] > scores["c1"] > scores["c4"] > scores["c10"]
    index = ExpertIndex(roster, settings=Settings(whole_share=0.0))

    def of_entry(expert_id, text):
        entries = index.explain(request, expert_id).entries
        return next(e.contribution for e in entries if e.text == text)

    proof = of_entry("proof", words)
    assert of_entry("c1", marking.text) == pytest.approx(0.8 * proof)


def scores_of(roster, request, **settings):
    index = ExpertIndex(roster, thesaurus=empty_thesaurus(), settings=Settings(**settings))
    return {match.expert_id: match.score for match in index.rank(request, 0).ranked}


SUBJECTS = ("telescope", "violin", "compass", "lantern")


@pytest.mark.parametrize("whole_share", [0.0, Settings().whole_share, 1.0])
def test_covering_more_of_the_request_counts_though_each_entry_covers_as_little(whole_share):
    """Four trainings on four subjects of the request against four on one of them."""
    others = [Expert(f"{w}{n}", training=(w,)) for w in SUBJECTS if w != "violin" for n in range(3)]
    roster = [
        Expert("broad", summary="Officer of the guard", training=SUBJECTS),
        Expert("narrow", summary="Officer of the guard", training=("violin",) * 4),
        *others,
    ]
    scores = scores_of(roster, Request("r", title=" ".join(SUBJECTS)), whole_share=whole_share)
    assert scores["broad"] > 1.1 * scores["narrow"]


@pytest.mark.parametrize("whole_share", [0.0, Settings().whole_share])
def test_one_mission_that_joins_the_subjects_counts_more_than_mentions_of_each(whole_share):
    """Both profiles have the same words, and as many entries of the same length."""
    rest = ("harbour", "meadow", "curtain", "barrel", "saddle", "anchor")
    apart = tuple(f"{word} {rest[i]} {rest[i + 1]}" for i, word in enumerate(SUBJECTS))
    together = (
        " ".join(SUBJECTS[:3]),
        f"{SUBJECTS[3]} {rest[0]} {rest[1]}",
        " ".join(rest[2:5]),
        " ".join(rest[1:4]),
    )
    roster = [Expert("joins", training=together), Expert("mentions", training=apart)]
    roster += [Expert(f"other-{word}", training=(f"{word} keeper",)) for word in rest]
    scores = scores_of(roster, Request("r", title=" ".join(SUBJECTS)), whole_share=whole_share)
    assert scores["joins"] > 1.1 * scores["mentions"]


def test_codes_that_are_no_themes_are_no_claims():
    themes = ("SALW-MTR",)
    index = ExpertIndex([Expert("a", themes=themes), Expert("b", themes=(*themes, "NO-SUCH"))])
    request = Request("r", title="Marking of weapons")
    assert len({match.score for match in index.rank(request).ranked}) == 1


def test_thin_profiles_and_strangers_to_the_subject_are_not_ranked():
    index = ExpertIndex(
        [
            Expert("thin", summary="Weapons marking"),
            Expert("empty"),
            Expert("stranger", summary="Conducts a brass band of the guard"),
            Expert("fit", summary="Weapons marking with a laser machine"),
        ],
        thesaurus=empty_thesaurus(),
    )
    result = index.rank(Request("r", title="weapons marking"))
    assert [match.expert_id for match in result.ranked] == ["fit"]
    assert {out.expert_id: out.reason for out in result.unrankable} == {
        "thin": "thin_profile",
        "empty": "thin_profile",
        "stranger": "no_shared_term",
    }


def test_the_vocabulary_of_asking_and_sending_is_no_concept_that_scores():
    analyzer = Analyzer(default_thesaurus())
    request = Request("r", title="Terms of reference for a study visit on ballistics")
    terms = count_terms(analyzer.request_passages(request))
    assert [term for term in terms if term.startswith("c:")] == ["c:G41"]


def test_a_broad_request_finds_who_did_a_part_of_it_behind_who_names_the_whole():
    """Marking and tracing are parts of arms control; a brass band is not."""
    index = ExpertIndex(
        [
            Expert("band", summary="Conducts the brass band of the guard regiment"),
            Expert("part", summary="Laser engraving of pistols, serial numbers"),
            Expert("whole", summary="Adviser of the minister on gun control"),
            *(Expert(f"x{n}", summary=f"Music, drums and kitchen number {n}") for n in range(9)),
        ]
    )
    result = index.rank(Request("r", title="arms control"))
    assert [match.expert_id for match in result.ranked] == ["whole", "part"]
    term = index.explain(Request("r", title="arms control"), "part").shares[0]
    assert (term.asked, term.found, term.concept) == (
        "arms control",
        "Laser engraving, serial numbers",
        "SALW control",
    )


def test_broad_subjects_do_not_make_a_thin_profile_thicker():
    index = ExpertIndex([Expert("a", summary="Engraving")])
    result = index.rank(Request("r", title="engraving"))
    assert [out.reason for out in result.unrankable] == ["thin_profile"]


def test_booked_and_expired_experts_are_ruled_out_with_their_score():
    day = datetime.date(2027, 5, 3)
    profile = {"summary": "Weapons marking with a laser machine", "max_days": 30}
    roster = [
        Expert("booked", **profile, booked=(Period(day, day),)),
        Expert("expired", **profile, approved_until=day),
        Expert("free", **profile),
    ]
    request = Request("r", title="weapons marking", start=day, end=day + datetime.timedelta(2))
    result = ExpertIndex(roster).rank(request)
    assert [match.expert_id for match in result.ranked] == ["free"]
    codes = {out.expert_id: [reason.code for reason in out.reasons] for out in result.ruled_out}
    assert codes == {"booked": ["booked"], "expired": ["approval"]}
    assert {out.score for out in result.ruled_out} == {result.ranked[0].score}


def test_unknown_fields_are_told_for_those_not_ruled_out():
    index = ExpertIndex([Expert("a", summary="Weapons marking with a laser machine")])
    request = Request("r", title="weapons", required_languages={"en": "B2"})
    assert index.rank(request).unknown == {"a": ("language",)}


def test_rankings_are_the_same_every_time(demo_experts, demo_requests):
    one, other = ExpertIndex(demo_experts), ExpertIndex(demo_experts)
    for request, _ in itertools.product(demo_requests[:6], range(2)):
        assert one.rank(request, 0).to_dict() == other.rank(request, 0).to_dict()


def test_what_only_a_broad_subject_brings_together_is_no_score():
    """Kindergartens and masculinities are both of gender equality, and not of each other."""
    experts = [
        Expert("k", summary="Childcare and kindergartens for the staff of the ministry"),
        Expert("m", summary="Masculinities; toxic masculinity"),
    ]
    index = ExpertIndex([*experts, Expert("x", summary="Music, drums and a kitchen")])
    result = index.rank(Request("r", title="toxic masculinity"), 0)
    assert [match.expert_id for match in result.ranked] == ["m"]
    assert {found.expert_id for found in result.unrankable} == {"k", "x"}
    both = index.rank(Request("r", title="gender equality"), 0)
    assert "m" in {match.expert_id for match in both.ranked}
