"""The lists beside the ranking, their order, and the whole result as JSON can hold it."""

import datetime
import json

from matcher import Expert, ExpertIndex, Period, Request, empty_thesaurus
from matcher.ranking import tie_key

DAY = datetime.date(2027, 5, 3)
BOOKED = (Period(DAY, DAY),)
REQUEST = Request("r", title="weapons marking", required_languages={"fr": "B1"}, start=DAY, end=DAY)


def person(expert_id, summary, **facts):
    return Expert(expert_id, summary=summary, max_days=30, **facts)


def ranking(*roster, request=REQUEST, top=20):
    return ExpertIndex(roster, thesaurus=empty_thesaurus()).rank(request, top)


def by_hash(ids):
    return sorted(ids, key=lambda expert_id: tie_key(REQUEST.id, expert_id))


def test_the_ruled_out_whose_profiles_bear_most_on_the_request_come_first():
    """Those without a score come last."""
    result = ranking(
        person("stranger", "Conducts the brass band", booked=BOOKED),
        person("partly", "Conducts the brass band, once saw weapons", booked=BOOKED),
        person("thin", "Weapons marking", booked=BOOKED),
        person("wholly", "Weapons marking with a laser", booked=BOOKED),
    )
    out = {found.expert_id: found.score for found in result.ruled_out}
    assert list(out) == ["wholly", "partly", *by_hash(["stranger", "thin"])]
    assert out["wholly"] > out["partly"] > 0
    assert (out["stranger"], out["thin"]) == (None, None)


def test_equals_outside_the_ranking_are_ordered_by_the_hash_of_the_request_too():
    names = [f"e{n}" for n in range(8)]
    ruled_out = ranking(*(person(n, "Conducts the brass band", booked=BOOKED) for n in names))
    unrankable = ranking(*(person(n, "Conducts the brass band") for n in names))
    assert [found.expert_id for found in ruled_out.ruled_out] == by_hash(names)
    assert [found.expert_id for found in unrankable.unrankable] == by_hash(names)


def test_ids_that_no_encoding_holds_are_hashed_like_others():
    """Half a surrogate pair, as a careless import leaves it, is hashed as a question mark."""
    assert tie_key("r\ud800", "e1") == tie_key("r?", "e1") != tie_key("r", "e1")


def test_strangers_to_the_subject_stand_before_thin_profiles():
    result = ranking(
        *(person(f"t{n}", "Weapons") for n in range(4)),
        *(person(f"s{n}", "Conducts the brass band") for n in range(4)),
    )
    reasons = [found.reason for found in result.unrankable]
    assert reasons == ["no_shared_term"] * 4 + ["thin_profile"] * 4


def test_an_edited_profile_stands_in_one_list_only():
    """Its former self lives on in the large block until that is made anew."""
    index = ExpertIndex(
        [person(f"e{n}", "Weapons marking with a laser") for n in range(40)],
        thesaurus=empty_thesaurus(),
    )
    index.rank(REQUEST)
    index.update(person("e1", "Weapons marking with a laser", booked=BOOKED))
    index.update(person("e2", "Conducts the brass band"))
    index.remove("e3")
    result = index.rank(REQUEST, 0)
    assert [found.expert_id for found in result.ruled_out] == ["e1"]
    assert [found.expert_id for found in result.unrankable] == ["e2"]
    assert len(result.ranked) == result.considered == 37


def test_nobody_is_ruled_out_without_constraints_and_nothing_is_unknown():
    index = ExpertIndex([Expert("a", summary="Weapons marking with a laser", booked=BOOKED)])
    result = index.rank(REQUEST, constraints=False)
    assert [match.expert_id for match in result.ranked] == ["a"]
    assert (result.ruled_out, dict(result.unknown)) == ((), {})
    assert index.rank(REQUEST).ruled_out


def test_an_empty_roster_has_an_empty_ranking():
    result = ranking()
    assert (result.ranked, result.ruled_out, result.unrankable) == ((), (), ())
    assert result.considered == 0


