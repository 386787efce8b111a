"""All forms of a verb that is made of a noun are one term."""

import pytest

from matcher.language import tokenize


def terms(words, language):
    return {token.term for token in tokenize(words, language)}


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        (
            "bcms",
            "organizovati organizovao organizovala organizovali organizovano organizovana"
            " organizuje organizujemo organizuju organizovanje organizovanjem",
        ),
        ("bcms", "planirati planirao planirala planirani planira planiramo planiranje"),
        ("mk", "планира планираат планираше планирал планирала планиран планирање планирањето"),
        ("mk", "обучува обучуваат обучувал обучувала обучување"),
        ("uk", "розслідувати розслідував розслідувала розслідує розслідую розслідування"),
    ],
)
def test_forms_of_a_verb_are_one_term(language, forms):
    assert len(terms(forms, language)) == 1


@pytest.mark.parametrize(
    ("language", "verb", "other"),
    [
        ("bcms", "obrazovanje", "obraz"),
        ("bcms", "vjerovati", "vjera"),
        ("bcms", "poštovanje", "pošta"),
        ("bcms", "imamo", "imami"),
        ("bcms", "struje", "stroj"),
        ("en", "propeller", "propellant"),
    ],
)
def test_what_a_verb_is_made_of_is_another_term(language, verb, other):
    assert terms(verb, language).isdisjoint(terms(other, language))
