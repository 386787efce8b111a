"""What a host has, does or forbids, and who sees to a thing already, outside of a set paper."""

from __future__ import annotations

import csv
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest

from matcher import Request
from matcher.boilerplate import asides
from matcher.experiments.tuning.collection import read_collection
from matcher.experiments.tuning.templates import losses
from matcher.language import guess_language

_TABLE = Path(__file__).with_name("what_hosts_have.tsv")
# The cues were made with the first set; the second was written before them, and read afterwards.
SETS = ("first", "second")
ASKED = "We look for a practitioner of long experience."


def told(name):
    with _TABLE.open(encoding="utf-8") as lines:
        return [row for row in csv.DictReader(lines, delimiter="\t") if row["set"] == name]


def set_aside(title, description):
    language = guess_language(f"{title}\n{description}")
    return [(a.kind, description[a.start : a.end]) for a in asides(title, description, language)]


def before(text):
    def disturb(request):
        return replace(request, description=f"{text}\n\n{request.description}".strip())

    return disturb


@pytest.mark.parametrize("name", SETS)
def test_one_such_paragraph_costs_a_request_next_to_nothing(name):
    ways = {(row["kind"], row["language"]): before(row["text"]) for row in told(name)}
    found = losses([read_collection()], ways).by_way
    by_kind = groupby(sorted(found), key=lambda way: way[0])
    means = {kind: sum(found[way].mean() for way in ways) / 8 for kind, ways in by_kind}
    assert len(means) == 7
    assert max(means.values()) <= 0.03, means


@pytest.mark.parametrize("row", told("first"), ids=lambda row: f"{row['language']}-{row['kind']}")
def test_it_is_set_aside_in_each_language(row):
    title, wanted = {
        "en": ("Witnesses", ASKED),
        "fr": ("Témoins", "Nous cherchons un praticien."),
        "ru": ("Свидетели", "Мы ищем специалиста."),
        "uk": ("Свідки", "Ми шукаємо фахівця."),
        "ro": ("Martori", "Căutăm un practician cu experiență."),
        "sq": ("Dëshmitarë", "Kërkojmë një praktikant me përvojë."),
        "mk": ("Сведоци", "Бараме практичар со искуство."),
        "bcms": ("Svjedoci", "Tražimo praktičara sa iskustvom."),
    }[row["language"]]
    ((kind, text),) = set_aside(title, f"{row['text']}\n\n{wanted}")
    expected = {"conduct": "policy", "partner": "not_wanted", "mission": "not_wanted"}
    assert kind == expected.get(row["kind"], "host")
    assert text.rstrip(".") == row["text"].rstrip(".")


@pytest.mark.parametrize(
    "wish",
    [
        "We have no experience in guarding depots and need somebody who has.",
        "Our officers need training in guarding depots.",
        "We run courses on depots and want an expert to review them.",
        "We have three depots and no fences.",
        "Our directorate runs three depots whose fences have fallen.",
        "The agency is responsible for depots, but its people have never been trained.",
        "We have a problem with thefts from depots.",
        "We have been asked to guard depots.",
        "Thefts from depots by soldiers are handled badly.",
        "A manual on depots, already supported by NATO, is sought.",
        "Nous n'avons aucune expérience des dépôts et avons besoin d'aide.",
        "Nos agents ont besoin d'une formation à la garde des dépôts.",
        "Nous avons trois dépôts dont les clôtures sont tombées.",
        "Notre direction gère des cours et souhaite les faire revoir.",
        "У нас нет опыта охраны складов, нужна помощь.",
        "Нашим сотрудникам нужно обучение охране складов.",
        "Наше управление содержит три склада, ограда которых упала.",
        "Министерство располагает складами, но охранять их некому.",
        "Посторонние на склад боеприпасов не допускаются.",
        "У нас немає досвіду охорони складів, потрібна допомога.",
        "Нашим працівникам потрібне навчання з охорони складів.",
        "Наше управління утримує три склади, огорожа яких упала.",
        "Nu avem experiență cu depozitele și avem nevoie de ajutor.",
        "Agenții noștri au nevoie de instruire în paza depozitelor.",
        "Direcția noastră administrează trei depozite ale căror garduri au căzut.",
        "Nuk kemi përvojë me depot dhe na duhet ndihmë.",
        "Punonjësit tanë kanë nevojë për trajnim për ruajtjen e depove.",
        "Drejtoria jonë administron tre depo që nuk kanë gardh.",
        "Немаме искуство со складишта и ни треба помош.",
        "На нашите службеници им треба обука за чување складишта.",
        "Нашата дирекција управува со три складишта без огради.",
        "Nemamo iskustva sa skladištima i treba nam pomoć.",
        "Naši službenici trebaju obuku o čuvanju skladišta.",
        "Naša uprava vodi tri skladišta bez ograda.",
    ],
)
def test_what_is_missing_or_wanted_is_kept(wish):
    assert set_aside("Stockpile security", f"{wish}\n\n{ASKED}") == []


def test_what_stands_in_the_paragraph_that_asks_is_kept():
    told = "Our directorate runs three ammunition depots. Please help us to guard them."
    assert set_aside("Guards and fences", f"{told}\n\n{ASKED}") == []


@pytest.mark.parametrize("title", ["Depots", "Mission of an expert", ""])
def test_what_the_title_has_not_told_is_kept_where_nothing_is_asked_for(title):
    assert set_aside(title, "Our directorate runs three depots and a laboratory.") == []


def test_a_story_that_tells_more_is_kept_where_nothing_is_asked_for():
    told = "We have two heaps of pistols. Somebody counted them in spring."
    assert set_aside("What lies in the cellar", told) == []


def test_a_verb_behind_another_clause_is_not_the_hosts():
    told = "The ministry has gone; somebody runs three depots there."
    assert set_aside("Witnesses", f"{told}\n\n{ASKED}") == []


def test_a_request_of_a_host_alone_is_taken_back_by_one_click(demo_index):
    told = "Our directorate runs three ammunition depots."
    request = Request("r", title="Witnesses", description=f"{told}\n\n{ASKED}")
    (piece,) = demo_index.asides(request)
    kept = Request.from_dict(
        {
            "id": "r",
            "title": "Witnesses",
            "description": request.description,
            "kept": [{"field": piece.field, "start": piece.start, "end": piece.end}],
        }
    )
    assert [each.kept for each in demo_index.asides(kept)] == [True]
    assert demo_index.rank(kept, 1).ranked != demo_index.rank(request, 1).ranked
