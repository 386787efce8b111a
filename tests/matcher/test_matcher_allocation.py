"""The allocation is compared with the best of all allocations, each by rules written anew."""

import datetime
import itertools
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import (
    AllocationRules,
    Candidate,
    Expert,
    InfeasibleError,
    OpenRequest,
    Period,
    Request,
    allocate,
    allocation,
    check,
)
from matcher.ranking import tie_key

EXPERTS = ("e0", "e1", "e2", "e3")
REQUESTS = ("r0", "r1", "r2")
SCORES = (0.0, 0.25, 1 / 3, 1.0)


def day(number):
    return datetime.date(2027, 3, 1) + datetime.timedelta(days=number)


def days_of(period, rest=0):
    """The numbers of the days of a period, and of the days of rest after it."""
    first = (period.start - day(0)).days
    return set(range(first, first + period.days + rest))


periods = st.builds(
    lambda start, more: Period(day(start), day(start + more)), *[st.integers(0, 9)] * 2
)
fields = st.fixed_dictionaries(
    {
        "jurisdiction": st.sampled_from(["ALB", "SRB", None]),
        "languages": st.sampled_from([None, {"fr": "B2"}, {"fr": "A2", "hr": "C1"}]),
        "booked": st.lists(periods, max_size=1).map(tuple),
    }
)


@st.composite
def cases(draw):
    roster = {key: Expert(key, **draw(fields)) for key in EXPERTS}
    loads = {key: draw(st.integers(0, 1)) for key in EXPERTS}
    requests = []
    for key in REQUESTS:
        period = draw(st.none() | periods)
        request = Request(
            key,
            excluded_jurisdictions=draw(st.sampled_from([(), ("SRB",)])),
            required_languages=draw(st.sampled_from([None, {"fr": "B1"}])),
            start=period and period.start,
            end=period and period.end,
            experts_needed=draw(st.sampled_from([None, 1, 2])),
        )
        known = draw(st.lists(st.sampled_from(EXPERTS), unique=True))
        scores = [draw(st.sampled_from(SCORES)) for _ in known]
        pool = [Candidate(roster[e], s, {}, loads[e]) for e, s in zip(known, scores, strict=True)]
        requests.append(OpenRequest(request, pool))
    return requests


pairs = st.tuples(st.sampled_from(REQUESTS), st.sampled_from(EXPERTS))
rules = st.builds(
    AllocationRules,
    max_load=st.sampled_from([None, 0, 1, 2]),
    rest_days=st.sampled_from([0, 1, 3]),
    must=st.lists(pairs, max_size=2),
    must_not=st.lists(pairs, max_size=1),
)


def too_near(one, other, rest):
    if one is None or other is None:
        return False
    return bool(days_of(one, rest) & days_of(other) or days_of(one) & days_of(other, rest))


def sendable(requests, wanted):
    """The candidate of each pair that nothing outside the allocation stands against."""
    return {
        (one.request.id, c.expert.id): c
        for one in requests
        for c in one.candidates
        if not check(c.expert, one.request).reasons
        and not any(too_near(b, one.request.period, wanted.rest_days) for b in c.expert.booked)
    }


def conditions(requests, wanted):
    """Every constraint by name as a function of the pairs sent."""
    found = {}
    given_requests = {one.request.id: one.request for one in requests}
    for key, request in given_requests.items():
        needed = request.experts_needed or 1
        found[f"places:{key}"] = lambda sent, key=key, needed=needed: (
            sum(r == key for r, _ in sent) <= needed
        )
    for c in {c.expert.id: c for one in requests for c in one.candidates}.values():
        key = c.expert.id
        if wanted.max_load is not None:
            found[f"load:{key}"] = lambda sent, key=key, load=c.load: (
                not (n := sum(e == key for _, e in sent)) or n + load <= wanted.max_load
            )
        for one, other in itertools.combinations(sorted(given_requests), 2):
            two = [given_requests[one].period, given_requests[other].period]
            if too_near(*two, wanted.rest_days):
                both = {(one, key), (other, key)}
                found[f"overlap:{key} {one} {other}"] = lambda sent, both=both: not both <= sent
    for pair in wanted.must:
        found["must:" + " ".join(pair)] = lambda sent, pair=pair: pair in sent
    for pair in wanted.must_not:
        found["must_not:" + " ".join(pair)] = lambda sent, pair=pair: pair not in sent
    return found


