"""The suggested team is compared with the best of all subsets, each by rules written anew."""

import datetime
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import (
    CEFR_LEVELS,
    Candidate,
    Expert,
    InfeasibleError,
    OpenRequest,
    Period,
    Quota,
    Request,
    TeamRules,
    UnprovenError,
    allocate,
    candidates_of,
    check,
    suggest_team,
)
from matcher.eligibility.rules import best_level
from matcher.ranking import tie_key

REQUEST = Request("r", excluded_jurisdictions=("SRB",))
DAY = datetime.date(2027, 3, 1)
CONCEPTS = ("marking", "stockpiles", "gender")


def candidate(key, score=1.0, covers=(), load=0, **fields):
    shares = dict.fromkeys(covers, score / len(covers)) if covers else {}
    return Candidate(Expert(key, **fields), score, shares, load)


halves = st.sampled_from([0.0, 0.5, 1.0])
people = st.lists(
    st.builds(
        lambda key, score, covers, load, fields: Candidate(
            Expert(f"e{key}", **fields), score, covers, load
        ),
        st.integers(0, 6),
        halves,
        st.fixed_dictionaries(dict.fromkeys(CONCEPTS, halves)),
        st.integers(0, 2),
        st.fixed_dictionaries(
            {
                "gender": st.sampled_from(["female", "male", None]),
                "jurisdiction": st.sampled_from(["ALB", "BIH", "SRB", None]),
                "languages": st.sampled_from([None, {"fr": "B2"}, {"fr": "A2", "hr": "C1"}]),
            }
        ),
    ),
    max_size=7,
    unique_by=lambda c: c.expert.id,
)
ids = st.sampled_from(["e0", "e1", "e2"])
rules = st.builds(
    TeamRules,
    languages=st.sampled_from([{}, {"fr": ("B1", 1)}, {"fr": ("B2", 2), "sr": ("B2", 1)}]),
    sexes=st.sampled_from([{}, {"female": 1}, {"female": 1, "male": 1}, {"female": 2}]),
    at_most_from_one=st.sampled_from([None, 1, 2]),
    jurisdictions=st.sampled_from([None, 2]),
    max_load=st.sampled_from([None, 0, 1]),
    must=st.lists(ids, max_size=1),
    must_not=st.lists(ids, max_size=1),
    apart=st.lists(st.sampled_from([("e0", "e1"), ("e2", "e1")]), max_size=1),
    groups=st.sampled_from(
        [
            {},
            {"have led": Quota(("e0", "e3"), least=1)},
            {"of one house": Quota(("e1", "e2", "e4", "nobody"), most=1)},
            {"both": Quota(("e0", "e1", "e2"), least=1, most=1), "none": Quota((), least=1)},
        ]
    ),
    coverage=st.sampled_from([0.0, 0.2, 0.6, 1.0]),
)
sizes = st.integers(1, 3)


def conditions(size, wanted):  # noqa: C901  # One rule after the other reads best.
    """Every constraint by name as a function of the members."""
    levels = CEFR_LEVELS.index
    found = {"size": lambda team: len(team) == size}
    for language, (level, n) in wanted.languages.items():
        found[f"languages:{language}"] = lambda team, language=language, level=level, n=n: (
            n
            <= sum(
                levels(has) >= levels(level)
                for c in team
                if (has := best_level(c.expert.languages or {}, language))
            )
        )
    for sex, n in wanted.sexes.items():
        found[f"sexes:{sex}"] = lambda team, sex=sex, n=n: (
            sum(c.expert.gender == sex for c in team) >= n
        )
    if (most := wanted.at_most_from_one) is not None:
        found["jurisdictions_at_most"] = lambda team: all(
            sum(c.expert.jurisdiction in (home, None) for c in team) <= most
            for home in ("ALB", "BIH", None)
        )
    if (least := wanted.jurisdictions) is not None:
        found["jurisdictions_at_least"] = lambda team: (
            len({c.expert.jurisdiction for c in team} - {None}) >= least
        )
    if wanted.max_load is not None:
        found["load"] = lambda team: all(c.load <= wanted.max_load for c in team)
    for key in wanted.must:
        found[f"must:{key}"] = lambda team, key=key: key in [c.expert.id for c in team]
    for key in wanted.must_not:
        found[f"must_not:{key}"] = lambda team, key=key: key not in [c.expert.id for c in team]
    for name, quota in wanted.groups.items():
        found[f"groups:{name}"] = lambda team, quota=quota: (
            (quota.least or 0)
            <= sum(c.expert.id in quota.those for c in team)
            <= (len(team) if quota.most is None else quota.most)
        )
    for pair in wanted.apart:
        found["apart:" + " ".join(sorted(pair))] = lambda team, pair=pair: (
            not set(pair) <= {c.expert.id for c in team}
        )
    return found


