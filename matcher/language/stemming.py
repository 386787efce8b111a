"""Stems: Snowball where it has the language, light suffix stripping of our own where it has not.

Every stemmer gets folded words (no diacritics, Latin script for South Slavic), because a roster is
written by people with and without the right keyboard, and both must end at the same stem.
"""

from __future__ import annotations

import re
import threading
from functools import lru_cache
from typing import Final, Protocol

import snowballstemmer

from matcher.language.feminine_forms import shared_form
from matcher.language.romanian_articles import without_article
from matcher.language.stems_apart import stem_apart


class _Stemmer(Protocol):
    maxCacheSize: int  # noqa: N815 - so is this one

    def stemWord(self, word: str) -> str: ...  # noqa: N802 - the name is Snowball's


_SNOWBALL: Final = {"en": "english", "fr": "french", "ru": "russian", "ro": "romanian"}

# Letters that must stay when an ending of several letters is taken off; one letter may always leave
# three. Albanian nouns are short and their endings long ("armë", "armëve").
_SHORTEST_STEM: Final = {"bcms": 4, "mk": 4, "uk": 4, "sq": 3}
# Case, number and definiteness endings; the longest that fits is taken off.
_ENDINGS: Final[dict[str, tuple[str, ...]]] = {
    # Nominal and adjectival endings of Bosnian, Croatian, Montenegrin and Serbian.
    "bcms": (
        "ostima", "ijama", "ijom", "ovima", "evima", "nostima", "icama", "anjima", "enjima",
        "ijski", "ijska", "ijsko", "osti", "ama", "ima", "iju", "ija", "ije", "iji", "ovi", "ova",
        "eva", "evi", "oga", "ega", "omu", "emu", "og", "eg", "om", "em", "im", "ih", "oj", "ost",
        "a", "e", "i", "o", "u",
    ),
    # Macedonian has no cases but three articles that are written to the noun.
    "mk": (
        "ostite", "iite", "ovite", "ijata", "ijava", "iste", "osta", "ite", "ive", "ine", "ata",
        "ava", "ana", "oto", "ovo", "eto", "evo", "iot", "iov", "ion", "ija", "ije", "iji", "ost",
        "osti", "ot", "ov", "ta", "to", "te", "a", "e", "i", "o", "u",
    ),
    "uk": (
        "остями", "ення", "ання", "енням", "анням", "ями", "ами", "ість", "ості", "ього",
        "ому", "ого", "ої", "ими", "іми", "ові", "еві", "єю", "ею", "ою", "ій", "ий", "их", "ім",
        "им", "ах", "ях", "ам", "ям", "ом", "ем", "ів", "їв", "ії", "ія", "ію", "а", "е", "є", "и",
        "і", "ї", "о", "у", "ю", "я", "ь", "й",
    ),
    # Albanian definite, plural and case endings.
    "sq": (
        "eve", "ave", "ive", "ove", "esh", "ash", "ish", "ese", "ise", "se", "ve", "it", "in", "un",
        "ut", "ne", "te", "et", "at", "es", "en", "er", "a", "e", "i", "u",
    ),
}  # fmt: skip
# Verbs that are made of nouns ("organizovati", "планира") have many forms, and no ending of a noun
# brings those together; what they are made of stays, so that education ("obrazovanje") is no cheek.
_PARTICIPLE: Final = "(?:al[aeio]?|an(?:[aeiou]|ih|im|om|je|ja|ju|jem)?)"
_VERBS: Final[dict[str, tuple[tuple[re.Pattern[str], str], ...]]] = {
    "bcms": (
        (re.compile(f"(?<=....)(?:ov(?:ati|{_PARTICIPLE})|uj(?:e|em|emo|ete|u))$"), "ov"),
        (re.compile(f"(?<=....)ir(?:ati|a|am|amo|aju|{_PARTICIPLE})$"), "ir"),
    ),
    "mk": (
        (re.compile(f"(?<=....)ir(?:a|am|ame|aat|av|avme|ase|{_PARTICIPLE}|anjeto)$"), "ir"),
        (re.compile(f"(?<=....)uv(?:a|am|ame|aat|av|avme|ase|{_PARTICIPLE}|anjeto)$"), "uv"),
    ),
    "uk": (
        (re.compile("(?<=....)(?:ув(?:ати|ав|ала|али|ання|анню|анням)|у(?:є|ю|ють|ємо))$"), "ув"),
    ),
}
# The endings of each length, longest first.
_by_length: Final = {
    language: [
        (length, frozenset(ending for ending in endings if len(ending) == length))
        for length in sorted({len(ending) for ending in endings}, reverse=True)
    ]
    for language, endings in _ENDINGS.items()
}