def possible(able, holding):
    """Every set of pairs that fulfils all conditions."""
    every = itertools.chain.from_iterable(
        itertools.combinations(able, n) for n in range(len(able) + 1)
    )
    return [sent for sent in map(set, every) if all(holds(sent) for holds in holding)]


def points(sent, able):
    return sum(round(10_000 * able[pair].score) for pair in sent)


def best_of(found, able, draws):
    order = sorted(able, key=lambda pair: tie_key(*pair))
    return max(
        found,
        key=lambda sent: (
            len(sent),
            points(sent, able),
            [sum(int.from_bytes(tie_key(*pair)[part], "big") for pair in sent) for part in draws],
            [pair in sent for pair in order],
        ),
    )


def sent_of(result):
    return {(a.request_id, a.expert_id) for a in result.assignments}


def outcome(requests, wanted):
    """The allocation, or the constraints that clash."""
    try:
        return allocate(requests, wanted)
    except InfeasibleError as error:
        return error.clash


# Without draws, all equals are told apart one by one.
@pytest.mark.parametrize("draws", [allocation._DRAWS, ()])
@settings(deadline=None, max_examples=100)
@given(requests=cases(), wanted=rules)
def test_allocation_is_the_best_of_all_or_the_clash_is_minimal(draws, requests, wanted):
    able, named = sendable(requests, wanted), conditions(requests, wanted)
    found = possible(able, named.values())
    if not found:
        with pytest.raises(InfeasibleError) as caught:
            allocate(requests, wanted)
        clash = [named[constraint.name] for constraint in caught.value.clash]
        assert clash
        assert not possible(able, clash)
        for left_out in range(len(clash)):
            assert possible(able, clash[:left_out] + clash[left_out + 1 :])
        return
    with mock.patch.object(allocation, "_DRAWS", draws):
        result = allocate(requests, wanted)
    best = best_of(found, able, draws)
    assert sent_of(result) == best
    assert result.value == pytest.approx(points(best, able) / 10_000, abs=1e-9)


@settings(deadline=None, max_examples=60)
@given(cases(), rules)
def test_every_open_place_says_what_stands_against_each_candidate(requests, wanted):
    wanted = AllocationRules(wanted.max_load, wanted.rest_days, (), wanted.must_not)
    able, sent = sendable(requests, wanted), sent_of(result := allocate(requests, wanted))
    named, asked = conditions(requests, wanted), {o.request.id: o.request.period for o in requests}
    vacancies = {vacancy.request_id: vacancy for vacancy in result.vacancies}
    for one in requests:
        key, here = one.request.id, {e for r, e in sent if r == one.request.id}
        if len(here) == (one.request.experts_needed or 1):
            assert key not in vacancies
            continue
        vacancy = vacancies[key]
        assert vacancy.places == (one.request.experts_needed or 1) - len(here)
        never = {
            c.expert.id
            for c in one.candidates
            if (pair := (key, c.expert.id)) not in able
            or not all(holds({pair}) for holds in named.values())
        }
        assert set(vacancy.barred) == never
        assert set(vacancy.taken) == {c.expert.id for c in one.candidates} - never - here
        for expert_id, others in vacancy.taken.items():
            # They can be sent as soon as they are freed of what is said to stand in the way.
            free = {p for p in sent if p[1] != expert_id or p[0] not in others} | {(key, expert_id)}
            assert all(holds(free) for holds in named.values())
            # Only periods are named that are too near, or all assignments where none is.
            busy = [r for r, e in sorted(sent) if e == expert_id]
            near = [r for r in busy if too_near(asked[r], one.request.period, wanted.rest_days)]
            assert list(others) == (near or busy) != []


@settings(deadline=None, max_examples=40)
@given(cases(), rules)
def test_nobody_is_ruled_out_overlaps_or_has_too_many(requests, wanted):
    given_requests = {one.request.id: one.request for one in requests}
    candidates = {(o.request.id, c.expert.id): c for o in requests for c in o.candidates}
    if isinstance(result := outcome(requests, wanted), tuple):
        return
    sent = sent_of(result)
    assert set(wanted.must) <= sent
    assert not set(wanted.must_not) & sent
    for pair in sent:
        assert check(candidates[pair].expert, given_requests[pair[0]]).reasons == ()
        own = [given_requests[r].period for r, e in sent if e == pair[1]]
        assert not any(too_near(*two, wanted.rest_days) for two in itertools.combinations(own, 2))
        assert wanted.max_load is None or len(own) + candidates[pair].load <= wanted.max_load


