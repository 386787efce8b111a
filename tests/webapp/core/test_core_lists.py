"""What a text lists is found however it was laid out, and its words stay as they were typed."""

import re
from textwrap import dedent

import pytest

from webapp.core.words import lists
from webapp.core.words.lists import entries_of

# As they are pasted from a page of a PDF file: broken where its lines end.
NUMBERED = """\
    The expert will:
    1. Conduct a five-day training course for officers of the border police on document
    security. The course takes place in Osh.
    2. Review the written procedure on seizures together with the lawyers of the
    Ministry of Interior and, if time allows, of
    г. Бишкек.
    3) Write a report.
"""
BULLETS = """\
    •
    Обучить инструкторов Министерства внутренних дел Кыргызской Республики проверке
    документов;
    •\tпроверить письменный порядок действий при изъятии
    оружия и
    боеприпасов;
    – написать отчёт.
"""
NESTED = """\
    1. Training
    1.1 Border police in
    Osh
    1.2 Customs
    2. Review:
    a) the law
    b) the procedure of the
    laboratory
"""
PARAGRAPHS = """\
    Visit storage sites with our own inspectors. Compare locks, fences, lighting, guards and
    access control with the Compendium and our own rules. Discuss the findings with them all.
    The commanders of each site are spoken with before anything is written down.

    Write a report.
"""
UNMARKED = """\
    Conduct a training course for officers of the border police on
    document security in Osh
    Review the procedure on seizures with the lawyers of the
    Ministry of Interior
    Write a report
"""
SEMICOLONS = """\
    Read the draft before coming; compare it with the Arms Trade Treaty (articles 6; 7), the
    Firearms Protocol and the practice of two countries; discuss it article by article;
    comment on deactivation and brokering.
"""
LAYOUTS = {
    NUMBERED: [
        "1. Conduct a five-day training course for officers of the border police"
        " on document security. The course takes place in Osh.",
        "2. Review the written procedure on seizures together with the lawyers of the Ministry of"
        " Interior and, if time allows, of г. Бишкек.",
        "3) Write a report.",
    ],
    BULLETS: [
        "Обучить инструкторов Министерства внутренних дел Кыргызской Республики проверке"
        " документов;",
        "проверить письменный порядок действий при изъятии оружия и боеприпасов;",
        "написать отчёт.",
    ],
    NESTED: [
        "1. Training", "1.1 Border police in Osh", "1.2 Customs", "2. Review: a) the law",
        "b) the procedure of the laboratory",
    ],
    PARAGRAPHS: [
        "Visit storage sites with our own inspectors. Compare locks, fences, lighting, guards and"
        " access control with the Compendium and our own rules. Discuss the findings with them"
        " all. The commanders of each site are spoken with before anything is written down.",
        "Write a report.",
    ],
    UNMARKED: [
        "Conduct a training course for officers of the border police on document security in Osh",
        "Review the procedure on seizures with the lawyers of the Ministry of Interior",
        "Write a report",
    ],
    SEMICOLONS: [
        "Read the draft before coming;",
        "compare it with the Arms Trade Treaty (articles 6; 7), the Firearms Protocol and the"
        " practice of two countries;",
        "discuss it article by article;",
        "comment on deactivation and brokering.",
    ],
}  # fmt: skip


@pytest.mark.parametrize("text", LAYOUTS)
def test_what_goes_on_in_the_next_line_is_one_entry(text: str) -> None:
    assert entries_of(dedent(text)) == LAYOUTS[text]


@pytest.mark.parametrize(
    "text",
    ["Teach.\nReview.", "г. Бишкек: семинар\nг. Ош: семинар", "3. maja: obuka\n15. maja: obuka",
     "1. maja: obuka\n2. maja: obuka", "A. Kos meets the staff.\nB. Novak teaches.",
     "9. Teach.\na. Review.", "обучить инструкторов\nпроверить порядок",
     "Train the police\nreview the law\nwrite a report", "i. Teach\nii. Review",
     "Train police in Osh\nVisit the labs now\nAdvise on law",
     "Train the inspectors of the border police, in Osh.\n"
     "Visit the laboratory of the ministry in Bishkek.\n"
     "Advise the lawyers on the new law and its rules.",
     "Training course\nReview of the law and of all that follows from it in the ministry\nReport"],
)  # fmt: skip
def test_each_line_that_is_whole_is_an_entry_in_its_own_words(text: str) -> None:
    assert entries_of(text) == text.splitlines()


