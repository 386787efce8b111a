"""Search finds what people mean however they write it, the same on both databases."""

import unicodedata

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from webapp.core.words.search import finds, folded, words_of
from webapp.experts.models import Expert

# What is stored, and what people type to find it.
FOUND = [
    ("Радељић", ["Radeljić", "Radeljic", "RADELJIĆ", "радељић", "deljic", "Radeljich"]),
    ("Radeljić", ["Радељић", "РАДЕЉИЋ", "radeljic"]),
    ("Đorđina", ["Djordjina", "Ђорђина", "dordina", "đorđina", "DJORDJINA", "jordj"]),
    ("Djordjina", ["Đorđina", "Ђорђина"]),
    ("Ѓорѓе", ["Gjorgje", "Ǵorǵe", "gorge", "ЃОРЃЕ"]),
    ("Ќулавкова", ["Kjulavkova", "kulavkova"]),
    ("зброя та бої", ["зброя", "ЗБРОЯ", "zbroya", "zbroja", "zbroia", "збро́я"]),
    ("чување оружја", ["cuvanje", "čuvanje", "чување", "oruzja cuvanje", "chuvanje"]),
    ("čuvanje", ["cuvanje", "чување", "ČUVANJE"]),
    ("Shkodër", ["shkoder", "SHKODËR", "Shkode\u0308r"]),
    ("Запоріжжя", ["Zaporizhzhia", "zaporizhzhya", "Запоріжжя", "zaporizzja"]),
    ("Zaporizhzhia", ["Запоріжжя"]),
    ("Луганськ", ["Luhansk", "Lugansk", "Luhans'k"]),
    ("Нальчик", ["ь нальчик", "nalchik Ъ"]),
    ("Київ", ["Kyiv", "київ", "Kiiv"]),
    ("Григорий Жуков", ["Grigoriy Zhukov", "zhukov", "Жуков Григорий", "zukov"]),
    ("Нальчик Григорьев", ["Nalchik", "Grigoriev", "Grigoryev"]),
    ("Хмельницький", ["Khmelnytskyi", "khmelnitskiy"]),
    ("Škundrić\u2011Ban", ["Škundrić-Ban", "skundric ban", "Skundric\u2010Ban", "skundric–ban"]),
    ("Škundrić-Ban", ["Škundrić\u2011Ban", "skundricban", "Ban", "Шкундрић"]),
    ("co-operation", ["cooperation", "co\u2011operation", "co\u2212operation", "co operation"]),
    ("cooperation", ["co-operation", "co–operation"]),
    ("O’Brien", ["O'Brien", "obrien", "Oʼbrien", "O`Brien", "o´brien"]),
    ("зв’язки", ["зв'язки", "зв‘язки", "зв`язки", "звязки"]),
    ("Klikovac Radivoje", ["Klikovac, Radivoje", "radivoje klikovac", "„Klikovac“"]),
    ("Radivoje\u00a0 Klikovac", ["radivoje  klikovac", "klikovac\u2003radivoje"]),
    ("Tracing of firearms", ["firearms tracing", "fire\u00adarms", "\ufefftracing"]),
    ("Firearms", ["fire\u2060arms", "fire\u200barms"]),
    ("Łódź, Ølstykke, Kırklareli", ["lodz", "olstykke", "kirklareli"]),
    ("Straße", ["STRASSE", "strasse", "straße"]),
    ("İstanbul", ["istanbul", "ISTANBUL", "İSTANBUL"]),
    ("Chișinău", ["chisinau", "CHIŞINĂU", "chişinău"]),
    ("100 % gender_equality", ["%", "r_e", "100 %"]),
    (r"C:\temp/50*", ["\\", "/", "*", r"p/5", "50*"]),
    ("ｆｕｌｌ width №", ["full", "width"]),
]  # fmt: skip
NOT_FOUND = [
    ("100 gender equality", ["%", "_", "1_0", "g%r", "*", "?", "g.n"]),
    ("Radeljić", ["Radelovic", "radeljic marko", "-", "'"]),
    ("position of Kosovo", ["osh"]),
    ("Fictional Office of Finance", ["Fiji"]),
    ("Zagreb", ["\\", "/", "z%b", "ь", "Ъ", "ь ъ", "«ь»", "-ь-", "ь split"]),
]
CASES = [(text, query, True) for text, queries in FOUND for query in queries] + [
    (text, query, False) for text, queries in NOT_FOUND for query in queries
]


