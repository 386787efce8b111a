"""The words by which curricula are read, in the platform's languages (data/curricula)."""

import re
from functools import cache, lru_cache
from itertools import product

from babel import Locale

from webapp.config import DATA
from webapp.core.words.search import folded
from webapp.core.words.vocabularies import (
    KOSOVO,
    LANGUAGES_FIRST,
    LANGUAGES_MORE,
    jurisdiction_codes,
)

# The languages whose names of months, languages and places stand in curricula.
LOCALES = ("en", "bs", "hr", "sr", "sr_Latn", "sq", "mk", "ro", "uk", "ru", "fr", "bg")
Phrase = tuple[str, ...]
# What the CLDR does not name, or names otherwise than people do.
_MORE_LANGUAGES = {
    "cnr": "montenegrin; crnogorski; црногорски; malazezisht; muntenegreană; чорногорська; "
    "черногорский; monténégrin",
    "sq": "shqip; shqipe; albanski; албански",
    "en": "anglisht; anglishte; engleza",
    "de": "gjermanisht",
    "fr": "frëngjisht; frengjisht; franceza",
    "ru": "rusisht; rusă; rusa",
    "it": "italisht",
    "sr": "serbisht; sârba",
    "mk": "maqedonisht",
    "ro": "rumanisht; româna",
    "tr": "turqisht",
    "uk": "українська мова; ucraineana",
}
_MORE_PLACES = {
    KOSOVO: "kosovo; kosova; kosovë; косово; косова",
    "BIH": "bih; bosnia; bosna; бих; босна; bosnie; bosnë",
    "MKD": "macedonia; makedonija; македонија; maqedonia; македония",
    "MDA": "moldova; moldavia; молдова",
}


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """Return a word without case and marks, in Latin letters."""
    return folded(word).partition("\n")[0]


def words_of(text: str) -> Phrase:
    """Return the folded words of a text."""
    return tuple(filter(None, map(fold, re.findall(r"\w+", text))))


@cache
def _rows(name: str) -> tuple[tuple[str, Phrase], ...]:
    lines = (DATA / "curricula" / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    found = []
    for line in lines[1:]:
        kind, _language, phrases = line.split("\t")
        found += [(words_of(phrase), kind) for phrase in phrases.split(";")]
    return tuple((kind, phrase) for phrase, kind in found if phrase)


@cache
def headings() -> dict[Phrase, str]:
    """Return the sections that headings stand for; of two the first in the table counts."""
    return {phrase: kind for kind, phrase in reversed(_rows("headings"))}


@cache
def labels() -> dict[Phrase, str]:
    """Return what the labels of a form, such as that of Europass, stand for."""
    return {phrase: kind for kind, phrase in reversed(_rows("labels"))}


@cache
def phrases(kind: str) -> tuple[Phrase, ...]:
    """Return the phrases of a kind of words, the longest first."""
    found = {phrase for name, phrase in _rows("words") if name == kind}
    return tuple(sorted(found, key=len, reverse=True))


def says(text: str, kind: str) -> bool:
    """Tell whether a text holds a phrase of a kind."""
    words = words_of(text)
    return any(find(words, phrase) >= 0 for phrase in phrases(kind))


def find(words: Phrase, phrase: Phrase) -> int:
    """Return where a phrase begins among words, or -1."""
    length = len(phrase)
    for at in range(len(words) - length + 1):
        if words[at : at + length] == phrase:
            return at
    return -1


@cache
def months() -> dict[str, int]:
    """Return the numbers of months by their names, in small letters and without a point.

    They are not folded: the same letters are October in one script and November in another.
    """
    found: dict[str, int] = {}
    for code, form, width in product(LOCALES, ("format", "stand-alone"), ("wide", "abbreviated")):
        for number, name in Locale.parse(code).months[form][width].items():
            plain = name.casefold().rstrip(".")
            if plain.isalpha() and len(plain) > 2:
                found.setdefault(plain, number)
    found |= {"sept": 9, "септ": 9, "januar": 1, "februar": 2, "јануар": 1, "фебруар": 2}
    return found


@cache
def language_names() -> dict[Phrase, str]:
    """Return the codes of languages by their names in the platform's languages."""
    found: dict[Phrase, str] = {}
    for locale, code in product(LOCALES, (*LANGUAGES_FIRST, *LANGUAGES_MORE)):
        if name := Locale.parse(locale).languages.get(code):
            found.setdefault(words_of(name), code)
    return found | _listed(_MORE_LANGUAGES)


@cache
def place_names() -> dict[Phrase, str]:
    """Return the codes of jurisdictions by their names in the platform's languages."""
    found: dict[Phrase, str] = {}
    for locale, (alpha3, code) in product(LOCALES, jurisdiction_codes().items()):
        if name := Locale.parse(locale).territories.get(code):
            found.setdefault(words_of(name), alpha3)
    return found | _listed(_MORE_PLACES)


def _listed(names: dict[str, str]) -> dict[Phrase, str]:
    return {words_of(name): code for code, all_ in names.items() for name in all_.split(";")}


def first_named(text: str, names: dict[Phrase, str]) -> str | None:
    """Return the code of the name that stands first in a text; of two the longer one."""
    words = words_of(text)
    for at in range(len(words)):
        for length in (4, 3, 2, 1):
            if code := names.get(words[at : at + length]):
                return code
    return None
