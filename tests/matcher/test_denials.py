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
# Whoever is not to come, what was enough, and what is named as left out, each with its subject.
OTHER_DENIALS = {
    "en": (
        "No lecturers on [border security].|Nobody from [ballistics], thank you."
        "|Please, no experts on [weapons]."
        "|Last year we had a course on [explosives] and it was enough."
        "|Not needed: [explosives].|Not required: [explosives].|Excluded: [explosives]."
    ),
    "fr": (
        "Pas d'experts en [balistique], merci.|Aucun formateur sur les [armes]."
        "|Exclu : [balistique].|Personne de la [balistique], merci.|Pas besoin : [balistique]."
        "|L'an dernier nous avons eu un cours sur les [explosifs] et cela a suffi."
    ),
    "ru": (
        "Никаких экспертов по [баллистике].|Никого из [баллистики], спасибо."
        "|Не нужно: [баллистика]."
        "|В прошлом году у нас был курс по [взрывчатке], и этого хватило."
        "|Исключено: [баллистика]."
    ),
    "uk": (
        "Жодних експертів з [балістики].|Нікого з [балістики], дякуємо."
        "|Не потрібно: [балістика].|Торік у нас був курс з [вибухівки], і цього вистачило."
        "|Виключено: [балістика]."
    ),
    "ro": (
        "Fără experți în [balistică], vă rugăm.|Nimeni de la [balistică], mulțumim."
        "|Anul trecut am avut un curs despre [explozivi] și a fost suficient."
        "|Exclus: [balistică]."
    ),
    "sq": (
        "Asnjë ekspert për [balistikë], ju lutem.|Askush nga [balistika], faleminderit."
        "|Vitin e kaluar patëm një kurs për [eksplozivë] dhe mjaftoi.|Përjashtuar: [balistika]."
    ),
    "mk": (
        "Никакви експерти за [балистика].|Никој од [балистика], благодариме."
        "|Не треба: [балистика].|Лани имавме курс за [експлозиви] и беше доволно."
        "|Исклучено: [балистика]."
    ),
    "bcms": (
        "Bez predavača o [balistici], molimo.|Niko iz [balistike], hvala."
        "|Ne treba: [balistika]."
        "|Prošle godine smo imali kurs o [eksplozivima] i to je bilo dovoljno."
        "|Isključeno: [balistika]."
    ),
}
OTHERS = [(language, one) for language, told in OTHER_DENIALS.items() for one in told.split("|")]
# What begins likewise, and asks, tells what is missing, or binds those who come.
ASKS = {
    "en": (
        "No later than May we need a trainer on weapons.|No experience is needed."
        "|We need no less than ten years of ballistics.|We need not only ballistics but tracing."
        "|No experts on weapons work in our ministry.|No experts on weapons are left here."
        "|Nobody from our team knows ballistics.|Nobody from the laboratory knows ballistics."
        "|Excluded groups are to be heard on weapons."
        "|Last year we had a course on weapons, and that was enough to see what we lack."
    ),
    "fr": (
        "Aucun expert en armes ne travaille chez nous."
        "|Personne de la brigade ne connaît la balistique."
        "|Nous avons besoin d'un formateur sur les armes au plus tard en mai."
    ),
    "ru": "Никаких экспертов по оружию у нас нет.|Не позднее мая нужен тренер по оружию.",
    "uk": "Жодних експертів зі зброї у нас немає.|Не пізніше травня потрібен тренер зі зброї.",
    "ro": "Fără experți în arme nu putem lucra.|Nimeni din echipa noastră nu știe balistică.",
    "sq": "Asnjë ekspert për armë nuk punon te ne.|Askush nga ekipi nuk e njeh balistikën.",
    "mk": "Без експерти за оружје не можеме.|Никој од нашите не знае балистика.",
    "bcms": "Bez stručnjaka za oružje ne možemo.|Niko iz naše službe ne zna balistiku.",
}
ASKING = [(language, one) for language, told in ASKS.items() for one in told.split("|")]
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


@pytest.mark.parametrize(("language", "denial"), OTHERS)
def test_who_is_not_to_come_and_what_was_enough_is_set_aside(language, denial):
    wanted, _ = WANTED[language]
    subject = denial[denial.index("[") + 1 : denial.index("]")]
    text = f"{wanted} {denial.replace('[', '').replace(']', '')}"
    (aside,) = asides("", text, guess_language(text))
    assert aside.kind == "not_wanted"
    assert subject in text[aside.start : aside.end]
    assert aside.start >= len(wanted)


@pytest.mark.parametrize(("language", "sentence"), ASKING)
def test_what_begins_like_a_denial_and_is_none_counts(language, sentence):
    text = f"{WANTED[language][0]} {sentence}"
    assert asides("", text, guess_language(text)) == ()


def test_each_clause_that_denies_is_set_aside():
    denied = ["do not need theory", "no experts on weapons please."]
    text = f"We look for a trainer on shelters. We {'; '.join(denied)}"
    assert [text[each.start : each.end] for each in asides("", text, "en")] == denied


def test_a_clause_behind_a_denial_does_not_undo_it():
    text = "We look for a trainer on shelters. No experts on weapons; they are left here."
    (aside,) = asides("", text, "en")
    assert text[aside.start : aside.end] == "No experts on weapons"


def test_what_is_named_as_not_needed_is_denied_no_further_than_its_sentence():
    text = "Not needed: explosives. Shelters for women after violence."
    (aside,) = asides("", text, "en")
    assert text[aside.start : aside.end] == "Not needed: explosives."


def test_a_list_below_what_is_not_needed_is_set_aside():
    listed = "Not needed:\n- explosives\n- ballistics"
    text = f"We look for a trainer.\n\n{listed}\n\nShelters are for women after violence."
    told = [text[each.start : each.end] for each in asides("", text, "en")]
    assert told == ["Not needed:", "explosives", "ballistics"]
