"""Reasons that a reader has judged on three rosters: what was right is told still, and what was
wrong and mended does not come back."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher import Expert, ExpertIndex, Request
from matcher.experiments.explanation_sample import all_rows
from matcher.records import read_records

ROSTERS = Path(__file__).resolve().parents[3] / "data" / "explanations"


@pytest.mark.parametrize(
    ("name", "right_gone", "wrong_left"), [("first", 1, 4), ("second", 0, 11), ("third", 0, 11)]
)
def test_right_reasons_stay_and_mended_ones_do_not_come_back(name, right_gone, wrong_left):
    folder = ROSTERS / name
    index = ExpertIndex(read_records(folder / "experts.jsonl", Expert.from_dict))
    requests = read_records(folder / "requests.jsonl", Request.from_dict)
    told = {
        (r.request, r.expert, r.asked, r.found, r.subject) for r in all_rows(index, requests, 5)
    }
    right, wrong = set(), set()
    for line in (folder / "judged.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        request, _, expert, asked, found, subject, *_, verdict, _ = line.split("\t")
        (right if verdict == "right" else wrong).add((request, expert, asked, found, subject))
    assert right
    assert len(right - told) <= right_gone
    assert len(wrong & told) <= wrong_left
