"""Everyday words of one sense, in eight languages."""

import re

import pytest

from matcher import (
    Expert,
    ExpertIndex,
    Request,
    Sense,
    ThesaurusError,
    ThesaurusTables,
    build_thesaurus,
    default_thesaurus,
)
from matcher.language.detection import guess_language
from matcher.language.tokens import LANGUAGES


def meanings(text, thesaurus=None):
    """The words of a text that have a sense, with those senses."""
    thesaurus = thesaurus or default_thesaurus()
    language = guess_language(text)
    found = thesaurus.find_senses(text, thesaurus.read(text, language), language)
    return [(text[f.start : f.end], f.concept_id) for f in found]


def senses(*labels):
    """A thesaurus of senses alone, each of them a mapping from language to words."""
    return build_thesaurus((), (), (), [Sense(f"s{n}", row) for n, row in enumerate(labels)])


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("concealed in a lorry", "Hidden things in trucks and vans, every week."),
        ("she phones for help", "I answer emergency calls by telephone."),
        ("pretres vozila na granici", "We search cars and buses at the border."),
        ("сховане у вантажівці", "We find what is hidden in the truck."),
        ("femei care pleacă din poliție", "Why policewomen leave the service; retention."),
        ("gra që largohen nga policia", "Retention of women in the police."),
        ("скрытое в грузовике", "Concealed in lorries."),
        ("жени во полиција", "Žene u policiji su u manjini."),
        ("cachées dans un camion", "Sakriveno u kamionu."),
    ],
)
def test_everyday_words_of_one_sense_meet_in_every_language(asked, written):
    shared = {sense for _, sense in meanings(asked)} & {sense for _, sense in meanings(written)}
    assert shared


def test_a_sense_brings_a_profile_to_a_request_that_shares_no_word_with_it():
    thesaurus = senses({"en": ("hidden", "concealed")}, {"en": ("lorry", "truck")})
    others = [Expert(f"x{n}", summary=f"Music, drums and kitchen number {n}") for n in range(3)]
    index = ExpertIndex(
        [Expert("a", summary="Concealed goods in trucks"), *others], thesaurus=thesaurus
    )
    request = Request("r", title="hidden in a lorry")
    assert [match.expert_id for match in index.rank(request).ranked] == ["a"]
    told = index.explain(request, "a").terms
    assert {(term.asked, term.found) for term in told} == {
        ("hidden", "Concealed"),
        ("lorry", "trucks"),
    }
    assert {term.concept for term in told} == {None}
    assert index.explain(request, "a").lacking == ()


def test_a_phrase_of_which_one_word_is_left_stands_for_nothing():
    """Without its small word "hand over" would be found in every hand."""
    thesaurus = senses({"en": ("surrender", "hand over", "lay down arms")})
    assert meanings("both hands", thesaurus) == []
    assert meanings("they lay down their arms", thesaurus) == [("lay down their arms", "s0")]


def test_english_words_of_one_stem_and_two_meanings_are_told_apart():
    thesaurus = senses({"en": ("responsible",)}, {"en": ("response", "respond")})
    assert meanings("responsible for the responses", thesaurus) == [
        ("responsible", "s0"),
        ("responses", "s1"),
    ]


def test_words_that_only_look_like_forms_of_each_other_are_told_apart():
    thesaurus = senses(
        {"en": ("care", "look after")}, {"en": ("car",)}, {"en": ("plan",)}, {"en": ("plane",)}
    )
    text = "planned care for cars, cared for the planes, planning, caring"
    assert meanings(text, thesaurus) == [
        ("planned", "s2"),
        ("care", "s0"),
        ("cars", "s1"),
        ("cared", "s0"),
        ("planes", "s3"),
        ("planning", "s2"),
        ("caring", "s0"),
    ]


@pytest.mark.parametrize(
    ("written", "word"),
    [
        *[("agreed", "agree"), ("travelled", "travel"), ("crises", "crisis"), ("knives", "knife")],
        *[("ties", "tie"), ("parties", "party"), ("churches", "church"), ("buses", "bus")],
        *[("bases", "base"), ("hoping", "hope"), ("hopping", "hop"), ("sniffed", "sniff")],
        *[("rats", "rat"), ("rated", "rate"), ("patrolling", "patrol"), ("analyses", "analysis")],
    ],
)
def test_inflected_english_words_have_the_sense_of_theirs(written, word):
    words = ["agree", "travel", "crisis", "knife", "tie", "party", "church", "bus", "base", "hope"]
    words += ["hop", "sniff", "rat", "rate", "patrol", "analysis"]
    thesaurus = build_thesaurus((), (), (), [Sense(word, {"en": (word,)}) for word in words])
    assert meanings(f"the {written} of it", thesaurus) == [(written, word)]


def test_a_misspelt_word_has_the_sense_of_the_one_it_is_read_as():
    thesaurus = senses({"en": ("smuggling", "contraband")})
    index = ExpertIndex(
        [Expert("a", summary="Contraband on trains, ferries and planes")], thesaurus=thesaurus
    )
    ranked = index.rank(Request("r", title="against smugling")).ranked
    assert [match.expert_id for match in ranked] == ["a"]
    whole = ExpertIndex([Expert("a", summary="Ammunition and bullets in a depot")])
    for title in ("amunition", "invstigation"):
        terms = whole.asked(Request("r", title=title)).counts
        assert [term for term in terms if term.startswith("w:")], title


def test_words_of_several_senses_are_told_once():
    thesaurus = senses({"en": ("fire", "blaze")}, {"en": ("fire", "dismiss")})
    index = ExpertIndex(
        [Expert("a", summary="Fire in a depot, smoke and rescue")], thesaurus=thesaurus
    )
    (term,) = index.explain(Request("r", title="fire"), "a").terms
    assert (term.asked, term.found) == ("fire", "Fire")


def test_senses_are_checked_and_merged_as_concepts_are():
    with pytest.raises(ThesaurusError, match="sense s0: no English label"):
        senses({"fr": ("feu",)})
    with pytest.raises(ThesaurusError, match="sense s0: unknown language xx"):
        senses({"en": ("fire",), "xx": ("fire",)})
    twice = [Sense("fire", {"en": ("fire",)})] * 2
    with pytest.raises(ThesaurusError, match="sense fire stands there twice"):
        build_thesaurus((), (), (), twice)
    old = ThesaurusTables((), (), (), twice[:1])
    new = ThesaurusTables((), (), (), [Sense("fire", {"en": ("fire", "blaze")})])
    assert old.merged(new).senses == list(new.senses)
    assert build_thesaurus(*old).digest != build_thesaurus(*new).digest


def test_the_shipped_everyday_words_have_every_language():
    words = default_thesaurus().senses.values()
    assert len(words) >= 1000
    assert [sense.id for sense in words if len(sense.labels) < len(LANGUAGES) - 2] == []
    without = [key for key in LANGUAGES if sum(key in s.labels for s in words) < 0.95 * len(words)]
    assert without == []
    cyrillic = re.compile("[\u0400-\u04ff]")
    for sense in words:
        for language, labels in sense.labels.items():
            mixed = [
                w for w in labels if bool(cyrillic.search(w)) != (language in ("ru", "uk", "mk"))
            ]
            # Short forms of international bodies keep their Latin letters.
            assert [word for word in mixed if not word.isupper()] == [], (sense.id, language)
