"""Gender plays no part: feminine and masculine forms of a word find and are found alike."""

from __future__ import annotations

import pytest

from matcher import Expert, ExpertIndex, Request, default_thesaurus
from matcher.language.feminine_forms import shared_form
from matcher.language.stemming import stem
from matcher.language.tokens import fold, to_latin, tokenize
from matcher.thesaurus.matching import Context
from tests.matcher.gender_pairs import PAIRS, pairs

# A sentence on something else that leaves no doubt about the language.
FRAMES = {
    "en": "{} who worked with the others on the weapons and their marking in the depot",
    "fr": "{} qui a travaillé avec les autres pour le marquage des armes dans le dépôt",
    "ru": "{} и это было для маркировки оружия на складе, где мы все вместе",
    "uk": "{} і це було для маркування зброї на складі, де ми всі разом",
    "ro": "{} și care a lucrat cu toți pentru marcarea armelor în depozit",
    "sq": "{} dhe për shënjimin e armëve në depo, që është më shumë se një",
    "mk": "{} и ова беше за обележување на оружјето во складот кај нас",
    "bcms": "{} i to je bilo za obeležavanje oružja u skladištu kod nas",
}


def profile(expert_id, language, word):
    return Expert(expert_id, summary=FRAMES[language].format(word))


def scores(index, request):
    return {match.expert_id: match.score for match in index.rank(request, top=0).ranked}


@pytest.mark.thorough
@pytest.mark.parametrize("language", PAIRS)
def test_both_forms_score_alike_whichever_is_asked_for(language):
    """One index for all pairs of a language, so that other profiles are the same for both."""
    of_language = [(feminine, masculine) for la, feminine, masculine in pairs() if la == language]
    index = ExpertIndex(
        profile(f"{sex}{number}", language, word)
        for number, pair in enumerate(of_language)
        for sex, word in zip("fm", pair, strict=True)
    )
    unequal = []
    for number, pair in enumerate(of_language):
        for word in pair:
            asked = Request("r", description=FRAMES[language].format(word))
            found = scores(index, asked)
            if found[f"f{number}"] != pytest.approx(found[f"m{number}"], rel=1e-9):
                unequal.append((pair, word, found[f"f{number}"], found[f"m{number}"]))
    assert unequal == []


def terms(word, language):
    return [token.term for token in tokenize(word, language)]


@pytest.mark.parametrize(("language", "feminine", "masculine"), pairs())
def test_both_forms_are_one_term(language, feminine, masculine):
    assert terms(feminine, language) == terms(masculine, language) != [None]


def test_there_are_pairs_enough():
    assert len(pairs()) - len(PAIRS["en"].split()) >= 250


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("bcms", "tehnika logistika taktika policija granica jedinica stanica bolnica radionica"),
        ("bcms", "dnevnica zajednica sjednica činjenica patrola kontrola sila obala skala"),
        ("bcms", "posao video studio portfolio misao"),
        ("mk", "граница единица станица болница проверка заедница порака нарачка"),
        ("ru", "граница единица полиция разведка подготовка проверка чистка разница больница"),
        ("uk", "границя одиниця поліція розвідка підготовка перевірка рушниця митниця богиня"),
        ("uk", "генерали матеріали сигнали канали відділи розділи ухвала повістка потерпіла"),
        ("ro", "poliție politica instanță siguranță vânzare"),
        ("fr", "matrice police armée journée donnée idée entrée mitrailleuse rocheuse manière"),
        ("sq", "policia drejtësi mundësi përgjegjësi armeri kamera"),
        ("en", "specimen regimen women woman stress fortress distress human"),
    ],
)
def test_words_that_only_look_feminine_are_left_alone(language, words):
    for word in words.split():
        folded = to_latin(fold(word)) if language in ("mk", "bcms") else fold(word)
        assert shared_form(folded, language) == ((folded,), False)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("bcms", "granica", "granični"),
        ("bcms", "jedinica", "jedini"),
        ("bcms", "policija", "policajac"),
        ("bcms", "dnevnica", "dnevnik"),
        ("bcms", "stranica", "strani"),
        ("mk", "техника", "технички"),
        ("ru", "полиция", "полицейская"),
        ("uk", "рушниця", "рушник"),
        ("uk", "канали", "канава"),
        ("fr", "soirée", "soir"),
        ("fr", "donnée", "don"),
        ("uk", "могила", "могла"),
        ("sq", "psikologjia", "psikologia"),
        ("sq", "drejtësi", "drejta"),
        ("sq", "armë", "armeri"),
    ],
)
def test_other_words_do_not_meet(language, one, other):
    assert terms(one, language)[0] not in terms(other, language)


