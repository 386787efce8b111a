"""Allocations as a coordinator meets them: rest, open places and clashes, told in words."""

import datetime

import pytest

from matcher import (
    AllocationRules,
    Candidate,
    Expert,
    InfeasibleError,
    OpenRequest,
    Period,
    Request,
    allocate,
)


def day(number):
    return datetime.date(2027, 3, 1) + datetime.timedelta(days=number)


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
