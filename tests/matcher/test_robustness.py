import cProfile
import json
import math
import pstats
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import Expert, ExpertIndex, RecordError, Request

ROSTER = [
    Expert("a", summary="Weapons marking with a laser machine"),
    Expert("b", headline="Предавач за родова перспектива", training=("Обука на обучувачи",)),
    Expert("c"),
]


def sound(result):
    assert all(math.isfinite(match.score) and match.score > 0 for match in result.ranked)
    assert all(0 < match.relative <= 1 for match in result.ranked)
    json.dumps(result.to_dict())


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "\n\n", "the of and", "и у на", "?!…", "a", "weapons", "WEAPONS " * 1000,
        "x" * 200_000, "\u200b\u200d\u00ad", "e\u0301" * 500, "\u0301", "😀 🏳️‍🌈", "١٢٣",
        "武器 管理", "سلاح", "\u202eweapons\u202c", "a\u00a0b\u3000c",
        "a" + " " * 200_000 + "b", ".'" * 100_000, "&amp; <b>", "c:G01", "%s {0}",
    ],
)  # fmt: skip
def test_odd_texts_give_a_result(text):
    request = Request.from_dict({"id": "r", "title": text, "description": text})
    roster = [*ROSTER, Expert.from_dict({"id": "odd", "summary": text, "training": [text]})]
    index = ExpertIndex(roster)
    sound(index.rank(request, 0))
    for expert in roster:
        explanation = index.explain(request, expert.id)
        assert math.isfinite(explanation.score)
        json.dumps(explanation.to_dict())
        index.top_terms(expert.id)


def test_empty_roster_and_empty_request():
    assert ExpertIndex().rank(Request("r", title="weapons")).ranked == ()
    result = ExpertIndex(ROSTER).rank(Request("r"))
    assert result.ranked == ()
    assert len(result.unrankable) == 3


def test_a_roster_of_one_is_ranked():
    sound(result := ExpertIndex(ROSTER[:1]).rank(Request("r", title="weapons")))
    assert [match.expert_id for match in result.ranked] == ["a"]


@settings(deadline=None, max_examples=80)
@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80))
def test_any_text_gives_a_result(title, summary, other):
    try:
        request = Request.from_dict({"id": "r", "title": title})
        expert = Expert.from_dict({"id": "x", "headline": title, "summary": summary})
        third = Expert.from_dict({"id": "y", "summary": other, "training": [title]})
    except RecordError:
        return
    index = ExpertIndex([*ROSTER, expert, third])
    sound(index.rank(request, 0))
    for expert_id in ("x", "y"):
        explanation = index.explain(request, expert_id)
        total = sum(term.contribution for term in explanation.shares)
        assert total == pytest.approx(explanation.score, abs=1e-9)


PIECES = [
    "x: y\n", "x: y ", "Name: value ", "a. ", "- x\n", "1. x\n", "1 ", "123 ", "1.1 ", "A\n",
    "x (y) ", "We do not need ", "without ", "and, ", "police ", "a-", "a/b ", "\n\nA\n",
    "\u2022 a\n", "; ",
    "experience in x and y, z ", "Payment: ", "Section A\n\n", "|a|b ", "at least ten years ",
    "\u0430\u0431. ", "ne treba ", "SALW ", "... ",
]  # fmt: skip


