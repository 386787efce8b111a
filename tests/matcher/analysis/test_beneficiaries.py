"""For whom something is done is no subject where nothing of the field is asked for."""

from __future__ import annotations

import pytest

from matcher import Expert, ExpertIndex, Request

INDEX = ExpertIndex(
    [
        Expert("army", summary="Officer of the armed forces, in the ministry of defence."),
        Expert("police", summary="Police officers, police stations and patrols."),
        Expert("bees", summary="Bee-keeping, queens and hives."),
        Expert("depot", summary="Stockpile security of ammunition depots."),
    ]
)


def ranked(title, description=""):
    request = Request("r", title=title, description=description)
    return [match.expert_id for match in INDEX.rank(request, 0).ranked]


@pytest.mark.parametrize(
    "title",
    [
        "Bee-keeping for the staff of the Ministry of Defence",
        "Queens and hives of the armed forces",
        "Apiculture pour le personnel du ministère de la défense",
        "Пчеловодство для сотрудников министерства обороны",
        "Бджільництво для працівників міністерства оборони",
        "Apicultură pentru personalul ministerului apărării",
        "Bletaria për punonjësit e ministrisë së mbrojtjes",
        "Пчеларство за вработените во министерството за одбрана",
        "Pčelarstvo za zaposlene u ministarstvu odbrane",
        "Yoga for police officers",
    ],
)
def test_whoever_is_of_the_beneficiary_has_nothing_of_what_is_asked_for(title):
    assert not {"army", "police"}.intersection(ranked(title))
    assert not {"army", "police"}.intersection(ranked("A weekly hour", title))


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Armed forces and police", {"army", "police"}),
        ("Work in the armed forces", {"army"}),
        ("Stockpile security and hives for the armed forces", {"army", "depot"}),
        ("The police, with yoga", {"police"}),
    ],
)
def test_a_field_that_is_asked_for_itself_or_beside_a_subject_counts(title, found):
    assert found <= set(ranked(title))
