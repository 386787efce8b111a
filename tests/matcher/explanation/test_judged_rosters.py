"""Reasons that a reader has judged on four rosters: what is right is told still, and what was
wrong and mended does not come back."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher import Expert, ExpertIndex, Request
from matcher.experiments.explanation_sample import all_rows
from matcher.records import read_records

ROSTERS = Path(__file__).resolve().parents[3] / "data" / "explanations"

WEAPONS = "The request names weapons themselves, and that they are scenery there no rule can tell."
POLICE = "The request names the police themselves, as those do to whom it matters."
ONE_WORD = "A word of its own; as many words that weigh as little are right reasons."
# Of each roster the reasons that are told though they are judged wrong: request, expert, what was
# found, and why it is told still.
TOLD_THOUGH_WRONG = {
    "first": {
        ("Q03", "P21", "військовий"): ONE_WORD,
        ("Q04", "P02", "obeležavanju"): "Wordings are found over an 'and', as in 'lock and key'.",
    },
    "second": {
        ("U05", "T01", "patrole"): "Patrols at sea and on a peace mission are both patrols.",
        ("U06", "T19", "zëdhënëse"): "A speaker is a part of campaigns, which are asked for.",
        ("U11", "T08", "Zalihe, skladišta"): "Stores of a pharmacy have the words of a depot.",
        ("U13", "T29", "lesson plans, Curricula, course"): "A curriculum, though for no dogs.",
        ("U16", "T16", "Instructor"): "A certificate proves little, and names what is asked for.",
        ("U16", "T16", "policing, gendarmerie"): POLICE,
    },
    "third": {
        ("R03", "T02", "Policia e Shtetit"): POLICE,
        ("R03", "T02", "armëve, armët"): WEAPONS,
        ("R03", "T02", "ruajtjen"): ONE_WORD,
        ("R03", "T22", "droge"): "The request names drugs themselves, not what is done about them.",
        ("R03", "T22", "oružja"): WEAPONS,
        ("R13", "T05", "blocat"): ONE_WORD,
        ("R14", "T17", "Оружие"): WEAPONS,
    },
    "fourth": {
        ("S01", "F02", "ligjore"): "One word is both legal and forensic there.",
        ("S08", "F02", "policia"): POLICE,
        ("S10", "F12", "depot, armoury"): "A theme that is claimed, and said to be.",
        ("S15", "F06", "суда"): "The courts ask for it, and he works by their deadlines.",
    },
}


@pytest.mark.parametrize("name", TOLD_THOUGH_WRONG)
def test_right_reasons_stay_and_wrong_ones_do_not_come_back(name):
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
    assert right - told == set()
    told_wrong = {(request, expert, found) for request, expert, _, found, _ in wrong & told}
    assert told_wrong == set(TOLD_THOUGH_WRONG[name])
