"""Experts as bytes are the experts they were made of, and are found by their ids."""

import dataclasses
import datetime

import numpy as np
import pytest

from matcher import Expert, Period
from matcher.store import encoded_experts as encoded
from matcher.store.encoded_experts import EncodedExperts

DAY = datetime.date(2027, 5, 3)
IDS = ["a", "ž" * 100, "c", "x" * 63, "y" * 64, "z" * 65]


def test_each_is_read_as_it_was_written(demo_experts):
    kept = EncodedExperts.of(demo_experts)
    assert list(kept) == list(demo_experts)
    assert list(kept[3:9]) == list(demo_experts[3:9])
    assert list(kept.only(np.array([7, 2]))) == [demo_experts[7], demo_experts[2]]
    assert list(EncodedExperts.joined([kept[:5], kept[5:]])) == list(demo_experts)


def test_ids_of_any_length_are_read_and_found():
    kept = EncodedExperts.of([Expert(name, summary="Marks weapons") for name in IDS])
    assert [kept.id_of(place) for place in range(len(kept))] == IDS
    assert [kept.find(name) for name in IDS] == list(range(len(IDS)))
    assert kept.find("b") is None


def test_ids_of_one_hash_are_told_apart(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(encoded, "_hash", lambda _id: 7)
    kept = EncodedExperts.of([Expert(name) for name in IDS])
    assert [kept.find(name) for name in IDS] == list(range(len(IDS)))
    assert kept.find("b") is None


def test_what_the_rules_ask_is_read_without_the_rest():
    facts = {
        "languages": {"fr": "B2"}, "jurisdiction": "MNE", "announced_jurisdictions": ("SRB",),
        "excluded_jurisdictions": ("ALB",), "unavailable": (Period(DAY, DAY),),
        "booked": (Period(DAY, DAY),), "max_days": 9, "approved_until": DAY,
    }  # fmt: skip
    whole = Expert("a", summary="Marks weapons", training=("Maps",), **facts)
    (found,) = EncodedExperts.of([whole]).constraints()
    assert found == dataclasses.replace(whole, summary="", training=())
