"""Reasons that a reader has judged on several rosters: what is right is told still, and what was
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
MAIN_SUBJECT = (
    "The one subject of the request's that is known; what is asked of it is told in images."
)
ONE_WORD = "A word of its own; as many words that weigh as little are right reasons."
# Of each roster the reasons that are told though they are judged wrong: request, expert, what was
# found, and why it is told still.
TOLD_THOUGH_WRONG = {
    "first": {
        ("Q15", "P22", "état-major, planification"): "A general staff plans operations.",
        ("Q04", "P02", "obeležavanju"): "Wordings are found over an 'and', as in 'lock and key'.",
    },
    "second": {
        ("U06", "T19", "zëdhënëse"): "A speaker is a part of campaigns, which are asked for.",
        ("U13", "T29", "lesson plans, Curricula, course"): "A curriculum, though for no dogs.",
    },
    "third": {
        ("R13", "T05", "blocat"): ONE_WORD,
    },
    "sixth": {
        ("A15", "G27", "baton"): ONE_WORD,
        ("A25", "G07", "patrols, officers, captain"): "A patrol of a school is a patrol.",
        ("B01", "G14", "municioneve, predha artilerie"): WEAPONS,
        ("B01", "G14", "predha, artilerie"): WEAPONS,
        ("B03", "G17", "plani i veprimit"): "An action plan, though on weapons.",
        ("B08", "G22", "слідча, Розслідую воєнні злочини, крадіжки"): MAIN_SUBJECT,
        ("B17", "G19", "mentori"): "A mentoring programme, though of trainers.",
        ("C14", "G20", "Kampanja, pucanja na svadbama, Glasnogovornik"): "A campaign on weapons.",
        (
            "C14",
            "G06",
            "awareness raising, awareness-raising campaign, public information, celebratory"
            " shooting",
        ): "A theme that is claimed, and said to be.",
        ("C17", "G01", "oružja"): WEAPONS,
        ("C29", "G18", "național"): ONE_WORD,
        ("C29", "G30", "koordinator"): ONE_WORD,
        (
            "C37",
            "G13",
            "optužnica, suda",
        ): "An indictment is of criminal procedure, as evidence is.",
        ("C38", "G25", "цивилен"): ONE_WORD,
    },
    "seventh": {
        ("NA03", "N12", "patrulă"): "Patrols of the army, where the police is meant.",
        ("NA05", "N25", "Trainer, trainers, Instructor, training"): ONE_WORD,
        ("NA11", "N15", "police"): POLICE,
        (
            "NB01",
            "N19",
            "gender equality in the police, women police officers, women in policing",
        ): "A theme that is claimed, and said to be.",
        ("NB08", "N01", "officer"): POLICE,
        ("NB17", "N24", "400"): "A number that others, such as calibres, are a reason by.",
        ("NC04", "N05", "trafic de arme"): "A phone is what is asked for.",
        ("NC06", "N09", "final"): ONE_WORD,
        ("NC09", "N17", "Hand grenades"): "Grenades and mortar shells are one subject.",
        ("NC15", "N08", "жени, мажи, семејства"): ONE_WORD,
        ("NC16", "N04", "запаса, склады, складов, хранение"): "A warehouse in which dogs search.",
        ("NC18", "N07", "tabela usklađenosti"): "A chapter of a law, not one of the accession.",
    },
    "eighth": {
        ("KA15", "K03", "сигнализация, арсенал"): "A part of arms control, as disposal is.",
        ("KA07", "K07", "пукање"): ONE_WORD,
    },
    "fourth": {
        ("S01", "F02", "ligjore"): "One word is both legal and forensic there.",
        ("S10", "F12", "depot, armoury"): "A theme that is claimed, and said to be.",
        ("S15", "F06", "суда"): "The courts ask for it, and he works by their deadlines.",
    },
}
# Right reasons that are told beside the others: of police and armed forces beside a weightier
# reason as many were right as said nothing (decision 223).
BESIDE_THOUGH_RIGHT = {
    "first": {
        ("Q01", "P17", "Policijska službenica, policiji, policajki, patrole, policajke"),
        ("Q06", "P08", "Ministarstvo obrane, vojnikinja, žena u vojsci"),
        ("Q10", "P15", "полицајци, сообраќајната полиција"),
    },
    "second": {
        ("U01", "T04", "poliție"),
        ("U16", "T29", "Police"),
    },
    "third": {
        ("R03", "T20", "Policia"),
        ("R10", "T23", "policije, policajca"),
        ("R18", "T15", "école nationale de police"),
        ("R18", "T01", "policiji, MUP, patrola"),
    },
    "sixth": {
        ("A14", "G24", "policë"),
        ("C09", "G23", "vojnika, MORH, Vojna"),
        ("C22", "G08", "Ministarstvo odbrane, vojnikinje, vojnici"),
        ("C27", "G24", "policë"),
    },
    "fourth": {
        ("S02", "F01", "policajaca"),
    },
}


# Right reasons that are told as a part of one that names their subject (decision 247): request,
# expert, what was found, and that subject.
TOLD_WITHIN = {
    "sixth": {
        ("B09", "G18", "Marcarea, poansonul"): "marking",
        ("B09", "G18", "importate"): "marking",
    },
    "seventh": {
        ("NA14", "N22", "parliament, MPs"): "parliament and its oversight",
        ("NA14", "N22", "Committee"): "parliament and its oversight",
    },
    "eighth": {
        ("KA14", "K08", "certificats"): "end use control",
        ("KA14", "K08", "certificats d'utilisateur final, utilisateur final"): "end use control",
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
    beside = {(request, expert, found) for request, expert, _, found, _ in right - told}
    within = TOLD_WITHIN.get(name, {})
    assert beside == BESIDE_THOUGH_RIGHT.get(name, set()) | within.keys()
    subjects = {(request, expert, subject) for request, expert, _, _, subject in told}
    assert {
        (request, expert, within[request, expert, f]) for request, expert, f in within
    } <= subjects
    told_wrong = {(request, expert, found) for request, expert, _, found, _ in wrong & told}
    assert told_wrong == set(TOLD_THOUGH_WRONG[name])
