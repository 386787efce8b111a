"""Where a request stands in a set paper whose wordings no phrase knows, and in e-mails."""

from __future__ import annotations

import pytest

from matcher.boilerplate import asides
from matcher.language import guess_language

HEAD = "From: Liaison <liaison@example.org>\nSent: Monday, 4 May 2026 10:12\nTo: Roster; Finance"
STORY = "We were founded in 1998 and run forty projects with ministries: shelters, coast guards."
HOST = (
    "A lab was opened in spring, donors gave vehicles, and ten colleagues came back from a course."
)
PEERS = "UNDP destroys ammunition and OSCE supports evidence rooms with funded projects."
ASKED = (
    "Boys carve sharp spoons in their cells. Nobody knows what to look for, or how to search twice."
)
PERSON = "Patient, calm, reliable, with tact and humour, and at ease with long days."
STUDIES = "A university degree in law, ten years of service, fluent English, a diploma."
TERMS = "Fees are paid upon delivery; flights, hotel and meals are covered, receipts are kept."
POLICY = "Gifts, bribes, harassment and fraud end the assignment. Candidates sign a pledge."


def left(title, *paragraphs):
    """What is left of a paper when all that is set aside is taken away."""
    text = "\n\n".join(paragraphs)
    kept = list(text)
    for piece in asides(title, text, guess_language(text)):
        kept[piece.start : piece.end] = " " * (piece.end - piece.start)
    return " ".join("".join(kept).split())


def test_a_request_that_tells_what_is_wrong_is_found_between_story_and_terms():
    paper = (HEAD, STORY, HOST, ASKED, PERSON, STUDIES, TERMS, POLICY)
    assert left("Knives behind bars", *paper) == ASKED


def test_a_story_of_which_no_sentence_is_known_is_told_by_its_few_signs():
    told = (
        "They moved house in spring. On two floors stand tall shelves with the books of a poet, a "
        "piano, lamps of green glass and a dozen chairs in colours of autumn leaves, with a garden."
    )
    paper = (HEAD, told, ASKED, STUDIES, TERMS, POLICY)
    assert left("Knives behind bars", *paper) == ASKED


def test_a_story_behind_the_request_does_not_hide_it():
    paper = (HEAD, STORY, ASKED, PEERS, STUDIES, TERMS, POLICY)
    assert left("Knives behind bars", *paper) == ASKED


def test_a_word_of_the_title_in_the_hosts_story_does_not_ask():
    told = "Our bureau runs forty projects with ministries: search of rooms, funded by donors."
    assert left("Spoons and search", HEAD, told, ASKED, STUDIES, TERMS, POLICY) == ASKED


def test_nothing_of_the_paper_counts_where_the_request_is_in_the_title_alone():
    assert left("Knives in cells", HEAD, STORY, HOST, STUDIES, TERMS, POLICY) == ""


def test_a_request_of_many_words_of_no_sign_is_kept():
    terse = "Metal detectors, cell search drill, two prisons."
    assert left("Knives", HEAD, STORY, HOST, terse, STUDIES, TERMS, POLICY) == terse


def test_a_deadline_in_the_form_at_the_head_is_no_heading_of_what_follows():
    form = "Duty Station: Skopje\nDeadline for application: 9 October\nDuration: ten days"
    (first, *_) = asides("Knives in cells", f"{form}\n\n{ASKED}\n\nWe need an expert.", "en")
    assert (first.kind, first.end) == ("header", len(form))


@pytest.mark.parametrize(
    "head",
    [
        HEAD,
        "De : Bureau <bureau@example.org>\nEnvoyé : lundi 4 mai\nÀ : Secrétariat",
        "От: Отдел <otdel@example.org>\nОтправлено: 4 мая, 10:12\nКому: координаторам",
        "Від: Сектор <sektor@example.org>\nНадіслано: 4 травня\nКому: координаторам",
        "De la: Birou <birou@example.org>\nTrimis: luni, 4 mai\nCătre: coordonatori",
        "Nga: Zyra <zyra@example.org>\nDërguar: e hënë, 4 maj\nPër: koordinatorët",
        "Од: Канцеларија <kanc@example.org>\nИспратено: 4 мај\nДо: координаторите",
        "Od: Kancelarija <kanc@example.org>\nPoslato: 4. maj\nZa: koordinatore",
        "-----Original message-----",
        "On 4 May 2026 at 10:12, Ana Kos <ana@example.org> wrote:",
    ],
)
def test_the_head_of_an_email_is_set_aside_in_each_language(head):
    text = f"{head}\n\n{ASKED}"
    found = asides("Knives in cells", text, guess_language(text))
    assert [(piece.kind, text[piece.start : piece.end]) for piece in found] == [("header", head)]


def test_a_single_line_of_that_form_may_be_anything():
    text = "We need help.\nFrom: Skopje, two experts\nBoth sides are ready."
    assert asides("Search of cars", text, "en") == ()


def test_what_stands_behind_subject_is_left():
    text = f"{HEAD}\nSubject: search of cells\n\nWe need help."
    assert "search of cells" in left("", text)


def test_on_one_line_a_request_in_another_language_is_read_in_its_own():
    asked = "Nous cherchons un formateur qui montre à nos agents comment fouiller une cellule."
    paper = (STORY, HOST, asked, STUDIES, TERMS, POLICY, PERSON, "Apply online.", "No late forms.")
    assert asked in left("Couteaux en cellule", " ".join(paper))
