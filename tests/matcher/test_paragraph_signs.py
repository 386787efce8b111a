"""Set parts that no phrase knows: by the words that such paragraphs are full of, and by where the
request stands among them."""

from __future__ import annotations

import pytest

from matcher import Request
from matcher.boilerplate import asides
from matcher.boilerplate.sentence_signs import Sentence
from matcher.experiments.tuning.templates import disturbances
from matcher.language import Span, guess_language

HOST = (
    "Sixty inspectors work there in four units. Last spring Danish instructors gave a course at "
    "the range. A strategy was adopted in March, and vehicles were supplied."
)
# Everyday words of a subject, without a word that asks.
TOLD = "Numbers are ground off with a file, and nobody can say whose the rifles were."
PERSON = "A patient listener, calm and tactful. Explains things simply and treats all with respect."
STUDIES = (
    "A diploma of a university or an academy. Years of practice at home. Good English is a plus."
)
MONEY = "Flight, hotel and meals are covered. Receipts are kept. Nothing is paid to the employer."
CONDUCT = "No gifts and no bribes. Harassment and abuse end in dismissal. Each signs a charter."
PARTS = [HOST, TOLD, PERSON, STUDIES, MONEY, CONDUCT]
PAPER = "\n\n".join(PARTS)


def kinds(title, description):
    return {
        description[aside.start : aside.end]: aside.kind
        for aside in asides(title, description, guess_language(f"{title}\n{description}"))
    }


def left(title, description):
    """What a request is ranked by, of its description."""
    text = description
    for passage in kinds(title, description):
        text = text.replace(passage, "")
    return " ".join(text.split())


def test_parts_in_wordings_that_nobody_has_listed_are_known_by_their_words():
    found = kinds("Ground off", PAPER)
    assert found[PERSON] == "competencies"
    assert found[CONDUCT] == "policy"
    assert left("Engraving", PAPER) == TOLD


def test_a_paper_on_one_line_is_cut_at_the_same_places():
    assert left("Engraving", " ".join(PARTS)) == TOLD


@pytest.mark.parametrize("part", [PERSON, CONDUCT])
def test_one_such_paragraph_alone_belongs_to_the_request(part):
    assert kinds("Engraving", f"{TOLD}\n\n{part}") == {}


def test_a_paragraph_that_asks_is_the_request_whatever_its_words_are():
    asked = PERSON.replace("Explains", "We need somebody who explains")
    assert asked in left("Engraving", PAPER.replace(PERSON, asked))


def test_what_a_title_is_about_is_no_set_part():
    assert CONDUCT in left("A code of conduct against bribes", PAPER)


def test_a_word_of_the_title_asks_for_nothing_outside_of_the_place_of_the_request():
    story = "The fund rebuilt stations, archives and shelters, and melted rifles."
    assert left("Rifles", f"{story}\n\n{PAPER}") == TOLD
    # Where nothing tells who asks, nobody knows that the request begins later.
    without_host = PAPER.removeprefix(HOST).strip()
    assert story in left("Rifles", f"{story}\n\n{without_host}")


def test_what_stands_under_a_heading_of_tasks_is_no_set_part():
    assert PERSON in left("Engraving", PAPER.replace(PERSON, f"Tasks\n{PERSON}"))


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("Marking", "Numbers are ground off, and nobody can say whose the guns were."),
        ("Гравировка", "Номера спилены, и никто не знает, чьи это были ружья и пистолеты."),
        ("Gravura", "Numrat janë fshirë dhe askush nuk di të kujt ishin pushkët."),
        ("Gravura", "Brojevi su izbrušeni i niko ne zna čije su bile puške i pištolji."),
        ("Gravarea", "Numerele sunt șterse și nimeni nu știe ale cui au fost puștile."),
        ("Гравирање", "Броевите се избрусени и никој не знае чии биле пушките."),
        ("Маркування", "Номери спиляні, і ніхто не знає, чиї це були рушниці та пістолети."),
        ("Gravure", "Les numéros sont limés et personne ne sait à qui étaient les fusils."),
    ],
)
@pytest.mark.parametrize("way", ["whole, without headings", "whole, numbered headings"])
def test_a_request_told_in_images_is_all_that_is_left_of_a_paper(title, wanted, way):
    pasted = disturbances("eighth")[way](Request("r", title, wanted))
    assert wanted in left(title, pasted.description)
    assert len(left(title, pasted.description)) < 4 * len(wanted)


@pytest.mark.parametrize(
    ("language", "asked", "denied"),
    [
        ("en", "An assessment is requested.", "No needs assessment is requested."),
        ("fr", "Nous cherchons un juriste.", "Nous ne cherchons pas de juriste."),
        ("ru", "Требуется опрос.", "Не требуется опрос."),
        ("uk", "Потрібно писати закон.", "Не потрібно писати закон."),
        ("ro", "Căutăm juriști.", "Nu căutăm juriști."),
        ("sq", "Duam leksione.", "Nuk duam leksione."),
        ("mk", "Бараме предавања.", "Не бараме предавања."),
        ("bcms", "Potrebna je pomoć.", "Nije potrebna pomoć."),
    ],
)
def test_what_is_denied_asks_for_nothing(language, asked, denied):
    def asks(text):
        span = Span(0, len(text))
        return Sentence.of(text, span, (language,), frozenset()).asks

    assert asks(asked)
    assert not asks(denied)


def test_a_denial_of_another_clause_leaves_what_is_asked_for():
    text = "It is no secret, we need a trainer."
    assert Sentence.of(text, Span(0, len(text)), ("en",), frozenset()).asks