@pytest.mark.parametrize(
    "text",
    ["Teach the course; it lasts three days.", "Teach; then review. Nothing else; and write.",
     "Teach the police (customs; border; guards)."],
)  # fmt: skip
def test_a_sentence_that_lists_nothing_is_one_entry(text: str) -> None:
    assert entries_of(text) == [text]


def test_a_paragraph_below_a_list_is_an_entry_of_its_own() -> None:
    text = "- Teach the police.\nIn two groups.\n- Review.\n\nAll of it is in Osh."
    expected = ["Teach the police. In two groups.", "Review.", "All of it is in Osh."]
    assert entries_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. Teach\n\nthe staff.\n2. Review.", ["1. Teach the staff.", "2. Review."]),
        ("обучить инструк-\nторов\nнаписать", ["обучить инструк-торов", "написать"]),
        ("Teach the staff\nof customs\nreview", ["Teach the staff of customs", "review"]),
        ("Teach the staff of\nCustoms\nReview", ["Teach the staff of Customs", "Review"]),
        ("Провести курс в г.\nОш\nНаписать", ["Провести курс в г. Ош", "Написать"]),
    ],
)  # fmt: skip
def test_what_a_page_has_torn_apart_is_one_entry(text: str, expected: list[str]) -> None:
    assert entries_of(text) == expected


def test_a_gap_parts_full_lines() -> None:
    lines = [
        f"{task} the inspectors of the border police in Osh" for task in ("Train", "Visit", "Guide")
    ]
    assert entries_of("\n\n".join(lines)) == lines


def test_a_list_whose_beginning_is_elsewhere_is_known_by_its_brackets() -> None:
    assert entries_of("9) Teach\nthe police.\n(10) Review.") == ["9) Teach the police.",
                                                               "(10) Review."]  # fmt: skip


@pytest.mark.parametrize("text", ["", " \n ", "•", *LAYOUTS])
def test_no_word_is_lost_but_what_introduces_all(text: str) -> None:
    def words(text: str) -> list[str]:
        return re.findall(r"\w+", text)

    listed = text.removeprefix("    The expert will:\n")
    assert words(" ".join(entries_of(dedent(text)))) == words(listed)


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("The expert will:\n- assess\n- train", ["assess", "train"]),
        ("Задачи эксперта:\n\nоценить\n\nобучить", ["оценить", "обучить"]),
        ("The expert will, with the\nministry:\n1. assess\n2. train", ["1. assess", "2. train"]),
        ("The expert will: assess; train; report.", ["assess;", "train;", "report."]),
        ("Uvod: šabac; niš; vranje.", ["šabac;", "niš;", "vranje."]),
        # A name, and whatever begins with a capital, may as well be what stands before the colon.
        ("Uvod: Šabac; Niš; Vranje.", ["Uvod: Šabac;", "Niš;", "Vranje."]),
        ("Увод: Ђурђевац; Шабац; Ниш.", ["Увод: Ђурђевац;", "Шабац;", "Ниш."]),
        ("Вступ: Їжа; житло; шлях.", ["Вступ: Їжа;", "житло;", "шлях."]),
        # What says more than that a list follows stays, and what introduces a part stays with it.
        ("There is none yet. Please:\n- assess\n- train",
         ["There is none yet. Please: assess", "train"]),
        ("Day 1:\n- assess\n- train\nDay 2:\n- report",
         ["Day 1: assess", "train", "Day 2: report"]),
        ("1. Assess:\n- law\n- practice\n2. Train", ["1. Assess: law", "practice", "2. Train"]),
        ("The expert will:\nassess the law.", ["The expert will: assess the law."]),
    ],
)  # fmt: skip
def test_what_introduces_the_whole_list_belongs_to_none_of_its_entries(
    text: str, entries: list[str]
) -> None:
    assert entries_of(text) == entries


def test_a_first_letter_below_an_entry_with_a_sign_is_an_entry() -> None:
    assert entries_of("- course\na) programme\n- report") == ["course", "a) programme", "report"]
    assert entries_of("See the annex\na) of the law") == ["See the annex", "a) of the law"]


@pytest.mark.parametrize("mark", ["1.1", "1.1.1", "99.99", "z."])
def test_of_marks_without_end_few_are_looked_at_together(
    mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each would else be compared with all before."""
    asked: list[str] = []
    follows = lists._follows

    def noting(one: str, following: str) -> bool:
        asked.append(following)
        return follows(one, following)

    monkeypatch.setattr(lists, "_follows", noting)
    assert entries_of(f"{mark} a\n" * 1_000)
    assert len(asked) <= 1_000 * lists._MOST_OPEN
