"""One meaning at a time: what must not meet, and what a row must not say."""

import pytest

from matcher import Expert, ExpertIndex, Request, default_thesaurus
from matcher.analysis import Analyzer
from matcher.language.tokens import tokenize
from matcher.passages import FAMILY_MARK


def rows(asked, written):
    """The rows of an explanation, as what was asked and what was found."""
    others = [Expert(f"x{n}", summary=f"Music, drums and kitchen number {n}") for n in range(3)]
    index = ExpertIndex([Expert("a", summary=written), *others])
    told = index.explain(Request("r", title=asked), "a").shares
    return [(term.asked, term.found) for term in told]


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        *[("fr", "mal", "mâle"), ("fr", "parle", "parlement"), ("fr", "pays", "payé")],
        *[("fr", "trains", "traîner"), ("fr", "taxi", "taxe"), ("ru", "запах", "запись")],
        *[("uk", "місці", "місцеві"), ("uk", "віз", "віза"), ("bcms", "bira", "biro")],
        *[("mk", "куче", "куќа"), ("mk", "полица", "полиција"), ("ro", "politic", "poliție")],
        *[("ro", "cetățeni", "cetățenie"), ("sq", "rendit", "rëndë"), ("en", "arms", "arm")],
        *[("en", "integrity", "integration"), ("en", "severe", "several")],
        *[("en", "officer", "office"), ("en", "international", "internal")],
        *[("en", "facilitate", "facilitator"), ("en", "simulation", "simulators")],
    ],
)
def test_unrelated_words_have_no_common_stem(language, one, other):
    (first,), (second,) = tokenize(one, language), tokenize(other, language)
    assert first.term != second.term


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("uk", ("місце", "місця", "місцем")),
        ("fr", ("train", "trains")),
        ("en", ("officer", "officers")),
        ("bcms", ("bira", "birati", "biraju")),
    ],
)
def test_forms_of_a_word_with_a_stem_of_its_own_still_meet(language, forms):
    assert len({token.term for form in forms for token in tokenize(form, language)}) == 1


def test_a_word_of_its_own_is_no_form_of_another():
    """A casing is no case, so cases in court are no casings."""
    thesaurus = default_thesaurus()
    text = "the case is lost"
    found = thesaurus.find_senses(text, thesaurus.read(text, "en"), "en")
    assert "cartridge-case" not in {mention.concept_id for mention in found}


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("Communiquer après un féminicide", "Criminal investigation and interviewing"),
        ("police psychologists", "First aid lessons"),
        ("campaign for helmets", "Marking of weapons"),
    ],
)
def test_what_only_a_field_or_a_subject_far_above_joins_does_not_meet(asked, written):
    assert rows(asked, written) == []


def test_who_asks_for_a_field_itself_finds_its_parts():
    assert rows("armed forces", "Conscription") != []
    analyzer = Analyzer(default_thesaurus())
    (passage,) = analyzer.request_passages(Request("r", title="homicide"))
    families = {o.term for o in passage.occurrences if o.term.startswith(FAMILY_MARK)}
    assert families == {"b:G137"}


def test_words_that_say_nothing_are_told_in_one_row():
    told = rows(
        "She will hold it and go away, drums", "We hold the keys, away from home, with drums"
    )
    assert sorted(told) == [("drums", "drums"), ("hold, away", "hold, away")]


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("пасоши", "linie telefonică pentru cetățeni"),
        ("who may carry it", "le contrôle des armées"),
        ("Домашнє насильство", "процена ризика од поплава"),
        ("call for applications", "dokaz u telefonu"),
        ("barracks", "patrouilles de nuit dans les camps"),
        ("mines in the field", "farmers and their barn"),
        ("police stores", "took minutes and kept promises"),
        ("Nous préparons une campagne", "Евакуација села, чамци"),
        ("navy and fire service", "Увольнение в запас"),
        ("transparent spending", "shells are steamed and opened"),
        ("transfers of arms", "hotărâri fără a numi victima"),
        ("indicatori", "patrols with TETRA"),
        ("to facilitate the drafting", "courses by instructors"),
        ("flight simulators", "scenario exercises"),
        ("digital traces", "where weapons come from"),
    ],
)
def test_rows_of_words_hold_one_meaning(asked, written):
    assert rows(asked, written) == []


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("Risk assessment of juvenile prisoners", "Procjena rizika pri prijemu maloljetnika."),
        ("Оценка риска на таможне", "Futa vlerësimin e rrezikut në doganë."),
        ("Évaluation du risque d'incendie", "Am făcut evaluarea riscului de incendiu."),
        ("Tracing of seized rifles", "Obuka osam pasa za traganje za oružjem na prelazima."),
        ("Arma e dhunuesit në shtëpi", "Si ndalohet dhunuesi dhe si merret arma e tij."),
    ],
)
def test_a_wording_is_no_wider_than_its_subject(asked, written):
    index = ExpertIndex([Expert("a", summary=written), Expert("b", summary="Music and drums")])
    told = index.explain(Request("r", title=asked), "a").shares
    assert told or asked.startswith("Tracing")
    narrower = {
        "risk assessment in domestic violence",
        "weapons tracing",
        "perpetrator programmes",
    }
    assert not narrower & {term.concept for term in told}