def value(team, size, weight):
    own = sum(round(10_000 * ((1 - weight) * c.score - 0.05 * c.load) / size) for c in team)
    covered = sum(
        max((round(10_000 * weight * c.covers[key]) for c in team), default=0) for key in CONCEPTS
    )
    return own + covered


def teams(pool, holding):
    able = sorted(
        (c for c in pool if c.expert.jurisdiction != "SRB"),
        key=lambda c: tie_key(REQUEST.id, c.expert.id),
    )
    every = [
        (places, [able[place] for place in places])
        for n in range(len(able) + 1)
        for places in itertools.combinations(range(len(able)), n)
    ]
    return [(places, team) for places, team in every if all(holds(team) for holds in holding)]


def brute_force(pool, size, weight, holding):
    """The best team, nearest the size; of equal ones that with the first in the order of ties."""
    found = teams(pool, holding)
    return max(
        found,
        key=lambda item: (
            -abs(len(item[1]) - size),
            value(item[1], size, weight),
            [place in item[0] for place in range(7)],
        ),
        default=None,
    )


def assert_best(pool, size, wanted, relaxed):
    named = conditions(size, wanted)
    holding = [
        f for name, f in named.items() if name not in relaxed and name.split(":")[0] not in relaxed
    ]
    best = brute_force(pool, size, wanted.coverage, holding)
    if best is None:
        with pytest.raises(InfeasibleError) as caught:
            suggest_team(REQUEST, pool, size, wanted, relaxed=relaxed)
        clash = [named[constraint.name] for constraint in caught.value.clash]
        assert not teams(pool, clash)
        for left_out in range(len(clash)):
            assert teams(pool, clash[:left_out] + clash[left_out + 1 :])
        return
    team = suggest_team(REQUEST, pool, size, wanted, relaxed=relaxed)
    assert {m.expert_id for m in team.members} == {c.expert.id for c in best[1]}
    points = value(best[1], size, wanted.coverage)
    assert team.value == pytest.approx(points / 10_000, abs=1e-9)
    assert {c.name for c in team.unmet} == {n for n, f in named.items() if not f(best[1])}
    assert {c.name for c in team.relaxed} == {n for n, f in named.items() if f not in holding}


@pytest.mark.thorough
@settings(deadline=None, max_examples=80)
@given(people, sizes, rules)
def test_team_is_the_best_of_all_subsets_or_the_clash_is_minimal(pool, size, wanted):
    assert_best(pool, size, wanted, ())


@pytest.mark.thorough
@settings(deadline=None, max_examples=80)
@given(people, sizes, rules, st.data())
def test_relaxing_by_name_gives_the_best_team_without_that_constraint(pool, size, wanted, data):
    names = sorted(conditions(size, wanted))
    codes = sorted({name.split(":")[0] for name in names})
    relaxed = data.draw(st.sets(st.sampled_from([*names, *codes]), min_size=1))
    assert_best(pool, size, wanted, relaxed)


@settings(deadline=None, max_examples=25)
@given(people, st.data())
def test_order_of_candidates_does_not_matter(pool, data):
    shuffled = data.draw(st.permutations(pool))
    assert suggest_team(REQUEST, pool, 3, relaxed={"size"}) == suggest_team(
        REQUEST, shuffled, 3, relaxed={"size"}
    )


