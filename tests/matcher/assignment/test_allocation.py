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
    check,
)
from matcher.assignment import allocation
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
@pytest.mark.thorough
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


@pytest.mark.thorough
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


@pytest.mark.thorough
@settings(deadline=None, max_examples=40)
@given(cases(), rules, st.data())
def test_order_of_requests_and_candidates_does_not_matter(requests, wanted, data):
    shuffled = [
        OpenRequest(one.request, data.draw(st.permutations(one.candidates)))
        for one in data.draw(st.permutations(requests))
    ]
    assert outcome(shuffled, wanted) == outcome(requests, wanted)
