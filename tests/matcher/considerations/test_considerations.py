"""What is weighed beside the subject moves a score within bounds, by facts, and only where it is
asked to."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import CONSIDERATIONS, WEIGHTS, Expert, ExpertIndex, RecordError, Request
from matcher.scoring.exact import SCORE_DECIMALS

ALL_WISHES = (
    "We look for a trainer with recent experience, long experience, at least ten years of"
    " experience, a colonel or above."
)
REQUEST = Request.from_dict(
    {
        "id": "r",
        "title": "Weapons marking",
        "description": ALL_WISHES,
        "jurisdiction": "KGZ",
        "start": "2027-05-01",
    }
)
PLAIN = dataclasses.replace(REQUEST, description="")
OFF = dataclasses.replace(REQUEST, without=CONSIDERATIONS)
DONE = {"start": "2019-01", "end": "2019-06"}


def expert(name: str, rank: str = "", headline: str = "", **done: Any) -> Expert:
    """An expert with one mission."""
    mission = {"title": "Marking of weapons", "description": "A laser and a register.", **done}
    return Expert.from_dict(
        {"id": name, "rank": rank, "headline": headline, "experience": [mission]}
    )


def scores(*experts: Expert, request: Request = REQUEST) -> Mapping[str, float]:
    """The scores of some experts."""
    result = ExpertIndex(experts).rank(request, 0)
    return {match.expert_id: match.score for match in result.ranked}


@pytest.mark.parametrize(
    ("more", "less"),
    [
        pytest.param({"start": "2022-01", "end": "2022-06"}, DONE, id="recent"),
        pytest.param({"start": "2018-01", "end": "2019-06"}, DONE, id="long"),
        pytest.param({"country": "KGZ", **DONE}, {"country": "KAZ", **DONE}, id="there"),
        pytest.param({"country": "KAZ", **DONE}, {"country": "SRB", **DONE}, id="like it"),
        pytest.param({"kind": "training given", **DONE}, DONE, id="taught"),
        pytest.param(DONE, {"kind": "training attended", **DONE}, id="not only attended"),
        pytest.param({"confirmed": True, **DONE}, {"confirmed": False, **DONE}, id="confirmed"),
        pytest.param({"rank": "Colonel", **DONE}, DONE, id="rank"),
        pytest.param(DONE, {"rank": "Captain", **DONE}, id="lower rank"),
        pytest.param(
            {"headline": "Twelve years of experience", **DONE},
            {"headline": "Six years of experience", **DONE},
            id="years",
        ),
    ],
)
def test_of_equal_entries_the_one_that_has_what_is_asked_for_stands_first(
    more: dict[str, Any], less: dict[str, Any]
) -> None:
    found = scores(expert("more", **more), expert("less", **less))
    assert found["more"] > found["less"]


MONTHS = st.tuples(st.integers(1960, 2040), st.integers(1, 12)).map(
    lambda month: f"{month[0]}-{month[1]:02}"
)


def _is_in_order(row: Mapping[str, Any]) -> bool:
    return not ("start" in row and "end" in row and row["end"] < row["start"])


MISSIONS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "start": MONTHS,
        "end": MONTHS,
        "country": st.sampled_from(["KGZ", "KAZ", "SRB", "XX", ""]),
        "confirmed": st.booleans(),
        "kind": st.sampled_from(["training given", "training attended", "mission"]),
    },
).filter(_is_in_order)
TITLES = st.sampled_from(["Marking of weapons", "Attended a course on weapons", "Choirs"])


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.builds(lambda row, title: {"title": title, **row}, MISSIONS, TITLES), max_size=4),
    st.sampled_from(["", "Colonel", "Sergeant", "Weaver"]),
    st.sets(st.sampled_from(CONSIDERATIONS)),
    st.booleans(),
)
def test_scores_move_within_bounds_and_explanations_add_up(
    missions: list[dict[str, Any]], rank: str, without: set[str], wished: bool
) -> None:
    one = Expert.from_dict(
        {"id": "e", "rank": rank, "summary": "Weapons register.", "experience": missions}
    )
    index = ExpertIndex([one])
    asked = dataclasses.replace(REQUEST if wished else PLAIN, without=tuple(without))
    explanation = index.explain(asked, "e")
    worded, score = explanation.worded, explanation.score
    counting = {considered.name for considered in explanation.considerations}
    most = sum(WEIGHTS[name].asked for name in counting)
    assert not counting & without
    assert worded * (1 - most) - 1e-9 <= score <= worded * (1 + most) + 1e-9
    changes = sum(considered.change for considered in explanation.considerations)
    assert worded + changes == pytest.approx(score, abs=1e-9)
    assert sum(term.contribution for term in explanation.shares) == pytest.approx(score, abs=1e-9)
    assert sum(e.contribution for e in explanation.entries) == pytest.approx(score, abs=1e-9)
    assert all(-1 <= considered.level <= 1 for considered in explanation.considerations)


def test_with_everything_off_the_score_is_that_of_the_words() -> None:
    index = ExpertIndex([expert("a", rank="Colonel", country="KGZ", confirmed=True, **DONE)])
    explanation = index.explain(OFF, "a")
    bare = index.explain(dataclasses.replace(OFF, jurisdiction=None, start=None), "a")
    assert explanation.considerations == ()
    assert explanation.score == bare.score == round(explanation.worded, SCORE_DECIMALS)


@pytest.mark.parametrize(
    "dates",
    [
        pytest.param({"start": "2030-01", "end": "2031-01"}, id="to come"),
        pytest.param({"start": "2020-01", "end": "2099-12"}, id="ends after the request"),
        pytest.param({"start": "0007-01", "end": "0007-02"}, id="of another age"),
        pytest.param({"start": "1901-01"}, id="goes on for a lifetime"),
        pytest.param({"start": "0001", "end": "2020"}, id="longer than a life"),
    ],
)
def test_dates_that_cannot_be_are_as_good_as_none(dates: dict[str, str]) -> None:
    found = scores(expert("odd", **dates), expert("none"))
    assert found["odd"] == found["none"]


def test_nobody_is_told_to_have_less_for_want_of_dates_than_for_old_ones() -> None:
    old = expert("old", start="1999-01", end="1999-02")
    found = scores(old, expert("none"), expert("new", start="2026-01", end="2026-12"))
    assert found["old"] < found["none"] < found["new"]


def test_years_and_rank_count_only_where_they_are_asked_for() -> None:
    many = expert("many", rank="General", headline="30 years of experience", **DONE)
    few = expert("few", rank="Sergeant", headline="2 years of experience", **DONE)
    found = scores(many, few, request=PLAIN)
    names = {c.name for c in ExpertIndex([many]).explain(PLAIN, "many").considerations}
    assert not names & {"years", "rank"}
    assert found["many"] == found["few"]


def test_whoever_was_on_a_mission_there_knows_the_place_in_all_they_do() -> None:
    there = {"country": "KGZ", "title": "Marking of weapons", "description": "A register."}
    post = {"title": "Weapons marking", "description": "A laser and a register.", **DONE}

    def one(name: str, **more: Any) -> Expert:
        return Expert.from_dict({"id": name, "experience": [post, {**there, **more}]})

    mission, work = one("mission", **DONE), one("post", start="2016-01", end="2019-06")
    index = ExpertIndex([mission, work])
    asked = dataclasses.replace(PLAIN, without=("recency", "length"))
    told = {
        name: next(row for row in index.explain(asked, name).considerations if row.name == "place")
        for name in ("mission", "post")
    }
    assert told["mission"].level == pytest.approx(1)
    assert 0 < told["post"].level < 0.6
    entries = {entry.title: entry.there for entry in index.explain(asked, "mission").entries}
    assert entries == {"Weapons marking": False, "Marking of weapons": True}


def test_a_short_mission_is_no_fault() -> None:
    short = expert("short", start="2019-06", end="2019-06")
    names = {c.name: c.change for c in ExpertIndex([short]).explain(PLAIN, "short").considerations}
    assert names.get("length", 0.0) >= 0


def test_the_month_of_the_request_is_what_dates_are_compared_with() -> None:
    one = expert("a", start="2019-01", end="2020-12")
    early = dataclasses.replace(REQUEST, start=REQUEST.start and REQUEST.start.replace(year=2021))
    assert scores(one, request=early)["a"] > scores(one)["a"]
    undated = ExpertIndex([one]).explain(dataclasses.replace(REQUEST, start=None), "a")
    assert "recency" not in {considered.name for considered in undated.considerations}


def test_months_of_missions_that_overlap_are_counted_once() -> None:
    missions = [
        {"title": "Marking of weapons", "start": "2010-01", "end": "2014-12"},
        {"title": "Marking of pistols, weapons", "start": "2012-01", "end": "2016-12"},
        {"title": "Choirs", "start": "1990-01", "end": "2009-12"},
    ]
    one = Expert.from_dict({"id": "a", "experience": missions})
    facts = {c.name: c.facts for c in ExpertIndex([one]).explain(REQUEST, "a").considerations}
    assert facts["years"] == {"asked": 10, "shown": 7}
    assert facts["length"] == {"months": 84}
    assert facts["recency"] == {"last": "2016-12"}


def test_what_is_shared_in_passing_is_no_relevant_work() -> None:
    """An entry in which no reason stands moves the score by its facts, and tells none of them."""
    keeper = {"title": "Keeper of boats", "description": "A register.", "start": "1999-01"}
    passing = Expert.from_dict({"id": "passing", "experience": [keeper]})
    asked = dataclasses.replace(PLAIN, title="Weapons marking", description="A register is kept.")
    index = ExpertIndex([passing, *(expert(f"e{n}", **DONE) for n in range(3))])
    told = index.explain(asked, "passing")
    assert not told.terms
    assert any(one.change for one in told.considerations)
    assert not any(one.facts for one in told.considerations)
    by_name = {one.name: one.facts for one in index.explain(asked, "e0").considerations}
    assert by_name["recency"] == {"last": "2019-06"}


def test_facts_are_kept_in_a_saved_index_and_follow_edits(tmp_path: Any) -> None:
    index = ExpertIndex([expert("a", **DONE), expert("b", country="KGZ", **DONE)])
    index.update(expert("a", country="KGZ", confirmed=True, rank="Colonel", **DONE))
    index.save(tmp_path / "index")
    loaded = ExpertIndex.load(tmp_path / "index")
    assert loaded.explain(REQUEST, "a") == index.explain(REQUEST, "a")
    fresh = ExpertIndex(
        [
            expert("b", country="KGZ", **DONE),
            expert("a", country="KGZ", confirmed=True, rank="Colonel", **DONE),
        ]
    )
    assert fresh.rank(REQUEST).ranked == index.rank(REQUEST).ranked


def test_the_first_are_the_first_of_the_whole() -> None:
    """Whoever has few of the words and all of what is considered may stand before others."""
    everybody = [
        expert(f"e{n}", description="laser " * (n % 7 + 1), start=f"{1990 + n % 35}-01",
               country="KGZ" if n % 3 else "SRB", confirmed=n % 2 == 0)
        for n in range(200)
    ]  # fmt: skip
    index = ExpertIndex(everybody)
    whole = index.rank(dataclasses.replace(REQUEST, title="Laser marking of weapons"), 0)
    for top in (1, 5, 40):
        cut = index.rank(dataclasses.replace(REQUEST, title="Laser marking of weapons"), top)
        assert cut.ranked == whole.ranked[:top]


def test_a_consideration_that_there_is_not_is_refused() -> None:
    with pytest.raises(RecordError, match=r"without\[1\]"):
        Request.from_dict({"id": "r", "without": ["recency", "charm"]})
