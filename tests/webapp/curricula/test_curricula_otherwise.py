"""Curricula laid out otherwise than those that are measured: missions below posts, tables, columns,
dates and levels in many forms. Each piece is read, and no line is lost unseen."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.webapp.curricula.made_files import _odt, docx_of, paragraph
from tests.webapp.curricula.measuring import is_same
from tests.webapp.curricula.word_files import numbered_point, point, styled
from webapp.curricula.dates import find_periods
from webapp.curricula.entries import Entry
from webapp.curricula.extraction import extract
from webapp.curricula.pieces import MOST_PIECES, read
from webapp.curricula.spoken import find_languages

ROWS = json.loads(Path(__file__).with_name("written_otherwise.json").read_text(encoding="utf-8"))


def _months(entry: Entry) -> tuple[str, str]:
    period = entry.period
    assert period, entry
    return f"{period.start:%Y-%m}", f"{period.end:%Y-%m}" if period.end else ""


@pytest.mark.parametrize("row", ROWS, ids=[row["layout"] for row in ROWS])
def test_each_piece_is_read_as_it_was_meant(row: dict[str, Any]) -> None:
    found = read("\n".join(row["text"]))
    assert len(found.evidence) == len(row["evidence"])
    for title, start, end in row["evidence"]:
        months = [_months(one) for one in found.evidence if is_same(one.title, title)]
        assert months == [(start, end)], title
    assert len(found.trainings) == len(row["trainings"])
    for title in row["trainings"]:
        assert any(is_same(one.title, title) for one in found.trainings), title
    spoken = {one.code: (one.level, one.skills) for one in found.languages}
    assert spoken == {code: (level, skills) for code, level, skills in row["languages"]}


def test_what_came_into_no_piece_is_named() -> None:
    (row,) = [row for row in ROWS if row["layout"] == "unknown headings"]
    found = read("\n".join(row["text"]))
    left = [found.lines[number] for number in found.left_over]
    assert left == [
        "Luka Fiktivni", "Police officer, Podgorica", "Medal of the Ministry, 2019", "Climbing",
        "On request",
    ]  # fmt: skip


def test_what_is_cut_off_is_named() -> None:
    posts = [f"Fictional post number {n} at home, 2001 - 2002" for n in range(MOST_PIECES + 1)]
    long = ["Fictional adviser, 2003 - 2004", *(f"Wrote the paper p{n}x" * 12 for n in range(12))]
    found = read("\n".join(["Experience", *posts]))
    assert [found.lines[number] for number in found.left_over] == [posts[-1]]
    found = read("\n".join(["Experience", *long]))
    assert [found.lines[number] for number in found.left_over] == long[-4:]


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("Q1 2017 - Q2 2020", "2017-01", "2020-06"),
        ("2012/09 to 2016/12", "2012-09", "2016-12"),
        ("2011/12", "2011-01", "2011-12"),  # a school year
        ("Summer 2007", "2007-01", "2007-12"),
        ("12–16 March 2018", "2018-03", "2018-03"),
        ("15 May – 3 June 2019", "2019-05", "2019-06"),
        ("from 3 to 14 October 2022", "2022-10", "2022-10"),
        ("Du 1er mars 2012 au 31 août 2017", "2012-03", "2017-08"),
        ("Maj-qershor 2021", "2021-05", "2021-06"),
        ("Inspector, academy, 2012-09 - 2016-12", "2012-09", "2016-12"),
        ("Inspector, academy 2012/09 - 2016/12", "2012-09", "2016-12"),
        ("from 2012-09 to 2016-12", "2012-09", "2016-12"),
    ],
)
def test_days_are_read_in_many_forms(written: str, start: str, end: str) -> None:
    (period,) = find_periods(written)
    assert (f"{period.start:%Y-%m}", period.end and f"{period.end:%Y-%m}") == (start, end)


@pytest.mark.parametrize(
    ("written", "level", "skills"),
    [
        ("English (reading C1, speaking B2)", "B2", {"reading": "C1", "speaking": "B2"}),
        ("English: C1 reading, B2 speaking", "B2", {"reading": "C1", "speaking": "B2"}),
        ("English: understanding C1", "C1", {"listening": "C1", "reading": "C1"}),
        ("English B2 (writing B1)", "B1", {"writing": "B1"}),
        ("English C1/B2", "B2", {}),
    ],
)
def test_levels_of_skills_are_those_that_are_named(
    written: str, level: str, skills: dict[str, str]
) -> None:
    (spoken,) = find_languages([(0, written)], [])
    assert (spoken.level, spoken.skills) == (level, skills)


LONG = ", ministry of a fictional country; head of the unit for human resources" + ", and more" * 8


@pytest.mark.parametrize(
    ("when", "start"),
    [
        ("2019 – present", "2019-01"),
        ("since 2019", "2019-01"),
        ("od 2019.", "2019-01"),
        ("2019 – до данас", "2019-01"),
        ("од 2019. до данас", "2019-01"),
        ("с 2019 по наст. время", "2019-01"),
        ("з 03.2019 по т.ч.", "2019-03"),
        ("2019 - sot", "2019-01"),
        ("që nga 2019", "2019-01"),
        ("од 2019 до денес", "2019-01"),
        ("2019 – prezent", "2019-01"),
        ("din 2019", "2019-01"),
        ("depuis mars 2019", "2019-03"),
    ],
)
def test_a_long_line_that_begins_with_a_period_is_an_entry(when: str, start: str) -> None:
    text = f"Experience\n{when} Chief inspector{LONG}\n03/2014 – 12/2018 Inspector, academy"
    chief, inspector = read(text).evidence
    assert (chief.title[:15], _months(chief)) == ("Chief inspector", (start, ""))
    assert (inspector.title, _months(inspector)) == ("Inspector, academy", ("2014-03", "2018-12"))


def test_a_date_with_which_a_long_line_goes_on_begins_no_entry() -> None:
    text = f"Experience\n2014 – 2018 Inspector, academy\n2017 it was that I led{LONG}"
    assert len(read(text).evidence) == 1


def test_a_long_point_that_begins_with_a_date_and_a_place_is_an_entry() -> None:
    long = f"• October 2017, Bishkek, Kyrgyzstan: speaker, OSCE conference{LONG}"
    found = read(f"Projects and missions\n{long}\n• 2016 Drafted the rulebook")
    speaker, rulebook = found.evidence
    assert (speaker.title[:24], speaker.place) == (
        "speaker, OSCE conference",
        "Bishkek, Kyrgyzstan",
    )
    assert (_months(speaker), speaker.jurisdiction) == (("2017-10", "2017-10"), "KGZ")
    assert rulebook.title == "Drafted the rulebook"
    assert not found.left_over


@pytest.mark.parametrize(
    ("validity", "expires"),
    [
        ("certificate valid until 2028", date(2028, 12, 31)),
        ("expires on 15 March 2028", date(2028, 3, 15)),
        ("expires 2028-02-14", date(2028, 2, 14)),
        ("valid until 2028-02", date(2028, 2, 29)),
        ("valid until 2028/02", date(2028, 2, 29)),
        ("važi do 03. 2028.", date(2028, 3, 31)),
        ("valid until 15 May – 3 June 2028", date(2028, 6, 3)),
        ("valid until 12–16 March 2028", date(2028, 3, 16)),
        ("valid through 02/2028", date(2028, 2, 29)),
        ("važi do 31.03.2028.", date(2028, 3, 31)),
        ("uvjerenje vrijedi do 2028. godine", date(2028, 12, 31)),
        ("важи до 2028.", date(2028, 12, 31)),
        ("важечка до 2028", date(2028, 12, 31)),
        ("e vlefshme deri më 2028", date(2028, 12, 31)),
        ("valabil până în 2028", date(2028, 12, 31)),
        ("дійсний до 2028", date(2028, 12, 31)),
        ("действителен до 2028 г.", date(2028, 12, 31)),
        ("valable jusqu'en 2028", date(2028, 12, 31)),
    ],
)
def test_a_course_is_of_its_year_and_not_of_that_until_which_it_is_valid(
    validity: str, expires: date
) -> None:
    (course,) = read(f"Training\n- Focal point course, 2018, {validity}").trainings
    assert (_months(course), course.expires) == (("2018-01", "2018-12"), expires)
    (course,) = read(f"Training\n- Focal point course, {validity}").trainings
    assert (course.period, course.expires) == (None, expires)


def test_a_degree_under_no_heading_of_its_own_is_education() -> None:
    rest = "Training\nTracing course, 2015\nHobbies\nChess since 2001\nMedal of the Academy, 2019"
    found = read(f"{rest}\n2010\tLaw degree, University of Sarajevo")
    degree = found.trainings[-1]
    assert (degree.title, degree.kind) == ("2010 Law degree, University of Sarajevo", "degree")
    assert _months(degree) == ("2010-01", "2010-12")
    assert [found.lines[at] for at in found.left_over] == rest.split("\n")[-2:]
    # Whoever has a part on education wrote there what belongs to it.
    found = read(f"Education\nBachelor of law, 2010\n{rest}\nMaster of arms, a novel, 2012")
    assert len(found.trainings) == 2


@pytest.mark.parametrize("parting", [" – ", ": ", " "])
def test_a_long_line_that_begins_anew_behind_a_month_is_an_entry(parting: str) -> None:
    mission = f"March 2022{parting}Mission to Chisinau, Moldova: mentor of the team{LONG}"
    found = read(f"Experience\n2012 - present Head of ammunition safety\n{mission}")
    head, mentor = found.evidence
    assert head.title == "Head of ammunition safety"
    assert mentor.title.startswith("Mission to Chisinau, Moldova: mentor")
    assert (mentor.kind, mentor.place, mentor.jurisdiction) == ("mission", "", "MDA")
    assert _months(mentor) == ("2022-03", "2022-03")


def test_a_title_that_is_too_long_for_its_field_stands_whole_in_the_description() -> None:
    words = f"Head of the unit{LONG}{LONG}"
    (post,) = read(f"Experience\n2019 – present {words}\nWrote the rulebook.").evidence
    assert words.startswith(post.title)
    assert len(words) > len(post.title)
    assert post.description == f"{words} Wrote the rulebook."


def test_levels_in_cyrillic_are_those_of_their_sounds_and_of_their_looks() -> None:
    found = find_languages([(0, "Англиски – Ц1, албански Б1, француски А2, руски В2")], [])
    assert {one.code: one.level for one in found} == {
        "en": "C1", "sq": "B1", "fr": "A2", "ru": "B2",
    }  # fmt: skip


def test_the_older_europass_in_romanian_is_read_to_its_last_field() -> None:
    found = read(
        "Experiența profesională\nPerioada: 01/2018 – prezent\nFuncția sau postul ocupat: Ofițer\n"
        "Principalele activități și responsabilități: Verificarea armurierilor\n"
        "Educație și formare\nPerioada: 2007 – 2011\n"
        "Calificarea / diploma obținută: Licență în drept\nNumele instituției: Academia\n"
        "Limbi străine cunoscute\nEngleză: C1"
    )
    (post,), (degree,), (english,) = found.evidence, found.trainings, found.languages
    assert (post.title, post.description) == ("Ofițer", "Verificarea armurierilor")
    assert (degree.title, degree.place) == ("Licență în drept (2011)", "Academia")
    assert (english.code, english.level) == ("en", "C1")


def test_what_a_post_is_tells_its_first_sentence_and_the_rest_what_was_done() -> None:
    post = "Head of the firearms unit. Wrote the procedure for all depots."
    (entry,) = read(f"Experience\n2015 - 2019: {post}").evidence
    assert (entry.title, entry.kind) == ("Head of the firearms unit", "post held")
    assert entry.description == "Wrote the procedure for all depots"
    (entry,) = read("Experience\n2015 - 2019: Assoc. Professor of criminal law.").evidence
    assert entry.title == "Assoc. Professor of criminal law"


NARROW_FIRST = """Languages
English (C1)
Certifications
Course for trainers of the police
Ana Izmišljena
Head of the firearms registry
Podgorica, Montenegro
Summary
Leads a unit.
Experience
Police Directorate
Head of the firearms registry
January 2015 - Present
Ana Izmišljena
leads eleven officers."""


def test_the_name_behind_a_narrow_column_begins_no_course() -> None:
    found = read(NARROW_FIRST, "Izmišljena Ana")
    assert [one.title for one in found.trainings] == ["Course for trainers of the police"]
    assert found.summary == "Leads a unit."
    # Within a career the name ends nothing.
    (post,) = found.evidence
    assert "eleven officers" in post.description


@pytest.mark.parametrize(
    ("beside", "below", "title", "place"),
    [
        ("Police Directorate, Tirana", "Inspector", "Inspector", "Police Directorate, Tirana"),
        ("Kosovo", "Monitor of courts", "Monitor of courts", "Kosovo"),
        ("Inspector", "Police Directorate, Tirana", "Inspector", ""),
        ("Adviser, Kosovo", "Followed cases to court.", "Adviser, Kosovo", ""),
    ],
)
def test_a_place_beside_a_date_is_no_title(beside: str, below: str, title: str, place: str) -> None:
    (entry,) = read(f"Experience\n{beside}\t2015 - 2019\n{below}\n• Did it.").evidence
    assert (entry.title, entry.place) == (title, place)


def test_points_of_a_list_have_their_marks_whoever_draws_them() -> None:
    no_list = '<w:numPr><w:numId w:val="0"/></w:numPr>'
    body = paragraph("Plain") + point("One") + numbered_point("Two") + point("")
    document = docx_of(body + styled("Bare", "ListParagraph", no_list))
    assert extract(document)["text"] == "Plain\n• One\n• Two\n\nBare"
    inner = "<text:list><text:list-item><text:p>Inner</text:p></text:list-item></text:list>"
    item = f"<text:list-item><text:p>Outer</text:p>{inner}</text:list-item>"
    assert extract(_odt(f"<text:list>{item}</text:list>"))["text"] == "• Outer\n• Inner"