def test_who_is_ruled_out_is_never_sent_even_when_all_is_relaxed():
    pool = [candidate("best", 1.0, CONCEPTS, jurisdiction="SRB"), candidate("weak", 0.1)]
    team = suggest_team(
        REQUEST, pool, 2, TeamRules(must={"best"}), relaxed={"size", "must", "sexes"}
    )
    assert [m.expert_id for m in team.members] == ["weak"]


def test_on_whom_somebody_has_decided_is_a_member_whatever_rules_them_out():
    request = Request("r", start=DAY, end=DAY)
    booked = candidate("booked", 0.2, booked=(Period(DAY, DAY),))
    pool = [candidate("best"), candidate("second", 0.9), booked]
    team = suggest_team(request, pool, 2, TeamRules(must={"booked"}), settled={"booked"})
    assert [m.expert_id for m in team.members] == ["best", "booked"]
    # To be settled makes nobody a member who is not asked for.
    free = suggest_team(request, pool, 2, settled={"booked"})
    assert [m.expert_id for m in free.members] == ["best", "second"]


def test_who_must_come_and_is_ruled_out_is_told_with_the_reasons():
    request = Request("r", required_languages={"fr": "B2"}, start=DAY, end=DAY)
    pool = [candidate("late", languages={"fr": "A2"}, booked=(Period(DAY, DAY),)), candidate("b")]
    with pytest.raises(InfeasibleError) as caught:
        suggest_team(request, pool, 1, TeamRules(must={"late"}))
    assert str(caught.value) == "This cannot hold: late in (ruled out: language, booked)."
    reasons = [reason.to_dict() for reason in check(pool[0].expert, request).reasons]
    assert [constraint.to_dict() for constraint in caught.value.clash] == [
        {
            "name": "must:late",
            "code": "must",
            "detail": {"expert_id": "late", "candidate": True, "reasons": reasons},
        }
    ]
    with pytest.raises(InfeasibleError, match=r"stranger in .no candidate."):
        suggest_team(request, pool, 1, TeamRules(must={"stranger"}))


days = st.integers(0, 12).map(lambda n: DAY + datetime.timedelta(days=n))
periods = st.tuples(days, days).map(lambda two: (Period(min(two), max(two)),))
homes = st.sampled_from(["ALB", "BIH", "SRB"])
levels = st.dictionaries(st.sampled_from(["fr", "sr", "hr"]), st.sampled_from(CEFR_LEVELS))
experts = st.builds(
    Expert,
    st.integers(0, 9).map(str),
    languages=st.none() | levels,
    jurisdiction=st.none() | homes,
    unavailable=st.just(()) | periods,
    booked=st.just(()) | periods,
    max_days=st.none() | st.integers(1, 12),
    excluded_jurisdictions=st.lists(homes, max_size=1).map(tuple),
    approved_until=st.none() | days,
)
asked = st.builds(
    Request,
    st.just("r"),
    required_languages=st.none() | levels,
    jurisdiction=st.none() | homes,
    excluded_jurisdictions=st.lists(homes, max_size=1).map(tuple),
    start=st.none() | st.just(DAY),
    end=st.none() | days,
)


@settings(deadline=None, max_examples=100)
@given(asked, st.lists(experts, max_size=6, unique_by=lambda e: e.id), sizes)
def test_no_member_is_ever_ruled_out_and_nobody_else_is_left_out(request, roster, size):
    team = suggest_team(request, [Candidate(e, 1.0) for e in roster], size, relaxed={"size"})
    able = {e.id for e in roster if not check(e, request).reasons}
    assert {m.expert_id for m in team.members} <= able
    assert len(team.members) == min(size, len(able))


def test_a_solver_without_time_chooses_nothing():
    pool = [candidate("a", 0.5), candidate("b", 0.7)]
    with pytest.raises(UnprovenError, match="gave up"):
        suggest_team(Request("r"), pool, 1, seconds=0)
    with pytest.raises(UnprovenError, match="gave up"):
        allocate([OpenRequest(Request("r"), pool)], seconds=0)


