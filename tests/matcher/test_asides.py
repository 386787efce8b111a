"""What is set aside of a request and of a profile, and what is not."""

from __future__ import annotations

import json

import pytest

from matcher import BETWEEN_TEXTS, Expert, ExpertIndex, Request, Stretch
from matcher.boilerplate.clause_splitting import not_done, unwanted

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


TERMS = (
    "Payment will be made in two instalments.\n\nInterested candidates send a CV by Friday.\n\n"
    "The organisation has zero tolerance for fraud."
)


SILENT = "Some numbers on barrels were ground away by night. Lamps, acids and patience might help."
BEFORE = (
    "Who we are",
    "Our portfolio covers forty projects with governments.",
    "Counterpart",
    "The depot already has its own guards and received fences from another donor.",
)
# "To draft" and "to review" ask in other papers.
BEHIND = (
    "Required profile",
    "A university degree and fluent English, so as to draft letters and to review them.",
    "Disbursement",
    "Payment will be made in two instalments.",
    "How to apply",
    "Interested candidates send a CV by Friday.",
)


@pytest.mark.parametrize("between", ["\n\n", "\n", " "])
def test_a_request_that_asks_for_nothing_is_read_where_a_set_paper_has_it(between):
    # On one line headings are no lines of their own.
    skip = 2 if between == " " else 1
    paper = between.join([*BEFORE[skip - 1 :: skip], SILENT, *BEHIND[skip - 1 :: skip]])
    assert scores("Weapons", paper) == pytest.approx(scores("Weapons", SILENT))
    set_aside = " ".join(text for _, text in aside("Weapons", paper))
    assert "barrels" not in set_aside
    assert "portfolio" in set_aside
    assert "university" in set_aside


def test_one_early_sign_of_the_terms_does_not_move_the_place_of_the_request():
    paper = "\n\n".join(["Travel insurance is included.", *BEFORE, SILENT, *BEHIND])
    assert not any("barrels" in text for _, text in aside("Weapons", paper))


@pytest.mark.parametrize(
    "text",
    [
        # Most of the paragraph is surely of one kind.
        "The depot already has its own guards and received fences from another donor. Locks too.",
        # Lines of a form, one after another and with a letterhead above.
        "MINISTRY OF LOCKS\nDuty station: depots\nProject title: Fences of depots\nBudget: 3 locks",
        "Fences and depots, draft 1\n\nAnother part.\n\nFences and depots, draft 2",
        "Kind regards,\nJane Roe\nHead of depots and fences",
        # In a paper of set parts a paragraph that asks for nothing is one more of them.
        f"Depots are fenced in the whole country.\n\n{TERMS}",
    ],
)
def test_what_frames_a_request_changes_nothing(text):
    wanted = "We look for a practitioner."
    rest = "Another part." if "Another part" in text else ""
    plain = scores("Weapons marking", f"{wanted} {rest}")
    assert scores("Weapons marking", f"{text}\n\n{wanted}") == pytest.approx(plain)


@pytest.mark.parametrize(
    "story",
    ["Depots are fenced badly.", "Soldiers climb over fences, and depots are empty by May."],
)
def test_a_story_that_asks_for_nothing_is_read_where_nothing_else_is_asked_for(story):
    text = f"The centre was founded in 2004.\n\n{story}\n\n{TERMS}"
    assert "unasked" not in [kind for kind, _ in aside("Give it back", text)]


def test_a_line_that_comes_again_and_has_a_word_of_the_title_is_the_subject():
    text = "Fences around depots.\n\nA word between.\n\nFences around depots."
    assert aside("Fences", text) == []


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("Depots are covered by another project.", "Depots are covered by another project."),
        ("С охраной складов ещё не работал.", "С охраной складов ещё не работал."),
        ("Has not yet worked on depots.", "Has not yet worked on depots."),
    ],
)
def test_a_denial_reaches_over_fillers_and_back_where_nothing_follows(text, denied):
    spans = not_done(text) or unwanted(text, ("en",))
    assert text[slice(*spans[0])] == denied


HELPING = "The Foundation was founded in 1998 in Vienna. It has helped ministries to guard depots."


@pytest.mark.parametrize(
    "told",
    [
        HELPING,
        "The Foundation has supported governments of nine countries to draft policies on abuse.",
        "The Foundation has 8,000 employees and 40 ammunition depots with locks.",
        "La fondation a aidé les gouvernements de la région, avec des dépôts de munitions.",
        "Fondacija je pomogla vladama regiona da čuvaju skladišta municije.",
    ],
)
def test_whom_an_organisation_has_helped_to_do_what_changes_nothing(told):
    wanted = "We look for a practitioner who marks weapons."
    plain = scores("Weapons marking", wanted)
    assert scores("Weapons marking", f"1. Background\n{told}\n\n2. Objective\n{wanted}") == plain


@pytest.mark.parametrize(
    "wanted",
    [
        "The expert helps us to guard the depots.",
        "We look for somebody who has helped ministries to guard depots.",
        "The purpose is to review how the ministry, which has supported others, guards depots.",
    ],
)
def test_who_should_help_us_is_asked_for(wanted):
    told = f"1. Background\n{HELPING}\n\n2. Objective\n{wanted}"
    assert aside("Weapons marking", told) == [("organisation", f"1. Background\n{HELPING}")]
    assert "depot" in scores("Weapons marking", told)


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("I guard depots. Hobbies: hunting, choir and dogs.", "Hobbies: hunting, choir and dogs."),
        ("In my free time I sing; on duty I guard depots.", "In my free time I sing"),
        ("I train dogs in my spare time, and judge shows.",) * 2,
        ("Водич на куче во слободно време, одгледувам кучиња.",) * 2,
        ("Čuvam skladište. Hobi: lov, ribolov.", "Hobi: lov, ribolov."),
        ("Хобби: охота. Служу на границе.", "Хобби: охота."),
        ("No experience with: depots, locks. Marks guns.", "No experience with: depots, locks."),
    ],
)
def test_what_an_expert_does_for_pleasure_is_no_evidence(text, apart):
    assert [text[start:end] for start, end in not_done(text)] == [apart]


def test_a_hobby_of_others_is_work():
    assert not_done("Drones flown by hobby pilots over prisons") == []


def test_a_number_is_read_with_its_groups_of_digits():
    told = "The ministry has 8,000 employees and depots with locks."
    assert aside("Weapons marking", f"{told}\n\nWe look for somebody.") == [("host", told)]


PAPER = (
    "1. BACKGROUND\nThe Ministry was founded in 1992 and is a member of the OSCE.\n"
    "2. QUALIFICATIONS\nAdvanced university degree. Ability to work under pressure.\n"
    "3. EVALUATION CRITERIA\nTechnical proposal 70%, financial proposal 30%.\n"
    "4. REPORTING LINES\nThe consultant reports to the head of the logistics department."
)


def test_texts_of_fields_of_their_own_are_read_apart():
    """What is written below "objectives" is asked for whatever is pasted below "background"."""
    own = "Two depots meet IATG.\nFences and lighting\nFire breaks"
    index = ExpertIndex([Expert("e", summary="Fences and lighting of depots")])

    def set_aside(between):
        request = Request("r", "Ammunition stores", f"{own}\n{between}\n{PAPER}")
        found = index.asides(request)
        return [request.description[each.start : each.end] for each in found]

    assert any("Fences" in text for text in set_aside(""))
    apart = set_aside(BETWEEN_TEXTS)
    assert not any(line in text for text in apart for line in own.splitlines())
    assert any("Technical proposal" in text for text in apart)
    assert any("1992" in text for text in apart)
