"""Words that say nothing of who suits a request."""

from collections import Counter
from pathlib import Path

import pytest

from matcher.language import LANGUAGES, is_asking, is_empty, tokenize

TABLE = Path(__file__).resolve().parents[3] / "data" / "language" / "empty.tsv"


def rows():
    lines = TABLE.read_text(encoding="utf-8").splitlines()[1:]
    return [line.split("\t") for line in lines]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_word_stands_once_in_its_language(language):
    words = Counter(word for _, of, told in rows() if of == language for word in told.split())
    assert [word for word, times in words.items() if times > 1] == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("sq", "na duam kishim askush mënyrë"),
        ("bcms", "imamo imala možemo hoćemo nitko gdje"),
        ("mk", "имаме сакаме можат никој"),
        ("ro", "vrem putem știu cineva"),
        ("ru", "хотим можем никто"),
        ("uk", "хочемо можемо ніхто"),
        ("fr", "voulons pouvons rien"),
    ],
)
def test_having_wanting_and_being_able_say_nothing(language, words):
    telling = [token.term for token in tokenize(words, language) if token.term]
    assert [term for term in telling if not is_empty(term, language)] == []


def test_whoever_asks_is_empty_and_is_told_apart():
    assert is_empty("expert", "en")
    assert is_asking("expert", "en")
    assert is_empty("week", "en")
    assert not is_asking("week", "en")