@settings(deadline=None, max_examples=40)
@given(cases(), rules, st.data())
def test_order_of_requests_and_candidates_does_not_matter(requests, wanted, data):
    shuffled = [
        OpenRequest(one.request, data.draw(st.permutations(one.candidates)))
        for one in data.draw(st.permutations(requests))
    ]
    assert outcome(shuffled, wanted) == outcome(requests, wanted)


def request(key, first=None, last=None, **more):
    start = None if first is None else day(first)
    return Request(key, start=start, end=None if last is None else day(last), **more)


def candidate(key, score=1.0, load=0, **more):
    return Candidate(Expert(key, **more), score, {}, load)


def test_the_best_for_both_goes_where_the_other_request_has_nobody_else():
    marker, keeper = candidate("marker"), candidate("keeper", 0.3)
    result = allocate(
        [
            OpenRequest(request("depot", 0, 4), [marker, keeper]),
            OpenRequest(request("register", 2, 6), [candidate("marker", 0.2)]),
        ]
    )
    assert [(a.request_id, a.expert_id, a.score) for a in result.assignments] == [
        ("depot", "keeper", 0.3),
        ("register", "marker", 0.2),
    ]
    assert (result.value, result.vacancies) == (pytest.approx(0.5), ())


def test_after_three_days_of_rest_and_not_after_two():
    def both(first, **more):
        pool = [candidate("trainer", **more)]
        asked = [OpenRequest(request("a", 0, 4), pool), OpenRequest(request("b", first, 9), pool)]
        return len(allocate(asked, AllocationRules(rest_days=3)).assignments)

    assert [both(4), both(7), both(8)] == [1, 1, 2]
    # Booked until the day before the first request and until three days before the second.
    assert both(8, booked=(Period(day(-9), day(-1)),)) == 1
    assert both(8, booked=(Period(day(10), day(11)),)) == 1


def test_open_places_say_why():
    adviser = candidate("adviser", languages={"fr": "A2"})
    booked = candidate("trainer", booked=(Period(day(-8), day(-1)),))
    result = allocate(
        [
            OpenRequest(
                request("dakar", 0, 3, required_languages={"fr": "B2"}, experts_needed=4),
                [adviser, booked, candidate("busy", load=2), candidate("rested", load=1)],
            ),
            OpenRequest(request("bishkek", 1, 2), [candidate("rested", load=1)]),
            OpenRequest(request("chisinau", 20, 22), [candidate("rested", load=1)]),
            OpenRequest(request("tirana", 50, 51, experts_needed=2), [candidate("nobody", load=9)]),
        ],
        AllocationRules(
            max_load=2, rest_days=2, must=[("bishkek", "rested")], must_not=[("dakar", "trainer")]
        ),
    )
    dakar, tirana = result.vacancies[1], result.vacancies[2]
    assert {key: [r.to_dict() for r in reasons] for key, reasons in dakar.barred.items()} == {
        "adviser": [
            {"code": "language", "detail": {"language": "fr", "needed": "B2", "has": "A2"}}
        ],
        "busy": [{"code": "load", "detail": {"load": 2, "max_load": 2}}],
        "trainer": [
            {
                "code": "rest",
                "detail": {"start": "2027-02-21", "end": "2027-02-28", "rest_days": 2},
            },
            {"code": "must_not", "detail": {}},
        ],
    }
    assert dakar.taken == {"rested": ("bishkek",)}
    # No period stands in the way of this one, only the load of all.
    assert result.vacancies[0].taken == {"rested": ("bishkek",)}
    assert [(v.request_id, v.code, v.sentence) for v in result.vacancies] == [
        (
            "chisinau",
            "taken_elsewhere",
            "places open for chisinau: 1; 1 taken elsewhere",
        ),
        (
            "dakar",
            "too_few_eligible",
            "places open for dakar: 4; 1 taken elsewhere, nobody else is left (3 ruled out)",
        ),
        (
            "tirana",
            "nobody_eligible",
            "places open for tirana: 2; nobody is left (1 ruled out)",
        ),
    ]
    assert tirana.taken == {}


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (
            AllocationRules(rest_days=2, must=[("a", "e"), ("b", "e")]),
            "This cannot hold together: e not both for a (2027-03-01 to 2027-03-03) and b "
            "(2027-03-05 to 2027-03-06) with 2 days of rest between them; e for a; e for b.",
        ),
        (
            AllocationRules(max_load=2, must=[("a", "e"), ("b", "e")]),
            "This cannot hold together: at most 2 assignments of e (1 open already); "
            "e for a; e for b.",
        ),
        (
            AllocationRules(must=[("a", "e"), ("a", "f")]),
            "This cannot hold together: at most 1 for a; e for a; f for a.",
        ),
        (
            AllocationRules(must=[("a", "e")], must_not=[("a", "e")]),
            "This cannot hold together: e not for a; e for a.",
        ),
        (
            AllocationRules(must=[("b", "f")]),
            "This cannot hold: f for b (ruled out: jurisdiction).",
        ),
        (AllocationRules(must=[("b", "x")]), "This cannot hold: x for b (no candidate)."),
    ],
)
def test_clash_is_told_in_words(wanted, sentence):
    pool = [candidate("e", load=1), candidate("f", jurisdiction="SRB")]
    asked = [
        OpenRequest(request("a", 0, 2), pool),
        OpenRequest(request("b", 4, 5, excluded_jurisdictions=("SRB",)), pool),
    ]
    with pytest.raises(InfeasibleError) as caught:
        allocate(asked, wanted)
    assert str(caught.value) == sentence


