"""Different words that end in one stem are known, each looked at.

Stemmers strip endings without knowing words, so that two rows of the thesaurus can meet by accident
(French "livre", a book, and "livrer", to supply). Whoever adds a wording that brings about a new
collision decides it: unrelated words get stems of their own in ``data/language/apart.tsv``, and
what may meet (words of one family, or forms that are alike anyway) is added to ``collisions.tsv``
beside this test.
"""

from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from matcher import default_thesaurus
from matcher.language import LANGUAGES, english_forms, tokenize
from matcher.thesaurus.word_forms import english_base

DECIDED = Path(__file__).with_name("collisions.tsv")


@cache
def english_words():
    """The whole English words of senses without the plural's "s", as the thesaurus knows them."""
    labels = [word for sense in default_thesaurus().senses.values() for word in sense.labels["en"]]
    tokens = [token for label in labels for token in tokenize(label, "en") if token.term]
    return {english_forms(token.folded)[-1] for token in tokens}


def key_of(token, language):
    return english_base(token.folded, english_words()) if language == "en" else token.term


def rows_by_word(language):
    """For each term of a single word the words that have it, each with the senses it stands for."""
    found = defaultdict(lambda: defaultdict(set))
    for sense in default_thesaurus().senses.values():
        for label in sense.labels.get(language, ()):
            tokens = tokenize(label, language)
            if len(tokens) == 1 and tokens[0].term is not None and not label.startswith("="):
                found[key_of(tokens[0], language)][tokens[0].folded].add(sense.id)
    return found


def collisions(language):
    """Words of one term of which two share no sense, as they stand in the table."""
    for term, words in rows_by_word(language).items():
        senses = list(words.values())
        if any(one.isdisjoint(other) for at, one in enumerate(senses) for other in senses[:at]):
            yield f"{language}\t{term}\t{' '.join(sorted(words))}"
    phrases = default_thesaurus()._wordings.phrases(language)
    for phrase, concepts in phrases.items():
        if len(concepts) > 1:
            yield f"{language}\t{' '.join(phrase.split())}\t{' '.join(sorted(concepts))}"


def decided():
    return DECIDED.read_text(encoding="utf-8").splitlines()[1:]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_collision_of_stems_has_been_decided(language):
    known = {line for line in decided() if line.startswith(f"{language}\t")}
    assert sorted(set(collisions(language)) - known) == []


def test_no_collision_stands_there_that_is_none_any_more():
    now = {line for language in LANGUAGES for line in collisions(language)}
    assert [line for line in decided() if line not in now] == []
