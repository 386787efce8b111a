"""What of a set paper asks for somebody and what only sounds so: purposes of organisations, traits
of persons, and notes that were typed on a phone."""

from __future__ import annotations

import pytest

from matcher.boilerplate import asides
from matcher.language import guess_language

STUDIES = "A university degree in law, ten years of service, fluent English, a diploma."
TERMS = "Fees are paid upon delivery; flights, hotel and meals are covered, receipts are kept."
POLICY = "Gifts, bribes, harassment and fraud end the assignment. Candidates sign a pledge."
STORY = "We were founded in 1998 and run forty projects with ministries: shelters, coast guards."
HOST = (
    "A lab was opened in spring, donors gave vehicles, and ten colleagues came back from a course."
)
ASKED = "Nobody knows what to look for in the cells, or how to search twice."


def kinds(title, *paragraphs, between="\n\n"):
    """What is set aside of a paper, each with its kind."""
    text = between.join(paragraphs)
    return {text[a.start : a.end]: a.kind for a in asides(title, text, guess_language(text))}


def left(title, *paragraphs, between="\n\n"):
    """What is left of a paper when all that is set aside is taken away."""
    text = between.join(paragraphs)
    for piece in kinds(title, *paragraphs, between=between):
        text = text.replace(piece, "")
    return " ".join(text.split())


def test_what_an_organisation_is_there_for_asks_for_nothing():
    purpose = "UNDP works with 170 countries in programmes for wealth, to help people build more."
    assert left("Knives behind bars", purpose, ASKED, STUDIES, TERMS, POLICY) == ASKED


def test_an_order_at_the_beginning_of_a_sentence_asks():
    asked = "Train counter staff on gun permits: medical certificates, background checks, refusals."
    assert left("Licences", STORY, asked, STUDIES, TERMS, POLICY) == asked
    told = "For years we train, with background checks, whoever comes."
    assert kinds("Licences", STORY, ASKED, told, STUDIES, TERMS, POLICY)[told] == "policy"


def test_a_section_ends_where_a_paragraph_is_of_another_kind():
    found = kinds("Knives", STORY, ASKED, "Qualifications: a degree.", TERMS, POLICY)
    assert found[TERMS] == "payment"
    assert found[POLICY] == "policy"


def test_what_goes_on_about_an_organisation_is_its_own_whatever_the_title_says():
    told = "Our portfolio covers shelters. Its eldest work searched prisons for knives in towns."
    assert left("Searches for knives", told, STUDIES, TERMS, POLICY) == ""
    missing = (
        "Our portfolio covers shelters. Its eldest work lacks searches, and nobody can tell why."
    )
    assert "lacks" in left("Searches for knives", missing, STUDIES, TERMS, POLICY)


@pytest.mark.parametrize("between", ["\n\n", " "])
def test_who_should_be_patient_and_tactful_is_asked_for_nothing_else(between):
    person = "They should be patient, tactful, calm and reliable."
    paper = (STORY, ASKED, person, STUDIES, TERMS, POLICY, *["Paper is kept."] * 4)
    assert person not in left("Knives behind bars", *paper, between=between)
    subject = "They should be patient and know how knives are hidden in clothes, shoes and food."
    paper = (STORY, subject, STUDIES, TERMS, POLICY)
    assert left("Knives behind bars", *paper) == subject


@pytest.mark.parametrize(
    ("title", "story", "need"),
    [
        (
            "Armoury",
            "Background\nThe ministry was founded in 1992 and has 4,000 staff.",
            "Somebody is wanted who has moved an armoury.",
        ),
        (
            "Armoury",
            "Background\nThe ministry was founded in 1992 and has 4,000 staff.",
            "We could use a sergeant who has moved an armoury.",
        ),
        (
            "Armoury",
            "Background\nThe ministry was founded in 1992 and has 4,000 staff.",
            "What we lack is a sergeant who has moved an armoury.",
        ),
        (
            "Armurerie",
            "Contexte\nLe ministère a été fondé en 1992 et compte 4 000 agents.",
            "Il nous faut un sergent qui a déplacé une armurerie.",
        ),
        (
            "Оружейная",
            "Контекст\nМинистерство основано в 1992 году, в нём 4000 сотрудников.",
            "Нам не хватает сержанта, который перевозил оружейную.",
        ),
        (
            "Збройова",
            "Контекст\nМіністерство засновано у 1992 році, у ньому 4000 працівників.",
            "Нам бракує сержанта, який перевозив збройову.",
        ),
        (
            "Armurerie",
            "Context\nMinisterul a fost înființat în 1992 și are 4.000 de angajați.",
            "Ne-ar prinde bine un sergent care a mutat o armurerie.",
        ),
        (
            "Depo armësh",
            "Konteksti\nMinistria u themelua në vitin 1992 dhe ka 4.000 punonjës.",
            "Na mungon një rreshter që ka zhvendosur një depo armësh.",
        ),
        (
            "Оружарница",
            "Контекст\nМинистерството е основано во 1992 година и има 4.000 вработени.",
            "Ни недостига наредник што преселил оружарница.",
        ),
        (
            "Oružarnica",
            "Kontekst\nMinistarstvo je osnovano 1992. godine i ima 4.000 zaposlenih.",
            "Nedostaje nam narednik koji je preselio oružarnicu.",
        ),
    ],
)
def test_a_sentence_of_need_in_the_background_is_kept(title: str, story: str, need: str) -> None:
    objectives = "Objectives\nTo store weapons better."
    assert need in left(title, f"{story} {need}", objectives, STUDIES, TERMS)


def test_a_heading_in_capitals_goes_with_the_fields_that_were_joined_to_it():
    form = "PRISON POST NOTICE Duty station: Skopje Contract type: individual, for four months"
    (first, *_) = asides("Knives", f"{form} In our cells nobody searches them at all.", "en")
    assert (first.start, first.kind) == (0, "header")


def test_what_stands_before_fields_that_were_joined_to_it_is_of_its_own_kind():
    end = (
        "Send a CV and a cover letter to prisons@example.org before the closing date of the call, "
        "with the names of two referees Prepared by: Ana Kos"
    )
    paper = (STORY, ASKED, STUDIES, TERMS, POLICY, *["Paper is kept."] * 4, end)
    assert "referees" not in left("Knives behind bars", *paper, between=" ")


def test_on_one_line_nothing_counts_where_the_request_is_in_the_title_alone():
    silent = "A club of sports meets there on Sundays. Two chairs stand in its hall."
    paper = (STORY, HOST, silent, STUDIES, TERMS, POLICY, *["Paper is kept."] * 4)
    assert left("Knives in cells", *paper, between=" ") == ""


@pytest.mark.parametrize(
    "note",
    [
        (
            "great seeing you last week, the dinner was super, photos of the depot came out fine",
            "ten years under the belt, speaks ok english, a local language would be lovely",
            "we put them up in the guest house, per diem same as last time",
            "ping me a name by friday, cv not needed, call after 5",
            "thx a lot, hugs, Dragana",
        ),
        (
            "рада была видеть всех, ужин отличный, передай фото со склада",
            "десять лет за плечами, чтобы водил машину и язык знал",
            "поселим в гостевом доме и встретим в аэропорту, суточные как в прошлый раз",
            "скинь имени два до пятницы, звони после пяти",
            "Отправлено с iPhone",
        ),
    ],
)
def test_small_talk_around_a_request_is_no_subject(note):
    story, *terms = note
    asked = "How do we search cells? Как обыскать камеры, чтобы никто не пострадал?"
    assert left("Knives", story, asked, *terms) == asked
