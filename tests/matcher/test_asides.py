"""What is set aside of a request and of a profile, and what is not."""

from __future__ import annotations

import json

import pytest

from matcher import Expert, ExpertIndex, Request, Stretch

ROSTER = [
    Expert.from_dict(row)
    for row in (
        {"id": "marker", "summary": "Marks firearms with a laser in the armoury."},
        {"id": "depot", "summary": "Guards ammunition depots: stockpile security, fences, locks."},
        {"id": "ethics", "summary": "Drafted policies on sexual exploitation, abuse and fraud."},
        {"id": "payer", "summary": "Runs payment of informants, with receipts and limits."},
    )
]
INDEX = ExpertIndex(ROSTER)


def scores(title, description="", index=INDEX):
    result = index.rank(Request("r", title=title, description=description), 0)
    return {match.expert_id: match.score for match in result.ranked}


def ranked(title, description=""):
    return list(scores(title, description))


def aside(title, description=""):
    request = Request("r", title=title, description=description)
    return [
        (piece.kind, getattr(request, piece.field)[piece.start : piece.end])
        for piece in INDEX.asides(request)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Core competencies\nIntegrity, respect for diversity, teamwork; securing of stockpiles.",
        "7. PAYMENT TERMS\nInvoices are paid upon approval, fences and locks are not refunded.",
        "The organisation applies a zero tolerance policy on sexual exploitation, abuse and fraud.",
        "The ministry already has locks and fences around its ammunition depots.",
        "Наше министерство уже имеет склад боеприпасов и охрану.",
        "La direction compte 300 agents et dispose déjà d'un dépôt de munitions.",
        "Ne treba nam obezbjeđenje skladišta municije.",
        "Не треба нам обезбјеђење складишта муниције.",
        "We do not need stockpile security, fences or locks.",
        "Stockpile security is not part of this request.",
    ],
)
def test_what_stands_beside_the_subject_changes_nothing(text):
    wanted = "We look for a practitioner."
    plain = scores("Weapons marking", wanted)
    assert plain
    assert scores("Weapons marking", f"{wanted}\n\n{text}") == plain


@pytest.mark.parametrize(
    ("title", "description", "first"),
    [
        ("Zero tolerance policy", "Help us to draft a policy on sexual exploitation.", "ethics"),
        ("Payment of informants", "Payments will be made in instalments, who signs?", "payer"),
        ("", "Payment terms\nPayment of informants will be made upon receipt.", "payer"),
        ("", "We do not only need stockpile security.", "depot"),
        ("", "We do not know how to guard our depots.", "depot"),
        ("Stockpile security", "They do not need to be told why.", "depot"),
    ],
)
def test_a_request_about_such_things_keeps_its_subject(title, description, first):
    assert ranked(title, description)[:1] == [first]


def test_a_clause_ends_where_something_is_asked_for():
    text = "We do not need stockpile security, but marking of firearms."
    assert aside("", text) == [("not_wanted", "do not need stockpile security, ")]
    assert scores("", text) == scores("", "marking of firearms")


def test_what_points_back_takes_the_sentence_before_with_it():
    text = "Depots were fenced in May. None of this concerns the mission. Firearms are marked."
    assert aside("Marking", text) == [
        ("not_wanted", "Depots were fenced in May. None of this concerns the mission.")
    ]


def test_a_section_ends_at_the_next_heading_and_where_something_is_asked_for():
    text = (
        "About us\nThe centre guards depots.\n\nWe need help with marking of firearms.\n\n"
        "Competencies\nTeamwork and stockpile security.\n\nObjectives\nLaser marking.\n"
    )
    assert [kind for kind, _ in aside("Help", text)] == ["organisation", "competencies"]
    wanted = "We need help with marking of firearms. Laser marking."
    assert scores("Help", text) == pytest.approx(scores("Help", wanted))


def test_a_piece_taken_back_counts_again_and_goes_through_json():
    request = {"id": "r", "title": "Marking", "description": "Depots are not needed."}
    (piece,) = INDEX.rank(Request.from_dict(request)).asides
    request["kept"] = [{"field": piece.field, "start": piece.start, "end": piece.end}]
    again = Request.from_dict(json.loads(json.dumps(request)))
    assert again.kept == (Stretch("description", piece.start, piece.end),)
    result = INDEX.rank(again, 0)
    whole = scores("Marking", "Depots")
    assert {match.expert_id: match.score for match in result.ranked} == pytest.approx(whole)
    assert result.asides == (piece._replace(kept=True),)
    assert json.loads(json.dumps(result.to_dict()))["asides"][0]["kept"] is True


@pytest.mark.parametrize(
    "text",
    [
        "I have no experience with stockpile security.",
        "Never worked with ammunition depots.",
        "Would like to learn stockpile security.",
        "Нет опыта охраны складов боеприпасов.",
        "Nemam iskustva sa obezbjeđenjem skladišta municije.",
        "N'a jamais travaillé dans un dépôt de munitions.",
    ],
)
def test_what_an_expert_has_not_done_is_no_evidence(text):
    wanted = "Stockpile security of ammunition depots"
    plain = ExpertIndex([*ROSTER, Expert("new", summary="Marks firearms.")])
    index = ExpertIndex([*ROSTER, Expert("new", summary=f"Marks firearms.\n{text}")])
    assert scores(wanted, index=index) == pytest.approx(scores(wanted, index=plain))


def test_people_without_experience_who_were_taught_are_evidence():
    expert = Expert("new", summary="Taught officers with no experience in stockpile security.")
    index = ExpertIndex([*ROSTER, expert])
    found = index.rank(Request("r", title="Stockpile security"), 0).ranked
    assert "new" in [match.expert_id for match in found]