def test_the_ranking_as_json():
    index = ExpertIndex(
        [
            Expert("best", summary="Weapons marking with a laser", max_days=9),
            Expert("next", summary="Weapons, drums, kitchen, tents", languages={"fr": "C1"}),
            person("busy", "Weapons marking with a laser", languages={"fr": "A2"}),
            person("stranger", "Conducts the brass band", languages={"fr": "C2"}),
        ],
        thesaurus=empty_thesaurus(),
    )
    index.update(Expert("other", languages={}, booked=BOOKED))
    result = index.rank(REQUEST)
    best, second = result.ranked
    assert 0 < second.score < best.score
    assert json.loads(json.dumps(result.to_dict())) == {
        "revision": 1,
        "considered": 2,
        "ranked": [
            {"expert_id": "best", "score": best.score, "relative": 1.0, "rank": 1},
            {
                "expert_id": "next",
                "score": second.score,
                "relative": second.score / best.score,
                "rank": 2,
            },
        ],
        "ruled_out": [
            {
                "expert_id": "busy",
                "score": best.score,
                "reasons": [
                    {
                        "code": "language",
                        "detail": {"language": "fr", "needed": "B1", "has": "A2"},
                    }
                ],
            },
            {
                "expert_id": "other",
                "score": None,
                "reasons": [
                    {
                        "code": "language",
                        "detail": {"language": "fr", "needed": "B1", "has": None},
                    },
                    {"code": "booked", "detail": {"start": "2027-05-03", "end": "2027-05-03"}},
                ],
            },
        ],
        "unrankable": [{"expert_id": "stranger", "reason": "no_shared_term"}],
        "unknown": {"best": ["language"], "next": ["max_days"]},
        "asides": [],
        "wishes": [],
        "fit": "good",
    }


def test_each_of_many_equals_has_a_place_of_its_own():
    """Two of them were put onto the roster after the others, and stand in another part of it."""
    names = [f"e{n}" for n in range(8)]
    same = [person(name, "Weapons marking with a laser") for name in names]
    index = ExpertIndex(same[:6], thesaurus=empty_thesaurus())
    for late in same[6:]:
        index.update(late)
    result = index.rank(REQUEST, 1)
    assert [result.find(name).rank for name in by_hash(names)] == list(range(1, 9))
    some = by_hash(names)[1::3]
    assert [(one.expert_id, one.rank) for one in result.only(some)] == [
        (name, by_hash(names).index(name) + 1) for name in some
    ]


def test_pages_places_and_counts_agree_with_the_whole_lists(demo_experts, demo_requests):
    index = ExpertIndex(demo_experts)
    for request in demo_requests:
        result = index.rank(request, 0)
        first = index.rank(request, 1)
        assert [first.find(match.expert_id) for match in result.ranked] == list(result.ranked)
        some = {match.expert_id for match in result.ranked[::3]}
        assert first.only(some | {"nobody"}) == list(result.ranked[::3])
        out, silent = result.ruled_out, result.unrankable
        assert (first.count_ruled_out(), first.count_unrankable()) == (len(out), len(silent))
        for at in range(0, len(demo_experts), 7):
            assert first.list_ruled_out(at, at + 7) == out[at : at + 7]
            assert first.list_unrankable(at, at + 7) == silent[at : at + 7]
        besides = {found.expert_id for found in out[::2]}
        assert first.list_ruled_out(0, len(out), besides) == out[1::2]
        assert first.count_ruled_out(besides) == len(out[1::2])
        asked_for = {found.expert_id for found in (*out[::3], *silent[::2])}
        assert first.list_ruled_out(0, len(out), among=asked_for) == out[::3]
        assert first.count_ruled_out(among=asked_for) == len(out[::3])
        assert first.list_unrankable(0, len(silent), among=asked_for) == silent[::2]
        assert first.count_unrankable(asked_for) == len(silent[::2])
        assert first.list_unrankable(1, 3, among=asked_for) == silent[::2][1:3]
        assert all(first.find(found.expert_id) is None for found in (*out, *silent))
