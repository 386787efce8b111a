"""What an expert would like to do, is curious about or does not know yet is no proof of it."""

from __future__ import annotations

import pytest

from matcher import Expert, ExpertIndex, Request

ASKED = Request("r", title="Border control")


def ranked(summary):
    roster = [
        Expert("one", summary=f"Marks firearms.\n\n{summary}"),
        Expert("other", summary="Sings."),
    ]
    return [match.expert_id for match in ExpertIndex(roster).rank(ASKED, 0).ranked]


@pytest.mark.parametrize(
    "text",
    [
        "Border control is new to me.",
        "I hope to work in border control.",
        "Interested in border control.",
        "I am interested in border control.",
        "My interest is border control.",
        "I would like to work in border control.",
        "Wishes to move into border control.",
        "Looking forward to working in border control.",
        "Border control is a field I would like to learn.",
        "Curious about border control.",
        "Le contrôle des frontières est nouveau pour moi.",
        "J'espère travailler dans le contrôle des frontières.",
        "Intéressé par le contrôle des frontières.",
        "Je m'intéresse au contrôle des frontières.",
        "Souhaite travailler dans le contrôle des frontières.",
        "Пограничный контроль для меня новая область.",
        "Надеюсь работать в пограничном контроле.",
        "Интересуюсь пограничным контролем.",
        "Хотел бы работать в пограничном контроле.",
        "Пограничный контроль мне интересен.",
        "Прикордонний контроль для мене нова сфера.",
        "Сподіваюся працювати у прикордонному контролі.",
        "Цікавлюся прикордонним контролем.",
        "Хотіла б працювати у прикордонному контролі.",
        "Прикордонний контроль мені цікавий.",
        "Controlul frontierei este nou pentru mine.",
        "Sper să lucrez în controlul frontierei.",
        "Interesată de controlul frontierei.",
        "Mă interesează controlul frontierei.",
        "Aș dori să lucrez în controlul frontierei.",
        "Kontrolli kufitar është i ri për mua.",
        "Shpresoj të punoj në kontrollin kufitar.",
        "I interesuar për kontrollin kufitar.",
        "Më intereson kontrolli kufitar.",
        "Do të doja të punoja në kontrollin kufitar.",
        "Граничната контрола е нова за мене.",
        "Се надевам дека ќе работам во гранична контрола.",
        "Заинтересиран за гранична контрола.",
        "Ме интересира гранична контрола.",
        "Би сакала да работам во гранична контрола.",
        "Granična kontrola je nova za mene.",
        "Nadam se da ću raditi u graničnoj kontroli.",
        "Zainteresovana za graničnu kontrolu.",
        "Zanima me granična kontrola.",
        "Željela bih raditi u graničnoj kontroli.",
    ],
)
def test_what_somebody_would_like_to_do_or_does_not_know_is_no_proof(text):
    assert ranked(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Introduced a border control that the service had not known.",
        "Trained officers who were interested in border control.",
        "Met all interested parties in border control.",
        "Best interests of the child in border control.",
        "I would like to work again in border control, where I served ten years.",
        "Represented the interests of border control in parliament.",
        "Explained new rules on border control to me and my colleagues.",
        "A introduit un contrôle des frontières nouveau pour le pays.",
        "A réuni les services intéressés par le contrôle des frontières.",
        "Создала новую систему пограничного контроля.",
        "Обучал сотрудников, интересующихся пограничным контролем.",
        "Створила нову систему: прикордонний контроль.",
        "A instruit agenți interesați de controlul frontierei.",
        "Krijoi një sistem të ri të kontrollit kufitar.",
        "Trajnoi zyrtarë të interesuar për kontrollin kufitar.",
        "Воведе нов систем за гранична контрола.",
        "Обучи службеници заинтересирани за гранична контрола.",
        "Uvela novi sistem granične kontrole.",
        "Obučavala zainteresovane službenike za graničnu kontrolu.",
    ],
)
def test_what_was_done_with_people_or_things_that_were_new_is_proof(text):
    assert ranked(text) == ["one"]


def test_a_sentence_and_a_paragraph_begin_a_clause_and_a_line_does_not():
    assert ranked("Sings. Interested in border control.") == []
    assert ranked("Sings\n\nInterested in border control.") == []
    assert ranked("Trained officers\ninterested in border control.") == ["one"]
