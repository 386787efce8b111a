"""Which language a text is written in, from its letters and small words."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from functools import cache
from itertools import chain
from typing import Final

from matcher.language.memory import Remembered
from matcher.language.tokens import (
    CYRILLIC,
    LONE_SIGN,
    SAMPLE,
    SIGN,
    SOUTH_SLAVIC,
    fold,
    is_small_word,
)

_DISTINCTIVE: Final = {
    "mk": frozenset("ѓќѕѐѝ"),
    "bcms": frozenset("ђћčćšžđ"),
    "uk": frozenset("іїєґ"),
    "ru": frozenset("ыэёъ"),
    "ro": frozenset("șțşţă"),
    "sq": frozenset("ë"),
    "fr": frozenset("éèêàùœôû"),
}
# Letters that South Slavic languages alone have, and those that they have not.
_SOUTH_SLAVIC_CYRILLIC: Final = frozenset("јљњђћџѓќѕ")
_EAST_SLAVIC_CYRILLIC: Final = frozenset("йщьюяыэъёіїєґ")
_EAST_SLAVIC: Final = ("ru", "uk")
_CYRILLIC_SCRIPT: Final = ("ru", "uk", "mk", "bcms")
_LATIN_SCRIPT: Final = ("en", "fr", "ro", "sq", "bcms")


def language_signs(text: str) -> dict[str, float]:
    """How much speaks for each of :data:`LANGUAGES` that is written in the script of a text.

    Each small word counts for every language that has it, divided by how many do; a letter that
    only one of them uses counts a third of such a word.
    """
    sample = unicodedata.normalize("NFC", text[:SAMPLE])
    letters = sample.lower()
    candidates = _candidates(letters)
    signs = dict.fromkeys(candidates, 0.0)
    # Without a letter that only some languages have there is nothing to count.
    if not sample.isascii():
        for language in candidates:
            signs[language] = sum(map(letters.count, _DISTINCTIVE.get(language, ()))) / 3
    # What is between two blanks, with the signs beside its words, is looked at once.
    speaking = map(_speaking_among(candidates).__getitem__, sample.split())
    for language, share in chain.from_iterable(speaking):
        signs[language] += share
    return signs


def sign_share(text: str, language: str) -> float:
    """How much speaks for a language, for each word of the beginning that is looked at; a text in
    a language that is none of :data:`LANGUAGES` has little of it for any."""
    words = len(text[:SAMPLE].split())
    return language_signs(text).get(language, 0.0) / words if words else 0.0


def guess_language(text: str, default: str | None = None) -> str:
    """Guess which of :data:`LANGUAGES` a text is written in, from its letters and small words.

    Without more than one sign against it the answer is ``default``, if one is given that is written
    in the script of the text; without a default English comes first among equals.
    """
    return likeliest(language_signs(text), default)


def likeliest(signs: Mapping[str, float], default: str | None = None) -> str:
    """The language that most speaks for, as :func:`guess_language` chooses it."""
    best = max(signs.values())
    candidates = list(signs)
    if default is not None and best - signs.get(default, -math.inf) <= LONE_SIGN:
        return default
    equal = default or "en"
    return max(candidates, key=lambda c: (signs[c] == best, c == equal, -candidates.index(c)))


def _candidates(letters: str) -> tuple[str, ...]:
    cyrillic = 0 if letters.isascii() else len(CYRILLIC.findall(letters))
    if not cyrillic or 2 * cyrillic <= sum(map(str.isalpha, letters)):
        return _LATIN_SCRIPT
    if not _SOUTH_SLAVIC_CYRILLIC.isdisjoint(letters):
        return SOUTH_SLAVIC
    return _CYRILLIC_SCRIPT if _EAST_SLAVIC_CYRILLIC.isdisjoint(letters) else _EAST_SLAVIC


@cache
def _speaking_among(
    candidates: tuple[str, ...],
) -> Mapping[str, tuple[tuple[str, float], ...]]:
    """The languages that small words in a piece of text speak for, each with how much."""

    def speaking(piece: str) -> tuple[tuple[str, float], ...]:
        small = [_languages_of_small_word(word, candidates) for word in SIGN.findall(piece)]
        return tuple((language, 1 / len(having)) for having in small for language in having)

    return Remembered(speaking)


def _languages_of_small_word(word: str, candidates: tuple[str, ...]) -> tuple[str, ...]:
    # Acronyms are of no language: "ToT" is not the Romanian "tot".
    if word[1:] != word[1:].lower() or (len(word) == 1 and word.isupper()):
        return ()
    return tuple(language for language in candidates if is_small_word(fold(word), language))
