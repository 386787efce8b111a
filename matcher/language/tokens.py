"""From text to terms.

A token keeps its place in the untouched text: every operation on characters (compatibility forms,
case, script, diacritics) is done on the single token, never on the whole text, so that an
explanation can mark the very words the expert wrote.

The steps for one token are Unicode NFKC and case folding; Macedonian, Serbian and Montenegrin
Cyrillic brought to Latin letters; diacritics folded (people write "mreza zena" for "mreža žena");
the stop list of the text's language; the stem of that language.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

from matcher.language.stemming import stem
from matcher.language.stopwords import BY_LANGUAGE

LANGUAGES: Final = ("en", "fr", "ru", "uk", "ro", "sq", "mk", "bcms")
# A change in how text becomes terms makes stored indexes stale; raise this number with it.
TEXT_VERSION: Final = 5
# Combining marks and invisible joiners belong to the word they stand in (decomposed "č", soft
# hyphens), and so does the apostrophe between two Cyrillic letters, which is a letter's worth in
# Ukrainian.
TOKEN: Final = re.compile(
    r"\w(?:[\w\u0300-\u036f\u00ad\u200b-\u200d]|(?<=[\u0400-\u04ff])['\u2019\u02bc](?=[\u0400-\u04ff]))*"
)
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200d'\u2019\u02bc]")
_SOUTH_SLAVIC_LATIN: Final = str.maketrans({
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "ђ": "dj", "ѓ": "dj", "е": "e", "ж": "z",
    "з": "z", "ѕ": "dz", "и": "i", "ј": "j", "к": "k", "л": "l", "љ": "lj", "м": "m", "н": "n",
    "њ": "nj", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "ћ": "c", "ќ": "c", "у": "u",
    "ф": "f", "х": "h", "ц": "c", "ч": "c", "џ": "dz", "ш": "s",
})  # fmt: skip
# Letters that Unicode does not decompose into a base letter and a mark.
_LATIN_LETTERS: Final = str.maketrans(
    {"đ": "dj", "ł": "l", "ø": "o", "ı": "i", "œ": "oe", "æ": "ae"}
)
SOUTH_SLAVIC: Final = ("mk", "bcms")
# Letters of one word that are read; time should not depend on what somebody pasted.
_LONGEST_WORD: Final = 200


class Token(NamedTuple):
    """One word of a text: where it stands, its folded form, and its term (None if it carries no
    subject)."""

    start: int
    end: int
    folded: str
    term: str | None


class Word(NamedTuple):
    """One word of a text of whatever language, folded."""

    start: int
    end: int
    folded: str


@lru_cache(maxsize=200_000)
def fold(word: str) -> str:
    """Bring one word to its comparable form: NFKC, case, script, diacritics.

    >>> fold("Мрежа"), fold("MREŽA"), fold("Đorđe")
    ('мрежа', 'mreza', 'djordje')

    Cyrillic stays Cyrillic here, because only the text around a word tells Serbian from Russian;
    see :func:`to_latin`.
    """
    word = _INVISIBLE.sub("", unicodedata.normalize("NFKC", word[:_LONGEST_WORD])).casefold()
    folded = []
    for letter in unicodedata.normalize("NFC", word):
        base = unicodedata.normalize("NFD", letter)
        # Marks are dropped from Latin letters, and from ё; Cyrillic й and ї are letters of their
        # own.
        folded.append(base[0] if base[0].isascii() else "е" if letter == "ё" else letter)
    return "".join(folded).translate(_LATIN_LETTERS)


def to_latin(folded: str) -> str:
    """Write a folded Serbian, Montenegrin or Macedonian Cyrillic word in folded Latin letters."""
    return folded if folded.isascii() else folded.translate(_SOUTH_SLAVIC_LATIN)


def _stop_sets() -> dict[str, frozenset[str]]:
    sets = {language: {fold(word) for word in words} for language, words in BY_LANGUAGE.items()}
    sets["bcms"] |= {to_latin(word) for word in sets["bcms"]}
    sets["mk"] = {to_latin(word) for word in sets["mk"]}
    return {language: frozenset(words) for language, words in sets.items()}


_STOP: Final = _stop_sets()


def is_small_word(folded: str, language: str) -> bool:
    """Whether a folded word is on the stop list of a language, in either script of it."""
    return (to_latin(folded) if language in SOUTH_SLAVIC else folded) in _STOP[language]


def tokenize(text: str, language: str) -> list[Token]:
    """Split ``text`` into tokens with terms of ``language``; offsets are those of ``text``."""
    return [
        Token(*found.span(), *_read_word(found.group(), language)) for found in TOKEN.finditer(text)
    ]


def words_of(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """The words of ``text[start:end]``, whatever its language; offsets are those of ``text``."""
    stop = len(text) if end is None else end
    return [Word(*found.span(), fold(found.group())) for found in TOKEN.finditer(text, start, stop)]


@lru_cache(maxsize=200_000)
def _read_word(word: str, language: str) -> tuple[str, str | None]:
    """The folded form of a word, and its term if it has one."""
    folded = to_latin(fold(word)) if language in SOUTH_SLAVIC else fold(word)
    # A number of one or two digits is a count of something, not a subject.
    small = len(folded) < 2 or folded in _STOP[language] or (folded.isdigit() and len(folded) < 3)
    return folded, None if small else stem(folded, language)