def is_found(session: Session, text: str, query: str) -> bool:
    """Ask the database whether it finds a folded text by a query."""
    column = sa.literal(folded(text), sa.Text)
    return bool(session.scalar(sa.select(sa.case((finds(query, column), 1), else_=0))))


@pytest.mark.both_databases
def test_what_people_mean_is_found_on_both_databases(session: Session) -> None:
    wrong = [case for case in CASES if is_found(session, case[0], case[1]) is not case[2]]
    assert wrong == []


@pytest.mark.parametrize("query", ["", " ", "\u200b", "\u00a0\t\n", "\ufeff"])
def test_nothing_typed_narrows_nothing(session: Session, query: str) -> None:
    assert is_found(session, "", query)
    assert is_found(session, "anything", query)


@pytest.mark.parametrize("query", ["R 0032", "R-0032", "r\u20110032", "r0032", "R – 32", "Р-0032"])
def test_a_reference_is_one_word_however_it_is_written(query: str) -> None:
    (word,) = words_of(query)
    assert word[1:].lstrip("0") == "32"


@pytest.mark.both_databases
@pytest.mark.parametrize("query", ["R 0032", "R-0032", "r0032", "32", "0032", "Р0032", "#32"])
def test_a_reference_or_a_number_finds_the_row_of_that_number(session: Session, query: str) -> None:
    for number, found in ((32, True), (3, False), (320, False)):
        condition = finds(query, sa.literal("", sa.Text), number=sa.literal(number))
        assert bool(session.scalar(sa.select(sa.case((condition, 1), else_=0)))) is found


@pytest.mark.both_databases
@pytest.mark.parametrize("query", ["9" * 10, "R-" + "9" * 200, "r" + "0" * 200 + "1", "१"])
def test_numbers_that_no_row_has_are_only_words(session: Session, query: str) -> None:
    condition = finds(query, sa.literal("", sa.Text), number=sa.literal(2))
    assert not session.scalar(sa.select(sa.case((condition, 1), else_=0)))


@pytest.mark.both_databases
def test_the_folded_text_follows_every_change(app: Flask) -> None:
    with writing(app) as session:
        number = factories.expert(session, name="Đorđe", institution="", post="").id
    with writing(app) as session:
        assert session.get_one(Expert, number).search_text == folded("Đorđe\n\n")
        session.get_one(Expert, number).post = "Форензичар"
    with reading(app) as session:
        assert session.get_one(Expert, number).search_text == folded("Đorđe\n\nФорензичар")


def test_a_change_of_something_else_folds_nothing_anew(app: Flask) -> None:
    with writing(app) as session:
        expert = factories.expert(session)
        session.execute(sa.update(Expert).values(search_text="kept"))
        session.refresh(expert)
        expert.summary = "Another summary."
    with reading(app) as session:
        assert session.scalars(sa.select(Expert.search_text)).one() == "kept"


def test_folding_what_is_folded_changes_nothing() -> None:
    for text, _ in FOUND:
        assert folded(text).split("\n")[0] == folded(folded(text).split("\n")[0]).split("\n")[0]


@given(st.text(max_size=60))
def test_any_text_is_folded_to_something_that_can_be_stored(text: str) -> None:
    stored = folded(text)
    stored.encode("utf-8")
    assert "\x00" not in stored
    assert not any(unicodedata.combining(c) for c in stored)


def test_every_letter_of_both_scripts_is_the_same_in_either_case() -> None:
    letters = [chr(n) for n in (*range(0x41, 0x250), *range(0x400, 0x530)) if chr(n).isalpha()]
    assert [c for c in letters if folded(c.upper()) != folded(c.lower())] == []


def test_every_letter_of_the_alphabets_of_the_region_is_written_in_ascii() -> None:
    alphabets = (
        "abcčćdđefghijklmnoprsšțtuvzžëçşğâăîșüöôûł абвгґдђѓежзѕиіїйјкќлљмнњопрстћуфхцчџшщьюяыэъё"
    )
    assert [c for c in alphabets if not folded(c).isascii()] == []
