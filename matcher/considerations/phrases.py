"""Phrases that tell how long somebody has practised, with which rank, and whether they taught or
attended, in the platform's languages.

``data/considerations/phrases.tsv`` has them in the form of :mod:`matcher.boilerplate.cues`, and
``numbers.tsv`` the numbers that are written as words.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from matcher.boilerplate import CueTable, cue_tables
from matcher.language import (
    CYRILLIC,
    Word,
    fold,
    folded_forms,
    folded_words,
    to_latin,
)

_FOLDER: Final = Path(__file__).resolve().parents[2] / "data" / "considerations"
_PHRASES: Final = _FOLDER / "phrases.tsv"
# What is joined to a number to say how many years something took: "desetogodišnji".
_OF_YEARS: Final = re.compile("(?:o|i|и|ы|)(?:godisnj|godishn|letn|летн|річн|ричн|vjecar)")
_NUMBER_AT_LEAST: Final = 3


class Phrase(NamedTuple):
    """A phrase of a text: its ``kind`` and ``part``, the numbers of its words from ``first`` to
    ``last``, without the latter, and the ``number`` that stands in it."""

    kind: str
    part: str
    first: int
    last: int
    number: int | None

    def holds(self, other: Phrase) -> bool:
        """Whether another phrase stands within this longer one."""
        longer = self.last - self.first > other.last - other.first
        return longer and self.first <= other.first and other.last <= self.last


def words_of(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """The words of a stretch, numbers in digits."""
    return [
        Word(first, last, _in_digits(folded))
        for first, last, folded in folded_words(text, start, end)
    ]


def find_in(text: str, kinds: Iterable[str]) -> list[Phrase]:
    """The phrases of some kinds in a text, in order; O(its words)."""
    kinds, is_latin = frozenset(kinds), not CYRILLIC.search(text)
    tables = _tables(is_latin, kinds)
    # No phrase is a number alone, so its longest word stands there as it is written.
    if not any(table.may_be_in(text) for table in tables):
        return []
    words = list(map(_in_digits, folded_forms(text)))
    if not any(table.may_stand_in(words) for table in tables):
        return []
    return find(text, words_of(text), kinds)


def find(text: str, words: Sequence[Word], kinds: Iterable[str]) -> list[Phrase]:
    """The phrases of some kinds in the ``words`` of a text, in order; O(words)."""
    found = {
        Phrase(
            hit.cue.kind, hit.cue.part, hit.first, hit.last, _number(words[hit.first : hit.last])
        )
        for table in _tables(not CYRILLIC.search(text), frozenset(kinds))
        for hit in table.find(text, words)
    }
    return sorted(found, key=lambda phrase: (phrase.first, -phrase.last, phrase.kind, phrase.part))


def _tables(is_latin: bool, kinds: frozenset[str]) -> tuple[CueTable, ...]:
    return cue_tables(is_latin, frozenset(), kinds, path=_PHRASES)


@lru_cache(maxsize=1)
def phrases_digest() -> str:
    """What tells these tables from others, since other phrases mean other facts."""
    content = hashlib.sha256(_PHRASES.read_bytes())
    content.update((_FOLDER / "numbers.tsv").read_bytes())
    return content.hexdigest()[:16]


@lru_cache(maxsize=1)
def regions() -> Mapping[str, frozenset[str]]:
    """The other jurisdictions of the regions that each belongs to (``regions.tsv``)."""
    like: dict[str, frozenset[str]] = {}
    for _, codes in _rows("regions"):
        region = frozenset(codes.split())
        for code in region:
            like[code] = like.get(code, frozenset()) | region - {code}
    return like


def _number(words: Sequence[Word]) -> int | None:
    # Of longer numbers none counts years, and one of thousands of digits is slow to read.
    digits = (word.folded for word in words if word.folded.isdecimal() and len(word.folded) <= 4)
    return next(map(int, digits), None)


@lru_cache(maxsize=50_000)
def _in_digits(word: str) -> str:
    numbers, latin = _numbers(), to_latin(word)
    for written in dict.fromkeys((word, latin)):
        if written in numbers:
            return numbers[written]
        if joined := _OF_YEARS.search(written, _NUMBER_AT_LEAST):
            return numbers.get(written[: joined.start()], word)
    return word


@lru_cache(maxsize=1)
def _numbers() -> Mapping[str, str]:
    return {
        form: number
        for number, words in _rows("numbers")
        for word in words.split(";")
        for form in (fold(word), to_latin(fold(word)))
    }


def _rows(name: str) -> list[tuple[str, str]]:
    lines = (_FOLDER / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.partition("\t") for line in lines[1:])
    return [(first, rest) for first, _, rest in rows]