def test_two_for_a_mission_in_french_with_a_woman_among_them():
    pool = [
        candidate("marker", 1.0, ["marking"], gender="male", jurisdiction="BIH"),
        candidate("keeper", 0.9, ["marking", "stockpiles"], gender="male", jurisdiction="ALB"),
        candidate("adviser", 0.4, ["gender"], gender="female", languages={"fr": "B2"}),
    ]
    wanted = TeamRules(languages={"fr": ("B2", 1)}, sexes={"female": 1}, coverage=0.6)
    team = suggest_team(Request("r"), pool, 2, wanted)
    assert [m.expert_id for m in team.members] == ["marker", "adviser"]
    assert team.covered == {"gender": "adviser", "marking": "marker"}
    assert team.uncovered == ("stockpiles",)
    assert [m.adds for m in team.members] == pytest.approx([1.0, 0.4])


def test_who_covers_the_other_subject_goes_before_a_better_second_for_the_same_one():
    pool = [
        candidate("marker", 1.0, ["marking"]),
        candidate("second marker", 0.9, ["marking"]),
        candidate("adviser", 0.8, ["gender"]),
    ]
    assert [m.expert_id for m in suggest_team(Request("r"), pool, 2).members] == [
        "marker",
        "adviser",
    ]
    strong = TeamRules(coverage=0.0)
    assert [m.expert_id for m in suggest_team(Request("r"), pool, 2, strong).members] == [
        "marker",
        "second marker",
    ]


def test_clash_is_told_in_words_with_its_facts():
    pool = [candidate(key, gender="female", jurisdiction="BIH") for key in "abc"]
    with pytest.raises(InfeasibleError) as caught:
        suggest_team(
            Request("r"), pool, 2, TeamRules(sexes={"female": 2}, at_most_from_one=1, max_load=3)
        )
    assert str(caught.value) == (
        "This cannot hold together: at least 2 female (3 among the candidates); "
        "at most 1 from each jurisdiction (1 among the candidates)."
    )
    assert [c.to_dict()["code"] for c in caught.value.clash] == ["sexes", "jurisdictions_at_most"]


def test_unknown_names_and_faulty_candidates_are_refused():
    with pytest.raises(ValueError, match=r"sex$"):
        suggest_team(REQUEST, [], 1, relaxed={"sex"})
    with pytest.raises(ValueError, match="once"):
        suggest_team(REQUEST, [candidate("a"), candidate("a")], 1)
    with pytest.raises(ValueError, match="between 0 and 1"):
        candidate("a", 1.5)
    with pytest.raises(ValueError, match="between 0 and 1"):
        TeamRules(coverage=1.5)


def test_many_equal_candidates_are_told_apart_by_the_hash_of_the_request():
    pool = [candidate(f"e{n:02}") for n in range(40)]
    first = sorted((c.expert.id for c in pool), key=lambda key: tie_key("r", key))[:2]
    team = suggest_team(Request("r"), pool, 2)
    assert {m.expert_id for m in team.members} == set(first)


def test_a_ranking_becomes_candidates_who_cover_what_it_explains(
    demo_index, demo_experts, demo_requests
):
    experts = {expert.id: expert for expert in demo_experts}
    for request in demo_requests[::3]:
        result = demo_index.rank(request, 10)
        pool = candidates_of(result, {result.ranked[0].expert_id: 2})
        assert [c.score for c in pool] == [m.relative for m in result.ranked]
        assert [c.load for c in pool][:2] == [2, 0]
        assert [sum(c.covers.values()) for c in pool] == pytest.approx([c.score for c in pool])
        for explanation, made in zip(result.explanations, pool, strict=True):
            for gap in explanation.lacking:
                assert gap.concept_id is None or made.covers[gap.concept_id] == 0
        team = suggest_team(request, pool, min(2, len(pool)))
        assert not any(check(experts[m.expert_id], request).reasons for m in team.members)


def test_a_quota_that_asks_for_more_than_it_allows_is_refused():
    for least, most in ((2, 1), (-1, None), (None, -1)):
        with pytest.raises(ValueError, match="least <= most"):
            Quota(("a",), least, most)