@pytest.mark.thorough
@pytest.mark.parametrize("piece", PIECES)
def test_reading_works_no_more_for_each_word_of_a_longer_text(piece):
    """What somebody writes keeps others from working if it takes quadratic time."""
    index = ExpertIndex(ROSTER)

    def work(length):
        text = piece * (length // len(piece))
        row = {"id": "long", "summary": text, "experience": [{"title": "x", "description": text}]}
        with cProfile.Profile() as profiler:
            index.rank(Request.from_dict({"id": "r", "title": "Marking", "description": text}))
            ExpertIndex([Expert.from_dict(row)])
        return pstats.Stats(profiler).total_calls

    work(1000)  # What is read once.
    assert work(12_000) < 6 * work(3000)


@pytest.mark.parametrize("piece", ["x: y ", "123 ", "We do not need "])
def test_a_long_sentence_is_read_at_all(piece):
    """At the length of a whole request; in quadratic time it would not come back."""
    text = piece * (400_000 // len(piece))
    sound(
        ExpertIndex(ROSTER).rank(
            Request.from_dict({"id": "r", "title": text[:200], "description": text})
        )
    )


@pytest.mark.long
@pytest.mark.thorough
def test_a_megabyte_and_ten_thousand_entries_stay_within_seconds():
    sentence = "Weapons were marked with lasers in the depot of the brigade. "
    huge = Expert("huge", summary=sentence * 17_000)
    many = Expert(
        "many",
        training=tuple(f"Weapons marking course {n} in town {n % 97}" for n in range(10_000)),
    )
    start = time.perf_counter()
    index = ExpertIndex([huge, many, *ROSTER])
    request = Request("r", title="weapons marking", description=sentence * 200)
    result = index.rank(request, 0)
    sound(result)
    assert {match.expert_id for match in result.ranked} == {"huge", "many", "a"}
    for match in result.ranked:
        explanation = index.explain(request, match.expert_id)
        assert explanation.score == pytest.approx(match.score, abs=1e-9)
    assert time.perf_counter() - start < 60


def test_unknown_languages_and_themes_are_no_obstacle():
    row = {
        "id": "a",
        "summary": "Silah işaretleme uzmanı çalışması",
        "themes": ["NO-SUCH-THEME"],
        "languages": {"tlh": "C2"},
    }
    request = Request.from_dict({"id": "r", "title": "Silah işaretleme", "themes": ["X"]})
    assert ExpertIndex([Expert.from_dict(row)]).rank(request).ranked


@pytest.mark.long
@pytest.mark.parametrize("kind", ["known", "misspelt", "foreign"])
def test_a_request_of_a_megabyte_is_answered_within_seconds(kind, demo_index):
    """Of unknown words only the first hundred are compared with known ones."""
    dice = random.Random(5)
    words = {
        "known": ["weapons", "marking", "police", "gender", "storage"],
        "misspelt": ["wepons", "makring", "polise", "gendre", "storaje"],
        "foreign": ["".join(dice.choices("aeioklmnst", k=9)) for _ in range(20_000)],
    }[kind]
    text = " ".join(dice.choices(words, k=1_000_000 // 9))
    request = Request.from_dict({"id": "r", "title": kind, "description": text})
    start = time.perf_counter()
    result = demo_index.rank(request, 1)
    sound(result)
    assert len(demo_index.readings(request)) <= 200
    assert time.perf_counter() - start < 60


def test_nul_surrogates_and_overrides_are_read_as_spaces():
    dirty = Expert.from_dict({"id": "a", "summary": "Weapons\x00marking\ud800with\u202ea laser"})
    plain = Expert.from_dict({"id": "a", "summary": "Weapons marking with a laser"})
    request = Request.from_dict({"id": "r", "title": "\x00weapons\udfffmarking"})
    ranked = [ExpertIndex([expert, *ROSTER[1:]]).rank(request).ranked for expert in (dirty, plain)]
    assert ranked[0] == ranked[1] != ()


@pytest.mark.parametrize("title", ["weapons", "the of and", "zzzz", "и у на", "12", "€"])
def test_requests_of_one_word_or_of_small_words_alone(title):
    index = ExpertIndex(ROSTER)
    result = index.rank(Request("r", title=title), 0)
    sound(result)
    assert [match.expert_id for match in result.ranked] == (["a"] if title == "weapons" else [])
    assert len(result.ranked) + len(result.unrankable) == len(ROSTER)


def test_equal_entries_beyond_counting_stay_finite():
    many = Expert("many", training=("Weapons marking with a laser",) * 5000)
    result = ExpertIndex([many, *ROSTER]).rank(Request("r", title="weapons marking laser"))
    sound(result)
    assert {match.expert_id for match in result.ranked} == {"many", "a"}
