"""What a request says it does not want, in eight languages and in many ways."""

from __future__ import annotations

import pytest

from matcher.boilerplate import asides
from matcher.language import guess_language

# What is asked for, and what is denied in each of the sentences.
WANTED = {
    "en": ("We look for a trainer on shelters.", "marking of weapons"),
    "fr": ("Nous cherchons un formateur sur les refuges.", "marquage des armes"),
    "ru": ("Ищем тренера по приютам для женщин.", "маркировка оружия"),
    "uk": ("Шукаємо тренера з притулків для жінок.", "маркування зброї"),
    "ro": ("Căutăm un formator pe adăposturi.", "marcarea armelor"),
    "sq": ("Kërkojmë një trajner për strehëzat.", "markimi i armëve"),
    "mk": ("Бараме обучувач за засолништа.", "обележување на оружје"),
    "bcms": ("Tražimo trenera za sigurne kuće.", "obilježavanje oružja"),
}
DENIALS = {
    "en": (
        "We do not need {}.|{} has been done already.|Send nobody for {}.|Anything but {}."
        "|We have enough specialists in {}.|Do not send experts on {}.|{} is already covered."
        "|{} is somebody else's task.|We would rather not deal with {}.|We ask for nothing on {}."
        "|No help is wanted with {}."
    ),
    "fr": (
        "Le {} n'est pas demandé.|Il ne s'agit pas de {}.|Le {} est déjà fait."
        "|N'envoyez personne pour le {}.|Nous avons assez de monde pour le {}."
    ),
    "ru": (
        "{} не нужна.|Нам не требуется {}.|{} уже проведена.|Не присылайте никого по теме {}."
        "|У нас достаточно людей на {}."
    ),
    "uk": (
        "{} не потрібне.|Нам не потрібно {}.|{} вже зроблено.|Не надсилайте нікого на {}."
        "|У нас досить людей на {}."
    ),
    "ro": (
        "Nu avem nevoie de {}.|{} s-a făcut deja.|Nu trimiteți pe nimeni pentru {}."
        "|Avem destui oameni pentru {}."
    ),
    "sq": (
        "{} nuk nevojitet.|{} është bërë tashmë.|Mos dërgoni askënd për {}."
        "|Kemi mjaft njerëz për {}."
    ),
    "mk": (
        "{} не ни треба.|Не е потребно {}.|{} веќе е завршено.|Имаме доволно луѓе за {}."
        "|Не праќајте никого за {}."
    ),
    "bcms": (
        "{} nam ne treba.|Nije potrebno {}.|{} je već završeno.|Ne šaljite nikoga za {}."
        "|Imamo dovoljno ljudi za {}."
    ),
}
ALL = [(language, one) for language, told in DENIALS.items() for one in told.split("|")]


@pytest.mark.parametrize(("language", "denial"), ALL)
def test_what_is_not_wanted_is_set_aside_and_what_is_wanted_is_not(language, denial):
    wanted, subject = WANTED[language]
    sentence = denial.format(subject)
    text = f"{wanted} {sentence[0].upper()}{sentence[1:]}"
    (aside,) = asides("", text, guess_language(text))
    assert aside.kind == "not_wanted"
    assert subject.casefold() in text[aside.start : aside.end].casefold()
    assert aside.start >= len(wanted)


def test_a_denial_at_the_end_denies_nothing_of_the_next_clause():
    text = "Marking of weapons is not needed; tracing of weapons is."
    (aside,) = asides("", text, "en")
    assert text[aside.start : aside.end] == "Marking of weapons is not needed"
