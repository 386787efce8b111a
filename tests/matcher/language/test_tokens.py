import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.language.detection import guess_language
from matcher.language.segmentation import sentences
from matcher.language.stopwords import BY_LANGUAGE
from matcher.language.tokens import LANGUAGES, fold, is_small_word, to_latin, tokenize


def terms(text, language):
    return [token.term for token in tokenize(text, language) if token.term is not None]


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", "marking marked marks MARKINGS"),
        ("fr", "formation formations"),
        ("ru", "оружие оружия оружию оружием"),
        ("ru", "материал материала материалом материалы материалов"),
        ("ru", "арсенал арсенала арсенале арсеналы арсеналах"),
        ("uk", "зброя зброї зброю зброєю"),
        ("ro", "evaluarea evaluare evaluării"),
        ("ro", "violență violența violenței violentei"),
        ("ro", "anchetă ancheta anchetei anchetelor anchete"),
        ("ro", "victimă victimei victimelor victime"),
        ("ro", "integritate integrității integritatea"),
        ("ro", "poliție poliția poliției"),
        ("ro", "prevenire prevenirea prevenirii"),
        ("ro", "marcare marcarea marcării"),
        ("ro", "percheziție percheziției percheziții perchezițiilor"),
        ("ro", "militar militari militarii militarilor"),
        ("ro", "funcționar funcționari funcționarii"),
        ("ro", "candidat candidați candidații candidaților"),
        ("ro", "frontieră frontierei frontiere frontierelor"),
        ("sq", "armëve armët armë"),
        ("mk", "полицијата полиција"),
        ("bcms", "policija policije policiji policiju policijom"),
        ("bcms", "мрежа мреже mreža mreze MREŽU"),
        ("bcms", "bezbednost bezbednosti"),
    ],
)
def test_forms_of_one_word_meet_in_one_term(language, forms):
    assert len(set(terms(forms, language))) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("mreža žena", "мрежа жена"), ("šćepan đorđe", "шћепан ђорђе"), ("mreža", "mreza")],
)
def test_scripts_and_missing_diacritics_meet(one, other):
    assert terms(one, "bcms") == terms(other, "bcms")


def test_decomposed_and_compatibility_characters_are_one_word():
    decomposed = unicodedata.normalize("NFD", "mreža čuvara")
    assert [token.folded for token in tokenize(decomposed, "bcms")] == ["mreza", "cuvara"]
    assert fold("ﬁrearms") == "firearms"
    assert fold("ＳＡＬＷ") == "salw"
    assert fold("fire\u00adarms") == "firearms"


def test_russian_and_ukrainian_letters_keep_what_tells_words_apart():
    assert fold("Йод") == "йод"
    assert fold("їжак") == "їжак"
    assert fold("учёт") == fold("учет")
    assert len(tokenize("обов'язок обов’язок", "uk")) == 2


def test_macedonian_letters_become_latin():
    assert to_latin(fold("Ѓорѓи ќе џвака ѕвезда")) == "djordji ce dzvaka dzvezda"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We are looking for an officer who has trained patrols.", "en"),
        ("Nous cherchons un formateur pour la police.", "fr"),
        ("Мы ищем сотрудника, который обучал полицию.", "ru"),
        ("Шукаємо фахівця, який навчав поліцію.", "uk"),
        ("Căutăm un polițist care să instruiască lucrătorii.", "ro"),
        ("Kërkojmë një oficer që ka punuar në polici.", "sq"),
        ("Бараме офицер кој работел во полиција.", "mk"),
        ("Тражимо службеника који је радио у полицији.", "bcms"),
        ("Trazimo sluzbenika koji je radio u policiji.", "bcms"),
        # "Наших" is a small word in four languages, and no Serbian has "щ".
        ("Проверка наших кинологов, ищут оружие в багаже.", "ru"),
        ("Перевірка наших собак, шукають зброю", "uk"),
        ("Провера наших пасова, траже оружје у пртљагу", "bcms"),
        ("Îlotage au village et les maîtres-chiens", "fr"),
        ("Zone în care nu există camere de arme", "ro"),
        ("PSSM SOP + ToT, AF", "en"),
        ("WPS NAP: M&E, KPI", "en"),
        ("", "en"),
        ("12345 !!!", "en"),
    ],
)
def test_language_is_guessed(text, language):
    assert guess_language(text) == language


def test_language_without_a_sign_is_the_default_in_its_own_script_only():
    assert guess_language("Reforma policije", "bcms") == "bcms"
    assert guess_language("патрола", "bcms") == "bcms"
    assert guess_language("полиция", "uk") == "uk"
    assert guess_language("полиция", "fr") == "ru"


@pytest.mark.parametrize("language", LANGUAGES)
def test_small_words_are_no_terms(language):
    assert terms(" ".join(BY_LANGUAGE[language]), language) == []


def test_words_of_the_field_are_not_on_the_english_stop_list():
    text = "force fire system interest serious mine first part cry amount bill"
    assert len(terms(text, "en")) == len(text.split())


def test_of_endless_words_the_beginning_is_read():
    tokens = tokenize("a" * 100_000, "en")
    assert [(t.start, t.end, t.term) for t in tokens] == [(0, 100_000, "a" * 200)]


@settings(deadline=None)
@given(st.text(max_size=300), st.sampled_from(LANGUAGES))
def test_tokens_lie_in_the_text_in_order(text, language):
    tokens = tokenize(text, language)
    for token in tokens:
        assert 0 <= token.start < token.end <= len(text)
        written = fold(text[token.start : token.end])
        # Of a short form in the plural, "UAVs", the singular is read.
        readings = (written, to_latin(written), written.removesuffix("s"))
        assert token.folded in readings or fold(token.folded) == written
    assert all(one.end <= other.start for one, other in pairwise(tokens))


def test_sentences_are_cut_at_their_ends_and_at_line_breaks():
    text = 'I did "it." Then we left! Да.\nNew line… ok (yes.) Fine. 3.5 per cent'
    cut = [text[start:end] for start, end in sentences(text)]
    assert cut == [
        'I did "it."', "Then we left!", "Да.", "New line…", "ok (yes.)", "Fine.", "3.5 per cent",
    ]  # fmt: skip


@settings(deadline=None)
@given(st.text(alphabet="ab .!?…\"')\n\r\t\u2003", max_size=60))
def test_sentences_hold_every_visible_character_once(text):
    spans = sentences(text)
    covered = [place for start, end in spans for place in range(start, end)]
    assert covered == sorted(set(covered))
    assert {place for place in range(len(text)) if not text[place].isspace()} <= set(covered)
    assert all(text[start:end].strip() == text[start:end] != "" for start, end in spans)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", "нашего наших нашим ваши мой какие"),
        ("uk", "нашого наших нашим ваші мої"),
        ("mk", "нашите нашиот ваши мои нивни"),
        ("bcms", "našeg naših vaši gdje ko"),
        ("ro", "nostru voastră înainte"),
        ("sq", "tanë juaj kush çfarë"),
        ("fr", "votre quand quelles"),
        ("en", "ours yours when"),
    ],
)
def test_whose_when_and_who_are_small_words_in_all_forms(language, words):
    assert all(is_small_word(fold(word), language) for word in words.split())