def test_whoever_is_freed_is_freed_of_what_overlaps_alone():
    pool = [candidate("e")]
    asked = [
        OpenRequest(request("a", 0, 2), pool),
        OpenRequest(request("b", 20, 22), pool),
        OpenRequest(request("c", 1, 3), pool),
    ]
    result = allocate(asked, AllocationRules(must=[("a", "e")]))
    assert [(v.request_id, v.taken) for v in result.vacancies] == [("c", {"e": ("a",)})]


def test_of_three_who_must_be_sent_the_two_that_overlap_are_told():
    pool = [candidate("e")]
    spans = {"a": (20, 22), "b": (0, 2), "c": (1, 3)}
    asked = [OpenRequest(request(key, *span), pool) for key, span in spans.items()]
    with pytest.raises(InfeasibleError) as caught:
        allocate(asked, AllocationRules(must=[(key, "e") for key in spans]))
    names = [constraint.name for constraint in caught.value.clash]
    assert names == ["overlap:e b c", "must:b e", "must:c e"]


def test_clash_has_the_facts_for_a_translation():
    pool = [candidate("f", jurisdiction="SRB")]
    asked = [OpenRequest(request("b", excluded_jurisdictions=("SRB",)), pool)]
    with pytest.raises(InfeasibleError) as caught:
        allocate(asked, AllocationRules(must=[("b", "f")]))
    assert [constraint.to_dict() for constraint in caught.value.clash] == [
        {
            "name": "must:b f",
            "code": "must",
            "detail": {
                "request_id": "b",
                "expert_id": "f",
                "candidate": True,
                "reasons": [
                    {
                        "code": "jurisdiction",
                        "detail": {"jurisdiction": "SRB", "excluded_by": "request"},
                    }
                ],
            },
        }
    ]


def test_nothing_asked_is_nothing_sent():
    assert allocate([]).assignments == ()
    assert allocate([OpenRequest(request("a"), [])]).vacancies[0].code == "nobody_eligible"


def test_faulty_input_is_refused():
    twice = OpenRequest(request("a"), [candidate("e"), candidate("e")])
    with pytest.raises(ValueError, match="each candidate of it once"):
        allocate([twice])
    with pytest.raises(ValueError, match="each request once"):
        allocate([OpenRequest(request("a"), [])] * 2)
    uneven = [OpenRequest(request(key), [candidate("e", load=n)]) for n, key in enumerate("ab")]
    with pytest.raises(ValueError, match="load must be the same"):
        allocate(uneven)
    with pytest.raises(ValueError, match=r"no such request: x, y$"):
        allocate([], AllocationRules(must=[("y", "e")], must_not=[("x", "e")]))
    with pytest.raises(ValueError, match="negative"):
        AllocationRules(rest_days=-1)
    with pytest.raises(ValueError, match="negative"):
        AllocationRules(max_load=-1)