def test_forms_of_a_word_that_only_looks_feminine_stay_together():
    for language, forms in {
        "uk": "генерал генерала генерали генералу генералом",
        "bcms": "stanica stanice stanici stanicu stanicom",
        "ru": "граница границы границе границу границей границ",
        "fr": "donnée données",
        "mk": "единица единици единицата единиците",
    }.items():
        assert len(set(terms(forms, language))) == 1


def test_a_policewoman_is_a_police_officer():
    assert terms("policewomen", "en") == terms("police officers", "en")
    token, other = tokenize("The policewoman", "en")[1:]
    assert (token.start, token.end) == (other.start, other.end) == (4, 15)


def labels(text, language):
    thesaurus = default_thesaurus()
    words = thesaurus.read(text, language)
    return [
        thesaurus.concepts[found.concept_id].label
        for found in thesaurus.find(text, words, language, Context([text]))
    ]


@pytest.mark.parametrize(
    ("language", "subject", "people"),
    [
        ("en", "Vests for 120 policewomen", "Vests for 120 policemen"),
        ("en", "the share of policewomen", "A policewoman for ten years"),
        ("bcms", "broj policajki u upravi", "broj policajaca u upravi"),
        ("bcms", "obuka policajki", "policajka u Baru"),
        ("mk", "обука на полицајки", "обука на полицајци"),
        ("ru", "доля сотрудниц полиции", "сотрудница полиции"),
        ("fr", "recrutement de policières", "recrutement de policiers"),
        ("ro", "recrutarea polițistelor", "recrutarea polițiștilor"),
    ],
)
def test_women_as_a_group_stay_a_subject_and_a_title_is_none(language, subject, people):
    assert "women in policing" in labels(subject, language)
    assert "women in policing" not in labels(people, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "a policewomen's network"),
        ("bcms", "udruženje policajki"),
        ("bcms", "мрежа полицијских службеница"),
        ("mk", "здружение на полицајки"),
    ],
)
def test_a_network_of_policewomen_is_none_of_policemen(language, text):
    assert "women police network" in labels(text, language)
    assert "women police network" not in labels("a network of police officers", "en")
    assert "women police network" not in labels("udruženje policajaca", "bcms")


@pytest.mark.parametrize(
    ("language", "both", "one"),
    [
        ("fr", "formateur(trice)", "formateur"),
        ("fr", "formateurs(trices)", "formateurs"),
        ("fr", "formateur·rice·s", "formateur"),
        ("fr", "expert·e·s", "expert"),
        ("fr", "expert.e.s", "expert"),
        ("fr", "expert/e", "expert"),
        ("fr", "enquêteur-trice", "enquêteur"),
        ("fr", "policier/ière", "policier"),
        ("fr", "chef(fe)", "chef"),
        ("fr", "enquêteur/enquêtrice", "enquêteur"),
        ("bcms", "inspektor/ka", "inspektor"),
        ("bcms", "inspektor/-ica", "inspektor"),
        ("bcms", "службеник/ца", "службеник"),
        ("bcms", "načelnik/načelnica", "načelnik"),
        ("mk", "инспектор(ка)", "инспектор"),
        ("ru", "сотрудник(ца)", "сотрудник"),
        ("ru", "начальник/начальница", "начальник"),
        ("uk", "інспектор/ка", "інспектор"),
        ("ro", "formator/formatoare", "formator"),
        ("sq", "hetues/e", "hetues"),
    ],
)
def test_a_word_in_both_genders_at_once_is_one_word(language, both, one):
    assert [term for term in terms(both, language) if term] == terms(one, language)


def test_two_words_that_are_joined_stay_two():
    assert terms("police-justice", "fr") == [stem("police", "fr"), stem("justice", "fr")]
    assert terms("border/customs", "en") == [stem("border", "en"), stem("customs", "en")]


def test_numbers_and_unknown_languages_are_no_words_of_a_gender():
    assert stem("1325", "bcms") == "1325"
    assert shared_form("nacelnica", "de").words == ("nacelnica",)
