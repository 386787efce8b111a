"""Feminine and masculine forms of one word, brought to one form before it is stemmed.

An officer is found as well under "načelnica" as under "načelnik", and one who "vodila" as one who
"vodio": gender plays no part in a ranking. The tables in ``data/language`` say for each language
how a feminine ending is written in the masculine (``feminine.tsv``), how words with such an ending
are inflected (``declensions.tsv``), which words have forms of their own (``forms.tsv``), which only
look feminine (``exceptions.tsv``: "granica" is a border and no woman), and which endings are joined
to a masculine word to name both (``endings.tsv``). All words there are folded, as
:func:`matcher.language.tokens.fold` and :func:`matcher.language.tokens.to_latin` do it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final, NamedTuple

_FOLDER: Final = Path(__file__).resolve().parents[2] / "data" / "language"
_TABLES: Final = ("feminine", "declensions", "forms", "exceptions", "endings")


class SharedForm(NamedTuple):
    """The words that stand for a word and its counterpart of the other gender, and whether the word
    itself names a woman (and not merely agrees with a feminine noun)."""

    words: tuple[str, ...]
    names_a_woman: bool


class _Rule(NamedTuple):
    feminine: str
    masculine: str
    letters: int
    names_a_woman: bool


@dataclass
class _Language:
    """The tables of one language: rules by inflected ending, words by their forms."""

    rules: dict[str, _Rule] = field(default_factory=dict)
    forms: dict[str, SharedForm] = field(default_factory=dict)
    exceptions: tuple[str, ...] = ()
    endings: frozenset[str] = frozenset()
    longest: int = 0

    def read(self, word: str) -> SharedForm:
        found = self.forms.get(word)
        if found is not None:
            return found
        return self._by_rule(word) if word[-1:] in self._last_letters else _as_it_is(word)

    @cached_property
    def _last_letters(self) -> frozenset[str]:
        """The last letters of all endings; most words end in none of them."""
        return frozenset(ending[-1] for ending in self.rules)

    def _by_rule(self, word: str) -> SharedForm:
        for length in range(min(self.longest, len(word)), 0, -1):
            rule = self.rules.get(word[-length:])
            before = word[:-length]
            if rule is None or len(before) < rule.letters:
                continue
            # Exceptions are in the nominative: endings, or with "^" before them whole words.
            if f"^{before}{rule.feminine}".endswith(self.exceptions):
                break
            return SharedForm((before + rule.masculine,), rule.names_a_woman)
        return _as_it_is(word)


def _as_it_is(word: str) -> SharedForm:
    return SharedForm((word,), names_a_woman=False)


def shared_form(folded: str, language: str) -> SharedForm:
    """The form that a folded word shares with its counterpart of the other gender.

    >>> shared_form("nacelnicama", "bcms").words, shared_form("granicama", "bcms").words
    (('nacelnik',), ('granicama',))
    >>> shared_form("policewoman", "en").words
    ('police', 'officer')
    """
    tables = _languages().get(language)
    return _as_it_is(folded) if tables is None else tables.read(folded)


def forms_of_their_own(language: str) -> Collection[str]:
    """The folded words, such as "policewoman", that are read as others by a table and not by their
    endings."""
    tables = _languages().get(language)
    return () if tables is None else tables.forms.keys()


def joined_endings(language: str) -> frozenset[str]:
    """The feminine endings that are joined to a masculine word: the "trice" of
    "formateur(trice)"."""
    tables = _languages().get(language)
    return frozenset() if tables is None else tables.endings


@lru_cache(maxsize=1)
def tables_digest() -> str:
    """What tells these tables, that of stems kept apart and the list of common words from others,
    since other tables mean other terms."""
    content = hashlib.sha256()
    for name in (*_TABLES, "apart"):
        content.update((_FOLDER / f"{name}.tsv").read_bytes())
    content.update((_FOLDER.parent / "words" / "common.bits").read_bytes())
    return content.hexdigest()[:16]


@lru_cache(maxsize=1)
def _languages() -> Mapping[str, _Language]:
    languages: dict[str, _Language] = {}
    declensions: dict[str, dict[str, list[str]]] = {}
    for language, ending, forms in _rows("declensions"):
        declensions.setdefault(language, {})[ending] = forms.split()
    for language, feminine, masculine, letters, names in _rows("feminine"):
        tables = languages.setdefault(language, _Language())
        rule = _Rule(feminine, masculine, int(letters), names == "person")
        for ending in _inflected(feminine, declensions.get(language, {})):
            tables.rules.setdefault(ending, rule)
            tables.longest = max(tables.longest, len(ending))
    for language, base, names, forms in _rows("forms"):
        shared = SharedForm(tuple(base.split()), names == "person")
        tables = languages.setdefault(language, _Language())
        tables.forms.update(dict.fromkeys(forms.split(), shared))
    for language, words in _rows("exceptions"):
        languages[language].exceptions += tuple(words.split())
    for language, words in _rows("endings"):
        languages[language].endings |= frozenset(words.split())
    return languages


def _inflected(feminine: str, declensions: Mapping[str, list[str]]) -> list[str]:
    """An ending in all its cases: the longest declension that fits is meant; without any it stands
    as it is."""
    fitting = [ending for ending in declensions if feminine.endswith(ending)]
    if not fitting:
        return [feminine]
    ending = max(fitting, key=len)
    return [feminine.removesuffix(ending) + form for form in declensions[ending]]


def _rows(name: str) -> Iterator[list[str]]:
    lines = (_FOLDER / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return (line.split("\t") for line in lines[1:])