_VOWELS: Final = frozenset("aeiouy")

# Snowball stemmers keep the word being worked on in themselves, so each thread has its own.
_local: Final = threading.local()


def _snowball(language: str) -> _Stemmer:
    stemmers: dict[str, _Stemmer] = _local.__dict__.setdefault("stemmers", {})
    if language not in stemmers:
        stemmers[language] = snowballstemmer.stemmer(_SNOWBALL[language])
        # What PyStemmer remembers for itself costs more than the stems; we remember them, too.
        stemmers[language].maxCacheSize = 0
    return stemmers[language]


def _strip(word: str, language: str) -> str:
    for forms, kept in _VERBS.get(language, ()):
        if found := forms.search(word):
            return word[: found.start()] + kept
    for length, endings in _by_length[language]:
        shortest = 3 if length == 1 else _SHORTEST_STEM[language]
        if len(word) - length >= shortest and word[-length:] in endings:
            return word[:-length]
    return word


@lru_cache(maxsize=200_000)
def stem(folded: str, language: str) -> str:
    """Return the stem of a folded word in a language of :data:`matcher.language.tokens.LANGUAGES`.

    Feminine and masculine forms have one stem (see :mod:`matcher.language.feminine_forms`), and
    words that would share that of unrelated ones have their own
    (:mod:`matcher.language.stems_apart`). Numbers and words of more than 60 letters are returned
    as they are.
    """
    if len(folded) > 60 or folded.isdigit():
        return folded
    if language == "ro":
        folded = without_article(folded)
    words = shared_form(folded, language).words
    # Two words for one are told apart before they are stemmed.
    folded = words[0] if len(words) == 1 else folded
    if (own := stem_apart(folded, language)) is not None:
        return own
    if language in _SNOWBALL:
        return _snowball(language).stemWord(folded)
    return _strip(folded, language)


@lru_cache(maxsize=50_000)
def english_forms(word: str) -> tuple[str, ...]:
    """What a folded English word may be an inflection of, the likeliest first; the last is what it
    is if none of these is a word.

    Only number, tense and participle are taken off: the stemmer brings together "responsible" and
    "response" or "mechanism" and "mechanics". Whoever asks has to know which of them are words.

    >>> english_forms("marked"), english_forms("cared"), english_forms("planned")
    (('mark', 'marke', 'marked'), ('care', 'car', 'cared'), ('plan', 'plann', 'planne', 'planned'))
    """
    singular = _singular(word)
    for ending in ("ing", "ed"):
        bare = word.removesuffix(ending)
        if bare != word and len(bare) > 1 and not _VOWELS.isdisjoint(bare):
            return (*_without(bare), *singular)
    return singular


def _singular(word: str) -> tuple[str, ...]:
    # "Arms" are more than one arm.
    apart = (stem_apart(word, "en") or "").startswith(word)
    no_plural = len(word) < 4 or word.isdigit() or word.endswith(("ss", "us"))
    if apart or no_plural or not word.endswith("s"):
        return (word,)
    if word.endswith("ies"):
        return (word[:-1], word[:-3] + "y")
    if word.endswith("ves"):
        return (word[:-1], word[:-3] + "fe", word[:-3] + "f")
    if word.endswith(("xes", "ches", "shes", "sses")):
        return (word[:-1], word[:-2])
    if word.endswith("ses"):
        return (word[:-1], word[:-2] + "is", word[:-2])
    return (word,) if word.endswith("is") else (word[:-1],)


def _without(bare: str) -> tuple[str, ...]:
    """What is left of a participle, mended: a single consonant behind a single vowel would have
    been doubled, so there an "e" has gone."""
    if bare[-1] == bare[-2]:
        return (bare[:-1], bare, bare + "e")
    short = len(bare) > 2 and bare[-1] not in "aeiouwxy" and bare[-2] in _VOWELS
    if short and bare[-3] not in _VOWELS:
        return (bare + "e", bare)
    return (bare, bare + "e")
