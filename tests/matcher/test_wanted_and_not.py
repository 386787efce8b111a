"""Requests with one subject they want and one they do not: only who has the first is ranked."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from matcher import Expert, ExpertIndex, Request
from matcher.boilerplate import asides
from matcher.language import guess_language

# Each set was written before any of it had been tried; the phrases were mended after it.
_TABLE = Path(__file__).with_name("wanted_and_not.tsv")
TITLES = {
    "en": "Domestic violence",
    "fr": "Violences conjugales",
    "ru": "Домашнее насилие",
    "uk": "Домашнє насильство",
    "ro": "Violența domestică",
    "sq": "Dhuna në familje",
    "mk": "Семејно насилство",
    "bcms": "Nasilje u porodici",
}
# What sounds like it, and asks or tells what is missing.
ASKS = {
    "en": (
        "We do not handle ballistics ourselves.|We cannot teach ballistics ourselves."
        "|We do not have the people for ballistics."
        "|We do not have enough specialists for weapons."
        "|Without a register of weapons, nobody can be held to account."
        "|Depots stand there without fences around the weapons."
        "|Nothing about weapons is written in our plans."
        "|The files on weapons can wait for months in the registry."
        "|Seized weapons cannot wait.|We are not well equipped for ballistics."
        "|We need somebody without delay, for weapons."
    ),
    "fr": (
        "Nous ne faisons pas la balistique nous-mêmes."
        "|Sans registre des armes, personne ne peut être jugé."
        "|Nous n'avons pas les spécialistes pour les armes.|La balistique ne peut pas attendre."
        "|Nous avons des dépôts sans clôture autour des armes."
    ),
    "ru": (
        "С баллистикой сами не справимся.|Без учёта оружия никого не осудить."
        "|Баллистика не может подождать.|У нас оружие хранится без учёта."
        "|Не справляемся сами с баллистикой."
    ),
    "uk": (
        "З балістикою самі не впораємося.|Без обліку зброї нікого не засудити."
        "|Не впораємося самі з балістикою.|Балістика не може зачекати."
    ),
    "ro": (
        "Nu facem balistica singuri.|Fără un registru al armelor, nimeni nu poate fi judecat."
        "|Nu ne descurcăm singuri cu balistica.|Armele nu pot aștepta."
    ),
    "sq": (
        "Balistikën nuk e bëjmë vetë.|Pa një regjistër të armëve, askush nuk gjykohet."
        "|Nuk i kemi ekspertët për balistikën.|Armët nuk mund të presin."
    ),
    "mk": (
        "Балистиката не ја работиме сами.|Без евиденција на оружјето, никој не одговара."
        "|Балистиката не може да почека."
    ),
    "bcms": (
        "Balistiku ne radimo sami.|Bez evidencije oružja, niko ne odgovara."
        "|Balistika ne može da sačeka.|Oružje stoji bez evidencije u depou."
    ),
}
ASKING = [(language, one) for language, told in ASKS.items() for one in told.split("|")]


def rows():
    with _TABLE.open(encoding="utf-8") as lines:
        return [(row["language"], row["text"]) for row in csv.DictReader(lines, delimiter="\t")]


@pytest.fixture(scope="module")
def index():
    return ExpertIndex(
        [
            Expert("violence", summary="Trains the police on domestic violence."),
            Expert("marking", summary="Weapons marking with a laser."),
        ]
    )


@pytest.mark.parametrize("title", [True, False], ids=["titled", "untitled"])
@pytest.mark.parametrize(("language", "marked"), rows())
def test_the_unwanted_one_is_set_aside_and_does_not_score(index, language, marked, title):
    text = marked.translate(dict.fromkeys(map(ord, "[]{}")))
    request = Request("r", title=TITLES[language] if title else "", description=text)
    gone = [
        (aside.start, aside.end)
        for aside in asides(request.title, text, guess_language(text))
        if aside.field == "description"
    ]

    def is_gone(sign):
        at = len(marked[: marked.index(sign)].translate(dict.fromkeys(map(ord, "[]{}"))))
        return any(start <= at < end for start, end in gone)

    assert is_gone("[")
    assert not is_gone("{")
    assert [match.expert_id for match in index.rank(request, 0).ranked] == ["violence"]


@pytest.mark.parametrize(("language", "sentence"), ASKING)
def test_what_sounds_like_a_denial_and_asks_counts(language, sentence):
    title = TITLES[language]
    assert asides(title, sentence, guess_language(sentence)) == ()


def test_a_denial_ends_with_its_clause_and_a_sentence_with_its_verb():
    text = "Потреби в маркуванні зброї немає; просимо про притулки."
    (aside,) = asides("", text, "uk")
    assert text[aside.start : aside.end] == "Потреби в маркуванні зброї немає"
    text = "Фахівці з маркування зброї вже є. Просимо тренера з притулків."
    assert [text[each.start : each.end] for each in asides("Притулки", text, "uk")] == [
        "Фахівці з маркування зброї вже є."
    ]
