"""An English wording is found in its other order, where that is no wording by itself."""

import pytest

from matcher import Concept, build_thesaurus
from tests.matcher.thesaurus.test_thesaurus import labels_in


def thesaurus_of(*concepts):
    rows = [Concept(f"C{at}", labels=labels, kind="subject") for at, labels in enumerate(concepts)]
    return build_thesaurus(rows, (), ())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Arms smuggling investigator", "Arms smuggling investigator"),
        ("The control of the stock of ammunition", "control of the stock"),
        ("Stock control for the ammunition depot", "Stock control"),
        ("He leads the control of stock.", "control of stock"),
        ("Boats, harbour and patrols", None),
        ("Patrols of the harbour boat", "Patrols of the harbour boat"),
        ("Patrols of our harbour boat", None),
        ("Smuggling investigators with arms", None),
    ],
)
def test_a_wording_is_found_in_its_other_order(text, found):
    thesaurus = thesaurus_of(
        {"en": ("investigation of arms smuggling",)},
        {"en": ("stock control",)},
        {"en": ("harbour boat patrols",)},
    )
    assert [words for _, words in labels_in(text, thesaurus)] == ([found] if found else [])


def test_a_wording_by_itself_is_not_another_one_turned():
    thesaurus = thesaurus_of({"en": ("house training",)}, {"en": ("training house",)})
    assert labels_in("A training house", thesaurus) == [("training house", "training house")]
    assert labels_in("House training", thesaurus) == [("house training", "House training")]


def test_words_of_another_language_and_longer_wordings_have_one_order():
    thesaurus = thesaurus_of(
        {"en": ("=Xx",), "fr": ("contrôle des armes",)},
        {"en": ("law on the storage and marking of weapons",)},
    )
    assert labels_in("Les armes du contrôle", thesaurus) == []
    assert labels_in("weapons law storage marking", thesaurus) == []
