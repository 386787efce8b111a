"""Phrases by which the set parts of terms of reference are known, in the platform's languages.

``data/asides/cues.tsv`` has them, and other tables of this form others. A phrase is a few words;
``word*`` stands for all words that begin so, ``#`` for a number with its groups of three digits
("4,200"), ``…`` for up to four words, a slash parts words of which any may stand, and a comma
before the first word asks that a clause begins there. Words are compared folded
(:func:`matcher.language.tokens.fold`), Macedonian and Serbian in Latin letters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, compress, product, takewhile
from pathlib import Path
from typing import Final, NamedTuple

from matcher.errors import ThesaurusError
from matcher.language import (
    LANGUAGES,
    SOUTH_SLAVIC,
    Remembered,
    Word,
    fold,
    folded_forms,
    to_latin,
)

_CUES: Final = Path(__file__).resolve().parents[2] / "data" / "asides" / "cues.tsv"
_COLUMNS: Final = ["kind", "part", "language", "cues"]
_GAP_AT_MOST: Final = 4
# Digits between two signs of thousands.
_GROUP: Final = 3
# Nobody writes a longer number in groups.
_GROUPS_AT_MOST: Final = 4
# Letters in which the sign before a clause is looked for.
_GAP_BEFORE: Final = 8
# Languages so near to each other that a sentence of one is easily taken for the other.
_NEAR: Final = (frozenset({"ru", "uk"}), frozenset(SOUTH_SLAVIC))
_LATIN: Final = frozenset({"en", "fr", "ro", "sq", "bcms"})
_CLAUSE_MARKS: Final = frozenset(".!?,;:(–—")
_EMPTY_LINE: Final = "\n\n"
_CLAUSE_SIGN: Final = re.compile(r"[,;:()\u2013\u2014]")
_WORDS_REMEMBERED: Final = 20_000
_DENIED_WITHIN: Final = 2


class Cue(NamedTuple):
    """A phrase with what it is a sign of: the ``kind`` of text, and which ``part`` it plays
    there."""

    kind: str
    part: str
    pattern: tuple[str, ...]
    opens_clause: bool


class Hit(NamedTuple):
    """A cue found in the words from ``first`` to ``last``, without the latter."""

    cue: Cue
    first: int
    last: int


@dataclass(frozen=True)
class CueTable:
    """The cues of some languages that are read alike, by the beginning of their first word."""

    latin: bool
    by_start: Mapping[str, tuple[Cue, ...]]

    @classmethod
    def of(cls, cues: Iterable[Cue], *, latin: bool) -> CueTable:
        """Arrange some cues for finding."""
        by_start: dict[str, list[Cue]] = {}
        for cue in cues:
            by_start.setdefault(_start(cue.pattern[0]), []).append(cue)
        return cls(latin, {start: tuple(found) for start, found in by_start.items()})

    def find(self, text: str, words: Sequence[Word]) -> Iterator[Hit]:
        """The cues in the words of ``text``, in order; O(words)."""
        for hit in self._found([word.folded for word in words]):
            if not hit.cue.opens_clause or _opens_clause(text, words[hit.first]):
                yield hit

    def may_stand_in(self, words: Sequence[str]) -> bool:
        """Whether a cue stands in some folded words, wherever sentences and clauses begin among
        them: most texts have none, and need not be read further."""
        return any(self._found(words))

    def _found(self, words: Sequence[str]) -> Iterator[Hit]:
        folded = list(self.all_in_script(words))
        for at in compress(range(len(folded)), map(self._beginning_with.__getitem__, folded)):
            for cue in self._beginning_with_both(*folded[at : at + 2]):
                if last := _matched(cue.pattern, folded, at):
                    yield Hit(cue, at, last)

    @cached_property
    def _beginning_with(self) -> Mapping[str, tuple[Cue, ...]]:
        """The cues that a word may begin; most begin none."""

        def beginning_with(word: str) -> tuple[Cue, ...]:
            cues = self.by_start.get(_start("#" if word.isdigit() else word), ())
            return tuple(cue for cue in cues if _fits(cue.pattern[0], word))

        return Remembered(beginning_with, _WORDS_REMEMBERED)

    @cached_property
    def _beginning_with_both(self) -> Callable[..., tuple[Cue, ...]]:
        """The cues that a word may begin before another one, likewise; nearly all pairs begin
        none."""

        @lru_cache(maxsize=_WORDS_REMEMBERED)
        def beginning_with_both(word: str, following: str = "") -> tuple[Cue, ...]:
            return tuple(c for c in self._beginning_with[word] if _may_go_on(c.pattern, following))

        return beginning_with_both

    def may_be_in(self, text: str) -> bool:
        """Whether the longest word of a cue stands in a text: in hardly any that has no cue one
        does, where the words that cues begin with ("have", "with") stand in nearly all."""
        return any(map(self._has_longest_word.__getitem__, text.split()))

    @cached_property
    def _has_longest_word(self) -> Mapping[str, bool]:
        """Whether the longest word of a cue is in what stands between two blanks."""
        by_start: dict[str, set[str]] = {}
        for cue in chain.from_iterable(self.by_start.values()):
            longest_word = max(cue.pattern, key=_letters)
            by_start.setdefault(_start(longest_word), set()).add(longest_word)

        def has_longest_word(piece: str) -> bool:
            return any(
                _fits(longest_word, word)
                for word in self.all_in_script(folded_forms(piece))
                for longest_word in by_start.get(_start(word), ())
            )

        return Remembered(has_longest_word)

    def all_in_script(self, words: Iterable[str]) -> Iterable[str]:
        """Folded words as the cues of this table are written."""
        return map(to_latin, words) if self.latin else words

    def in_script(self, folded: str) -> str:
        """A folded word as the cues of this table are written."""
        return to_latin(folded) if self.latin else folded


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """Of the cues that begin at one word those that go on furthest; the first of equals."""
    found: dict[int, Hit] = {}
    for hit in hits:
        if hit.first not in found or hit.last > found[hit.first].last:
            found[hit.first] = hit
    return list(found.values())


def is_one_clause(text: str, first: Word, last: Word) -> bool:
    """Whether no sign of a clause stands between two words."""
    return _CLAUSE_SIGN.search(text, first.start, last.start) is None


def is_denied(text: str, words: Sequence[Word], hits: Iterable[Hit], first: int) -> bool:
    """Whether a "not" stands right before the word ``first``, in its clause: "is not requested",
    "is not yet covered by others"."""
    return any(
        0 <= first - other.last < _DENIED_WITHIN
        and is_one_clause(text, words[other.first], words[first])
        for other in hits
        if other.cue.part == "denial"
    )


def _start(word: str) -> str:
    return word[:2]


def _letters(word: str) -> int:
    """How many letters of a word are written in a pattern; signs have none."""
    return sum(map(str.isalpha, word))


def _may_go_on(pattern: Sequence[str], following: str) -> bool:
    """Whether a word may follow the first one of a pattern; groups of digits belong to a number."""
    if len(pattern) == 1 or pattern[0] == "#" or pattern[1] == "…":
        return True
    return _fits(pattern[1], following)


def _matched(pattern: Sequence[str], words: Sequence[str], at: int) -> int:
    """Where the words of a pattern end that begin at ``at``; 0 if they do not stand there."""
    for step, wanted in enumerate(pattern):
        if wanted == "…":
            rest = pattern[step + 1 :]
            ends = (_matched(rest, words, at + skip) for skip in range(_GAP_AT_MOST + 1))
            return next((end for end in ends if end), 0)
        if at >= len(words) or not _fits(wanted, words[at]):
            return 0
        at += 1
        if wanted == "#":
            groups = words[at : at + _GROUPS_AT_MOST]
            at += sum(1 for _ in takewhile(_is_group_of_digits, groups))
    return at


def _is_group_of_digits(word: str) -> bool:
    return word.isdigit() and len(word) == _GROUP


def _fits(wanted: str, word: str) -> bool:
    if wanted == "#":
        return word.isdigit()
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted


def _opens_clause(text: str, word: Word) -> bool:
    gap = text[max(word.start - _GAP_BEFORE, 0) : word.start]
    before = gap.rstrip()
    return not before or before[-1] in _CLAUSE_MARKS or _EMPTY_LINE in gap[len(before) :]


@lru_cache(maxsize=8)
def read_cues(path: Path) -> tuple[tuple[str, Cue], ...]:
    """The cues of a table with their languages; raises :class:`ThesaurusError` for a faulty one."""
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    if lines[0] != _COLUMNS:
        raise ThesaurusError(f"{path}, line 1: the columns must be {', '.join(_COLUMNS)}")
    rows = []
    for number, cells in enumerate(lines[1:], start=2):
        if len(cells) != len(_COLUMNS) or cells[2] not in LANGUAGES:
            raise ThesaurusError(f"{path}, line {number}: four columns and a language are expected")
        kind, part, language, phrases = cells
        rows += [
            (language, _cue(kind, part, spelled, language))
            for phrase in phrases.split(";")
            for spelled in _spelled_out(phrase)
        ]
    return tuple(rows)


def _spelled_out(phrase: str) -> Iterator[str]:
    """A phrase with each choice of words that may stand in one place."""
    mark, worded = phrase[: phrase.startswith(",")], phrase.removeprefix(",")
    places = (place.split("/") for place in worded.split(" "))
    return (mark + " ".join(words) for words in product(*places))


def _cue(kind: str, part: str, phrase: str, language: str) -> Cue:
    pattern = tuple(
        sign if sign in ("#", "…") else _folded(sign, language)
        for sign in phrase.removeprefix(",").split()
    )
    return Cue(kind, part, pattern, phrase.startswith(","))


def _folded(word: str, language: str) -> str:
    folded = fold(word.removesuffix("*")) + "*" * word.endswith("*")
    return to_latin(folded) if language in SOUTH_SLAVIC else folded


@lru_cache(maxsize=256)
def cue_table(
    language: str, parts: frozenset[str], kinds: frozenset[str] = frozenset()
) -> CueTable:
    """The cues of a language, and of one that is easily taken for it, that play one of some
    ``parts``; of some ``kinds`` only, if any are given."""
    near = next((group for group in _NEAR if language in group), frozenset({language}))
    return _table(near, parts, kinds, latin=language in SOUTH_SLAVIC)


@lru_cache(maxsize=256)
def cue_tables(
    text_is_latin: bool,
    parts: frozenset[str],
    kinds: frozenset[str],
    path: Path = _CUES,
) -> tuple[CueTable, ...]:
    """The cues of all languages that are written in Latin letters, or of all; for phrases so long
    that none of them means something else in another language."""
    latin = _table(_LATIN, parts, kinds, latin=False, path=path)
    if text_is_latin:
        return (latin,)
    near = (_table(group, parts, kinds, latin="mk" in group, path=path) for group in _NEAR)
    return (latin, *near)


def _table(
    languages: frozenset[str],
    parts: frozenset[str],
    kinds: frozenset[str],
    *,
    latin: bool,
    path: Path = _CUES,
) -> CueTable:
    cues = dict.fromkeys(
        cue
        for of, cue in read_cues(path)
        if of in languages and (not parts or cue.part in parts) and (not kinds or cue.kind in kinds)
    )
    return CueTable.of(cues, latin=latin)
