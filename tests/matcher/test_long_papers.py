"""What a long paper says beside its request, in wordings that nobody has listed."""

from __future__ import annotations

import pytest

from matcher import Expert, ExpertIndex, Request

ROSTER = [
    Expert("marker", summary="Marks firearms with a laser in the armoury."),
    Expert("depot", summary="Guards ammunition depots: stockpile security, fences, locks."),
    Expert("ethics", summary="Drafted policies on sexual exploitation, abuse and fraud."),
    Expert("dogs", summary="Trains search dogs for explosives at airports."),
]
INDEX = ExpertIndex(ROSTER)
# No phrase of the platform's is in these, and all of them name other subjects.
CHATTER = [
    f"{who} {what}."
    for who in ("The lady upstairs", "Somebody", "My neighbour", "An uncle", "Every cousin")
    for what in (
        "guards ammunition depots behind fences",
        "walks search dogs at airports",
        "reads policies on fraud",
        "sings of explosives and locks",
    )
]
PAPER = "\n\n".join(CHATTER)
LINE = " ".join(CHATTER)
ASKED = "We look for somebody who can teach us engraving by laser."


def scores(title, description=""):
    ranked = INDEX.rank(Request("r", title, description), 0, constraints=False).ranked
    return {match.expert_id: match.score for match in ranked}


def kinds(title, description):
    found = INDEX.rank(Request("r", title, description), 1, constraints=False).asides
    return {description[aside.start : aside.end]: aside.kind for aside in found}


@pytest.mark.parametrize("paper", [f"{PAPER}\n\n{ASKED}\n\n{PAPER}", f"{ASKED}\n\n{PAPER}"])
def test_a_long_paper_is_ranked_by_what_it_asks_for(paper):
    assert scores("Weapons marking", paper) == pytest.approx(scores("Weapons marking", ASKED))


@pytest.mark.parametrize("paper", [PAPER, f"{PAPER}\n\nAnnex\n\n{PAPER}"])
def test_a_long_paper_that_asks_for_nothing_has_its_request_in_the_title(paper):
    assert scores("Marking", paper) == pytest.approx(scores("Marking"))


def test_a_paper_of_some_length_is_no_long_one():
    assert kinds("Weapons marking", "\n\n".join([ASKED, *CHATTER[:15]])) == {}


@pytest.mark.parametrize("title", ["Terms of reference", "Engagement of an expert", "Other"])
def test_a_title_without_a_subject_sets_nothing_aside(title):
    wanted = "Weapons are to be marked by laser, and guns too."
    assert "unasked" not in kinds(title, f"{wanted}\n\n{PAPER}").values()


def test_what_stands_far_from_what_is_asked_is_set_aside_on_one_line():
    found = kinds("Weapons marking", f"{LINE} {ASKED} {LINE}")
    assert set(found.values()) == {"unasked"}
    # One sentence on each side of it may belong to it.
    assert sum(text.count(".") for text in found) == 2 * len(CHATTER) - 2
    assert not any(ASKED in text for text in found)


def test_tasks_under_their_heading_are_read_whatever_they_say():
    tasks = "\n".join(f"- {sentence}" for sentence in CHATTER)
    assert kinds("Weapons marking", f"{ASKED}\n\nTasks\n{tasks}") == {}


def test_what_a_host_has_is_set_aside_with_its_paragraph_and_what_stands_below_is_not():
    host = "The directorate employs 340 people in nine units. Depots got new fences and dogs."
    told = "Numbers are ground off, and nobody can say whose the guns were."
    terms = (
        "Payment will be made in three instalments. All travel costs are reimbursed.\n\n"
        "The organisation has zero tolerance of sexual exploitation and abuse.\n\n"
        "Applications received after the deadline will be rejected."
    )
    found = kinds("Engraving", f"{host}\n\n{told}\n\n{terms}")
    assert any("Depots got new fences" in text for text in found)
    assert not any(told in text for text in found)
